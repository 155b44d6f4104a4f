/** What the window remembers between two starts: theme and language. Without storage it forgets, and that is all. */
const prefix = 'convscope.';

export function recall(key: 'theme' | 'language'): string | null {
  try {
    return localStorage.getItem(prefix + key);
  } catch {
    return null;
  }
}

export function remember(key: 'theme' | 'language', value: string): void {
  try {
    localStorage.setItem(prefix + key, value);
  } catch {
    // Storage is switched off: nothing is lost but the habit.
  }
}

/** What the window remembers between two starts: theme, language, runs whose interruption need not be told again. Without storage it forgets, and that is all. */
const prefix = 'convscope.';

type Remembered = 'theme' | 'language' | 'dismissed';

export function recall(key: Remembered): string | null {
  try {
    return localStorage.getItem(prefix + key);
  } catch {
    return null;
  }
}

export function remember(key: Remembered, value: string): void {
  try {
    localStorage.setItem(prefix + key, value);
  } catch {
    // Storage is switched off: nothing is lost but the habit.
  }
}

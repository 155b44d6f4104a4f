/** What the window remembers between two starts: theme, language, runs whose interruption need not be told again. Without storage it forgets, and that is all. */
const prefix = 'convscope.';

type Remembered = 'theme' | 'language' | 'dismissed' | 'explain' | 'begun' | 'walked' | 'learned' | 'size' | 'lesson';

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

type RememberedHere = 'view' | 'run' | 'setup' | 'places';

/** What a window remembers of itself as long as it stands, for the page that takes the place of one whose process died. */
export function recallHere<T>(key: RememberedHere): T | null {
  try {
    return JSON.parse(sessionStorage.getItem(prefix + key) ?? 'null') as T | null;
  } catch {
    return null;
  }
}

export function rememberHere(key: RememberedHere, value: object): void {
  try {
    sessionStorage.setItem(prefix + key, JSON.stringify(value));
  } catch {
    // As above.
  }
}

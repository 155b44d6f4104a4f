/** What a key does on every screen. */
export type FrameCommand =
  | { do: 'keys' | 'theme' | 'back' | 'forward' | 'link' | 'command-line' | 'bookmarks' | 'present' | 'settings' }
  | { do: 'screen'; at: number }
  | { do: 'bookmark'; step: 1 | -1 }
  | { do: 'size'; by: 1 | -1 | 0 };

type KeyPress = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

/** Null for a key that is not the frame's. Letters are its own only where nothing is typed. */
export function frameCommandOf({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyPress): FrameCommand | null {
  if (altKey) {
    if (ctrlKey || metaKey) return null;
    return key === 'ArrowLeft' ? { do: 'back' } : key === 'ArrowRight' ? { do: 'forward' } : null;
  }
  if (ctrlKey || metaKey) {
    if (metaKey && key === '[') return { do: 'back' };
    if (metaKey && key === ']') return { do: 'forward' };
    if (key === '+' || key === '=') return { do: 'size', by: 1 };
    if (key === '-') return { do: 'size', by: -1 };
    if (key === ',') return { do: 'settings' };
    if (key === '0') return { do: 'size', by: 0 };
    return /^[1-9]$/.test(key) ? { do: 'screen', at: Number(key) - 1 } : null;
  }
  switch (key.toLowerCase()) {
    case '?':
      return { do: 'keys' };
    // What presenters' remote controls send.
    case 'pagedown':
      return { do: 'bookmark', step: 1 };
    case 'pageup':
      return { do: 'bookmark', step: -1 };
    case 'b':
      return { do: 'bookmarks' };
    case 't':
      return { do: 'theme' };
    case 'y':
      return { do: shiftKey ? 'command-line' : 'link' };
    case 'f':
      return { do: 'present' };
  }
  return null;
}

import type { Depth } from '../state/navigation';

/** The action of a key. */
export type Command =
  | { do: 'map' | 'layer' | 'input' | 'sample'; step: 1 | -1 }
  | { do: 'unit'; dy: number; dx: number }
  | { do: 'deeper' | 'up' | 'scope' | 'find' | 'save' | 'npy' | 'explain' }
  | { do: 'zoom'; by: 1 | -1 | 0 };

export interface KeyPress {
  key: string;
  shiftKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

const arrows: Record<string, readonly [dy: 1 | 0 | -1, dx: 1 | 0 | -1]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/**
 * The keys of the Inspect screen: ↑↓ maps, ←→ layers; at pixel depth the arrows move the unit and Shift + arrows do what
 * they do elsewhere. Null for a key that is not ours.
 */
export function commandOf(press: KeyPress, depth: Depth): Command | null {
  const { key, shiftKey } = press;
  if (press.altKey || press.metaKey) return null;
  if (press.ctrlKey) return key === 's' ? { do: 'save' } : null;
  const arrow = arrows[key];
  if (arrow) {
    const [dy, dx] = arrow;
    if (depth === 2 && !shiftKey) return { do: 'unit', dy, dx };
    return dy !== 0 ? { do: 'map', step: dy as 1 | -1 } : { do: 'layer', step: dx as 1 | -1 };
  }
  switch (key) {
    case 'Enter':
      return { do: 'deeper' };
    case 'Escape':
      return { do: 'up' };
    case '[':
      return { do: 'input', step: -1 };
    case ']':
      return { do: 'input', step: 1 };
    case ',':
      return { do: 'sample', step: -1 };
    case '.':
      return { do: 'sample', step: 1 };
    case '/':
      return { do: 'find' };
    case '+':
    case '=':
      return { do: 'zoom', by: 1 };
    case '-':
      return { do: 'zoom', by: -1 };
    case '0':
      return { do: 'zoom', by: 0 };
  }
  switch (key.toLowerCase()) {
    case 's':
      return { do: 'scope' };
    case 'p':
      return { do: 'save' };
    case 'n':
      return { do: 'npy' };
    case 'e':
      return { do: 'explain' };
  }
  return null;
}

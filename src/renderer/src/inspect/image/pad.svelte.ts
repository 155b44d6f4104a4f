import { createContext } from 'svelte';
import type { Stroke } from './stroke';

export const [usePad, providePad] = createContext<Pad>();

/** What is drawn on the pad, while the window is open. */
export class Pad {
  strokes = $state.raw<Stroke[]>([]);
}

import { createContext, type Component } from 'svelte';
import type { Key } from '../i18n/en';
import type { ScreenName } from './route.svelte';
import type { Session } from './session.svelte';

/** What the keys of one line do. A key that is a text of the catalog (`keys.drag`) is shown in words. */
export type KeyRow = readonly [keys: readonly (string | Key)[], text: Key];

/** All that the frame must know of a screen: told in the screen's own folder, listed in `src/renderer/src/screens.ts`. */
export interface ScreenDefinition {
  /** Its `header`, `main` and, where it has one, `aside`. */
  Component: Component;
  /** 20 × 20, drawn by strokes. */
  Icon: Component;
  /** The lines of the key help. */
  keys: readonly KeyRow[];
  /** What it shows just now, for the window's title; the screen's own name otherwise. */
  title?(session: Session): string | null;
}

export const [useScreens, provideScreens] = createContext<Readonly<Record<ScreenName, ScreenDefinition>>>();

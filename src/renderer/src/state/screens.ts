import { createContext, type Component } from 'svelte';
import type { LinkScreen } from '../../../shared/link/link';
import type { Key } from '../i18n/en';
import type { Setup } from '../train/setup/setup.svelte';
import type { OpenedFiles } from './files';
import type { ScreenName } from './route.svelte';
import type { Runs } from './runs.svelte';
import type { Session } from './session.svelte';

/** What the keys of one line do. A key that is a text of the catalog (`keys.drag`) is shown in words. */
export type KeyRow = readonly [keys: readonly (string | Key)[], text: Key];

/** What the screens' states are made of. */
export interface AppState {
  session: Session;
  runs: Runs;
  setup: Setup;
  files: OpenedFiles;
}

/** What of a screen stands in a link, by the fields of its part in `src/shared/link/parts.ts`. */
export interface ScreenLink<S = object> {
  /** What it shows. Files are `KnownFile`s. Reactive. */
  now(app: AppState): S;
  /** Where this differs, one has gone elsewhere: a step of the history. Null where it is not known yet. */
  entry(state: S): string | null;
  /** What is on screen, as a bookmark is called at first; the screen's own name where it is left out. */
  name?(app: AppState): string | null;
  /** Whether it shows what no link can name. */
  isPartial?(): boolean;
  /**
   * Shows what a link says; what it does not say stays.
   * @returns false where that failed, which the status tells. @throws MessageError that names the field that does not hold here.
   */
  open(app: AppState, state: S): Promise<boolean>;
}

/** All that the frame must know of a screen: told in the screen's own folder, listed in `src/renderer/src/screens.ts`. */
export interface ScreenDefinition {
  /** Its `header`, `main` and, where it has one, `aside`. */
  Component: Component;
  /** 20 × 20, drawn by strokes. */
  Icon: Component;
  /** The lines of the key help. */
  keys: readonly KeyRow[];
  link: ScreenLink;
  /** The words of a command that gives the numbers on screen. @throws MessageError where there is none. */
  command?(app: AppState): string[];
  /** What it shows just now, for the window's title; the screen's own name otherwise. */
  title?(session: Session): string | null;
}

/** A screen without its part of a link does not compile, nor a part without its screen. */
export type Screens = Readonly<Record<ScreenName & LinkScreen, ScreenDefinition>>;

export const [useScreens, provideScreens] = createContext<Screens>();

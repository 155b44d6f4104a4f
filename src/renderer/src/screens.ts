import { compareScreen } from './compare/screen';
import { inspectScreen } from './inspect/screen';
import type { ScreenName } from './state/route.svelte';
import type { ScreenDefinition } from './state/screens';
import { trainScreen } from './train/screen';

/** Every screen, in the order of the rail: see `docs/architecture.md` for what a new one needs. */
export const screens: Readonly<Record<ScreenName, ScreenDefinition>> = {
  inspect: inspectScreen,
  train: trainScreen,
  compare: compareScreen,
};

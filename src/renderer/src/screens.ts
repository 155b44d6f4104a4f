import { compareScreen } from './compare/screen';
import { inspectScreen } from './inspect/screen';
import { learnScreen } from './learn/screen';
import type { Screens } from './state/screens';
import { trainScreen } from './train/screen';

/** Every screen, in the order of the rail: see `docs/architecture.md` for what a new one needs. */
export const screens: Screens = {
  inspect: inspectScreen,
  train: trainScreen,
  compare: compareScreen,
  learn: learnScreen,
};

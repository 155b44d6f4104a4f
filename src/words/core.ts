import type { Entries } from './message';

/** The network: specs, layers and their settings. */
export const coreWords = {} as const satisfies Entries;

import type { Entries } from './message';

/** Training: settings, what a run says while it goes on, advice. */
export const trainWords = {} as const satisfies Entries;

import type { Entries } from './message';

/** Runs, and the processes that do long work. */
export const runWords = {} as const satisfies Entries;

import type { Entries } from './message';

/** Folders as data sets: classes, splits, labels, leaks. */
export const foldersWords = {} as const satisfies Entries;

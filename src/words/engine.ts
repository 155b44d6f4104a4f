import type { Entries } from './message';

/** The engine, its files and its hosts. */
export const engineWords = {} as const satisfies Entries;

import type { Entries } from './message';

/** Pictures: formats, limits, damage. */
export const imageWords = {} as const satisfies Entries;

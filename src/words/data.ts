import type { Entries } from './message';

/** Data files: idx, CIFAR, .npy, .npz. */
export const dataWords = {} as const satisfies Entries;

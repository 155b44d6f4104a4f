import type { ImageSet } from '../../core/data/dataset';
import type { Message } from '../../words';

/** The splits that a data set may name. */
export type RawSplit = 'train' | 'validation' | 'test';
export const SPLITS: readonly RawSplit[] = ['train', 'validation', 'test'];

/** Pictures as their file has them, before they are fitted to a network: any size, one or three channels. */
export type RawSet = ImageSet;

/** A file that was left out, and why. It is always reported. */
export interface LeftOut {
  file: string;
  reason: Message;
}

export interface Progress {
  (done: number, total: number): void;
}

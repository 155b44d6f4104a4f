import type { Split } from '../data/dataset';
import { moveWhole, type Frame, type Ground } from './augmentation';

export type Expansion = 'none' | 'shifts';

/** How far each variant moves a picture, [down, right] in pixels: as it is, up, down, left, right. */
const shifts = [
  [0, 0],
  [-1, 0],
  [1, 0],
  [0, -1],
  [0, 1],
] as const;

export const variantsOf = (expand: Expansion): number => (expand === 'shifts' ? shifts.length : 1);

/**
 * The samples of an expanded split: variant v of picture i is sample v · images.count + i, so that the pictures as they are keep
 * their numbers, and no pixel is copied before it is needed.
 */
export function expandedSamples({ images, samples }: Split, expand: Expansion): Int32Array {
  const all = new Int32Array(samples.length * variantsOf(expand));
  for (let v = 0, to = 0; to < all.length; v++) for (const sample of samples) all[to++] = v * images.count + sample;
  return all;
}

/**
 * Moves a picture as a variant (1 … 4) does; the free edge is filled with the ground.
 * @param pixels `[H, W, C]`. @param out `[H, W, C]`.
 */
export function shiftPicture(variant: number, pixels: Uint8Array, frame: Frame, ground: Ground, out: Uint8Array): void {
  const [down, right] = shifts[variant];
  moveWhole({ a: 1, c: -right, e: 1, f: -down }, pixels, frame, ground, out);
}

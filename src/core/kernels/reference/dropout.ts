import { draw, keyOf, stream } from '../../random';
import type { FloatArray } from '../../tensor';

/** Draws below this are dropped: the rate as a share of 2³². */
export function dropoutThreshold(rate: number): number {
  return Math.round(rate * 2 ** 32);
}

/**
 * mask = 0 with probability `rate`, 1 ÷ (1 − rate) otherwise. Unit i of sample s (its index in the data set) takes draw number i of the
 * stream (seed, dropout, epoch, s, layer): the same for any batching and any number of threads. Units are counted in the order
 * of the layer's canonical output.
 */
export function dropoutMask<A extends FloatArray>(
  mask: A,
  n: number,
  rate: number,
  at: { seed: number; epoch: number; samples: ArrayLike<number>; layer: number },
): void {
  const size = mask.length / n;
  const threshold = dropoutThreshold(rate);
  const kept = 1 / (1 - rate);
  for (let k = 0; k < n; k++) {
    const key = keyOf(at.seed, stream.dropout, at.epoch, at.samples[k], at.layer);
    for (let i = 0; i < size; i++) mask[k * size + i] = draw(key, i) < threshold ? 0 : kept;
  }
}

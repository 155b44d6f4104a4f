import { draw, keyOf, stream } from '../../random';
import type { FloatArray } from '../../tensor';

/**
 * Slopes drawn evenly from `lower` (included) to `upper` (excluded). Unit i of sample s (its index in the data set) takes draw number i of the
 * stream (seed, slopes, epoch, s, layer): the same for any batching and any number of threads. Units are counted in the order
 * of the layer's canonical output.
 */
export function randomSlopes<A extends FloatArray>(
  slopes: A,
  n: number,
  { lower, upper }: { lower: number; upper: number },
  at: { seed: number; epoch: number; samples: ArrayLike<number>; layer: number },
): void {
  const size = slopes.length / n;
  for (let k = 0; k < n; k++) {
    const key = keyOf(at.seed, stream.slopes, at.epoch, at.samples[k], at.layer);
    for (let i = 0; i < size; i++) slopes[k * size + i] = lower + (upper - lower) * draw(key, i) * 2 ** -32;
  }
}

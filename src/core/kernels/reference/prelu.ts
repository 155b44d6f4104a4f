import type { FloatArray } from '../../tensor';
import { accumulate } from './conv';

/** y = x where x > 0, slope · x elsewhere. Slopes repeat: one, one per channel, or one per unit of a sample. */
export function preluForward<A extends FloatArray>(x: A, slope: A, y: A): void {
  for (let i = 0; i < x.length; i++) y[i] = x[i] > 0 ? x[i] : slope[i % slope.length] * x[i];
}

/** dx += dy where x > 0, slope · dy elsewhere; dslope += Σ x · dy over the units where x ≤ 0. */
export function preluBackward<A extends FloatArray>(
  x: A,
  slope: A,
  dy: A,
  dx: A | undefined,
  dslope: A | undefined,
): void {
  const sums = new Float64Array(slope.length);
  for (let i = 0; i < x.length; i++) {
    const s = i % slope.length;
    if (dx) dx[i] += x[i] > 0 ? dy[i] : slope[s] * dy[i];
    if (x[i] <= 0) sums[s] += x[i] * dy[i];
  }
  if (dslope) accumulate(sums, dslope);
}

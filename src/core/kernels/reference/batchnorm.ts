import type { FloatArray } from '../../tensor';
import { accumulate } from './conv';

/** Mean and population variance of each channel over samples, rows and columns; x `[…, C]`. Two passes, in doubles. */
export function batchStatistics<A extends FloatArray>(x: A, mean: A, variance: A): void {
  const channels = mean.length;
  const count = x.length / channels;
  for (let c = 0; c < channels; c++) {
    let sum = 0;
    for (let i = c; i < x.length; i += channels) sum += x[i];
    const centre = sum / count;
    let squares = 0;
    for (let i = c; i < x.length; i += channels) squares += (x[i] - centre) ** 2;
    mean[c] = centre;
    variance[c] = squares / count;
  }
}

/** y = (x − mean) ÷ √(variance + ε) · scale + shift, per channel. */
export function batchNormForward<A extends FloatArray>(
  x: A,
  mean: A,
  variance: A,
  epsilon: number,
  scale: A,
  shift: A,
  y: A,
): void {
  const channels = mean.length;
  for (let i = 0; i < x.length; i++) {
    const c = i % channels;
    y[i] = ((x[i] - mean[c]) / Math.sqrt(variance[c] + epsilon)) * scale[c] + shift[c];
  }
}

/**
 * With x̂ = (x − mean) ÷ √(variance + ε): dshift += Σ dy, dscale += Σ dy · x̂. Where the statistics are the batch's own, they depend on x
 * too: dx += scale ÷ √(variance + ε) · (dy − (Σ dy + x̂ · Σ dy · x̂) ÷ count); with fixed statistics dx += scale ÷ √(variance + ε) · dy.
 */
export function batchNormBackward<A extends FloatArray>(
  x: A,
  mean: A,
  variance: A,
  epsilon: number,
  scale: A,
  fixed: boolean,
  dy: A,
  dx: A | undefined,
  dscale: A | undefined,
  dshift: A | undefined,
): void {
  const channels = mean.length;
  const count = x.length / channels;
  const sumError = new Float64Array(channels);
  const sumProduct = new Float64Array(channels);
  const normalized = (i: number, c: number): number => (x[i] - mean[c]) / Math.sqrt(variance[c] + epsilon);
  for (let i = 0; i < x.length; i++) {
    const c = i % channels;
    sumError[c] += dy[i];
    sumProduct[c] += dy[i] * normalized(i, c);
  }
  if (dscale) accumulate(sumProduct, dscale);
  if (dshift) accumulate(sumError, dshift);
  if (!dx) return;
  for (let i = 0; i < x.length; i++) {
    const c = i % channels;
    const shared = fixed ? 0 : (sumError[c] + normalized(i, c) * sumProduct[c]) / count;
    dx[i] += (scale[c] / Math.sqrt(variance[c] + epsilon)) * (dy[i] - shared);
  }
}

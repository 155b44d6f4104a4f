import type { FloatArray } from '../../tensor';
import { accumulate } from './conv';

/** y[n, o] = bias[o] + Σ x[n, i] · w[o, i]. x `[n, I]`, w `[O, I]`, y `[n, O]`. */
export function denseForward<A extends FloatArray>(n: number, x: A, w: A, bias: A | undefined, y: A): void {
  const outputs = y.length / n;
  const inputs = x.length / n;
  for (let k = 0; k < n; k++) {
    for (let o = 0; o < outputs; o++) {
      let sum = bias ? bias[o] : 0;
      for (let i = 0; i < inputs; i++) sum += x[k * inputs + i] * w[o * inputs + i];
      y[k * outputs + o] = sum;
    }
  }
}

/** dx += dy · w, dw += dyᵀ · x, dbias += Σ dy; an undefined array is left out. */
export function denseBackward<A extends FloatArray>(
  n: number,
  x: A,
  w: A,
  dy: A,
  dx: A | undefined,
  dw: A | undefined,
  dbias: A | undefined,
): void {
  const outputs = dy.length / n;
  const inputs = x.length / n;
  const sumX = dx && new Float64Array(dx.length);
  const sumW = dw && new Float64Array(dw.length);
  const sumBias = dbias && new Float64Array(dbias.length);
  for (let k = 0; k < n; k++) {
    for (let o = 0; o < outputs; o++) {
      const error = dy[k * outputs + o];
      if (sumX) for (let i = 0; i < inputs; i++) sumX[k * inputs + i] += w[o * inputs + i] * error;
      if (sumW) for (let i = 0; i < inputs; i++) sumW[o * inputs + i] += x[k * inputs + i] * error;
      if (sumBias) sumBias[o] += error;
    }
  }
  if (dx && sumX) accumulate(sumX, dx);
  if (dw && sumW) accumulate(sumW, dw);
  if (dbias && sumBias) accumulate(sumBias, dbias);
}

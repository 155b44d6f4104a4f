import { channelsOf, spatialOf } from '../../geometry';
import type { FloatArray } from '../../tensor';
import { accumulate } from './conv';
import { eachWindow, type Cells, type WindowedShapes } from './windows';

/** Calls `visit` for every output unit in order, with its index in `y` and the index in `x` of its window's cell number i. */
function eachUnit(
  g: WindowedShapes,
  visit: (out: number, cells: Cells, indexOf: (i: number) => number, at: readonly number[]) => void,
): void {
  const channels = channelsOf(g.input);
  eachWindow(g, (window, first, cells, at) => {
    for (let c = 0; c < channels; c++)
      visit(window * channels + c, cells, (i) => (first + cells.places[i]) * channels + c, at);
  });
}

/** Index in `x` of a window's largest value: the first NaN if there is one, on a tie the first; −1 for a window wholly in padding. */
function winner<A extends FloatArray>(x: A, count: number, indexOf: (i: number) => number): number {
  let best = -1;
  for (let i = 0; i < count; i++) {
    const index = indexOf(i);
    if (best === -1 || x[index] > x[best] || (Number.isNaN(x[index]) && !Number.isNaN(x[best]))) best = index;
  }
  return best;
}

/** y = the window's largest value, padding not counted; −∞ for a window wholly in padding (possible only with dilation). */
export function maxPoolForward<A extends FloatArray>(g: WindowedShapes, x: A, y: A): void {
  eachUnit(g, (out, cells, indexOf) => {
    const best = winner(x, cells.count, indexOf);
    y[out] = best === -1 ? -Infinity : x[best];
  });
}

/** dx[largest] += dy; a unit that is the largest of several windows gets the sum of their gradients. */
export function maxPoolBackward<A extends FloatArray>(g: WindowedShapes, x: A, dy: A, dx: A): void {
  const sums = new Float64Array(dx.length);
  eachUnit(g, (out, cells, indexOf) => {
    const best = winner(x, cells.count, indexOf);
    if (best !== -1) sums[best] += dy[out];
  });
  accumulate(sums, dx);
}

/**
 * The divisor of a window's sum: the number of its cells inside the map or, with `countPadding`, inside the map and its padding (without
 * those that a last window in ceil mode has beyond the padding).
 */
export function poolDivisor(
  { window, input }: Pick<WindowedShapes, 'window' | 'input'>,
  at: readonly number[],
  countPadding: boolean,
): number {
  const { kernel, stride, dilation, pad } = window;
  return spatialOf(input).reduce((product, size, axis) => {
    const [before, after] = countPadding ? [pad[axis], pad[axis + at.length]] : [0, 0];
    let cells = 0;
    for (let k = 0; k < kernel[axis]; k++) {
      const place = at[axis] * stride[axis] - pad[axis] + k * dilation[axis];
      if (place >= -before && place < size + after) cells++;
    }
    return product * cells;
  }, 1);
}

/** y = Σ window ÷ divisor; 0 for a window without a single counted cell. */
export function averagePoolForward<A extends FloatArray>(g: WindowedShapes, countPadding: boolean, x: A, y: A): void {
  eachUnit(g, (out, cells, indexOf, at) => {
    let sum = 0;
    for (let i = 0; i < cells.count; i++) sum += x[indexOf(i)];
    y[out] = sum / (poolDivisor(g, at, countPadding) || 1);
  });
}

/** The gradient is shared equally by the window's cells: dx += dy ÷ divisor. */
export function averagePoolBackward<A extends FloatArray>(
  g: WindowedShapes,
  countPadding: boolean,
  dy: A,
  dx: A,
): void {
  const sums = new Float64Array(dx.length);
  eachUnit(g, (out, cells, indexOf, at) => {
    const part = dy[out] / (poolDivisor(g, at, countPadding) || 1);
    for (let i = 0; i < cells.count; i++) sums[indexOf(i)] += part;
  });
  accumulate(sums, dx);
}

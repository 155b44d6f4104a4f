import type { WindowGeometry } from '../../geometry';
import type { FloatArray } from '../../tensor';
import { accumulate } from './conv';

export interface PoolGeometry extends WindowGeometry {
  n: number;
  height: number;
  width: number;
  channels: number;
  outHeight: number;
  outWidth: number;
}

/** Calls `visit` with the index in `x` of each cell of the window that lies inside the map, row by row. */
function eachCell(g: PoolGeometry, n: number, oy: number, ox: number, c: number, visit: (index: number) => void): void {
  for (let ky = 0; ky < g.kernel[0]; ky++) {
    const iy = oy * g.stride[0] - g.pad[0] + ky * g.dilation[0];
    if (iy < 0 || iy >= g.height) continue;
    for (let kx = 0; kx < g.kernel[1]; kx++) {
      const ix = ox * g.stride[1] - g.pad[1] + kx * g.dilation[1];
      if (ix >= 0 && ix < g.width) visit(((n * g.height + iy) * g.width + ix) * g.channels + c);
    }
  }
}

/** Calls `visit` for every output unit in order, with its index in `y`. */
function eachWindow(g: PoolGeometry, visit: (out: number, n: number, oy: number, ox: number, c: number) => void): void {
  let out = 0;
  for (let n = 0; n < g.n; n++) {
    for (let oy = 0; oy < g.outHeight; oy++) {
      for (let ox = 0; ox < g.outWidth; ox++) {
        for (let c = 0; c < g.channels; c++) visit(out++, n, oy, ox, c);
      }
    }
  }
}

/** Index in `x` of a window's largest value; the first in row-major order on a tie, the first NaN before all; −1 for a window wholly in padding. */
function winner<A extends FloatArray>(g: PoolGeometry, x: A, n: number, oy: number, ox: number, c: number): number {
  let best = -1;
  eachCell(g, n, oy, ox, c, (index) => {
    if (best === -1 || x[index] > x[best] || (Number.isNaN(x[index]) && !Number.isNaN(x[best]))) best = index;
  });
  return best;
}

/** y = the window's largest value; padding never wins; −∞ for a window wholly in padding (only dilation makes such). */
export function maxPoolForward<A extends FloatArray>(g: PoolGeometry, x: A, y: A): void {
  eachWindow(g, (out, n, oy, ox, c) => {
    const best = winner(g, x, n, oy, ox, c);
    y[out] = best === -1 ? -Infinity : x[best];
  });
}

/** dx[winner] += dy; a unit that wins several windows gets the sum of their errors. */
export function maxPoolBackward<A extends FloatArray>(g: PoolGeometry, x: A, dy: A, dx: A): void {
  const sums = new Float64Array(dx.length);
  eachWindow(g, (out, n, oy, ox, c) => {
    const best = winner(g, x, n, oy, ox, c);
    if (best !== -1) sums[best] += dy[out];
  });
  accumulate(sums, dx);
}

/**
 * What a window's sum is divided by: its cells inside the map or, with `countPadding`, inside the map and its padding (not those that a
 * last window in ceil mode has beyond the padding).
 */
export function poolDivisor(
  g: Omit<PoolGeometry, 'n' | 'channels'>,
  oy: number,
  ox: number,
  countPadding: boolean,
): number {
  const [top, left, bottom, right] = countPadding ? g.pad : [0, 0, 0, 0];
  const count = (start: number, kernel: number, dilation: number, from: number, to: number): number => {
    let cells = 0;
    for (let k = 0; k < kernel; k++) if (start + k * dilation >= from && start + k * dilation < to) cells++;
    return cells;
  };
  return (
    count(oy * g.stride[0] - g.pad[0], g.kernel[0], g.dilation[0], -top, g.height + bottom) *
    count(ox * g.stride[1] - g.pad[1], g.kernel[1], g.dilation[1], -left, g.width + right)
  );
}

/** y = Σ window ÷ divisor; 0 for a window without a single counted cell. */
export function averagePoolForward<A extends FloatArray>(g: PoolGeometry, countPadding: boolean, x: A, y: A): void {
  eachWindow(g, (out, n, oy, ox, c) => {
    let sum = 0;
    eachCell(g, n, oy, ox, c, (index) => (sum += x[index]));
    y[out] = sum / (poolDivisor(g, oy, ox, countPadding) || 1);
  });
}

/** The error goes to the window's cells in equal parts: dx += dy ÷ divisor. */
export function averagePoolBackward<A extends FloatArray>(g: PoolGeometry, countPadding: boolean, dy: A, dx: A): void {
  const sums = new Float64Array(dx.length);
  eachWindow(g, (out, n, oy, ox, c) => {
    const part = dy[out] / (poolDivisor(g, oy, ox, countPadding) || 1);
    eachCell(g, n, oy, ox, c, (index) => (sums[index] += part));
  });
  accumulate(sums, dx);
}

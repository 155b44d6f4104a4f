import { channelsOf } from '../../geometry';
import { sizeOf, type FloatArray } from '../../tensor';
import { accumulate } from './conv';
import { eachWindow, type WindowedShapes } from './windows';

/** The windows of the transposed layer: each place of x is a window over y. So `input` is y's shape here and `output` x's. */
export interface TransposedGeometry extends WindowedShapes {
  groups: number;
}

/** Calls `visit` for every place of x, cell of y under its window and pair of filter and channel of a group, with their indices. */
function eachProduct(
  g: TransposedGeometry,
  visit: (x: number, y: number, weight: number, filter: number) => void,
): void {
  const [channels, filters] = [channelsOf(g.output), channelsOf(g.input)];
  const [depth, own] = [channels / g.groups, filters / g.groups];
  const area = sizeOf(g.window.kernel);
  eachWindow(g, (place, first, cells) => {
    for (let i = 0; i < cells.count; i++)
      for (let f = 0; f < filters; f++) {
        const group = Math.floor(f / own);
        const y = (first + cells.places[i]) * filters + f;
        const weight = (f * area + cells.cells[i]) * depth;
        for (let c = 0; c < depth; c++) visit(place * channels + group * depth + c, y, weight + c, f);
      }
  });
}

/** y = bias + what each x adds to the cells under its window: x · w. w `[F, KH, KW, C / groups]`. */
export function transposedForward<A extends FloatArray>(
  g: TransposedGeometry,
  x: A,
  w: A,
  bias: A | undefined,
  y: A,
): void {
  const filters = channelsOf(g.input);
  const sums = Float64Array.from(y, (_, i) => (bias ? bias[i % filters] : 0));
  eachProduct(g, (from, to, weight) => (sums[to] += x[from] * w[weight]));
  y.set(sums);
}

/** dx += w · dy, dw += x · dy, dbias += dy; an undefined array is left out. */
export function transposedBackward<A extends FloatArray>(
  g: TransposedGeometry,
  x: A,
  w: A,
  dy: A,
  dx: A | undefined,
  dw: A | undefined,
  dbias: A | undefined,
): void {
  const filters = channelsOf(g.input);
  const [sumX, sumW] = [new Float64Array(x.length), new Float64Array(w.length)];
  eachProduct(g, (from, to, weight) => {
    sumX[from] += w[weight] * dy[to];
    sumW[weight] += x[from] * dy[to];
  });
  if (dx) accumulate(sumX, dx);
  if (dw) accumulate(sumW, dw);
  if (!dbias) return;
  const sums = new Float64Array(filters);
  dy.forEach((error, i) => (sums[i % filters] += error));
  accumulate(sums, dbias);
}

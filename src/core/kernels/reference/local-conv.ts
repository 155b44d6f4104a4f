import { channelsOf, spatialOf } from '../../geometry';
import { sizeOf, type FloatArray } from '../../tensor';
import { accumulate } from './conv';
import { eachWindow, type WindowedShapes } from './windows';

/** Calls `visit` for every place and every cell of its window inside the map, with where its channels begin in `x` and its weights `[C][F]` in `w`. */
function eachCell(
  g: WindowedShapes,
  begin: (out: number, place: number) => void,
  visit: (at: number, weights: number) => void,
  end: (out: number, place: number) => void,
): void {
  const [channels, filters] = [channelsOf(g.input), channelsOf(g.output)];
  const area = sizeOf(g.window.kernel);
  const places = sizeOf(spatialOf(g.output));
  eachWindow(g, (window, first, cells) => {
    const place = window % places;
    begin(window * filters, place);
    for (let i = 0; i < cells.count; i++)
      visit((first + cells.places[i]) * channels, (place * area + cells.cells[i]) * channels * filters);
    end(window * filters, place);
  });
}

/**
 * y[n, place, f] = bias[place, f] + Σ x[n, cell, c] · w[place, cell, c, f], cells outside the map being zero. x `[n, …spatial, C]`, w `[…out, …kernel, C, F]`, bias `[…out, F]`,
 * y `[n, …out, F]`.
 */
export function localForward<A extends FloatArray>(g: WindowedShapes, x: A, w: A, bias: A | undefined, y: A): void {
  const [channels, filters] = [channelsOf(g.input), channelsOf(g.output)];
  const sums = new Float64Array(filters);
  eachCell(
    g,
    (_out, place) => {
      for (let f = 0; f < filters; f++) sums[f] = bias ? bias[place * filters + f] : 0;
    },
    (at, weights) => {
      for (let c = 0; c < channels; c++)
        for (let f = 0; f < filters; f++) sums[f] += x[at + c] * w[weights + c * filters + f];
    },
    (out) => {
      for (let f = 0; f < filters; f++) y[out + f] = sums[f];
    },
  );
}

/** dx += w · dy, dw += x · dy, dbias += dy, summed in doubles over the whole batch; an undefined array is left out. */
export function localBackward<A extends FloatArray>(
  g: WindowedShapes,
  x: A,
  w: A,
  dy: A,
  dx: A | undefined,
  dw: A | undefined,
  dbias: A | undefined,
): void {
  const [channels, filters] = [channelsOf(g.input), channelsOf(g.output)];
  const [sumX, sumW, sumBias] = [dx, dw, dbias].map((each) => new Float64Array(each ? each.length : 0));
  let from = 0;
  eachCell(
    g,
    (out, place) => {
      from = out;
      if (dbias) for (let f = 0; f < filters; f++) sumBias[place * filters + f] += dy[out + f];
    },
    (at, weights) => {
      for (let c = 0; c < channels; c++)
        for (let f = 0; f < filters; f++) {
          const index = weights + c * filters + f;
          if (dx) sumX[at + c] += w[index] * dy[from + f];
          if (dw) sumW[index] += x[at + c] * dy[from + f];
        }
    },
    () => {},
  );
  if (dx) accumulate(sumX, dx);
  if (dw) accumulate(sumW, dw);
  if (dbias) accumulate(sumBias, dbias);
}

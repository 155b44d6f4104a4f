import { channelsOf } from '../../geometry';
import { sizeOf, type FloatArray } from '../../tensor';
import { eachWindow, type Cells, type WindowedShapes } from './windows';

export interface ConvGeometry extends WindowedShapes {
  groups: number;
}

/** Channels and filters of one group, and the numbers of one filter. */
function sizesOf({ window, input, output, groups }: ConvGeometry): { depth: number; filters: number; size: number } {
  const depth = channelsOf(input) / groups;
  return { depth, filters: channelsOf(output) / groups, size: sizeOf(window.kernel) * depth };
}

/** Calls `visit` for every window and every group, with the index in `y` of the group's first filter and in `x` of its first channel. */
function eachGroup(
  g: ConvGeometry,
  visit: (group: number, out: number, cells: Cells, startOf: (place: number) => number) => void,
): void {
  const { depth, filters } = sizesOf(g);
  const channels = channelsOf(g.input);
  let out = 0;
  eachWindow(g, (_window, first, cells) => {
    for (let group = 0; group < g.groups; group++, out += filters)
      visit(group, out, cells, (place) => (first + place) * channels + group * depth);
  });
}

/**
 * Cross-correlation, as machine learning calls convolution:
 * y[n, oy, ox, f] = bias[f] + Σ x[n, oy·s − p + ky·d, ox·s − p + kx·d, c] · w[f, ky, kx, c], over the filter's group of channels; cells
 * outside the map are zero. x `[n, H, W, C]`, w `[F, KH, KW, C / groups]`, y `[n, OH, OW, F]`, or with any other number of spatial axes.
 * Each window is copied out once, for all filters.
 */
export function convForward<A extends FloatArray>(g: ConvGeometry, x: A, w: A, bias: A | undefined, y: A): void {
  const { depth, filters, size } = sizesOf(g);
  const patch = new Float64Array(size);
  eachGroup(g, (group, out, cells, startOf) => {
    patch.fill(0);
    for (let i = 0; i < cells.count; i++)
      addScaled(patch, cells.cells[i] * depth, 1, x, startOf(cells.places[i]), depth);
    for (let i = 0; i < filters; i++) {
      const f = group * filters + i;
      y[out + i] = dot(bias ? bias[f] : 0, patch, w, f * size);
    }
  });
}

/**
 * Backward, over the same windows: dx += w · dy, dw += x · dy, dbias += dy. The whole batch is summed in doubles and added to the given
 * arrays once; an undefined array is left out.
 */
export function convBackward<A extends FloatArray>(
  g: ConvGeometry,
  x: A,
  w: A,
  dy: A,
  dx: A | undefined,
  dw: A | undefined,
  dbias: A | undefined,
): void {
  const { depth, filters, size } = sizesOf(g);
  const patch = new Float64Array(size);
  const dPatch = new Float64Array(size);
  const sumX = new Float64Array(dx ? dx.length : 0);
  const sumW = new Float64Array(dw ? dw.length : 0);
  const sumBias = new Float64Array(dbias ? dbias.length : 0);
  // Before a ReLU or max pooling most gradients are 0 and can be skipped, unless a factor is not finite: 0 · ∞ is not 0.
  const skipZeros = finite(x) && finite(w);
  eachGroup(g, (group, out, cells, startOf) => {
    patch.fill(0);
    dPatch.fill(0);
    for (let i = 0; i < cells.count; i++)
      addScaled(patch, cells.cells[i] * depth, 1, x, startOf(cells.places[i]), depth);
    for (let i = 0; i < filters; i++) {
      const f = group * filters + i;
      const error = dy[out + i];
      if (error === 0 && skipZeros) continue;
      if (dbias) sumBias[f] += error;
      if (dw) addScaled(sumW, f * size, error, patch, 0, size);
      if (dx) addScaled(dPatch, 0, error, w, f * size, size);
    }
    if (!dx) return;
    for (let i = 0; i < cells.count; i++)
      addScaled(sumX, startOf(cells.places[i]), 1, dPatch, cells.cells[i] * depth, depth);
  });
  if (dx) accumulate(sumX, dx);
  if (dw) accumulate(sumW, dw);
  if (dbias) accumulate(sumBias, dbias);
}

function finite(values: FloatArray): boolean {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return false;
  return true;
}

/** start + Σ patch · w, the weights from `first` on. */
function dot(start: number, patch: Float64Array, w: FloatArray, first: number): number {
  let sum = start;
  for (let k = 0; k < patch.length; k++) sum += patch[k] * w[first + k];
  return sum;
}

/** target[at + k] += factor · source[from + k]. */
function addScaled(
  target: Float64Array,
  at: number,
  factor: number,
  source: FloatArray,
  from: number,
  count: number,
): void {
  for (let k = 0; k < count; k++) target[at + k] += factor * source[from + k];
}

/** target += sums, each rounded once. */
export function accumulate<A extends FloatArray>(sums: Float64Array, target: A): void {
  for (let i = 0; i < sums.length; i++) target[i] += sums[i];
}

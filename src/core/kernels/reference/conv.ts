import type { WindowGeometry } from '../../geometry';
import type { FloatArray } from '../../tensor';

export interface ConvGeometry extends WindowGeometry {
  n: number;
  height: number;
  width: number;
  channels: number;
  outHeight: number;
  outWidth: number;
  filters: number;
  groups: number;
}

/** Calls `visit` for every cell of a window inside the map: where its group's channels start in `x`, and in a copy of the window alone. */
function eachCell(
  g: ConvGeometry,
  n: number,
  oy: number,
  ox: number,
  group: number,
  visit: (x: number, patch: number) => void,
): void {
  const depth = g.channels / g.groups;
  for (let ky = 0; ky < g.kernel[0]; ky++) {
    const iy = oy * g.stride[0] - g.pad[0] + ky * g.dilation[0];
    if (iy < 0 || iy >= g.height) continue;
    for (let kx = 0; kx < g.kernel[1]; kx++) {
      const ix = ox * g.stride[1] - g.pad[1] + kx * g.dilation[1];
      if (ix < 0 || ix >= g.width) continue;
      visit(((n * g.height + iy) * g.width + ix) * g.channels + group * depth, (ky * g.kernel[1] + kx) * depth);
    }
  }
}

/** Calls `visit` for every place of the window and every group, with the index in `y` of the group's first filter there. */
function eachPlace(
  g: ConvGeometry,
  visit: (n: number, oy: number, ox: number, group: number, out: number) => void,
): void {
  const filters = g.filters / g.groups;
  let out = 0;
  for (let n = 0; n < g.n; n++) {
    for (let oy = 0; oy < g.outHeight; oy++) {
      for (let ox = 0; ox < g.outWidth; ox++) {
        for (let group = 0; group < g.groups; group++, out += filters) visit(n, oy, ox, group, out);
      }
    }
  }
}

/**
 * Cross-correlation, as machine learning calls convolution:
 * y[n, oy, ox, f] = bias[f] + Σ x[n, oy·s − p + ky·d, ox·s − p + kx·d, c] · w[f, ky, kx, c], over the filter's group of channels; cells
 * outside the map are zero. x `[n, H, W, C]`, w `[F, KH, KW, C / groups]`, y `[n, OH, OW, F]`. Each window is copied out once, for all filters.
 */
export function convForward<A extends FloatArray>(g: ConvGeometry, x: A, w: A, bias: A | undefined, y: A): void {
  const depth = g.channels / g.groups;
  const filters = g.filters / g.groups;
  const size = g.kernel[0] * g.kernel[1] * depth;
  const patch = new Float64Array(size);
  eachPlace(g, (n, oy, ox, group, out) => {
    patch.fill(0);
    eachCell(g, n, oy, ox, group, (from, to) => {
      for (let c = 0; c < depth; c++) patch[to + c] = x[from + c];
    });
    for (let i = 0; i < filters; i++) {
      const f = group * filters + i;
      y[out + i] = dot(bias ? bias[f] : 0, patch, w, f * size);
    }
  });
}

/**
 * The same walk, backwards: dx += w · dy, dw += x · dy, dbias += dy. Sums of the whole batch in doubles, added to the given arrays
 * once; an undefined array is left out.
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
  const depth = g.channels / g.groups;
  const filters = g.filters / g.groups;
  const size = g.kernel[0] * g.kernel[1] * depth;
  const patch = new Float64Array(size);
  const dPatch = new Float64Array(size);
  const sumX = new Float64Array(dx ? dx.length : 0);
  const sumW = new Float64Array(dw ? dw.length : 0);
  const sumBias = new Float64Array(dbias ? dbias.length : 0);
  // Behind a ReLU or max pooling most errors are 0; 0 times what is not finite is not 0.
  const skipZeros = finite(x) && finite(w);
  eachPlace(g, (n, oy, ox, group, out) => {
    patch.fill(0);
    dPatch.fill(0);
    eachCell(g, n, oy, ox, group, (from, to) => {
      for (let c = 0; c < depth; c++) patch[to + c] = x[from + c];
    });
    for (let i = 0; i < filters; i++) {
      const f = group * filters + i;
      const error = dy[out + i];
      if (error === 0 && skipZeros) continue;
      if (dbias) sumBias[f] += error;
      if (dw) addScaled(sumW, f * size, error, patch, 0, size);
      if (dx) addScaled(dPatch, 0, error, w, f * size, size);
    }
    if (!dx) return;
    eachCell(g, n, oy, ox, group, (to, from) => {
      for (let c = 0; c < depth; c++) sumX[to + c] += dPatch[from + c];
    });
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

import type { FloatArray } from '../../tensor';
import type { WindowGeometry } from '../../layers/layer';

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

/**
 * Cross-correlation, as machine learning calls convolution:
 * y[n, oy, ox, f] = bias[f] + Σ x[n, oy·s − p + ky·d, ox·s − p + kx·d, c] · w[f, ky, kx, c], over the filter's group of channels; cells
 * outside the map are zero. x `[n, H, W, C]`, w `[F, KH, KW, C / groups]`, y `[n, OH, OW, F]`.
 */
export function convForward<A extends FloatArray>(g: ConvGeometry, x: A, w: A, bias: A | undefined, y: A): void {
  const { height, width, channels, filters } = g;
  const [kh, kw] = g.kernel;
  const depth = channels / g.groups;
  const filtersPerGroup = filters / g.groups;
  let out = 0;
  for (let n = 0; n < g.n; n++) {
    for (let oy = 0; oy < g.outHeight; oy++) {
      for (let ox = 0; ox < g.outWidth; ox++) {
        for (let f = 0; f < filters; f++) {
          const firstChannel = Math.floor(f / filtersPerGroup) * depth;
          let sum = bias ? bias[f] : 0;
          for (let ky = 0; ky < kh; ky++) {
            const iy = oy * g.stride[0] - g.pad[0] + ky * g.dilation[0];
            if (iy < 0 || iy >= height) continue;
            for (let kx = 0; kx < kw; kx++) {
              const ix = ox * g.stride[1] - g.pad[1] + kx * g.dilation[1];
              if (ix < 0 || ix >= width) continue;
              const from = ((n * height + iy) * width + ix) * channels + firstChannel;
              const weight = ((f * kh + ky) * kw + kx) * depth;
              for (let c = 0; c < depth; c++) sum += x[from + c] * w[weight + c];
            }
          }
          y[out++] = sum;
        }
      }
    }
  }
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
  const { height, width, channels, filters } = g;
  const [kh, kw] = g.kernel;
  const depth = channels / g.groups;
  const filtersPerGroup = filters / g.groups;
  const sumX = dx && new Float64Array(dx.length);
  const sumW = dw && new Float64Array(dw.length);
  const sumBias = dbias && new Float64Array(dbias.length);
  let out = 0;
  for (let n = 0; n < g.n; n++) {
    for (let oy = 0; oy < g.outHeight; oy++) {
      for (let ox = 0; ox < g.outWidth; ox++) {
        for (let f = 0; f < filters; f++) {
          const firstChannel = Math.floor(f / filtersPerGroup) * depth;
          const error = dy[out++];
          if (sumBias) sumBias[f] += error;
          for (let ky = 0; ky < kh; ky++) {
            const iy = oy * g.stride[0] - g.pad[0] + ky * g.dilation[0];
            if (iy < 0 || iy >= height) continue;
            for (let kx = 0; kx < kw; kx++) {
              const ix = ox * g.stride[1] - g.pad[1] + kx * g.dilation[1];
              if (ix < 0 || ix >= width) continue;
              const from = ((n * height + iy) * width + ix) * channels + firstChannel;
              const weight = ((f * kh + ky) * kw + kx) * depth;
              if (sumX) for (let c = 0; c < depth; c++) sumX[from + c] += w[weight + c] * error;
              if (sumW) for (let c = 0; c < depth; c++) sumW[weight + c] += x[from + c] * error;
            }
          }
        }
      }
    }
  }
  if (dx && sumX) accumulate(sumX, dx);
  if (dw && sumW) accumulate(sumW, dw);
  if (dbias && sumBias) accumulate(sumBias, dbias);
}

/** target += sums, each rounded once. */
export function accumulate<A extends FloatArray>(sums: Float64Array, target: A): void {
  for (let i = 0; i < sums.length; i++) target[i] += sums[i];
}

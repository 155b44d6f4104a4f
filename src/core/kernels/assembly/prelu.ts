// Parametric relu, a slope for each channel (He et al. 2015).
import { bytes, storeUpTo4 } from './simd';

export function preluForward(
  x: usize,
  xRow: i32,
  y: usize,
  yRow: i32,
  rows: i32,
  width: i32,
  channels: i32,
  slope: usize,
): void {
  const zero = f32x4.splat(0);
  for (; rows > 0; rows--) {
    for (let j = 0, n = width * channels; j < n; j += channels) {
      for (let c = 0; c < channels; c += 4) {
        const v = v128.load(x + bytes(j + c)),
          scaled = f32x4.mul(v, v128.load(slope + bytes(c)));
        storeUpTo4(y + bytes(j + c), v128.bitselect(v, scaled, f32x4.gt(v, zero)), channels - c);
      }
    }
    x += bytes(xRow);
    y += bytes(yRow);
  }
}

export function preluBackward(
  x: usize,
  xRow: i32,
  dy: usize,
  dyRow: i32,
  dx: usize,
  dxRow: i32,
  rows: i32,
  width: i32,
  channels: i32,
  slope: usize,
  dSlope: usize,
  accumulate: i32,
): void {
  const zero = f32x4.splat(0);
  for (let c = 0; c < channels; c += 4) {
    const slopes = v128.load(slope + bytes(c)),
      d = dSlope + bytes(c);
    let total = zero;
    for (let i = 0; i < rows; i++) {
      let sum = zero,
        p = x + bytes(i * xRow + c),
        q = dy + bytes(i * dyRow + c),
        e = dx + bytes(i * dxRow + c);
      for (let j = 0; j < width; j++) {
        const v = v128.load(p),
          g = v128.load(q),
          positive = f32x4.gt(v, zero);
        let value = v128.bitselect(g, f32x4.mul(g, slopes), positive);
        if (accumulate) value = f32x4.add(v128.load(e), value);
        sum = f32x4.add(sum, v128.andnot(f32x4.mul(v, g), positive));
        storeUpTo4(e, value, channels - c);
        p += bytes(channels);
        q += bytes(channels);
        e += bytes(channels);
      }
      total = f32x4.add(total, sum);
    }
    storeUpTo4(d, f32x4.add(v128.load(d), total), channels - c);
  }
}

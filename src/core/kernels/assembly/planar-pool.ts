// The 2×2 pooling that follows a planar first layer (generator/planar.mjs), from planes to NHWC and back. Four windows at a
// time: a vector's even and odd lanes are the windows' left and right columns.
import { bytes, sumLanes } from './simd';

export function planarPoolForward(
  x: usize,
  xRow: i32,
  plane: i32,
  channels: i32,
  outHeight: i32,
  outWidth: i32,
  y: usize,
  yRow: i32,
): void {
  const below = bytes(xRow),
    pixel = bytes(channels);
  for (let c = 0; c < channels; c++) {
    for (let i = 0; i < outHeight; i++) {
      let p = x + bytes(c * plane + 2 * i * xRow),
        o = y + bytes(i * yRow + c),
        j = 0;
      for (; j + 4 <= outWidth; j += 4) {
        const a = f32x4.max(v128.load(p), v128.load(p + below)),
          b = f32x4.max(v128.load(p, 16), v128.load(p + below, 16));
        const m = f32x4.max(v128.shuffle<f32>(a, b, 0, 2, 4, 6), v128.shuffle<f32>(a, b, 1, 3, 5, 7));
        v128.store32_lane(o, m, 0);
        v128.store32_lane(o + pixel, m, 1);
        v128.store32_lane(o + 2 * pixel, m, 2);
        v128.store32_lane(o + 3 * pixel, m, 3);
        o += 4 * pixel;
        p += 32;
      }
      for (; j < outWidth; j++) {
        f32.store(o, max(max(f32.load(p), f32.load(p, 4)), max(f32.load(p + below), f32.load(p + below, 4))));
        o += pixel;
        p += 8;
      }
    }
  }
}

/** One channel of the next `count` pixels (4 or fewer; missing lanes are 0). */
@inline
function gather(p: usize, pixel: usize, count: i32): v128 {
  let v = v128.load32_zero(p);
  if (count > 1) v = v128.load32_lane(p + pixel, v, 1);
  if (count > 2) v = v128.load32_lane(p + 2 * pixel, v, 2);
  if (count > 3) v = v128.load32_lane(p + 3 * pixel, v, 3);
  return v;
}

export function planarPoolBackward(
  x: usize,
  xRow: i32,
  plane: i32,
  channels: i32,
  outHeight: i32,
  outWidth: i32,
  y: usize,
  yRow: i32,
  dy: usize,
  dyRow: i32,
  dx: usize,
  dBias: usize,
): void {
  const below = bytes(xRow),
    pixel = bytes(channels),
    zero = f32x4.splat(0);
  for (let c = 0; c < channels; c++) {
    let sum = zero;
    for (let i = 0; i < outHeight; i++) {
      let p = x + bytes(c * plane + 2 * i * xRow),
        d = dx + bytes(c * plane + 2 * i * xRow),
        o = y + bytes(i * yRow + c),
        g = dy + bytes(i * dyRow + c);
      for (let j = 0; j < outWidth; j += 4) {
        const count = outWidth - j;
        let m: v128, gradient: v128;
        if (count >= 4) {
          m = gather(o, pixel, 4);
          gradient = gather(g, pixel, 4);
        } else {
          m = gather(o, pixel, count);
          gradient = gather(g, pixel, count);
        }
        gradient = v128.and(gradient, f32x4.gt(m, zero));
        sum = f32x4.add(sum, gradient);
        const a0 = v128.load(p),
          a1 = v128.load(p, 16),
          b0 = v128.load(p + below),
          b1 = v128.load(p + below, 16);
        const is0 = f32x4.eq(v128.shuffle<f32>(a0, a1, 0, 2, 4, 6), m),
          g0 = v128.and(gradient, is0);
        gradient = v128.andnot(gradient, is0);
        const is1 = f32x4.eq(v128.shuffle<f32>(a0, a1, 1, 3, 5, 7), m),
          g1 = v128.and(gradient, is1);
        gradient = v128.andnot(gradient, is1);
        const is2 = f32x4.eq(v128.shuffle<f32>(b0, b1, 0, 2, 4, 6), m),
          g2 = v128.and(gradient, is2),
          g3 = v128.andnot(gradient, is2);
        v128.store(d, v128.shuffle<f32>(g0, g1, 0, 4, 1, 5));
        v128.store(d, v128.shuffle<f32>(g0, g1, 2, 6, 3, 7), 16);
        v128.store(d + below, v128.shuffle<f32>(g2, g3, 0, 4, 1, 5));
        v128.store(d + below, v128.shuffle<f32>(g2, g3, 2, 6, 3, 7), 16);
        p += 32;
        d += 32;
        o += 4 * pixel;
        g += 4 * pixel;
      }
    }
    const b = dBias + bytes(c);
    f32.store(b, f32.load(b) + sumLanes(sum));
  }
}

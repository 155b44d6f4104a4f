// Max pooling 2×2 with stride 2, by far the most frequent one, and its backward fused with that of a relu before it.
// Pixels of 4 channels and more: vectors over channels, the last one overlapping. Fewer: whole vectors in ascending
// order, whose surplus lanes the next pixel overwrites; the last pixel of a row is stored lane by lane.
import { bytes, storeTail } from './simd';

// @ts-ignore: decorator
@inline
function maxOfWindow(p: usize, pixel: usize, below: usize): v128 {
  return f32x4.max(
    f32x4.max(v128.load(p), v128.load(p + pixel)),
    f32x4.max(v128.load(p + below), v128.load(p + below + pixel)),
  );
}

export function maxPool2x2Forward(
  x: usize,
  xRow: i32,
  channels: i32,
  outHeight: i32,
  outWidth: i32,
  y: usize,
  yRow: i32,
): void {
  const pixel = bytes(channels),
    below = bytes(xRow);
  for (let i = 0; i < outHeight; i++) {
    let p = x + bytes(2 * i * xRow),
      o = y + bytes(i * yRow);
    if (channels < 4) {
      for (let j = 1; j < outWidth; j++) {
        v128.store(o, maxOfWindow(p, pixel, below));
        p += 2 * pixel;
        o += pixel;
      }
      storeTail(o, maxOfWindow(p, pixel, below), channels);
      continue;
    }
    for (let j = 0; j < outWidth; j++) {
      let c = 0;
      while (true) {
        const at = bytes(c);
        v128.store(o + at, maxOfWindow(p + at, pixel, below));
        if (c + 4 >= channels) break;
        c += 4;
        if (c + 4 > channels) c = channels - 4;
      }
      p += 2 * pixel;
      o += pixel;
    }
  }
}

export function maxPool2x2Backward(
  x: usize,
  xRow: i32,
  channels: i32,
  outHeight: i32,
  outWidth: i32,
  y: usize,
  yRow: i32,
  dy: usize,
  dyRow: i32,
  dx: usize,
  dxRow: i32,
  relu: i32,
): void {
  const pixel = bytes(channels),
    below = bytes(xRow),
    dBelow = bytes(dxRow);
  // Without relu every maximum passes its gradient; a NaN compares false either way and passes none.
  const floor = f32x4.splat(relu ? 0 : -Infinity),
    pass = i32x4.splat(relu ? 0 : -1);
  for (let i = 0; i < outHeight; i++) {
    let p = x + bytes(2 * i * xRow),
      o = y + bytes(i * yRow),
      g = dy + bytes(i * dyRow),
      d = dx + bytes(2 * i * dxRow);
    for (let j = 0; j < outWidth; j++) {
      let c = 0;
      while (true) {
        const at = bytes(c),
          s = p + at,
          e = d + at;
        const m = v128.load(o + at);
        let gradient = v128.and(v128.load(g + at), v128.or(pass, f32x4.gt(m, floor)));
        const is0 = f32x4.eq(v128.load(s), m),
          g0 = v128.and(gradient, is0);
        gradient = v128.andnot(gradient, is0);
        const is1 = f32x4.eq(v128.load(s + pixel), m),
          g1 = v128.and(gradient, is1);
        gradient = v128.andnot(gradient, is1);
        const is2 = f32x4.eq(v128.load(s + below), m),
          g2 = v128.and(gradient, is2),
          g3 = v128.andnot(gradient, is2);
        if (channels < 4 && j == outWidth - 1) {
          storeTail(e, g0, channels);
          storeTail(e + pixel, g1, channels);
          storeTail(e + dBelow, g2, channels);
          storeTail(e + dBelow + pixel, g3, channels);
        } else {
          v128.store(e, g0);
          v128.store(e + pixel, g1);
          v128.store(e + dBelow, g2);
          v128.store(e + dBelow + pixel, g3);
        }
        if (c + 4 >= channels) break;
        c += 4;
        if (c + 4 > channels) c = channels - 4;
      }
      p += 2 * pixel;
      o += pixel;
      g += pixel;
      d += 2 * pixel;
    }
  }
}

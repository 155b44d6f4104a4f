// Max pooling 2×2 with stride 2, by far the most frequent one, and its backward fused with that of a relu before it.
// Pixels of 4 channels and more: vectors over channels, the last one overlapping. Fewer: whole vectors in ascending
// order, whose surplus lanes the next pixels overwrite; the last pixels of a row, where none come next, lane by lane.
import { bytes, storeTail, storeUpTo4 } from './simd';

@inline
function maxOfWindow(p: usize, pixel: usize, below: usize): v128 {
  return f32x4.max(
    f32x4.max(v128.load(p), v128.load(p + pixel)),
    f32x4.max(v128.load(p + below), v128.load(p + below + pixel)),
  );
}

/** At how many last pixels of a row a vector would reach past its end. */
@inline
function lastPixels(channels: i32): i32 {
  return channels == 1 ? 3 : 1;
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
      const whole = outWidth - lastPixels(channels);
      for (let j = 0; j < outWidth; j++) {
        const m = maxOfWindow(p, pixel, below);
        if (j < whole) v128.store(o, m);
        else storeTail(o, m, channels);
        p += 2 * pixel;
        o += pixel;
      }
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

/** dx of one window (4 channels of it): `gradient` at the first pixel that equals the maximum m, 0 at the others. */
@inline
function route(
  x: usize,
  pixel: usize,
  below: usize,
  m: v128,
  gradient: v128,
  dx: usize,
  dBelow: usize,
  lanes: i32,
): void {
  const is0 = f32x4.eq(v128.load(x), m),
    g0 = v128.and(gradient, is0);
  gradient = v128.andnot(gradient, is0);
  const is1 = f32x4.eq(v128.load(x + pixel), m),
    g1 = v128.and(gradient, is1);
  gradient = v128.andnot(gradient, is1);
  const is2 = f32x4.eq(v128.load(x + below), m),
    g2 = v128.and(gradient, is2),
    g3 = v128.andnot(gradient, is2);
  storeUpTo4(dx, g0, lanes);
  storeUpTo4(dx + pixel, g1, lanes);
  storeUpTo4(dx + dBelow, g2, lanes);
  storeUpTo4(dx + dBelow + pixel, g3, lanes);
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
    dBelow = bytes(dxRow),
    zero = f32x4.splat(0);
  // Without relu every maximum passes its gradient.
  const pass = i32x4.splat(relu ? 0 : -1);
  for (let i = 0; i < outHeight; i++) {
    let p = x + bytes(2 * i * xRow),
      o = y + bytes(i * yRow),
      g = dy + bytes(i * dyRow),
      d = dx + bytes(2 * i * dxRow);
    if (channels < 4) {
      const whole = outWidth - lastPixels(channels);
      for (let j = 0; j < outWidth; j++) {
        const m = v128.load(o);
        const gradient = v128.and(v128.load(g), v128.or(pass, f32x4.gt(m, zero)));
        if (j < whole) route(p, pixel, below, m, gradient, d, dBelow, 4);
        else route(p, pixel, below, m, gradient, d, dBelow, channels);
        p += 2 * pixel;
        o += pixel;
        g += pixel;
        d += 2 * pixel;
      }
      continue;
    }
    for (let j = 0; j < outWidth; j++) {
      let c = 0;
      while (true) {
        const at = bytes(c),
          m = v128.load(o + at);
        route(
          p + at,
          pixel,
          below,
          m,
          v128.and(v128.load(g + at), v128.or(pass, f32x4.gt(m, zero))),
          d + at,
          dBelow,
          4,
        );
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

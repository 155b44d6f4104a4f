// Maxout: the largest of several slices of a pixel's channels. Vectors of 4 channels.
import { bytes, storeUpTo4 } from './simd';

export function maxoutForward(
  x: usize,
  xRow: i32,
  y: usize,
  yRow: i32,
  rows: i32,
  width: i32,
  channels: i32,
  pieces: i32,
): void {
  for (; rows > 0; rows--) {
    let p = x,
      q = y;
    for (let j = 0; j < width; j++) {
      for (let c = 0; c < channels; c += 4) {
        let m = v128.load(p + bytes(c));
        for (let piece = 1; piece < pieces; piece++) m = f32x4.max(m, v128.load(p + bytes(piece * channels + c)));
        storeUpTo4(q + bytes(c), m, channels - c);
      }
      p += bytes(pieces * channels);
      q += bytes(channels);
    }
    x += bytes(xRow);
    y += bytes(yRow);
  }
}

export function maxoutBackward(
  x: usize,
  xRow: i32,
  y: usize,
  yRow: i32,
  dy: usize,
  dyRow: i32,
  dx: usize,
  dxRow: i32,
  rows: i32,
  width: i32,
  channels: i32,
  pieces: i32,
  accumulate: i32,
): void {
  for (; rows > 0; rows--) {
    let p = x,
      q = y,
      e = dy,
      d = dx;
    for (let j = 0; j < width; j++) {
      for (let c = 0; c < channels; c += 4) {
        const m = v128.load(q + bytes(c));
        let gradient = v128.load(e + bytes(c));
        for (let piece = 0; piece < pieces; piece++) {
          const at = bytes(piece * channels + c),
            value = v128.load(p + at),
            is = v128.or(f32x4.eq(value, m), f32x4.ne(value, value));
          let share = v128.and(gradient, is);
          if (accumulate) share = f32x4.add(v128.load(d + at), share);
          storeUpTo4(d + at, share, channels - c);
          gradient = v128.andnot(gradient, is);
        }
      }
      p += bytes(pieces * channels);
      q += bytes(channels);
      e += bytes(channels);
      d += bytes(pieces * channels);
    }
    x += bytes(xRow);
    y += bytes(yRow);
    dy += bytes(dyRow);
    dx += bytes(dxRow);
  }
}

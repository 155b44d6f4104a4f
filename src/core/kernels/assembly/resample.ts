// Upsampling: each pixel of the larger map from one or four of the smaller one. A table has for each row, and for each column,
// three words: the first and the second one that it reads, and the share of the second (float32).
import { bytes, storeUpTo4 } from './simd';

const ENTRY = 12;

export function resampleForward(
  x: usize,
  xRow: i32,
  y: usize,
  yRow: i32,
  channels: i32,
  outHeight: i32,
  outWidth: i32,
  rows: usize,
  columns: usize,
): void {
  for (let i = 0; i < outHeight; i++) {
    const top = x + bytes(i32.load(rows) * xRow),
      bottom = x + bytes(i32.load(rows, 4) * xRow),
      down = f32.load(rows, 8);
    const downs = f32x4.splat(down);
    for (let j = 0, entry = columns, d = y; j < outWidth; j++, entry += ENTRY, d += bytes(channels)) {
      const left = bytes(i32.load(entry) * channels),
        right = bytes(i32.load(entry, 4) * channels),
        across = f32.load(entry, 8),
        acrosses = f32x4.splat(across);
      for (let c = 0; c < channels; c += 4) {
        const at = bytes(c);
        let v = v128.load(top + left + at);
        if (across > 0) v = mix(v, v128.load(top + right + at), acrosses);
        if (down > 0) {
          let w = v128.load(bottom + left + at);
          if (across > 0) w = mix(w, v128.load(bottom + right + at), acrosses);
          v = mix(v, w, downs);
        }
        storeUpTo4(d + at, v, channels - c);
      }
    }
    y += bytes(yRow);
    rows += ENTRY;
  }
}

/** (1 − share) · a + share · b. */
@inline
function mix(a: v128, b: v128, share: v128): v128 {
  return f32x4.add(f32x4.mul(f32x4.sub(f32x4.splat(1), share), a), f32x4.mul(share, b));
}

@inline
function addUpTo4(p: usize, v: v128, n: i32): void {
  storeUpTo4(p, f32x4.add(v128.load(p), v), n);
}

export function resampleBackward(
  dy: usize,
  dyRow: i32,
  dx: usize,
  dxRow: i32,
  channels: i32,
  outHeight: i32,
  outWidth: i32,
  rows: usize,
  columns: usize,
): void {
  for (let i = 0; i < outHeight; i++) {
    const top = dx + bytes(i32.load(rows) * dxRow),
      bottom = dx + bytes(i32.load(rows, 4) * dxRow),
      down = f32.load(rows, 8);
    for (let j = 0, entry = columns, g = dy; j < outWidth; j++, entry += ENTRY, g += bytes(channels)) {
      const left = bytes(i32.load(entry) * channels),
        right = bytes(i32.load(entry, 4) * channels),
        across = f32.load(entry, 8);
      for (let c = 0; c < channels; c += 4) {
        const at = bytes(c),
          n = channels - c,
          v = v128.load(g + at);
        addUpTo4(top + left + at, f32x4.mul(f32x4.splat((1 - down) * (1 - across)), v), n);
        if (across > 0) addUpTo4(top + right + at, f32x4.mul(f32x4.splat((1 - down) * across), v), n);
        if (down > 0) {
          addUpTo4(bottom + left + at, f32x4.mul(f32x4.splat(down * (1 - across)), v), n);
          if (across > 0) addUpTo4(bottom + right + at, f32x4.mul(f32x4.splat(down * across), v), n);
        }
      }
    }
    dy += bytes(dyRow);
    rows += ENTRY;
  }
}

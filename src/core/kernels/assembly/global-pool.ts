// Pooling over the whole image, `[H, W, C]` → `[C]`. Sums go row by row, so that the error grows with the sides, not the area.
import { bytes, storeUpTo4 } from './simd';

export function globalAveragePoolForward(x: usize, xRow: i32, channels: i32, height: i32, width: i32, y: usize): void {
  const pixel = bytes(channels),
    cells = f32x4.splat(<f32>(height * width));
  for (let c = 0; c < channels; c += 4) {
    let total = f32x4.splat(0);
    for (let i = 0; i < height; i++) {
      let sum = f32x4.splat(0),
        p = x + bytes(i * xRow + c);
      for (let j = 0; j < width; j++) {
        sum = f32x4.add(sum, v128.load(p));
        p += pixel;
      }
      total = f32x4.add(total, sum);
    }
    storeUpTo4(y + bytes(c), f32x4.div(total, cells), channels - c);
  }
}

export function globalAveragePoolBackward(
  dy: usize,
  channels: i32,
  height: i32,
  width: i32,
  dx: usize,
  dxRow: i32,
): void {
  const pixel = bytes(channels),
    cells = f32x4.splat(<f32>(height * width));
  for (let c = 0; c < channels; c += 4) {
    const share = f32x4.div(v128.load(dy + bytes(c)), cells);
    for (let i = 0; i < height; i++) {
      let d = dx + bytes(i * dxRow + c);
      for (let j = 0; j < width; j++) {
        storeUpTo4(d, f32x4.add(v128.load(d), share), channels - c);
        d += pixel;
      }
    }
  }
}

export function globalMaxPoolForward(x: usize, xRow: i32, channels: i32, height: i32, width: i32, y: usize): void {
  const pixel = bytes(channels);
  for (let c = 0; c < channels; c += 4) {
    let m = f32x4.splat(-Infinity);
    for (let i = 0; i < height; i++) {
      let p = x + bytes(i * xRow + c);
      for (let j = 0; j < width; j++) {
        m = f32x4.max(m, v128.load(p));
        p += pixel;
      }
    }
    storeUpTo4(y + bytes(c), m, channels - c);
  }
}

export function globalMaxPoolBackward(
  x: usize,
  xRow: i32,
  channels: i32,
  height: i32,
  width: i32,
  y: usize,
  dy: usize,
  dx: usize,
  dxRow: i32,
): void {
  const pixel = bytes(channels);
  for (let c = 0; c < channels; c += 4) {
    const m = v128.load(y + bytes(c));
    let gradient = v128.load(dy + bytes(c));
    for (let i = 0; i < height; i++) {
      let p = x + bytes(i * xRow + c),
        d = dx + bytes(i * dxRow + c);
      for (let j = 0; j < width; j++) {
        const value = v128.load(p),
          is = v128.or(f32x4.eq(value, m), f32x4.ne(value, value));
        storeUpTo4(d, f32x4.add(v128.load(d), v128.and(gradient, is)), channels - c);
        gradient = v128.andnot(gradient, is);
        p += pixel;
        d += pixel;
      }
    }
  }
}

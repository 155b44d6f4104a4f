// Moving values: between layouts, and into slices of channels.
import { bytes, storeUpTo4 } from './simd';

export function copyRows(x: usize, xRow: i32, y: usize, yRow: i32, rows: i32, length: i32): void {
  for (; rows > 0; rows--) {
    memory.copy(y, x, bytes(length));
    x += bytes(xRow);
    y += bytes(yRow);
  }
}

export function copyChannels(
  x: usize,
  xRow: i32,
  xPixel: i32,
  y: usize,
  yRow: i32,
  yPixel: i32,
  rows: i32,
  width: i32,
  channels: i32,
  accumulate: i32,
): void {
  for (; rows > 0; rows--) {
    let p = x,
      q = y;
    for (let j = 0; j < width; j++) {
      for (let c = 0; c < channels; c += 4) {
        const d = q + bytes(c);
        let v = v128.load(p + bytes(c));
        if (accumulate) v = f32x4.add(v128.load(d), v);
        storeUpTo4(d, v, channels - c);
      }
      p += bytes(xPixel);
      q += bytes(yPixel);
    }
    x += bytes(xRow);
    y += bytes(yRow);
  }
}

export function nchwToNhwc(x: usize, channels: i32, height: i32, width: i32, y: usize, yRow: i32): void {
  if (channels == 1) {
    copyRows(x, width, y, yRow, height, width);
    return;
  }
  const plane = bytes(height * width);
  for (let i = 0; i < height; i++) {
    let q = y;
    for (let j = 0; j < width; j++) {
      let p = x;
      for (let c = 0; c < channels; c++) {
        f32.store(q, f32.load(p));
        q += 4;
        p += plane;
      }
      x += 4;
    }
    y += bytes(yRow);
  }
}

export function nhwcToNchw(x: usize, xRow: i32, channels: i32, height: i32, width: i32, y: usize): void {
  const pixel = bytes(channels);
  for (let c = 0; c < channels; c++) {
    for (let i = 0; i < height; i++) {
      let p = x + bytes(i * xRow + c);
      for (let j = 0; j < width; j++) {
        f32.store(y, f32.load(p));
        y += 4;
        p += pixel;
      }
    }
  }
}

export function fillZero(pointer: usize, bytes: usize): void {
  memory.fill(pointer, 0, bytes);
}

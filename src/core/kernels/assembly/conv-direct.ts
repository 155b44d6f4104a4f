// Direct convolution in NHWC, stride 1: a tile of up to 6 adjacent output pixels × 8 filters reads, for each kernel row,
// KW·C adjacent floats of the padded image (Zhang, Franchetti & Low, "High Performance Zero-Memory Overhead Direct
// Convolutions", 2018). No im2col.
import { bytes, lanesBefore } from './simd';
import { dotTile4, dotTile8, outerTile4, outerTile8 } from './generated/tiles';

export function convForward(
  x: usize,
  xRow: i32,
  channels: i32,
  kernelHeight: i32,
  kernelWidth: i32,
  outHeight: i32,
  outWidth: i32,
  weights: usize,
  bias: usize,
  filters: i32,
  y: usize,
  yRow: i32,
  relu: i32,
  zeroRows: i32,
): void {
  const row = kernelWidth * channels,
    window = kernelHeight * row;
  const pixel = bytes(channels),
    xStep = bytes(xRow),
    yPixel = bytes(filters);
  // Even tiles: 16 pixels are 6 + 5 + 5, not 6 + 6 + 4.
  const tiles = (outWidth + 5) / 6,
    least = outWidth / tiles,
    over = outWidth - least * tiles;
  const start = bias ? 1 : 0;
  for (let n = 0; n < filters; n += 8) {
    const columns = min(8, filters - n);
    const panel = weights + bytes(n * window),
      biasAt = bias + bytes(n);
    for (let i = 0; i < outHeight; i++) {
      const first = max(0, zeroRows - i),
        last = min(kernelHeight, outHeight + kernelHeight - 1 - zeroRows - i);
      let a = x + <usize>(i + first) * xStep,
        c = y + bytes(i * yRow + n);
      const b = panel + bytes(first * row * 8);
      for (let t = 0; t < tiles; t++) {
        const rows = least + i32(t < over);
        if (columns > 4) dotTile8(rows, last - first, row, a, pixel, xStep, b, c, yPixel, start, biasAt, relu, columns);
        else dotTile4(rows, last - first, row, a, pixel, xStep, b, c, yPixel, start, biasAt, relu, columns);
        a += <usize>rows * pixel;
        c += <usize>rows * yPixel;
      }
    }
  }
}

/** Bytes of x and dy that one pass over the weights reads: few enough to stay in the first-level cache. */
const BLOCK = 24576;

export function convWeightGradient(
  x: usize,
  xRow: i32,
  channels: i32,
  kernelHeight: i32,
  kernelWidth: i32,
  outHeight: i32,
  outWidth: i32,
  dWeights: usize,
  filters: i32,
  dy: usize,
  dyRow: i32,
): void {
  const row = kernelWidth * channels,
    window = kernelHeight * row;
  const pixel = bytes(channels),
    xStep = bytes(xRow),
    dyPixel = bytes(filters),
    dyStep = bytes(dyRow);
  const tiles = (row + 5) / 6,
    least = row / tiles,
    over = row - least * tiles;
  let blockRows = max(1, BLOCK / ((xRow + dyRow) * 4));
  const blocks = (outHeight + blockRows - 1) / blockRows;
  blockRows = (outHeight + blocks - 1) / blocks;
  for (let i = 0; i < outHeight; i += blockRows) {
    const rowsHere = min(blockRows, outHeight - i);
    for (let n = 0; n < filters; n += 8) {
      const columns = min(8, filters - n);
      let c = dWeights + bytes(n * window);
      const b = dy + bytes(i * dyRow + n);
      for (let kh = 0; kh < kernelHeight; kh++) {
        let a = x + <usize>(i + kh) * xStep;
        for (let t = 0; t < tiles; t++) {
          const rows = least + i32(t < over);
          if (columns > 4) outerTile8(rows, rowsHere, outWidth, a, pixel, xStep, b, dyPixel, dyStep, c, 32, columns);
          else outerTile4(rows, rowsHere, outWidth, a, pixel, xStep, b, dyPixel, dyStep, c, 32, columns);
          a += bytes(rows);
          c += bytes(rows * 8);
        }
      }
    }
  }
}

export function packRotated(
  weights: usize,
  channels: i32,
  kernelHeight: i32,
  kernelWidth: i32,
  filters: i32,
  rotated: usize,
): void {
  const taps = kernelHeight * kernelWidth,
    depth = taps * channels,
    turned = taps * filters;
  for (let n = 0; n < channels; n += 8) {
    const lanes = min(8, channels - n);
    for (let tap = 0; tap < taps; tap++) {
      for (let o = 0; o < filters; o++) {
        const d = rotated + bytes(n * turned + ((taps - 1 - tap) * filters + o) * 8);
        const s = weights + bytes((o & ~7) * depth + (tap * channels + n) * 8 + (o & 7));
        for (let r = 0; r < lanes; r++) f32.store(d + bytes(r), f32.load(s + bytes(r * 8)));
      }
    }
  }
}

/** Rows are summed by themselves first: the error then grows with the longer side, not with the area. */
export function biasGradient(dy: usize, dyRow: i32, rows: i32, width: i32, channels: i32, dBias: usize): void {
  const pixel = bytes(channels),
    step = bytes(dyRow),
    zero = f32x4.splat(0);
  let n = 0;
  for (; n + 16 <= channels; n += 16) {
    let t0 = zero,
      t1 = zero,
      t2 = zero,
      t3 = zero,
      start = dy + bytes(n);
    for (let r = 0; r < rows; r++) {
      let s0 = zero,
        s1 = zero,
        s2 = zero,
        s3 = zero,
        p = start;
      for (let i = 0; i < width; i++) {
        s0 = f32x4.add(s0, v128.load(p));
        s1 = f32x4.add(s1, v128.load(p, 16));
        s2 = f32x4.add(s2, v128.load(p, 32));
        s3 = f32x4.add(s3, v128.load(p, 48));
        p += pixel;
      }
      t0 = f32x4.add(t0, s0);
      t1 = f32x4.add(t1, s1);
      t2 = f32x4.add(t2, s2);
      t3 = f32x4.add(t3, s3);
      start += step;
    }
    const d = dBias + bytes(n);
    v128.store(d, f32x4.add(v128.load(d), t0));
    v128.store(d, f32x4.add(v128.load(d, 16), t1), 16);
    v128.store(d, f32x4.add(v128.load(d, 32), t2), 32);
    v128.store(d, f32x4.add(v128.load(d, 48), t3), 48);
  }
  for (; n < channels; n += 4) {
    let total = zero,
      start = dy + bytes(n);
    for (let r = 0; r < rows; r++) {
      let sum = zero,
        p = start;
      for (let i = 0; i < width; i++) {
        sum = f32x4.add(sum, v128.load(p));
        p += pixel;
      }
      total = f32x4.add(total, sum);
      start += step;
    }
    if (channels - n < 4) total = v128.and(total, lanesBefore(channels - n, 0));
    const d = dBias + bytes(n);
    v128.store(d, f32x4.add(v128.load(d), total));
  }
}

/** The rows of a batch are treated as an image of one column. */
export function denseBiasGradient(dy: usize, dyRow: i32, batch: i32, outputs: i32, dBias: usize): void {
  biasGradient(dy, dyRow, batch, 1, outputs, dBias);
}

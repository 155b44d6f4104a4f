// dX of a convolution with a large kernel: one GEMM for each row of dy, whose columns are added into dx. Faster than the
// rotated convolution, where most of a 5×5 window would fall on the halo.
import { bytes } from './simd';
import { winogradGemm } from './generated/winograd-gemm';

export function packScatter(
  weights: usize,
  channels: i32,
  kernelHeight: i32,
  kernelWidth: i32,
  filters: i32,
  packed: usize,
): void {
  const row = kernelWidth * channels,
    depth = kernelHeight * row;
  for (let kh = 0; kh < kernelHeight; kh++) {
    for (let n = 0; n < row; n += 8) {
      for (let o = 0; o < filters; o++) {
        const s = weights + bytes((o & ~7) * depth + (kh * row + n) * 8 + (o & 7));
        for (let r = 0; r < 8; r++) {
          f32.store(packed, n + r < row ? f32.load(s + bytes(r * 8)) : 0);
          packed += 4;
        }
      }
    }
  }
}

export function convInputScatter(
  dy: usize,
  dyRow: i32,
  filters: i32,
  outHeight: i32,
  outWidth: i32,
  kernelHeight: i32,
  kernelWidth: i32,
  channels: i32,
  packed: usize,
  dx: usize,
  dxRow: i32,
  columns: usize,
): void {
  const row = (kernelWidth * channels + 7) & ~7,
    rowBytes = bytes(row),
    pixel = bytes(channels),
    xStep = bytes(dxRow),
    column = <usize>kernelHeight * rowBytes;
  for (let i = 0; i < outHeight; i++) {
    // columns[j] = dy[i][j] · Wᵀ: the contribution of an output pixel to its whole window.
    winogradGemm(0, 1, outWidth, filters, kernelHeight * row, dy + bytes(i * dyRow), 0, packed, 0, columns, 0);
    const start = dx + bytes(i * dxRow);
    // Neighboring windows overlap. Taking every KW-th pixel in turn avoids loads that wait for a store just issued.
    for (let phase = 0; phase < kernelWidth; phase++) {
      for (let j = phase; j < outWidth; j += kernelWidth) {
        let d = start + <usize>j * pixel,
          s = columns + <usize>j * column;
        if (row == 32) {
          for (let kh = 0; kh < kernelHeight; kh++) {
            v128.store(d, f32x4.add(v128.load(d), v128.load(s)));
            v128.store(d, f32x4.add(v128.load(d, 16), v128.load(s, 16)), 16);
            v128.store(d, f32x4.add(v128.load(d, 32), v128.load(s, 32)), 32);
            v128.store(d, f32x4.add(v128.load(d, 48), v128.load(s, 48)), 48);
            v128.store(d, f32x4.add(v128.load(d, 64), v128.load(s, 64)), 64);
            v128.store(d, f32x4.add(v128.load(d, 80), v128.load(s, 80)), 80);
            v128.store(d, f32x4.add(v128.load(d, 96), v128.load(s, 96)), 96);
            v128.store(d, f32x4.add(v128.load(d, 112), v128.load(s, 112)), 112);
            d += xStep;
            s += 128;
          }
        } else {
          for (let kh = 0; kh < kernelHeight; kh++) {
            for (let n: usize = 0; n < rowBytes; n += 16)
              v128.store(d + n, f32x4.add(v128.load(d + n), v128.load(s + n)));
            d += xStep;
            s += rowBytes;
          }
        }
      }
    }
  }
}

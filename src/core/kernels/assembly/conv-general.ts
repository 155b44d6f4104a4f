// Convolution with any stride, dilation and groups, with the tiles of the direct one. A window no longer consists of
// whole rows: each tap (u, v) is a segment of its own.
import { bytes } from './simd';
import { dotTile4, dotTile8, outerTile4, outerTile8 } from './generated/tiles';

/** What the sum starts from: zero, the bias, or the value already in C (`dotTile`). */
const ZERO = 0,
  BIAS = 1,
  RESUME = 2;

export function convForwardGeneral(
  x: usize,
  xRow: i32,
  xPixel: i32,
  groupChannels: i32,
  kernelHeight: i32,
  kernelWidth: i32,
  strideHeight: i32,
  strideWidth: i32,
  dilationHeight: i32,
  dilationWidth: i32,
  groups: i32,
  outHeight: i32,
  outWidth: i32,
  weights: usize,
  bias: usize,
  groupFilters: i32,
  y: usize,
  yRow: i32,
  yPixel: i32,
  relu: i32,
): void {
  const depth = kernelHeight * kernelWidth * groupChannels,
    panel = bytes(depth * 8);
  const aRow = bytes(strideWidth * xPixel),
    cRow = bytes(yPixel);
  // Without dilation or groups the taps of a kernel row are adjacent: one segment.
  const whole = dilationWidth == 1 && groupChannels == xPixel;
  const segments = whole ? 1 : kernelWidth,
    segmentLength = whole ? kernelWidth * groupChannels : groupChannels,
    segmentStep = bytes(dilationWidth * xPixel);
  const tiles = (outWidth + 5) / 6,
    least = outWidth / tiles,
    over = outWidth - least * tiles;
  for (let g = 0; g < groups; g++) {
    for (let n = 0; n < groupFilters; n += 8) {
      const columns = min(8, groupFilters - n),
        biasAt = bias + bytes(g * groupFilters + n);
      for (let i = 0; i < outHeight; i++) {
        for (let kh = 0; kh < kernelHeight; kh++) {
          const start = kh > 0 ? RESUME : bias ? BIAS : ZERO,
            clip = kh == kernelHeight - 1 ? relu : 0;
          const b = weights + bytes(kh * kernelWidth * groupChannels * 8);
          let a = x + bytes((i * strideHeight + kh * dilationHeight) * xRow + g * groupChannels),
            c = y + bytes(i * yRow + g * groupFilters + n);
          for (let t = 0; t < tiles; t++) {
            const rows = least + i32(t < over);
            if (columns > 4)
              dotTile8(rows, segments, segmentLength, a, aRow, segmentStep, b, c, cRow, start, biasAt, clip, columns);
            else
              dotTile4(rows, segments, segmentLength, a, aRow, segmentStep, b, c, cRow, start, biasAt, clip, columns);
            a += <usize>rows * aRow;
            c += <usize>rows * cRow;
          }
        }
      }
      weights += panel;
    }
  }
}

/** Every tap adds dy · Wᵀ to the pixels that it reads in forward. */
export function convInputGradientGeneral(
  dy: usize,
  dyRow: i32,
  dyPixel: i32,
  groupFilters: i32,
  kernelHeight: i32,
  kernelWidth: i32,
  strideHeight: i32,
  strideWidth: i32,
  dilationHeight: i32,
  dilationWidth: i32,
  groups: i32,
  outHeight: i32,
  outWidth: i32,
  transposed: usize,
  groupChannels: i32,
  dx: usize,
  dxRow: i32,
  dxPixel: i32,
): void {
  const panel = bytes(groupFilters * 8),
    aRow = bytes(dyPixel),
    cRow = bytes(strideWidth * dxPixel);
  const tiles = (outWidth + 5) / 6,
    least = outWidth / tiles,
    over = outWidth - least * tiles;
  for (let g = 0; g < groups; g++) {
    for (let kh = 0; kh < kernelHeight; kh++) {
      for (let kw = 0; kw < kernelWidth; kw++) {
        for (let n = 0; n < groupChannels; n += 8) {
          const columns = min(8, groupChannels - n);
          for (let i = 0; i < outHeight; i++) {
            let a = dy + bytes(i * dyRow + g * groupFilters);
            let c =
              dx +
              bytes(
                (i * strideHeight + kh * dilationHeight) * dxRow + kw * dilationWidth * dxPixel + g * groupChannels + n,
              );
            for (let t = 0; t < tiles; t++) {
              const rows = least + i32(t < over);
              if (columns > 4) dotTile8(rows, 1, groupFilters, a, aRow, 0, transposed, c, cRow, RESUME, 0, 0, columns);
              else dotTile4(rows, 1, groupFilters, a, aRow, 0, transposed, c, cRow, RESUME, 0, 0, columns);
              a += <usize>rows * aRow;
              c += <usize>rows * cRow;
            }
          }
          transposed += panel;
        }
      }
    }
  }
}

export function convWeightGradientGeneral(
  x: usize,
  xRow: i32,
  xPixel: i32,
  groupChannels: i32,
  kernelHeight: i32,
  kernelWidth: i32,
  strideHeight: i32,
  strideWidth: i32,
  dilationHeight: i32,
  dilationWidth: i32,
  groups: i32,
  outHeight: i32,
  outWidth: i32,
  dWeights: usize,
  groupFilters: i32,
  dy: usize,
  dyRow: i32,
  dyPixel: i32,
): void {
  const aStep = bytes(strideWidth * xPixel),
    aSegment = bytes(strideHeight * xRow),
    bStep = bytes(dyPixel),
    bSegment = bytes(dyRow);
  // As in forward: without dilation or groups a kernel row is one strip of rows of dW.
  const whole = dilationWidth == 1 && groupChannels == xPixel;
  const strips = whole ? 1 : kernelWidth,
    strip = whole ? kernelWidth * groupChannels : groupChannels;
  const tiles = (strip + 5) / 6,
    least = strip / tiles,
    over = strip - least * tiles;
  let c = dWeights;
  for (let g = 0; g < groups; g++) {
    for (let n = 0; n < groupFilters; n += 8) {
      const columns = min(8, groupFilters - n),
        b = dy + bytes(g * groupFilters + n);
      for (let kh = 0; kh < kernelHeight; kh++) {
        for (let s = 0; s < strips; s++) {
          let a = x + bytes(kh * dilationHeight * xRow + s * dilationWidth * xPixel + g * groupChannels);
          for (let t = 0; t < tiles; t++) {
            const rows = least + i32(t < over);
            if (columns > 4)
              outerTile8(rows, outHeight, outWidth, a, aStep, aSegment, b, bStep, bSegment, c, 32, columns);
            else outerTile4(rows, outHeight, outWidth, a, aStep, aSegment, b, bStep, bSegment, c, 32, columns);
            a += bytes(rows);
            c += bytes(rows * 8);
          }
        }
      }
    }
  }
}

export function packTransposed(
  weights: usize,
  groupChannels: i32,
  kernelHeight: i32,
  kernelWidth: i32,
  groupFilters: i32,
  groups: i32,
  transposed: usize,
): void {
  const taps = kernelHeight * kernelWidth,
    depth = taps * groupChannels,
    block = bytes(((groupFilters + 7) & ~7) * depth);
  for (let g = 0; g < groups; g++) {
    for (let tap = 0; tap < taps; tap++) {
      for (let n = 0; n < groupChannels; n += 8) {
        for (let o = 0; o < groupFilters; o++) {
          const s = weights + bytes((o & ~7) * depth + (tap * groupChannels + n) * 8 + (o & 7));
          for (let r = 0; r < 8; r++) {
            f32.store(transposed, n + r < groupChannels ? f32.load(s + bytes(r * 8)) : 0);
            transposed += 4;
          }
        }
      }
    }
    weights += block;
  }
}

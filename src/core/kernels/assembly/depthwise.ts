// Depthwise convolution: one filter for each channel, vectors of 4 channels. Weights `[KH·KW][C]`.
import { bytes, fma, storeUpTo4 } from './simd';

export function depthwiseForward(
  x: usize,
  xRow: i32,
  channels: i32,
  kernelHeight: i32,
  kernelWidth: i32,
  strideHeight: i32,
  strideWidth: i32,
  dilationHeight: i32,
  dilationWidth: i32,
  outHeight: i32,
  outWidth: i32,
  weights: usize,
  bias: usize,
  y: usize,
  yRow: i32,
  relu: i32,
): void {
  const floor = f32x4.splat(relu ? 0 : -Infinity),
    pixel = bytes(channels),
    tapStep = bytes(dilationWidth * channels),
    rowStep = bytes(dilationHeight * xRow);
  for (let i = 0; i < outHeight; i++) {
    for (let j = 0; j < outWidth; j++) {
      const from = x + bytes(i * strideHeight * xRow + j * strideWidth * channels),
        to = y + bytes(i * yRow + j * channels);
      for (let c = 0; c < channels; c += 4) {
        let sum = bias ? v128.load(bias + bytes(c)) : f32x4.splat(0),
          w = weights + bytes(c),
          row = from + bytes(c);
        for (let kh = 0; kh < kernelHeight; kh++) {
          let p = row;
          for (let kw = 0; kw < kernelWidth; kw++) {
            sum = fma(v128.load(p), v128.load(w), sum);
            p += tapStep;
            w += pixel;
          }
          row += rowStep;
        }
        storeUpTo4(to + bytes(c), f32x4.max(sum, floor), channels - c);
      }
    }
  }
}

export function depthwiseInputGradient(
  dy: usize,
  dyRow: i32,
  channels: i32,
  kernelHeight: i32,
  kernelWidth: i32,
  strideHeight: i32,
  strideWidth: i32,
  dilationHeight: i32,
  dilationWidth: i32,
  outHeight: i32,
  outWidth: i32,
  weights: usize,
  dx: usize,
  dxRow: i32,
): void {
  const pixel = bytes(channels),
    tapStep = bytes(dilationWidth * channels),
    rowStep = bytes(dilationHeight * dxRow);
  for (let i = 0; i < outHeight; i++) {
    for (let j = 0; j < outWidth; j++) {
      const from = dy + bytes(i * dyRow + j * channels),
        to = dx + bytes(i * strideHeight * dxRow + j * strideWidth * channels);
      for (let c = 0; c < channels; c += 4) {
        const gradient = v128.load(from + bytes(c));
        let w = weights + bytes(c),
          row = to + bytes(c);
        for (let kh = 0; kh < kernelHeight; kh++) {
          let p = row;
          for (let kw = 0; kw < kernelWidth; kw++) {
            storeUpTo4(p, fma(gradient, v128.load(w), v128.load(p)), channels - c);
            p += tapStep;
            w += pixel;
          }
          row += rowStep;
        }
      }
    }
  }
}

export function depthwiseWeightGradient(
  x: usize,
  xRow: i32,
  channels: i32,
  kernelHeight: i32,
  kernelWidth: i32,
  strideHeight: i32,
  strideWidth: i32,
  dilationHeight: i32,
  dilationWidth: i32,
  outHeight: i32,
  outWidth: i32,
  dWeights: usize,
  dy: usize,
  dyRow: i32,
): void {
  const pixel = bytes(channels),
    xStep = bytes(strideWidth * channels);
  for (let kh = 0; kh < kernelHeight; kh++) {
    for (let kw = 0; kw < kernelWidth; kw++) {
      const from = x + bytes(kh * dilationHeight * xRow + kw * dilationWidth * channels);
      for (let c = 0; c < channels; c += 4) {
        let total = v128.load(dWeights + bytes(c));
        for (let i = 0; i < outHeight; i++) {
          let p = from + bytes(i * strideHeight * xRow + c),
            q = dy + bytes(i * dyRow + c),
            sum = f32x4.splat(0);
          for (let j = 0; j < outWidth; j++) {
            sum = fma(v128.load(p), v128.load(q), sum);
            p += xStep;
            q += pixel;
          }
          total = f32x4.add(total, sum);
        }
        storeUpTo4(dWeights + bytes(c), total, channels - c);
      }
      dWeights += pixel;
    }
  }
}

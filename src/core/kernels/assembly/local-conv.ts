// Convolution with weights of its own at each place, `[OH][OW][KH][KW][C][F]`. Windows are clipped to the image and read no halo. Each place goes through all
// images of a group, so that its weights are read from memory once. Vectors of 4 filters.
import { bytes, fma, lanesBefore, storeUpTo4, sumLanes } from './simd';
import { endTap, firstTap } from './pool';

export function localForward(
  x: usize,
  xRow: i32,
  xImage: i32,
  channels: i32,
  height: i32,
  width: i32,
  kernelHeight: i32,
  kernelWidth: i32,
  strideHeight: i32,
  strideWidth: i32,
  dilationHeight: i32,
  dilationWidth: i32,
  padTop: i32,
  padLeft: i32,
  outHeight: i32,
  outWidth: i32,
  filters: i32,
  images: i32,
  weights: usize,
  bias: usize,
  y: usize,
  yRow: i32,
  yImage: i32,
): void {
  const taps = bytes(channels * filters);
  for (let i = 0; i < outHeight; i++) {
    const top = i * strideHeight - padTop,
      u0 = firstTap(top, dilationHeight),
      u1 = endTap(top, dilationHeight, height, kernelHeight);
    for (let j = 0; j < outWidth; j++) {
      const left = j * strideWidth - padLeft,
        v0 = firstTap(left, dilationWidth),
        v1 = endTap(left, dilationWidth, width, kernelWidth);
      for (let n = 0; n < images; n++) {
        const from = x + bytes(n * xImage),
          to = y + bytes(n * yImage + i * yRow + j * filters);
        for (let f = 0; f < filters; f += 8) {
          let a = bias ? v128.load(bias + bytes(f)) : f32x4.splat(0),
            b = bias ? v128.load(bias + bytes(f + 4)) : f32x4.splat(0);
          for (let u = u0; u < u1; u++) {
            for (let v = v0; v < v1; v++) {
              let p = from + bytes((top + u * dilationHeight) * xRow + (left + v * dilationWidth) * channels),
                w = weights + <usize>(u * kernelWidth + v) * taps + bytes(f);
              for (let c = 0; c < channels; c++) {
                const value = v128.load32_splat(p);
                a = fma(value, v128.load(w), a);
                b = fma(value, v128.load(w + 16), b);
                p += 4;
                w += bytes(filters);
              }
            }
          }
          storeUpTo4(to + bytes(f), a, filters - f);
          if (filters - f > 4) storeUpTo4(to + bytes(f + 4), b, filters - f - 4);
        }
      }
      weights += <usize>(kernelHeight * kernelWidth) * taps;
      if (bias) bias += bytes(filters);
    }
  }
}

export function localInputGradient(
  dy: usize,
  dyRow: i32,
  dyImage: i32,
  channels: i32,
  height: i32,
  width: i32,
  kernelHeight: i32,
  kernelWidth: i32,
  strideHeight: i32,
  strideWidth: i32,
  dilationHeight: i32,
  dilationWidth: i32,
  padTop: i32,
  padLeft: i32,
  outHeight: i32,
  outWidth: i32,
  filters: i32,
  images: i32,
  weights: usize,
  dx: usize,
  dxRow: i32,
  dxImage: i32,
): void {
  const taps = bytes(channels * filters);
  for (let i = 0; i < outHeight; i++) {
    const top = i * strideHeight - padTop,
      u0 = firstTap(top, dilationHeight),
      u1 = endTap(top, dilationHeight, height, kernelHeight);
    for (let j = 0; j < outWidth; j++) {
      const left = j * strideWidth - padLeft,
        v0 = firstTap(left, dilationWidth),
        v1 = endTap(left, dilationWidth, width, kernelWidth);
      for (let n = 0; n < images; n++) {
        const errors = dy + bytes(n * dyImage + i * dyRow + j * filters),
          to = dx + bytes(n * dxImage);
        for (let u = u0; u < u1; u++) {
          for (let v = v0; v < v1; v++) {
            let p = to + bytes((top + u * dilationHeight) * dxRow + (left + v * dilationWidth) * channels),
              w = weights + <usize>(u * kernelWidth + v) * taps;
            for (let c = 0; c < channels; c++) {
              let sum = f32x4.splat(0),
                f = 0;
              for (; f + 4 <= filters; f += 4)
                sum = fma(v128.load(errors + bytes(f)), v128.load(w + bytes(f)), sum);
              if (f < filters) {
                const lanes = lanesBefore(filters - f, 0);
                const rest = v128.and(v128.load(w + bytes(f)), lanes);
                sum = fma(v128.and(v128.load(errors + bytes(f)), lanes), rest, sum);
              }
              f32.store(p, f32.load(p) + sumLanes(sum));
              p += 4;
              w += bytes(filters);
            }
          }
        }
      }
      weights += <usize>(kernelHeight * kernelWidth) * taps;
    }
  }
}

export function localWeightGradient(
  x: usize,
  xRow: i32,
  xImage: i32,
  channels: i32,
  height: i32,
  width: i32,
  kernelHeight: i32,
  kernelWidth: i32,
  strideHeight: i32,
  strideWidth: i32,
  dilationHeight: i32,
  dilationWidth: i32,
  padTop: i32,
  padLeft: i32,
  outHeight: i32,
  outWidth: i32,
  filters: i32,
  images: i32,
  dWeights: usize,
  dBias: usize,
  dy: usize,
  dyRow: i32,
  dyImage: i32,
): void {
  const taps = bytes(channels * filters);
  for (let i = 0; i < outHeight; i++) {
    const top = i * strideHeight - padTop,
      u0 = firstTap(top, dilationHeight),
      u1 = endTap(top, dilationHeight, height, kernelHeight);
    for (let j = 0; j < outWidth; j++) {
      const left = j * strideWidth - padLeft,
        v0 = firstTap(left, dilationWidth),
        v1 = endTap(left, dilationWidth, width, kernelWidth),
        errors = dy + bytes(i * dyRow + j * filters);
      for (let f = 0; f < filters; f += 4) {
        if (dBias) {
          let sum = v128.load(dBias + bytes(f));
          for (let n = 0; n < images; n++) sum = f32x4.add(sum, v128.load(errors + bytes(n * dyImage + f)));
          storeUpTo4(dBias + bytes(f), sum, filters - f);
        }
        for (let u = u0; u < u1; u++) {
          for (let v = v0; v < v1; v++) {
            let from = x + bytes((top + u * dilationHeight) * xRow + (left + v * dilationWidth) * channels),
              w = dWeights + <usize>(u * kernelWidth + v) * taps + bytes(f);
            for (let c = 0; c < channels; c++) {
              let sum = v128.load(w),
                p = from,
                e = errors + bytes(f);
              for (let n = 0; n < images; n++) {
                sum = fma(v128.load32_splat(p), v128.load(e), sum);
                p += bytes(xImage);
                e += bytes(dyImage);
              }
              storeUpTo4(w, sum, filters - f);
              from += 4;
              w += bytes(filters);
            }
          }
        }
      }
      dWeights += <usize>(kernelHeight * kernelWidth) * taps;
      if (dBias) dBias += bytes(filters);
    }
  }
}

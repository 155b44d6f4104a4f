// Pooling with any window, stride, dilation and padding. Windows are clipped to the image and read no halo: zeros there
// would be larger than negative values. Vectors of 4 channels.
import { bytes, storeUpTo4 } from './simd';

/** The first tap, and the one after the last, of a window from `start` on whose taps lie in [0, size). */
@inline
export function firstTap(start: i32, dilation: i32): i32 {
  return start < 0 ? (dilation - 1 - start) / dilation : 0;
}
@inline
export function endTap(start: i32, dilation: i32, size: i32, kernel: i32): i32 {
  return start >= size ? 0 : min(kernel, (size - start + dilation - 1) / dilation);
}

export function maxPoolForward(
  x: usize,
  xRow: i32,
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
  y: usize,
  yRow: i32,
): void {
  for (let i = 0; i < outHeight; i++) {
    const top = i * strideHeight - padTop,
      u0 = firstTap(top, dilationHeight),
      u1 = endTap(top, dilationHeight, height, kernelHeight);
    for (let j = 0; j < outWidth; j++) {
      const left = j * strideWidth - padLeft,
        v0 = firstTap(left, dilationWidth),
        v1 = endTap(left, dilationWidth, width, kernelWidth);
      const o = y + bytes(i * yRow + j * channels);
      for (let c = 0; c < channels; c += 4) {
        let m = f32x4.splat(-Infinity);
        for (let u = u0; u < u1; u++) {
          for (let v = v0; v < v1; v++) {
            m = f32x4.max(
              m,
              v128.load(x + bytes((top + u * dilationHeight) * xRow + (left + v * dilationWidth) * channels + c)),
            );
          }
        }
        storeUpTo4(o + bytes(c), m, channels - c);
      }
    }
  }
}

export function maxPoolBackward(
  x: usize,
  xRow: i32,
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
  y: usize,
  yRow: i32,
  dy: usize,
  dyRow: i32,
  dx: usize,
  dxRow: i32,
): void {
  for (let i = 0; i < outHeight; i++) {
    const top = i * strideHeight - padTop,
      u0 = firstTap(top, dilationHeight),
      u1 = endTap(top, dilationHeight, height, kernelHeight);
    for (let j = 0; j < outWidth; j++) {
      const left = j * strideWidth - padLeft,
        v0 = firstTap(left, dilationWidth),
        v1 = endTap(left, dilationWidth, width, kernelWidth);
      for (let c = 0; c < channels; c += 4) {
        const m = v128.load(y + bytes(i * yRow + j * channels + c));
        let gradient = v128.load(dy + bytes(i * dyRow + j * channels + c));
        for (let u = u0; u < u1; u++) {
          for (let v = v0; v < v1; v++) {
            const row = top + u * dilationHeight,
              offset = (left + v * dilationWidth) * channels + c;
            const value = v128.load(x + bytes(row * xRow + offset)),
              is = v128.or(f32x4.eq(value, m), f32x4.ne(value, value)),
              d = dx + bytes(row * dxRow + offset);
            storeUpTo4(d, f32x4.add(v128.load(d), v128.and(gradient, is)), channels - c);
            gradient = v128.andnot(gradient, is);
          }
        }
      }
    }
  }
}

/** Number of cells that the mean is over: those in the image, or those in the padded image. */
@inline
function divisor(
  top: i32,
  left: i32,
  height: i32,
  width: i32,
  kernelHeight: i32,
  kernelWidth: i32,
  dilationHeight: i32,
  dilationWidth: i32,
  countPadding: i32,
  padBottom: i32,
  padRight: i32,
): f32 {
  const inside = countPadding != 0;
  const rows = inside
    ? endTap(top, dilationHeight, height + padBottom, kernelHeight)
    : endTap(top, dilationHeight, height, kernelHeight) - firstTap(top, dilationHeight);
  const columns = inside
    ? endTap(left, dilationWidth, width + padRight, kernelWidth)
    : endTap(left, dilationWidth, width, kernelWidth) - firstTap(left, dilationWidth);
  // A window wholly in the padding has no cells: its mean is 0.
  return <f32>max(1, rows * columns);
}

export function averagePoolForward(
  x: usize,
  xRow: i32,
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
  y: usize,
  yRow: i32,
  countPadding: i32,
  padBottom: i32,
  padRight: i32,
): void {
  for (let i = 0; i < outHeight; i++) {
    const top = i * strideHeight - padTop,
      u0 = firstTap(top, dilationHeight),
      u1 = endTap(top, dilationHeight, height, kernelHeight);
    for (let j = 0; j < outWidth; j++) {
      const left = j * strideWidth - padLeft,
        v0 = firstTap(left, dilationWidth),
        v1 = endTap(left, dilationWidth, width, kernelWidth);
      const cells = divisor(
        top,
        left,
        height,
        width,
        kernelHeight,
        kernelWidth,
        dilationHeight,
        dilationWidth,
        countPadding,
        padBottom,
        padRight,
      );
      for (let c = 0; c < channels; c += 4) {
        let sum = f32x4.splat(0);
        for (let u = u0; u < u1; u++) {
          for (let v = v0; v < v1; v++) {
            sum = f32x4.add(
              sum,
              v128.load(x + bytes((top + u * dilationHeight) * xRow + (left + v * dilationWidth) * channels + c)),
            );
          }
        }
        storeUpTo4(y + bytes(i * yRow + j * channels + c), f32x4.div(sum, f32x4.splat(cells)), channels - c);
      }
    }
  }
}

export function averagePoolBackward(
  x: usize,
  dxRow: i32,
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
  dy: usize,
  dyRow: i32,
  dx: usize,
  countPadding: i32,
  padBottom: i32,
  padRight: i32,
): void {
  for (let i = 0; i < outHeight; i++) {
    const top = i * strideHeight - padTop,
      u0 = firstTap(top, dilationHeight),
      u1 = endTap(top, dilationHeight, height, kernelHeight);
    for (let j = 0; j < outWidth; j++) {
      const left = j * strideWidth - padLeft,
        v0 = firstTap(left, dilationWidth),
        v1 = endTap(left, dilationWidth, width, kernelWidth);
      const cells = divisor(
        top,
        left,
        height,
        width,
        kernelHeight,
        kernelWidth,
        dilationHeight,
        dilationWidth,
        countPadding,
        padBottom,
        padRight,
      );
      for (let c = 0; c < channels; c += 4) {
        const share = f32x4.div(v128.load(dy + bytes(i * dyRow + j * channels + c)), f32x4.splat(cells));
        for (let u = u0; u < u1; u++) {
          for (let v = v0; v < v1; v++) {
            const d = dx + bytes((top + u * dilationHeight) * dxRow + (left + v * dilationWidth) * channels + c);
            storeUpTo4(d, f32x4.add(v128.load(d), share), channels - c);
          }
        }
      }
    }
  }
}

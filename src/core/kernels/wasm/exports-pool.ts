/**
 * Pooling of one NHWC image. Windows are clipped to the image: x, y, dy and dx point at the image proper, not at a halo.
 */
export interface PoolKernels {
  /** Max pooling 2×2 with stride 2 without padding: y `[outHeight, outWidth, C]`, x at least twice that. */
  maxPool2x2Forward(
    x: number,
    xRow: number,
    channels: number,
    outHeight: number,
    outWidth: number,
    y: number,
    yRow: number,
  ): void;
  /**
   * Its backward: dx gets dy at the first maximum of each window (row by row), 0 at the other three. With `relu`, x is
   * the output of a relu and dy passes only where the maximum is positive: backward of both at once, dx is then the
   * gradient before the relu. Pixels that no window covers are not written. (Where the
   * maximum is NaN, its gradient goes to the window's last pixel, or with `relu` nowhere.)
   */
  maxPool2x2Backward(
    x: number,
    xRow: number,
    channels: number,
    outHeight: number,
    outWidth: number,
    y: number,
    yRow: number,
    dy: number,
    dyRow: number,
    dx: number,
    dxRow: number,
    relu: number,
  ): void;

  /**
   * Max pooling in general. Window (i, j) starts at row i·strideHeight − padTop; a window wholly in the padding gives
   * −∞. A NaN in a window gives NaN.
   */
  maxPoolForward: (...window: [...PoolWindow, y: number, yRow: number]) => void;
  /** dx += dy at the first maximum of each window; at its first NaN where it has one. */
  maxPoolBackward: (
    ...window: [...PoolWindow, y: number, yRow: number, dy: number, dyRow: number, dx: number, dxRow: number]
  ) => void;
  /**
   * Mean over the window. With `countPadding` the divisor counts padding too, up to padTop + height + padBottom and
   * likewise across (what a ceil-mode window reaches beyond that is never counted).
   */
  averagePoolForward: (
    ...window: [...PoolWindow, y: number, yRow: number, countPadding: number, padBottom: number, padRight: number]
  ) => void;
  /** dx += dy / divisor. The `x` of the window is not read: pass 0; `xRow` is dx's. */
  averagePoolBackward: (
    ...window: [
      ...PoolWindow,
      dy: number,
      dyRow: number,
      dx: number,
      countPadding: number,
      padBottom: number,
      padRight: number,
    ]
  ) => void;

  /** y `[C]` = mean over height × width. */
  globalAveragePoolForward(x: number, xRow: number, channels: number, height: number, width: number, y: number): void;
  /** dx += dy / (height · width). */
  globalAveragePoolBackward(
    dy: number,
    channels: number,
    height: number,
    width: number,
    dx: number,
    dxRow: number,
  ): void;
  /** y `[C]` = maximum over height × width. */
  globalMaxPoolForward(x: number, xRow: number, channels: number, height: number, width: number, y: number): void;
  /** dx += dy at the first maximum. */
  globalMaxPoolBackward(
    x: number,
    xRow: number,
    channels: number,
    height: number,
    width: number,
    y: number,
    dy: number,
    dx: number,
    dxRow: number,
  ): void;
}

export type PoolWindow = [
  x: number,
  xRow: number,
  channels: number,
  height: number,
  width: number,
  kernelHeight: number,
  kernelWidth: number,
  strideHeight: number,
  strideWidth: number,
  dilationHeight: number,
  dilationWidth: number,
  padTop: number,
  padLeft: number,
  outHeight: number,
  outWidth: number,
];

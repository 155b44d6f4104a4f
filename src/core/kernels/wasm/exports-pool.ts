import { kernel } from './kernel';

const WINDOW = 'kernelHeight kernelWidth strideHeight strideWidth dilationHeight dilationWidth padTop padLeft';

/**
 * Pooling of one NHWC image. Windows are clipped to the image: x, y, dy and dx point at the image itself, not at a halo.
 */
export const poolKernels = {
  /**
   * y from one or four pixels of x each. `rows` and `columns` are tables, for each row (column) of y three words: the first and the second row of x that
   * it reads, and the share of the second (float32). Pixels are `channels` apart.
   */
  resampleForward: kernel('x xRow y yRow channels outHeight outWidth rows columns'),
  /** dx += the gradient. */
  resampleBackward: kernel('dy dyRow dx dxRow channels outHeight outWidth rows columns'),
  /** Max pooling 2×2 with stride 2 without padding: y `[outHeight, outWidth, C]`, x at least twice that. */
  maxPool2x2Forward: kernel('x xRow channels outHeight outWidth y yRow'),
  /**
   * Its backward: dx = dy at the first maximum of each window (row by row), 0 at the other three. With `relu`, x is the
   * output of a relu and dx the gradient before that relu: dy where the maximum is positive, else 0. Pixels that no window
   * covers are not written. If the maximum is NaN, its gradient goes to the window's last pixel, or with `relu` nowhere.
   */
  maxPool2x2Backward: kernel('x xRow channels outHeight outWidth y yRow dy dyRow dx dxRow relu'),

  /**
   * Max pooling in general. Window (i, j) starts at row i·strideHeight − padTop; a window wholly in the padding gives
   * −∞. A NaN in a window gives NaN.
   */
  maxPoolForward: kernel('x xRow channels height width', WINDOW, 'outHeight outWidth y yRow'),
  /** dx += dy at the first maximum of each window; at its first NaN where it has one. */
  maxPoolBackward: kernel('x xRow channels height width', WINDOW, 'outHeight outWidth y yRow dy dyRow dx dxRow'),
  /**
   * Mean over the window. With `countPadding` the divisor counts padding too: rows up to padTop + height + padBottom, and
   * columns in the same way. Cells that a ceil-mode window has beyond that are never counted.
   */
  averagePoolForward: kernel(
    'x xRow channels height width',
    WINDOW,
    'outHeight outWidth y yRow countPadding padBottom padRight',
  ),
  /** dx += dy / divisor. The `x` of the window is not read: pass 0. */
  averagePoolBackward: kernel(
    'x dxRow channels height width',
    WINDOW,
    'outHeight outWidth dy dyRow dx countPadding padBottom padRight',
  ),

  /** y `[C]` = mean over height × width. */
  globalAveragePoolForward: kernel('x xRow channels height width y'),
  /** dx += dy / (height · width). */
  globalAveragePoolBackward: kernel('dy channels height width dx dxRow'),
  /** y `[C]` = maximum over height × width. */
  globalMaxPoolForward: kernel('x xRow channels height width y'),
  /** dx += dy at the first maximum. */
  globalMaxPoolBackward: kernel('x xRow channels height width y dy dx dxRow'),
};

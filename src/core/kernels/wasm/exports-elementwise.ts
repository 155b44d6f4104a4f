/** Rows of an operand: `rows` rows of `length` floats, `…Row` floats apart. A contiguous array is one row. */
type Unary = (x: number, xRow: number, y: number, yRow: number, rows: number, length: number) => void;
type UnaryAlpha = (
  x: number,
  xRow: number,
  y: number,
  yRow: number,
  rows: number,
  length: number,
  alpha: number,
) => void;
type Backward = (
  saved: number,
  savedRow: number,
  dy: number,
  dyRow: number,
  dx: number,
  dxRow: number,
  rows: number,
  length: number,
  accumulate: number,
) => void;
type BackwardAlpha = (
  saved: number,
  savedRow: number,
  dy: number,
  dyRow: number,
  dx: number,
  dxRow: number,
  rows: number,
  length: number,
  accumulate: number,
  alpha: number,
) => void;

/**
 * Element by element, over rows: a feature map with a halo is `height` rows of `width · channels` floats. Forward may work
 * in place (y = x) where backward takes y; backward always may (dx = dy).
 * Backward: dx = dy · f′, or dx += with `accumulate`. Its `saved` operand is the layer's output y or input x, as named.
 */
export interface ElementwiseKernels {
  reluForward: Unary;
  /** saved: y. */
  reluBackward: Backward;
  /** x > 0 ? x : alpha · x. */
  leakyReluForward: UnaryAlpha;
  /** saved: x. */
  leakyReluBackward: BackwardAlpha;
  /** x > 0 ? x : slope[c] · x, with a slope for each channel: rows of `width` pixels. */
  preluForward(
    x: number,
    xRow: number,
    y: number,
    yRow: number,
    rows: number,
    width: number,
    channels: number,
    slope: number,
  ): void;
  /** x is saved. dSlope += Σ dy · x where x ≤ 0; it has room for ⌈channels/4⌉·4 floats. */
  preluBackward(
    x: number,
    xRow: number,
    dy: number,
    dyRow: number,
    dx: number,
    dxRow: number,
    rows: number,
    width: number,
    channels: number,
    slope: number,
    dSlope: number,
    accumulate: number,
  ): void;
  /** x > 0 ? x : alpha · (eˣ − 1). */
  eluForward: UnaryAlpha;
  /** saved: x. */
  eluBackward: BackwardAlpha;
  /** gamma · (x > 0 ? x : alpha · (eˣ − 1)). */
  seluForward(
    x: number,
    xRow: number,
    y: number,
    yRow: number,
    rows: number,
    length: number,
    alpha: number,
    gamma: number,
  ): void;
  /** saved: x. */
  seluBackward(
    x: number,
    xRow: number,
    dy: number,
    dyRow: number,
    dx: number,
    dxRow: number,
    rows: number,
    length: number,
    accumulate: number,
    alpha: number,
    gamma: number,
  ): void;
  sigmoidForward: Unary;
  /** saved: y. */
  sigmoidBackward: Backward;
  /** clamp(alpha · x + beta, 0, 1). */
  hardSigmoidForward(
    x: number,
    xRow: number,
    y: number,
    yRow: number,
    rows: number,
    length: number,
    alpha: number,
    beta: number,
  ): void;
  /** saved: y. dx = dy · alpha where 0 < y < 1. */
  hardSigmoidBackward: BackwardAlpha;
  tanhForward: Unary;
  /** saved: y. */
  tanhBackward: Backward;
  /** ln(1 + eˣ). */
  softplusForward: Unary;
  /** saved: x. */
  softplusBackward: Backward;

  /** y = x. Rows may not overlap. */
  copyRows: Unary;
  /** y += x: what joins branches. */
  addRows: Unary;
  /** y = alpha · x. */
  scaleRows: UnaryAlpha;
  /** y = a · b, or y += a · b: a dropout mask forward, and the same backward. */
  multiplyRows(
    a: number,
    aRow: number,
    b: number,
    bRow: number,
    y: number,
    yRow: number,
    rows: number,
    length: number,
    accumulate: number,
  ): void;
  /**
   * mask[i] = 0 where draw number `from` + i of the stream (key0, key1) (src/core/random.ts) is less than `threshold`, else
   * `kept`. Keys, `from` and `threshold` are unsigned 32-bit numbers: `dropoutThreshold(rate)`.
   */
  dropoutMask(
    mask: number,
    count: number,
    from: number,
    key0: number,
    key1: number,
    threshold: number,
    kept: number,
  ): void;
  /** y[:, :, 0 … channels) = x[…] (or +=), pixel by pixel: concat and its backward, with pointers at the first channel. */
  copyChannels(
    x: number,
    xRow: number,
    xPixel: number,
    y: number,
    yRow: number,
    yPixel: number,
    rows: number,
    width: number,
    channels: number,
    accumulate: number,
  ): void;
  /** One image `[C, H, W]` without gaps → NHWC. */
  nchwToNhwc(x: number, channels: number, height: number, width: number, y: number, yRow: number): void;
  /** One NHWC image → `[C, H, W]` without gaps. */
  nhwcToNchw(x: number, xRow: number, channels: number, height: number, width: number, y: number): void;
  /** Zero for `bytes` bytes. */
  fillZero(pointer: number, bytes: number): void;
}

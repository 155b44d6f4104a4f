import { kernel } from './kernel';

/** Rows of an operand: `rows` rows of `length` floats, `…Row` floats apart. A contiguous array is one row. */
const unary = kernel('x xRow y yRow rows length');

const unaryAlpha = kernel('x xRow y yRow rows length alpha');

const backward = kernel('saved savedRow dy dyRow dx dxRow rows length accumulate');

const backwardAlpha = kernel('saved savedRow dy dyRow dx dxRow rows length accumulate alpha');

/**
 * Element by element, over rows: a feature map with a halo is `height` rows of `width · channels` floats. Forward may work
 * in place (y = x) if backward uses y; backward always may (dx = dy).
 * Backward: dx = dy · f′, or dx += with `accumulate`. Its `saved` operand is the layer's output y or input x, as named.
 */
export const elementwiseKernels = {
  reluForward: unary,
  /** saved: y. */
  reluBackward: backward,
  /** x > 0 ? x : alpha · x. */
  leakyReluForward: unaryAlpha,
  /** saved: x. */
  leakyReluBackward: backwardAlpha,
  /** x > 0 ? x : slope[c] · x, with a slope for each channel: rows of `width` pixels. */
  preluForward: kernel('x xRow y yRow rows width channels slope'),
  /** x is saved. dSlope += Σ dy · x where x ≤ 0; it has room for ⌈channels/4⌉·4 floats. */
  preluBackward: kernel('x xRow dy dyRow dx dxRow rows width channels slope dSlope accumulate'),
  /** x > 0 ? x : alpha · (eˣ − 1). */
  eluForward: unaryAlpha,
  /** saved: x. */
  eluBackward: backwardAlpha,
  /** gamma · (x > 0 ? x : alpha · (eˣ − 1)). */
  seluForward: kernel('x xRow y yRow rows length alpha gamma'),
  /** saved: x. */
  seluBackward: kernel('saved savedRow dy dyRow dx dxRow rows length accumulate alpha gamma'),
  sigmoidForward: unary,
  /** saved: y. */
  sigmoidBackward: backward,
  /** clamp(alpha · x + beta, 0, 1). */
  hardSigmoidForward: kernel('x xRow y yRow rows length alpha beta'),
  /** saved: y. dx = dy · alpha where 0 < y < 1. */
  hardSigmoidBackward: backwardAlpha,
  tanhForward: unary,
  /** saved: y. */
  tanhBackward: backward,
  /** ln(1 + eˣ). */
  softplusForward: unary,
  /** saved: x. */
  softplusBackward: backward,
  /** clamp(x, 0, 6). */
  relu6Forward: unary,
  /** saved: y. */
  relu6Backward: backward,
  /** x · Φ(x), Φ the normal distribution. */
  geluForward: unary,
  /** saved: x. */
  geluBackward: backward,
  /** The same, Φ approximated by a hyperbolic tangent. */
  geluTanhForward: unary,
  /** saved: x. */
  geluTanhBackward: backward,
  /** x ÷ (1 + e⁻ˣ). */
  siluForward: unary,
  /** saved: x. */
  siluBackward: backward,
  /** x · clamp(x ÷ 6 + ½, 0, 1). */
  hardSwishForward: unary,
  /** saved: x. */
  hardSwishBackward: backward,

  /** y = x. Rows may not overlap. */
  copyRows: unary,
  /** y += x: adds branches up. */
  addRows: unary,
  /** y = alpha · x. */
  scaleRows: unaryAlpha,
  /** y = a · b, or y += a · b: a dropout mask forward, and the same backward. */
  multiplyRows: kernel('a aRow b bRow y yRow rows length accumulate'),
  /**
   * mask[i] = 0 where draw number `from` + i of the stream (key0, key1) (src/core/random.ts) is less than `threshold`, else
   * `kept`. Keys, `from` and `threshold` are unsigned 32-bit numbers: `dropoutThreshold(rate)`.
   */
  dropoutMask: kernel('mask count from key0 key1 threshold kept'),
  /**
   * slopes[i] = 1 where x[i] > 0, else `lower` + `range` · u, u from 0 to 1 being draw number `from` + i of the stream (key0, key1).
   */
  randomSlopes: kernel('x slopes count from key0 key1 lower range'),
  /**
   * y = a · b, or y += a · b, over `rows` × `width` pixels of `channels`. Each operand is `…Row` and `…Pixel` floats from row to row and from
   * pixel to pixel, 0 where it is repeated; `…Lane` is 1, or 0 for one channel that stands for all. A y that is repeated is the sum over
   * what it is repeated along: along rows and pixels only with `accumulate`.
   */
  multiplyMaps: kernel('a aRow aPixel aLane b bRow bPixel bLane', 'y yRow yPixel yLane rows width channels accumulate'),
  /** y[c] = the largest of x[c + j · channels], j < pieces, over `rows` × `width` pixels. A NaN among them gives NaN. */
  maxoutForward: kernel('x xRow y yRow rows width channels pieces'),
  /** dx = dy at the first largest, 0 at the others, or +=. */
  maxoutBackward: kernel('x xRow y yRow dy dyRow dx dxRow rows width channels pieces accumulate'),
  /** y[:, :, 0 … channels) = x[…] (or +=), pixel by pixel: concat and its backward, with pointers at the first channel. */
  copyChannels: kernel('x xRow xPixel y yRow yPixel rows width channels accumulate'),
  /** One image `[C, H, W]` without gaps → NHWC. */
  nchwToNhwc: kernel('x channels height width y yRow'),
  /** One NHWC image → `[C, H, W]` without gaps. */
  nhwcToNchw: kernel('x xRow channels height width y'),
  /** Zero for `bytes` bytes. */
  fillZero: kernel('pointer bytes'),
};

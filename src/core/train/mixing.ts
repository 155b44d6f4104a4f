import { Generator, stream } from '../random';
import type { Augmentation, Frame } from './augmentation';

/** How a picture is mixed with another one. */
export interface Mixing {
  /** Place of the other one in the list of samples. */
  partner: number;
  /** How much of the picture itself stays, 0 … 1. */
  share: number;
  /** The rectangle that the other one fills; null where both are blended. */
  box: { top: number; left: number; bottom: number; right: number } | null;
}

/**
 * Mixup or cutmix of one picture; with both on, either with probability ½. What is drawn depends on (seed, epoch, sample) alone, and the partner is one of all the epoch's
 * samples, so that neither threads nor the batch's size change anything.
 * Sources: Zhang, Cissé, Dauphin & Lopez-Paz 2018, "mixup"; Yun et al. 2019, "CutMix".
 * @param samples how many there are to mix with.
 */
export function drawMixing(
  { mixup, cutmix }: Augmentation,
  { height, width }: Frame,
  samples: number,
  seed: number,
  epoch: number,
  sample: number,
): Mixing {
  const generator = new Generator(seed, stream.mixing, epoch, sample);
  const partner = generator.integer(samples);
  const cuts = cutmix > 0 && (mixup === 0 || generator.uniform() < 0.5);
  const share = beta(generator, cuts ? cutmix : mixup);
  if (!cuts) return { partner, share, box: null };
  const side = Math.sqrt(1 - share);
  const range = (size: number): [number, number] => {
    const [middle, length] = [generator.integer(size), Math.floor(size * side)];
    const start = middle - Math.floor(length / 2);
    return [Math.max(0, start), Math.min(size, start + length)];
  };
  const [[top, bottom], [left, right]] = [range(height), range(width)];
  return {
    partner,
    share: 1 - ((bottom - top) * (right - left)) / (height * width),
    box: { top, left, bottom, right },
  };
}

/** Blends or cuts the other picture in, in place. Both `[H, W, C]`. */
export function mixInto(
  picture: Float32Array,
  other: Float32Array,
  { width, channels }: Frame,
  { share, box }: Mixing,
): void {
  if (!box) {
    for (let i = 0; i < picture.length; i++) picture[i] = share * picture[i] + (1 - share) * other[i];
    return;
  }
  for (let y = box.top; y < box.bottom; y++) {
    const [from, to] = [(y * width + box.left) * channels, (y * width + box.right) * channels];
    picture.set(other.subarray(from, to), from);
  }
}

/** A draw from Beta(α, α): of two gamma draws the first one's share. */
function beta(generator: Generator, alpha: number): number {
  const [a, b] = [logGamma(generator, alpha), logGamma(generator, alpha)];
  return 1 / (1 + Math.exp(b - a));
}

/** The logarithm of a draw from Gamma(α, 1), which for small α is too small for a number. Source: Marsaglia & Tsang 2000. */
function logGamma(generator: Generator, alpha: number): number {
  if (alpha < 1) return logGamma(generator, alpha + 1) + Math.log(1 - generator.uniform()) / alpha;
  const d = alpha - 1 / 3;
  for (;;) {
    const x = generator.normal();
    const v = (1 + x / Math.sqrt(9 * d)) ** 3;
    if (v <= 0) continue;
    if (Math.log(1 - generator.uniform()) < 0.5 * x * x + d * (1 - v + Math.log(v))) return Math.log(d * v);
  }
}

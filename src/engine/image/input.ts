import { normalizationTable, normalize, type Normalization } from '../../core/data/normalization';
import type { Split } from '../../core/data/dataset';
import { ground as on } from '../../core/data/ground';
import { leavesNoDoubt, opposite, ownGround, type Inversions } from '../../core/data/inversion';
import { type Invert } from '../../core/data/invert';
import { countGround } from '../../core/data/statistics';
import type { Preprocessing } from '../../core/model/model';
import { say, type Message } from '../../words';

/**
 * Gray of an sRGB pixel: 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601) on the sRGB values, rounded to a whole byte. In thousandths,
 * so that a gray pixel keeps exactly its own value.
 */
export const gray = (red: number, green: number, blue: number): number =>
  Math.round((299 * red + 587 * green + 114 * blue) / 1000);

/** Interleaved bytes from one number of channels (1 or 3) to another: gray repeated, or `gray` of RGB. */
export function toChannels(pixels: Uint8Array, from: number, to: number): Uint8Array {
  if (from === to) return pixels;
  const count = pixels.length / from;
  const result = new Uint8Array(count * to);
  for (let i = 0; i < count; i++) {
    if (to === 1) result[i] = gray(pixels[3 * i], pixels[3 * i + 1], pixels[3 * i + 2]);
    else result.fill(pixels[i], i * to, (i + 1) * to);
  }
  return result;
}

/**
 * The network's input from bytes in its own channels: `[H, W, C]` float32, input = (byte × scale − mean[c]) ÷
 * deviation[c], of 255 − byte where it is inverted.
 */
export function toInput(pixels: Uint8Array, normalization: Normalization, inverted = false): Float32Array {
  const input = new Float32Array(pixels.length);
  const seen = inverted ? pixels.map((value) => 255 - value) : pixels;
  normalize(seen, normalizationTable(normalization), input);
  return input;
}

/**
 * What people should know of the ground that an evaluation's pictures are drawn on: that some were inverted because Inspect would invert
 * each by itself; that some that were not are drawn on the other ground than all that the network learned from, or half of them or more
 * are on the other than most. Null where there is nothing to say.
 */
export function groundRemark(
  preprocessing: Preprocessing,
  parts: readonly { split: Split; inversions: Inversions }[],
  invert: Invert,
): Message | null {
  const own = ownGround(preprocessing);
  if (own === null || invert === 'on') return null;
  const other = opposite(own);
  const ground = say(`image.ground.${other}`);
  const total = (count: (part: (typeof parts)[number]) => number): number =>
    parts.reduce((sum, part) => sum + count(part), 0);
  const images = total(({ split }) => split.samples.length);
  const inverted = total(({ split, inversions }) => inversions.count(split));
  const count = total(({ split }) => countGround(split, on[other])) - inverted;
  const { grounds } = preprocessing;
  const suspect = count > 0 && (count >= images / 2 || (grounds !== undefined && leavesNoDoubt(grounds, own)));
  if (inverted > 0)
    return say('image.invert.done', {
      count: inverted,
      images,
      ground,
      rest: suspect ? say('image.invert.rest', { count, ground }) : '',
    });
  return suspect ? say('image.invert.suspected', { count, images, ground }) : null;
}

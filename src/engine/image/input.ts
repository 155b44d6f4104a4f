import { normalizationTable, normalize, type Normalization } from '../../core/data/normalization';
import type { Split } from '../../core/data/dataset';
import { ground as on, type Look } from '../../core/data/ground';
import { countGround } from '../../core/data/statistics';
import type { Grounds, Preprocessing } from '../../core/model/model';
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

/** How many pictures a data set must have for its counts to be conclusive, and the share of them that must agree. */
const NO_DOUBT = { pictures: 100, share: 0.75 };
/** A suggestion to invert is made only if fewer than this share of the data's pictures are on the other ground. */
const RARE = 0.01;

/** From this many times the network's input on, in both directions, a picture is taken as from a camera, a scanner or a screen. */
const LARGE = 2;

/**
 * Whether a picture is to be inverted for a gray network: by itself only where nothing speaks for its being one of a data set.
 * That is where three quarters of a hundred or more pictures that the network learned from are drawn on one ground and not a single one of
 * any split on the other, and this one is drawn on the other, without colors, and much larger than the network's input, as prepared sets
 * seldom are. A suggestion is made where the data's pictures are mostly on one side and this one looks to be on the other. Colors are never
 * inverted: that would change their hue.
 */
export function inversionOf(
  { ground, side }: Look,
  { colour, ground: usual, grounds, height, width }: Omit<Preprocessing, 'scale' | 'mean' | 'deviation'>,
  size: { height: number; width: number },
): { certain: boolean; suggested: boolean } {
  const own = ownGround({ colour, ground: usual, grounds });
  if (own === null) return { certain: false, suggested: false };
  const large = size.height >= LARGE * height && size.width >= LARGE * width;
  const certain = large && grounds !== undefined && ground === on[opposite(own)] && leavesNoDoubt(grounds, own);
  return { certain, suggested: certain || side === opposite(own) };
}

type Ground = 'dark' | 'light';
const opposite = (side: Ground): Ground => (side === 'dark' ? 'light' : 'dark');

/** The ground on which nearly all pictures of a network's data are drawn; null for colors, and if both occur. */
function ownGround({
  colour,
  ground: usual,
  grounds,
}: Pick<Preprocessing, 'colour' | 'ground' | 'grounds'>): Ground | null {
  if (colour !== 'grey') return null;
  if (!grounds) return usual === 'mixed' ? null : usual;
  const own = grounds.dark >= grounds.light ? 'dark' : 'light';
  return grounds[own] > grounds.all / 4 && grounds[opposite(own)] < RARE * grounds.all ? own : null;
}

const leavesNoDoubt = (grounds: Grounds, own: Ground): boolean =>
  !grounds.both &&
  grounds[opposite(own)] === 0 &&
  grounds.all >= NO_DOUBT.pictures &&
  grounds[own] >= NO_DOUBT.share * grounds.all;

/**
 * What an evaluation suspects: that half of its pictures or more are drawn on the other ground than those that the network
 * learned from; or that some are which Inspect, given their files alone, would invert. An evaluation inverts nothing. Null where
 * nothing is, or can be, suspected.
 */
export function suspectedGround(preprocessing: Preprocessing, splits: readonly Split[]): Message | null {
  const own = ownGround(preprocessing);
  if (own === null) return null;
  const other = opposite(own);
  const count = splits.reduce((sum, split) => sum + countGround(split, on[other]), 0);
  const images = splits.reduce((sum, { samples }) => sum + samples.length, 0);
  if (count === 0) return null;
  const values = { count, images, ground: say(`image.ground.${other}`) };
  if (count >= images / 2) return say('image.invert.suspected', values);
  const { grounds } = preprocessing;
  return grounds && leavesNoDoubt(grounds, own) ? say('image.invert.alone', values) : null;
}

import type { Grounds, Preprocessing } from '../model/model';
import type { ImageSet, Split } from './dataset';
import { ground as on, type Look } from './ground';
import type { Invert } from './invert';
import { insideOf } from './letterbox';

/** How many pictures a data set must have for its counts to be conclusive, and the share of them that must agree. */
const NO_DOUBT = { pictures: 100, share: 0.75 };
/** A suggestion to invert is made only if fewer than this share of the data's pictures are on the other ground. */
const RARE = 0.01;

/** From this many times the network's input on, in both directions, a picture is taken as from a camera, a scanner or a screen. */
const LARGE = 2;

type Known = Pick<Preprocessing, 'colour' | 'ground' | 'grounds' | 'height' | 'width'>;

/**
 * Whether a picture is to be inverted for a gray network: by itself only where it cannot be one of the network's own data.
 * That is where three quarters of a hundred or more pictures that the network learned from are drawn on one ground and not a single one of
 * any split on the other, and this one is drawn on the other, without colors, and much larger than the network's input, as prepared sets
 * seldom are. A suggestion is made where the data's pictures are mostly on one side and this one looks to be on the other. Colors are never
 * inverted: that would change their hue.
 * @param size of the picture, upright, before it was fitted.
 */
export function inversionOf(
  { ground, side }: Look,
  { colour, ground: usual, grounds, height, width }: Known,
  size: { height: number; width: number },
): { certain: boolean; suggested: boolean } {
  const own = ownGround({ colour, ground: usual, grounds });
  if (own === null) return { certain: false, suggested: false };
  const large = size.height >= LARGE * height && size.width >= LARGE * width;
  const certain = large && grounds !== undefined && ground === on[opposite(own)] && leavesNoDoubt(grounds, own);
  return { certain, suggested: certain || side === opposite(own) };
}

export const isInverted = (invert: Invert, { certain }: { certain: boolean }): boolean =>
  invert === 'on' || (invert === 'auto' && certain);

export type Ground = 'dark' | 'light';
export const opposite = (side: Ground): Ground => (side === 'dark' ? 'light' : 'dark');

/** The ground on which nearly all pictures of a network's data are drawn; null for colors, and if both occur. */
export function ownGround({
  colour,
  ground: usual,
  grounds,
}: Pick<Preprocessing, 'colour' | 'ground' | 'grounds'>): Ground | null {
  if (colour !== 'grey') return null;
  if (!grounds) return usual === 'mixed' ? null : usual;
  const own = grounds.dark >= grounds.light ? 'dark' : 'light';
  return grounds[own] > grounds.all / 4 && grounds[opposite(own)] < RARE * grounds.all ? own : null;
}

export const leavesNoDoubt = (grounds: Grounds, own: Ground): boolean =>
  !grounds.both &&
  grounds[opposite(own)] === 0 &&
  grounds.all >= NO_DOUBT.pictures &&
  grounds[own] >= NO_DOUBT.share * grounds.all;

/** Which pictures of a set a network takes inverted, and how: as Inspect takes each of them by itself. */
export class Inversions {
  private readonly flags: Uint8Array;

  constructor(
    private readonly images: ImageSet,
    private readonly preprocessing: Known & Pick<Preprocessing, 'fit'>,
    invert: Invert,
  ) {
    this.flags = Uint8Array.from({ length: images.count }, (_, i) => {
      const look = { ground: images.grounds?.[i] ?? on.unclear, side: null };
      return isInverted(invert, inversionOf(look, preprocessing, this.sizeOf(i))) ? 1 : 0;
    });
  }

  has(picture: number): boolean {
    return this.flags[picture] === 1;
  }

  /** How many of a split's pictures are inverted. */
  count({ samples }: Pick<Split, 'samples'>): number {
    return samples.reduce((sum, sample) => sum + this.flags[sample], 0);
  }

  /** The picture as the network gets it, `[H, W, C]` bytes: 255 − byte, a letterbox's bars aside; itself where it is not inverted. */
  seen(picture: number, pixels: Uint8Array): Uint8Array {
    if (!this.has(picture)) return pixels;
    const { width, channels } = this.images;
    const { top, left, ...inside } = insideOf(this.sizeOf(picture), this.preprocessing);
    const seen = pixels.slice();
    for (let y = top; y < top + inside.height; y++) {
      const from = (y * width + left) * channels;
      for (let i = from; i < from + inside.width * channels; i++) seen[i] = 255 - seen[i];
    }
    return seen;
  }

  private sizeOf(picture: number): { height: number; width: number } {
    const { sizes, height, width } = this.images;
    return sizes ? { height: sizes[2 * picture], width: sizes[2 * picture + 1] } : { height, width };
  }
}

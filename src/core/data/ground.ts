/** What a gray picture is drawn on, as a byte of `ImageSet.grounds`: a dark ground, a light one, or no ground that is clear. */
export const ground = { unclear: 0, dark: 1, light: 2 } as const;

/** Where a picture lies in its frame, without a letterbox's bars, in pixels. */
export interface Inside {
  top: number;
  left: number;
  height: number;
  width: number;
}

/** A ground counts as even when this share of the border, and of the whole picture, lies `within` this distance of the border's median. */
const EVEN = { border: 0.9, picture: 0.5, within: 32 };
/** The border of a light ground has at least this median; that of a dark ground at most 255 minus this. */
const LIGHT = 160;
/** Something counts as drawn when this share of the pixels differs from the ground by at least `contrast`, towards the other side. */
const INK = { share: 0.01, contrast: 64 };

/** What a picture looks like at its border and over all. */
export interface Look {
  /** A byte of `ground`. */
  ground: number;
  /** Whether the border's median and most of the picture are lighter than the middle, or darker; null where they differ. */
  side: 'dark' | 'light' | null;
}

/**
 * What a gray picture is drawn on: an even ground, as paper and screens have it and photographs seldom, with something darker on
 * it if it is light, or something lighter if it is dark.
 * @param gray `[H, W]` bytes. @param width of a row of `gray`. @param inside the part that is looked at.
 */
export function lookAt(gray: Uint8Array, width: number, inside: Inside): Look {
  const counts = new Uint32Array(256);
  const border = new Uint32Array(256);
  for (let y = 0; y < inside.height; y++) {
    const edge = y === 0 || y === inside.height - 1;
    const row = (inside.top + y) * width + inside.left;
    for (let x = 0; x < inside.width; x++) {
      const value = gray[row + x];
      counts[value]++;
      if (edge || x === 0 || x === inside.width - 1) border[value]++;
    }
  }
  const all = inside.height * inside.width;
  const bordering = sum(border, 0, 256);
  const middle = median(border, bordering);
  const near = (of: Uint32Array): number =>
    sum(of, Math.max(0, middle - EVEN.within), Math.min(256, middle + EVEN.within + 1));
  const even = near(border) >= EVEN.border * bordering && near(counts) >= EVEN.picture * all;
  const lightShare = sum(counts, 128, 256) / all;
  const darker = sum(counts, 0, Math.max(0, middle - INK.contrast)) / all;
  const lighter = sum(counts, Math.min(256, middle + INK.contrast + 1), 256) / all;
  const onLight = even && middle >= LIGHT && darker >= INK.share;
  const onDark = even && middle <= 255 - LIGHT && lighter >= INK.share;
  const side = middle > 127 && lightShare > 0.5 ? 'light' : middle <= 127 && lightShare < 0.5 ? 'dark' : null;
  return { ground: onLight ? ground.light : onDark ? ground.dark : ground.unclear, side };
}

function sum(counts: Uint32Array, from: number, to: number): number {
  let total = 0;
  for (let value = from; value < to; value++) total += counts[value];
  return total;
}

/** The median of `total` counted values; the upper one of two. */
function median(counts: Uint32Array, total: number): number {
  let seen = 0;
  for (let value = 0; value < 256; value++) {
    seen += counts[value];
    if (seen > total >> 1) return value;
  }
  return 255;
}

/** What a grey picture is drawn on, as a byte of `ImageSet.grounds`: a dark ground, a light one, or no ground that is clear. */
export const ground = { unclear: 0, dark: 1, light: 2 } as const;

/** Where a picture lies in its frame, without a letterbox's bars, in pixels. */
export interface Inside {
  top: number;
  left: number;
  height: number;
  width: number;
}

/** Of the border, the share that has to be on one side of the middle. */
const BORDER_SHARE = 0.75;
/** Something is drawn where this share of the pixels differs from the border's median by so much. */
const INK_SHARE = 0.01;
const INK_CONTRAST = 64;

/** What a picture looks like at its border and over all. */
export interface Look {
  /** A byte of `ground`. */
  ground: number;
  /** Whether the border's median and most of the picture are lighter than the middle, or darker; null where they differ. */
  side: 'dark' | 'light' | null;
}

/**
 * What a grey picture is drawn on. A light ground: three quarters of the border and most of the picture are lighter than the
 * middle, and something darker is drawn on it; a dark one the other way round.
 * @param grey `[H, W]` bytes. @param width of a row of `grey`. @param inside the part that is looked at.
 */
export function lookAt(grey: Uint8Array, width: number, inside: Inside): Look {
  const counts = new Uint32Array(256);
  const border = new Uint32Array(256);
  for (let y = 0; y < inside.height; y++) {
    const edge = y === 0 || y === inside.height - 1;
    const row = (inside.top + y) * width + inside.left;
    for (let x = 0; x < inside.width; x++) {
      const value = grey[row + x];
      counts[value]++;
      if (edge || x === 0 || x === inside.width - 1) border[value]++;
    }
  }
  const all = inside.height * inside.width;
  const bordering = sum(border, 0, 256);
  const middle = median(border, bordering);
  const lightBorder = sum(border, 128, 256) / bordering;
  const lightShare = sum(counts, 128, 256) / all;
  const darker = sum(counts, 0, Math.max(0, middle - INK_CONTRAST)) / all;
  const lighter = sum(counts, Math.min(256, middle + INK_CONTRAST + 1), 256) / all;
  const onLight = lightBorder >= BORDER_SHARE && lightShare > 0.5 && darker >= INK_SHARE;
  const onDark = lightBorder <= 1 - BORDER_SHARE && lightShare < 0.5 && lighter >= INK_SHARE;
  const side = middle > 127 && lightShare > 0.5 ? 'light' : middle <= 127 && lightShare < 0.5 ? 'dark' : null;
  return { ground: onLight ? ground.light : onDark ? ground.dark : ground.unclear, side };
}

function sum(counts: Uint32Array, from: number, to: number): number {
  let total = 0;
  for (let value = from; value < to; value++) total += counts[value];
  return total;
}

/** The value in the middle of `total` counted ones, the upper one of two. */
function median(counts: Uint32Array, total: number): number {
  let seen = 0;
  for (let value = 0; value < 256; value++) {
    seen += counts[value];
    if (seen > total >> 1) return value;
  }
  return 255;
}

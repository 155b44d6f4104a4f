/** A picture as a network gets it: `[H, W, C]` bytes, one channel (gray) or three (red, green, blue). */
export interface SeenPicture {
  pixels: Uint8Array;
  height: number;
  width: number;
  channels: number;
}

/** Numbers that have a name for people, in the order in which they come first. */
export const NAMED_LOOKS = ['brightness', 'contrast', 'border', 'borderContrast', 'detail'] as const;
/** Of color pictures, the last but one. */
export type LookName = (typeof NAMED_LOOKS)[number] | 'saturation';

/** The picture is divided into this many parts a side, and its levels into this many of equal width. */
const SIDE = 4;
const LEVELS = 8;
const FIRST = 8;
const COLORS = 4;

/** How many numbers `looksOf` gives. */
export const lookCount = (channels: number): number => FIRST + LEVELS - 1 + SIDE * SIDE + (channels === 3 ? COLORS : 0);

/** The named numbers by their place. */
export const lookNames = (channels: number): readonly [name: LookName, at: number][] => [
  ...NAMED_LOOKS.map((name, at): [LookName, number] => [name, at]),
  ...(channels === 3 ? [['saturation', lookCount(channels) - 2] as [LookName, number]] : []),
];

/**
 * What a picture looks like in `lookCount` numbers from 0 to 1, gray of colors being 0.299 R + 0.587 G + 0.114 B:
 * mean and standard deviation of the gray values; the same of those at the border; mean difference between neighbors in
 * a column and in a row, added; the difference in a row alone; the share of pixels that differ from a neighbor by more
 * than a quarter; the mean absolute Laplacian ÷ 4; the share of each eighth of the levels but the last; the mean of each part
 * of a 4 × 4 grid; of colors the means of (R − G + 1) ÷ 2 and ((R + G) ÷ 2 − B + 1) ÷ 2, and mean and standard deviation of the
 * saturation max − min.
 */
export function looksOf(picture: SeenPicture): Float64Array {
  const { height, width, channels } = picture;
  const gray = grayOf(picture);
  const at = (y: number, x: number): number => gray[y * width + x];
  const all = new Moments();
  const border = new Moments();
  const levels = new Float64Array(LEVELS);
  const parts = Array.from({ length: SIDE * SIDE }, () => new Moments());
  let [across, down, edges, laplacian] = [0, 0, 0, 0];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const value = at(y, x);
      all.add(value);
      levels[Math.min(LEVELS - 1, Math.floor(value * LEVELS))]++;
      parts[Math.floor((y * SIDE) / height) * SIDE + Math.floor((x * SIDE) / width)].add(value);
      const [top, left, bottom, right] = [y === 0, x === 0, y === height - 1, x === width - 1];
      if (top || left || bottom || right) border.add(value);
      else laplacian += Math.abs(4 * value - at(y, x - 1) - at(y, x + 1) - at(y - 1, x) - at(y + 1, x));
      const toLeft = left ? 0 : Math.abs(value - at(y, x - 1));
      const toTop = top ? 0 : Math.abs(value - at(y - 1, x));
      across += toLeft;
      down += toTop;
      if (toLeft > 0.25 || toTop > 0.25) edges++;
    }
  }
  const n = gray.length;
  const numbers = [
    all.mean,
    all.deviation,
    border.mean,
    border.deviation,
    (across + down) / n,
    across / n,
    edges / n,
    laplacian / n / 4,
    ...levels.subarray(0, LEVELS - 1).map((count) => count / n),
    ...parts.map(({ mean }) => mean),
    ...(channels === 3 ? colorsOf(picture) : []),
  ];
  return Float64Array.from(numbers, (value) => Math.min(1, Math.max(0, value)));
}

/** `[H, W]`, 0 … 1. */
function grayOf({ pixels, height, width, channels }: SeenPicture): Float64Array {
  const gray = new Float64Array(height * width);
  for (let i = 0; i < gray.length; i++)
    gray[i] =
      channels === 3
        ? (0.299 * pixels[3 * i] + 0.587 * pixels[3 * i + 1] + 0.114 * pixels[3 * i + 2]) / 255
        : pixels[i] / 255;
  return gray;
}

function colorsOf({ pixels }: SeenPicture): number[] {
  const saturation = new Moments();
  let [red, yellow] = [0, 0];
  for (let i = 0; i < pixels.length; i += 3) {
    const [r, g, b] = [pixels[i] / 255, pixels[i + 1] / 255, pixels[i + 2] / 255];
    red += r - g;
    yellow += (r + g) / 2 - b;
    saturation.add(Math.max(r, g, b) - Math.min(r, g, b));
  }
  const n = pixels.length / 3;
  return [(red / n + 1) / 2, (yellow / n + 1) / 2, saturation.mean, saturation.deviation];
}

/** Mean and population standard deviation of what is added; 0 of nothing. */
class Moments {
  private count = 0;
  private sum = 0;
  private squares = 0;

  add(value: number): void {
    this.count++;
    this.sum += value;
    this.squares += value * value;
  }

  get mean(): number {
    return this.count === 0 ? 0 : this.sum / this.count;
  }

  get deviation(): number {
    return this.count === 0 ? 0 : Math.sqrt(Math.max(0, this.squares / this.count - this.mean ** 2));
  }
}

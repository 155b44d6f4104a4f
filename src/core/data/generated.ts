import { Generator } from '../random';
import type { ImageSet } from './dataset';

/** The generator's seed. It was fixed before anything was trained on these pictures, never chosen for a good result. */
const SEED = 28;
const SIDE = 28;
const GENERATED_TRAIN = 5000;
const GENERATED_TEST = 1000;

export const colorLabels = ['red', 'green', 'blue', 'yellow', 'cyan', 'magenta'] as const;
export const shapeLabels = ['ellipse', 'rectangle', 'triangle', 'diamond', 'line'] as const;

const COLORS: readonly (readonly [number, number, number])[] = [
  [255, 0, 0],
  [0, 255, 0],
  [0, 0, 255],
  [255, 255, 0],
  [0, 255, 255],
  [255, 0, 255],
];

/**
 * Pictures that would repeat an earlier one (or, in the test split, one of the training split). They are drawn again,
 * so that no picture occurs twice.
 */
const REDRAWN = {
  train: new Set([817, 1791, 2046, 2902, 3451, 4760, 4807, 4980]),
  test: new Set([265, 718, 771]),
};

/** Smallest and largest side of a bounding box in pixels; a line is at least as long as the smallest. */
const SMALLEST = 6;
const LARGEST = 26;

/** True where the pixel at (x, y) is inside the shape. Shapes have hard edges. */
type Shape = (x: number, y: number) => boolean;

/**
 * Colored shapes on black, 28 × 28: six colors, five shapes, at random places and sizes, filled, not anti-aliased. Picture i
 * is of shape i mod 5 and color ⌊i ÷ 5⌋ mod 6; place and size are drawn by (seed, split, i), of a picture in `REDRAWN` by
 * (seed, split, i, 1).
 * @param by what the label is: the color (three channels) or the shape (gray, 0.299 R + 0.587 G + 0.114 B of the same pictures).
 */
export function generateShapes(
  by: 'color' | 'shape',
  split: 'train' | 'test',
  count = split === 'train' ? GENERATED_TRAIN : GENERATED_TEST,
): ImageSet {
  const channels = by === 'color' ? 3 : 1;
  const pixels = new Uint8Array(count * SIDE * SIDE * channels);
  const labels = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const shape = i % shapeLabels.length;
    const color = Math.floor(i / shapeLabels.length) % COLORS.length;
    labels[i] = by === 'color' ? color : shape;
    const again = REDRAWN[split].has(i) ? [1] : [];
    const inside = randomShape(shape, new Generator(SEED, split === 'train' ? 0 : 1, i, ...again));
    const [r, g, b] = COLORS[color];
    const ink = by === 'color' ? [r, g, b] : [Math.round(0.299 * r + 0.587 * g + 0.114 * b)];
    for (let y = 0, to = i * SIDE * SIDE * channels; y < SIDE; y++) {
      for (let x = 0; x < SIDE; x++, to += channels) if (inside(x, y)) pixels.set(ink, to);
    }
  }
  return { count, height: SIDE, width: SIDE, channels, pixels, labels };
}

function randomShape(shape: number, random: Generator): Shape {
  if (shapeLabels[shape] === 'line') return randomLine(random);
  const width = SMALLEST + random.integer(LARGEST - SMALLEST + 1);
  const height = SMALLEST + random.integer(LARGEST - SMALLEST + 1);
  const left = random.integer(SIDE - width + 1);
  const top = random.integer(SIDE - height + 1);
  const halfWidth = halfWidths[shapeLabels[shape] as 'ellipse'];
  return (x, y) => {
    if (y < top || y >= top + height) return false;
    return Math.abs(x + 0.5 - left - width / 2) <= halfWidth(y - top, width, height);
  };
}

/** Half the width of the pixels' centers in each row of the bounding box: every shape touches all four sides of its box. */
const halfWidths = {
  ellipse: (row: number, width: number, height: number): number =>
    (width / 2) * Math.sqrt(1 - ((2 * row + 1) / height - 1) ** 2),
  rectangle: (_row: number, width: number): number => width / 2,
  /** A triangle that stands on its base. */
  triangle: (row: number, width: number, height: number): number => Math.max(0.5, ((row + 1) / height) * (width / 2)),
  diamond: (row: number, width: number, height: number): number => {
    const middle = height % 2 === 0 ? 0.5 : 0;
    const outwards = (Math.abs(row + 0.5 - height / 2) - middle) / ((height - 1) / 2 - middle);
    return 0.5 + (1 - outwards) * (width / 2 - 0.5);
  },
};

/** Two pixels thick: the pixels whose center is less than one pixel away. Its ends lie anywhere, at least six pixels apart. */
function randomLine(random: Generator): Shape {
  for (;;) {
    const [x0, y0, x1, y1] = Array.from({ length: 4 }, () => random.uniform() * SIDE);
    const [dx, dy] = [x1 - x0, y1 - y0];
    const square = dx * dx + dy * dy;
    if (square < SMALLEST * SMALLEST) continue;
    return (x, y) => {
      const [px, py] = [x + 0.5 - x0, y + 0.5 - y0];
      const along = Math.min(1, Math.max(0, (px * dx + py * dy) / square));
      return (px - along * dx) ** 2 + (py - along * dy) ** 2 < 1;
    };
  }
}

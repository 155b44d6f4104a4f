/** A stroke of the pen: points in units of the pad, 0 … 1. */
export type Stroke = { x: number; y: number }[];

export const SIDE = 28;
/** MNIST's digits fill a box of 20 × 20, centered by their mass in 28 × 28. */
const BOX = 20;
/** Half the width of the ink in pixels of the picture. */
const RADIUS = 1.25;
/** A dot stays a dot: nothing is enlarged further than this. */
const LARGEST = 100;

/**
 * The strokes as MNIST's makers drew them: 28 × 28 gray, white on black, anti-aliased, scaled into 20 × 20 with the aspect
 * kept, the center of mass in the middle. Null for an empty pad.
 * Source: Y. LeCun, the MNIST database's page ("centered in a 28×28 image by computing the center of mass").
 */
export function rasterise(strokes: readonly Stroke[]): Uint8Array | null {
  const points = strokes.flat();
  if (points.length === 0) return null;
  const [left, right] = range(points.map(({ x }) => x));
  const [top, bottom] = range(points.map(({ y }) => y));
  const scale = Math.min(LARGEST, (BOX - 2 * RADIUS) / Math.max(right - left, bottom - top, 1e-6));
  const place = (dx: number, dy: number): Stroke[] =>
    strokes.map((stroke) =>
      stroke.map(({ x, y }) => ({
        x: SIDE / 2 + (x - (left + right) / 2) * scale + dx,
        y: SIDE / 2 + (y - (top + bottom) / 2) * scale + dy,
      })),
    );
  const centre = massCentre(ink(place(0, 0)));
  // Whole ink stays inside the picture however heavy one side is.
  const most = (SIDE - BOX) / 2;
  const shift = (at: number): number => Math.max(-most, Math.min(most, SIDE / 2 - at));
  return ink(place(shift(centre.x), shift(centre.y)));
}

function range(values: number[]): [number, number] {
  return [values.reduce((a, b) => Math.min(a, b), Infinity), values.reduce((a, b) => Math.max(a, b), -Infinity)];
}

/** Coverage of each pixel by the pen, from the distance of its center to the nearest segment. */
function ink(strokes: Stroke[]): Uint8Array {
  const out = new Uint8Array(SIDE * SIDE);
  for (const stroke of strokes) {
    for (let i = 0; i < stroke.length; i++) {
      const a = stroke[Math.max(0, i - 1)];
      const b = stroke[i];
      if (i === 0 && stroke.length > 1) continue;
      const reach = RADIUS + 1;
      const x0 = Math.max(0, Math.floor(Math.min(a.x, b.x) - reach));
      const x1 = Math.min(SIDE - 1, Math.ceil(Math.max(a.x, b.x) + reach));
      const y0 = Math.max(0, Math.floor(Math.min(a.y, b.y) - reach));
      const y1 = Math.min(SIDE - 1, Math.ceil(Math.max(a.y, b.y) + reach));
      for (let y = y0; y <= y1; y++) {
        for (let x = x0; x <= x1; x++) {
          const cover = Math.max(0, Math.min(1, RADIUS + 0.5 - distance(x + 0.5, y + 0.5, a, b)));
          const at = y * SIDE + x;
          out[at] = Math.max(out[at], Math.round(255 * cover));
        }
      }
    }
  }
  return out;
}

function distance(x: number, y: number, a: { x: number; y: number }, b: { x: number; y: number }): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const length = dx * dx + dy * dy;
  const u = length === 0 ? 0 : Math.max(0, Math.min(1, ((x - a.x) * dx + (y - a.y) * dy) / length));
  return Math.hypot(x - a.x - u * dx, y - a.y - u * dy);
}

/** The center of mass in pixels; the middle of the picture where nothing is inked. */
export function massCentre(pixels: Uint8Array): { x: number; y: number } {
  let [sum, sx, sy] = [0, 0, 0];
  for (let i = 0; i < pixels.length; i++) {
    sum += pixels[i];
    sx += pixels[i] * ((i % SIDE) + 0.5);
    sy += pixels[i] * (Math.floor(i / SIDE) + 0.5);
  }
  return sum === 0 ? { x: SIDE / 2, y: SIDE / 2 } : { x: sx / sum, y: sy / sum };
}

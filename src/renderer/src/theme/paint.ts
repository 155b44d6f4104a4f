import { colorWords, ENTRIES, ZERO, type Theme } from '../../../shared/colormap';

type Values = Int8Array | Float32Array | Float64Array;

/**
 * Paints `height` × `width` values by the color map, ±`scale` at its ends. `factor` > 1 averages that many neighbors a
 * side into one cell (the last ones are smaller). `unit` is the value of one step of `data`, 1 for floats.
 */
export function paintMap(
  canvas: HTMLCanvasElement,
  data: Values,
  height: number,
  width: number,
  scale: number,
  theme: Theme,
  { unit = 1, factor = 1 }: { unit?: number; factor?: number } = {},
): void {
  const rows = Math.ceil(height / factor);
  const columns = Math.ceil(width / factor);
  if (canvas.width !== columns) canvas.width = columns;
  if (canvas.height !== rows) canvas.height = rows;
  const context = canvas.getContext('2d');
  if (!context || rows === 0 || columns === 0) return;
  const image = scratch(columns, rows);
  const out = new Uint32Array(image.data.buffer);
  mapWords(out, data, height, width, scale > 0 ? unit / scale : 0, theme, factor);
  context.putImageData(image, 0, 0);
}

/** Colors of `height` × `width` values, row by row, as words for an ImageData's buffer; value × `gain` is ±1 at the map's ends. */
export function mapWords(
  out: Uint32Array,
  data: Values,
  height: number,
  width: number,
  gain: number,
  theme: Theme,
  factor = 1,
): void {
  const words = colorWords(theme);
  const values = averaged(data, height, width, factor);
  const steps = gain * ZERO;
  for (let i = 0; i < values.length; i++) out[i] = words[entry(values[i] * steps)];
}

/** What a byte −128 … 127 of one color adds to a word: 0 is the middle, ±127 none and all of it. Blue brings what makes it opaque. */
const shades = [0, 1, 2].map((channel) =>
  Uint32Array.from({ length: 256 }, (_, i) => {
    const bytes = new Uint8ClampedArray(4);
    bytes[channel] = 127.5 + ((i - 128) * 127.5) / 127;
    if (channel === 2) bytes[3] = 255;
    return new Uint32Array(bytes.buffer)[0];
  }),
);

/** The same of three maps `[3, height, width]` of signed bytes as one color picture: red, green and blue. */
export function rgbWords(out: Uint32Array, data: Int8Array, height: number, width: number, factor = 1): void {
  const area = height * width;
  const part = (c: number): Values => averaged(data.subarray(c * area, (c + 1) * area), height, width, factor);
  const [red, green, blue] = [part(0), part(1), part(2)];
  const [reds, greens, blues] = shades;
  for (let i = 0; i < red.length; i++)
    out[i] = reds[Math.round(red[i]) + 128] | greens[Math.round(green[i]) + 128] | blues[Math.round(blue[i]) + 128];
}

/** A token's color, `#rrggbb`, as an opaque word of the same kind. */
export function wordOf(hex: string): number {
  const rgb = Number.parseInt(hex.slice(1), 16);
  return new Uint32Array(Uint8Array.of(rgb >> 16, rgb >> 8, rgb, 255).buffer)[0];
}

/** The means of `factor` × `factor` neighbors, row by row; the last ones of a row or column are of fewer. */
function averaged(data: Values, height: number, width: number, factor: number): Values {
  if (factor === 1) return data;
  const rows = Math.ceil(height / factor);
  const columns = Math.ceil(width / factor);
  const means = new Float64Array(rows * columns);
  for (let y = 0; y < rows; y++) {
    const bottom = Math.min(height, (y + 1) * factor);
    for (let x = 0; x < columns; x++) {
      const right = Math.min(width, (x + 1) * factor);
      let sum = 0;
      for (let v = y * factor; v < bottom; v++) for (let u = x * factor; u < right; u++) sum += data[v * width + u];
      means[y * columns + x] = sum / ((bottom - y * factor) * (right - x * factor));
    }
  }
  return means;
}

/** The picture that is painted into before it is put on a canvas: maps of a layer are all of one size. */
let last: ImageData | null = null;
function scratch(width: number, height: number): ImageData {
  if (last?.width !== width || last.height !== height) last = new ImageData(width, height);
  return last;
}

function entry(steps: number): number {
  const i = Math.round(ZERO + steps);
  return i >= 0 ? (i < ENTRIES ? i : ENTRIES - 1) : i < 0 ? 0 : ZERO;
}

/** A square's place in device pixels and its color as a word of an ImageData's buffer. */
export interface Square {
  left: number;
  top: number;
  word: number;
}

/** Paints squares of `side` on nothing; what reaches over the right or lower edge of `width` × `height` is cut off. Device pixels. */
export function paintSquares(
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
  side: number,
  squares: readonly Square[],
): void {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const image = new ImageData(width, height);
  const out = new Uint32Array(image.data.buffer);
  for (const { left, top, word } of squares) {
    const right = Math.min(width, left + side);
    for (let y = top; y < Math.min(height, top + side); y++) out.fill(word, y * width + left, y * width + right);
  }
  canvas.getContext('2d')?.putImageData(image, 0, 0);
}

/** Paints a plain RGBA picture. */
export function paintPicture(
  canvas: HTMLCanvasElement,
  picture: { width: number; height: number; rgba: Uint8ClampedArray },
): void {
  canvas.width = picture.width;
  canvas.height = picture.height;
  // A fresh array: what came over the wire may be a view, and ImageData takes whole buffers only.
  const image = new ImageData(new Uint8ClampedArray(picture.rgba), picture.width, picture.height);
  canvas.getContext('2d')?.putImageData(image, 0, 0);
}

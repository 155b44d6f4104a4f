import { colorWords, ENTRIES, ZERO, type Theme } from '../../../shared/colormap';

/**
 * Paints `height` × `width` values by the colour map, ±`scale` at its ends. `factor` > 1 averages that many neighbours a
 * side into one cell (the last ones over what is left). `unit` is the value of one step of `data`, 1 for floats.
 */
export function paintMap(
  canvas: HTMLCanvasElement,
  data: Int8Array | Float32Array | Float64Array,
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
  const words = colorWords(theme);
  const gain = scale > 0 ? (ZERO * unit) / scale : 0;
  if (factor === 1) {
    for (let i = 0; i < out.length; i++) out[i] = words[entry(data[i] * gain)];
  } else {
    for (let y = 0; y < rows; y++) {
      const bottom = Math.min(height, (y + 1) * factor);
      for (let x = 0; x < columns; x++) {
        const right = Math.min(width, (x + 1) * factor);
        let sum = 0;
        for (let v = y * factor; v < bottom; v++) for (let u = x * factor; u < right; u++) sum += data[v * width + u];
        out[y * columns + x] = words[entry((sum / ((bottom - y * factor) * (right - x * factor))) * gain)];
      }
    }
  }
  context.putImageData(image, 0, 0);
}

/**
 * Paints three maps `[3, height, width]` as one colour picture: red, green and blue, 0 as mid-grey, ±`scale` as none and all
 * of a colour.
 */
export function paintColour(
  canvas: HTMLCanvasElement,
  data: Float32Array,
  height: number,
  width: number,
  scale: number,
): void {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = canvas.getContext('2d');
  const cells = height * width;
  if (!context || cells === 0) return;
  const image = scratch(width, height);
  const gain = scale > 0 ? 127.5 / scale : 0;
  for (let i = 0; i < cells; i++) {
    for (let c = 0; c < 3; c++) image.data[i * 4 + c] = 127.5 + data[c * cells + i] * gain;
    image.data[i * 4 + 3] = 255;
  }
  context.putImageData(image, 0, 0);
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

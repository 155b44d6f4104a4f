import type { Theme } from '../../../../shared/colormap';
import { rgbWords, mapWords } from '../../theme/paint';
import type { PixelFit } from '../../theme/pixels';
import { filterLayout } from './filter-layout';

/** What of a layer's filters is drawn as one picture each. */
export interface FilterPictures {
  count: number;
  height: number;
  width: number;
  /** Three input channels are the colors of one picture; of others each is a picture by itself. */
  color: boolean;
}

/** @param shape `[O, I, KH, KW]` */
export function picturesOf([outputs, inputs, height, width]: readonly number[]): FilterPictures {
  const color = inputs === 3;
  return { count: color ? outputs : outputs * inputs, height, width, color };
}

/** All filters on one canvas, however many: one picture to put down and to compose. Lengths are device pixels. */
export interface Sheet {
  pictures: FilterPictures;
  fit: PixelFit;
  /** Side of a cell. */
  perCell: number;
  gap: number;
  /** Width of the hairline round each filter; it lies in the gap. */
  line: number;
  /** Filters in a row. */
  across: number;
  width: number;
  height: number;
}

/** The largest sheet in `room` × `depth` CSS pixels, `gap` of them between two filters. */
export function sheetOf(pictures: FilterPictures, room: number, depth: number, ratio: number, gap: number): Sheet {
  const { fit, across } = filterLayout(pictures.count, pictures.height, pictures.width, room, depth, ratio, gap);
  const perCell = Math.round((fit.cssWidth * ratio) / fit.width);
  const between = Math.round(gap * ratio);
  const line = Math.round(ratio);
  const side = (filters: number, cells: number): number => filters * (cells * perCell + between) - between + 2 * line;
  const [width, height] = [side(across, fit.width), side(Math.ceil(pictures.count / across), fit.height)];
  return { pictures, fit, perCell, gap: between, line, across, width, height };
}

/** Where a filter's first cell begins. */
function placeOf({ fit, perCell, gap, line, across }: Sheet, filter: number): { left: number; top: number } {
  return {
    left: line + (filter % across) * (fit.width * perCell + gap),
    top: line + Math.floor(filter / across) * (fit.height * perCell + gap),
  };
}

/**
 * Paints weights, ±127 at the ends of the scale, and a hairline round each filter.
 * @param pixels `[height, width]` of the sheet as RGBA words; what lies between the filters is left as it is
 * @param line the hairline's word
 */
export function paintSheet(pixels: Uint32Array, sheet: Sheet, weights: Int8Array, line: number, theme: Theme): void {
  const { pictures, fit, perCell } = sheet;
  const { count, height, width, color } = pictures;
  const size = height * width * (color ? 3 : 1);
  const cells = new Uint32Array(fit.height * fit.width);
  for (let i = 0; i < count; i++) {
    const data = weights.subarray(i * size, (i + 1) * size);
    if (color) rgbWords(cells, data, height, width, fit.factor);
    else mapWords(cells, data, height, width, 1 / 127, theme, fit.factor);
    const { left, top } = placeOf(sheet, i);
    frame(pixels, sheet, left, top, line);
    enlarge(pixels, top * sheet.width + left, sheet.width, cells, fit.width, perCell);
  }
}

/** A ground as large as a filter with its hairline. */
function frame(
  pixels: Uint32Array,
  { fit, perCell, line, width }: Sheet,
  left: number,
  top: number,
  word: number,
): void {
  for (let y = top - line; y < top + fit.height * perCell + line; y++)
    pixels.fill(word, y * width + left - line, y * width + left + fit.width * perCell + line);
}

/** Writes rows of `columns` cells, each `perCell` pixels a side, into an image `across` pixels wide, `at` being their first one. */
function enlarge(
  pixels: Uint32Array,
  at: number,
  across: number,
  cells: Uint32Array,
  columns: number,
  perCell: number,
): void {
  for (let first = 0; first < cells.length; first += columns, at += perCell * across) {
    if (perCell === 1) pixels.set(cells.subarray(first, first + columns), at);
    else {
      let to = at;
      for (let x = 0; x < columns; x++) for (let k = 0; k < perCell; k++) pixels[to++] = cells[first + x];
      for (let k = 1; k < perCell; k++) pixels.copyWithin(at + k * across, at, to);
    }
  }
}

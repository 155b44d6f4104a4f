/** Sizes of type inside cells, largest first. */
const SIZES = [22, 15, 13, 11];
/** Width of a digit in the app's type, as a part of its size. */
const DIGIT = 0.64;

/** How many characters the longest numeral has. */
export const largestNumeral = (texts: readonly string[]): number =>
  texts.reduce((most, text) => Math.max(most, text.length), 1);

/** The type that `characters` fit into a cell with; 0 where none does. */
export function numeralSize(width: number, height: number, characters: number): number {
  const fits = SIZES.find((size) => size <= height * 0.42 && characters * size * DIGIT <= width - 4);
  return fits ?? (characters * 11 * DIGIT <= width - 2 && height >= 14 ? 11 : 0);
}

/** How much of the color map cells with numerals in them use: its ends are louder than a numeral. */
const QUIET = 1.8;

/** The value at the ends of the colors for cells that show their numbers; 1 where all are 0. */
export function scaleOf(values: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i]));
  return most * QUIET || 1;
}

/**
 * The side of a cell, in whole pixels, with which figures of `columns` beside each other and `rows` at most fit into what is left
 * of the room.
 */
export const fitCell = (width: number, height: number, columns: number, rows: number, most = 64): number =>
  Math.max(4, Math.floor(Math.min(width / columns, height / rows, most)));

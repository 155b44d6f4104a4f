/** How a confusion matrix takes the room that it has. Lengths are CSS pixels. */
export interface ConfusionLayout {
  /** Side of a cell; neighbors lie one pixel apart. */
  cell: number;
  /** Width of the classes' names at the left, height of those on top. */
  rowHead: number;
  head: number;
  /** Whether the names on top are turned. */
  turned: boolean;
  /** Whether cells have room for their numerals. */
  numerals: boolean;
  /** Whether there is room for each class's number of pictures beside its accuracy. */
  sums: boolean;
  /** Many classes: small cells, and the table scrolls by itself. */
  scrolls: boolean;
}

/** Width of the columns at the right end. */
export const END = { sums: 58, right: 60 };

/** About how wide a text is at 12 px: the table has to be laid out before anything can be measured. */
export function textWidth(text: string): number {
  let width = 0;
  for (const character of text) width += (character.codePointAt(0) ?? 0) > 0x2e7f ? 12.5 : 6.8;
  return width;
}

/** Whether a text has Chinese characters: written downwards they stand upright. */
export function hasHan(text: string): boolean {
  return /\p{Script=Han}/u.test(text);
}

/**
 * @param heads what stands at the left: the classes, and names of the sums at the foot
 * @param widest characters of the longest numeral in a cell
 * @param room the width that there is
 */
export function confusionLayout(
  labels: readonly string[],
  heads: readonly string[],
  widest: number,
  room: number,
): ConfusionLayout {
  const count = labels.length;
  const scrolls = count > 20;
  const longest = Math.max(0, ...labels.map(textWidth));
  const left = Math.max(0, ...heads.map(textWidth));
  const rowHead = Math.round(Math.min(scrolls ? 112 : 132, Math.max(40, left + 12), Math.max(72, room * 0.28)));
  const numeral = widest * 7 + 4;
  const best = scrolls ? 15 : count <= 6 ? 44 : count <= 12 ? 36 : 26;
  const fitting = (ends: number): number => Math.floor((room - rowHead - ends - 8) / Math.max(1, count)) - 1;
  const wanted = scrolls ? best : Math.max(best, numeral);
  const sums = scrolls || fitting(END.sums + END.right) >= Math.min(wanted, numeral);
  const cell = scrolls ? best : Math.max(18, Math.min(wanted, fitting(END.right + (sums ? END.sums : 0))));
  const turned = longest > cell - 4;
  return {
    cell,
    rowHead,
    head: turned ? Math.round(Math.min(96, longest + 12)) : 20,
    turned,
    numerals: !scrolls && numeral <= cell + 1,
    sums,
    scrolls,
  };
}

/** Which of `count` lines, `pitch` apart, lie between `from` and `from + room`, with two more at either side. */
export function windowOf(count: number, pitch: number, from: number, room: number): [first: number, end: number] {
  const first = Math.max(0, Math.min(count, Math.floor(from / pitch) - 2));
  return [first, Math.max(first, Math.min(count, Math.ceil((from + room) / pitch) + 2))];
}

/** How far to scroll, from `from`, so that a line is seen in `space`: no further than its near or far edge. */
export function scrolledTo(line: number, pitch: number, from: number, space: number): number {
  return Math.min(line * pitch, Math.max(from, (line + 1) * pitch - space));
}

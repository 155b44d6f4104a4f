import { printable } from '../words/printable';

/** A table in plain text: columns of text to the left, of numbers to the right, two spaces between. */
export function table(header: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cells = [header, ...rows.map((row) => row.map(String))].map((row) => row.map(printable));
  const widths = header.map((_, column) => Math.max(...cells.map((row) => width(row[column]))));
  const numeric = header.map((_, column) =>
    rows.every((row) => typeof row[column] === 'number' || isNumber(String(row[column]))),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => {
        const space = ' '.repeat(widths[column] - width(cell));
        return numeric[column] ? space + cell : cell + space;
      })
      .join('  ')
      .trimEnd();
  return cells.map(line).join('\n');
}

const isNumber = (text: string): boolean => /^[-+−]?[\d., ]+(e[-+]?\d+)?\s?%?$/.test(text) || text === '–';

/** Columns that a text takes in a terminal: Chinese, Japanese and Korean characters take two. */
function width(text: string): number {
  let columns = 0;
  for (const character of text) columns += /[ᄀ-ᅟ⺀-꓏가-힣豈-﫿︰-﹏＀-｠]/u.test(character) ? 2 : 1;
  return columns;
}

/** 12345 as `12,345`. */
export const thousands = (value: number): string => value.toLocaleString('en-US');

/** Four significant digits, without an exponent where that is short. */
export function short(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  return size >= 1e5 || size < 1e-3 ? value.toExponential(2) : String(Number(value.toPrecision(4)));
}

/** 0.1234 as `12.3 %`. */
export const percent = (share: number, digits = 1): string => `${(share * 100).toFixed(digits)} %`;

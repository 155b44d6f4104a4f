import { basename } from 'node:path';
import { say } from '../../../words';
import type { Reading } from '../bytes';
import { byCodeUnits, shownPath } from '../entries';
import { dataFailure } from '../failure';
import { labelOf } from '../labels';
import { checkSize, THE_FILE } from '../limits';
import type { RawSet } from '../raw';
import { byteOf, Counted, type Range, type Values } from '../scale';
import { readTable } from './csv-table';

/** Rows shorter than those of 8 × 8 pixels are a table's, not pictures. */
const SMALLEST = 64;
const LABEL = /^(label|labels|class|class_?id|target|y|digit|letter|category)$/i;
/** Columns that are neither label nor pixel. */
const NUMBER_OF_ROW = /^(|id|index|unnamed: ?\d+|image_?id)$/i;

/** A table of pixels, a picture a row. */
export interface PixelTable {
  path: string;
  side: number;
  count: number;
  values: Values;
  /** As the file has them; all numbers, or all texts. */
  labels: readonly (number | string)[];
  columns: Columns;
}

interface Columns {
  /** Whether the first line names them. */
  named: boolean;
  count: number;
  label: number;
  /** Of the pixels, from the top left, row by row. */
  pixels: number[];
}

/**
 * Looks through a table of one picture a row: a label and `side²` gray pixels. The label's column is called so in the first line; without
 * names it is the first.
 * @returns null for rows of pixels without a label.
 * @throws FailureError for what is no such table, and for rows of several lengths.
 */
export async function surveyPixels(path: string, reading: Reading): Promise<PixelTable | null> {
  const first = await surveyRows(path, reading, false);
  // Fractions in the first line are names, made unique, only where no other line has any.
  const fractions = first !== null && !first.whole && first.columns.named && !hasWords(first.heading);
  const seen = fractions ? await surveyRows(path, reading, true) : first;
  if (!seen) return null;
  const { columns, heading, counted, numbers, texts, whole } = seen;
  const name = basename(shownPath(path));
  if (texts.length === 0) throw dataFailure(path, say('data.csv.no-rows'));
  const areNumbers = numbers.every((label) => !Number.isNaN(label));
  const side = Math.sqrt(columns.pixels.length);
  reading.note(say('data.csv.read', { name, count: texts.length, pixels: columns.pixels.length, side }));
  if (columns.named && !hasWords(heading)) reading.note(say('data.csv.heading', { name }));
  return {
    path,
    side,
    count: texts.length,
    values: counted.values(name, whole ? 'whole' : 'float'),
    labels: areNumbers ? numbers.map((label, row) => labelOf(path, name, label, row)) : texts,
    columns,
  };
}

const hasWords = (heading: readonly string[]): boolean => heading.some((field) => Number.isNaN(Number(field)));

async function surveyRows(path: string, reading: Reading, unnamed: boolean) {
  const counted = new Counted();
  const numbers: number[] = [];
  const texts: string[] = [];
  let whole = true;
  const seen = await readRows(path, reading, unnamed, (label, row) => {
    texts.push(label);
    numbers.push(label === '' ? NaN : Number(label));
    counted.add(row);
    whole &&= row.every(Number.isInteger);
  });
  return seen && { ...seen, counted, numbers, texts, whole };
}

/** The pictures of a table that was looked through, as bytes. @param known names of the classes where labels are texts. */
export async function readPixels(
  { path, side, count, labels, columns }: PixelTable,
  range: Range,
  known: readonly string[] | null,
  reading: Reading,
): Promise<RawSet> {
  const size = side * side;
  const pixels = new Uint8Array(count * size);
  let row = 0;
  await readRows(path, { ...reading, note: () => undefined }, !columns.named, (_, values) => {
    if (row === count) throw dataFailure(path, say('data.changed'));
    for (let i = 0, at = row * size; i < size; i++) pixels[at + i] = byteOf(values[i], range);
    row++;
  });
  if (row < count) throw dataFailure(path, say('data.changed'));
  const classes = known && new Map(known.map((name, i) => [name, i]));
  const indices = Int32Array.from(labels, (label, i) => {
    const found = classes ? classes.get(String(label)) : Number(label);
    if (found === undefined)
      throw dataFailure(path, say('data.csv.unknown', { row: i + 1, label: String(label), known: [...known!] }));
    return found;
  });
  return { count, height: side, width: side, channels: 1, pixels, labels: indices };
}

/** Names of the classes of labels that are texts, in order of their code units. */
export const namesOfLabels = (labels: readonly (number | string)[]): string[] =>
  [...new Set(labels.map(String))].sort(byCodeUnits);

/**
 * @param unnamed whether a first line of numbers alone is a picture, fractions or not.
 * @param take given the label and the pixels of each row; they are good until the next. @returns null for a table without labels.
 */
async function readRows(
  path: string,
  reading: Reading,
  unnamed: boolean,
  take: (label: string, pixels: Float64Array) => void,
): Promise<{ columns: Columns; heading: string[] } | null> {
  let columns: Columns | null = null;
  let heading: string[] = [];
  let unlabeled = false;
  let values = new Float64Array(0);
  let texts: string[] = [];
  let [at, bytes] = [0, 0];
  let label = '';
  let pixels = new Float64Array(0);
  const finish = (line: number, fields: number): void => {
    if (unlabeled || !columns) return;
    if (fields !== columns.count)
      throw dataFailure(path, say('data.csv.ragged', { line, found: fields, expected: columns.count }));
    for (let i = 0; i < pixels.length; i++) {
      const value = values[columns.pixels[i]];
      if (Number.isNaN(value))
        throw dataFailure(
          path,
          say('data.csv.no-number', {
            line,
            column: columns.pixels[i] + 1,
            text: (texts[columns.pixels[i]] ?? '').slice(0, 40),
          }),
        );
      pixels[i] = value;
    }
    label = texts[columns.label] ?? String(values[columns.label]);
    if (texts[columns.label] === undefined && Number.isNaN(values[columns.label]))
      throw dataFailure(path, say('data.csv.empty-label', { line, column: columns.label + 1 }));
    bytes += pixels.length;
    checkSize(path, THE_FILE, bytes, null);
    take(label, pixels);
    at = 0;
    texts = [];
  };
  const put = (value: number, text: string): void => {
    if (at < values.length) values[at] = value;
    if (text !== '') texts[at] = text;
    at++;
  };
  await readTable(path, reading, {
    first(fields) {
      heading = fields;
      columns = columnsOf(path, fields);
      if (columns && unnamed && !hasWords(fields)) columns = { ...columns, named: false };
      unlabeled = columns === null;
      values = new Float64Array(fields.length);
      pixels = new Float64Array(columns?.pixels.length ?? 0);
      if (!columns || columns.named) return;
      for (const field of heading) put(Number(field), '');
      finish(1, fields.length);
    },
    number: (value) => put(value, ''),
    text: (text) => put(text === '' ? NaN : Number(text), text),
    row: finish,
  });
  return columns && !unlabeled ? { columns, heading } : null;
}

/** Which columns are what. Null for pixels without a label. @throws FailureError for columns that are no picture. */
function columnsOf(path: string, fields: readonly string[]): Columns | null {
  const count = fields.length;
  const isSquare = (length: number): boolean => length >= SMALLEST && Number.isInteger(Math.sqrt(length));
  const all = fields.map((_, i) => i);
  // A column name such as 0.1 comes of a table without names whose first row was taken for them (pandas).
  const named = fields.some((field) => field !== '' && !/^[-+]?\d+$/.test(field));
  if (!named) {
    if (isSquare(count - 1)) return { named, count, label: 0, pixels: all.slice(1) };
    if (isSquare(count)) return null;
    throw dataFailure(path, say('data.csv.columns', { count, names: shown(fields) }));
  }
  const label = all.filter((i) => LABEL.test(fields[i]));
  const rest = all.filter((i) => !label.includes(i) && !NUMBER_OF_ROW.test(fields[i]));
  if (label.length > 1) throw dataFailure(path, say('data.csv.labels', { names: label.map((i) => fields[i]) }));
  if (label.length === 0 && fields.every((field) => field !== '' && Number(field) >= 0) && isSquare(count - 1))
    return { named, count, label: 0, pixels: all.slice(1) };
  if (label.length === 0 && (isSquare(rest.length) || rest.length <= 1)) return null;
  if (label.length === 0 || !isSquare(rest.length)) {
    const side = Math.sqrt(rest.length / 3);
    if (label.length === 1 && rest.length >= SMALLEST && Number.isInteger(side))
      throw dataFailure(path, say('data.csv.colors', { count: rest.length, side }));
    throw dataFailure(path, say('data.csv.columns', { count, names: shown(fields) }));
  }
  return { named, count, label: label[0], pixels: rest };
}

const shown = (fields: readonly string[]): string[] => [
  ...fields.slice(0, 4).map((field) => field.slice(0, 40)),
  ...(fields.length > 4 ? ['…'] : []),
];

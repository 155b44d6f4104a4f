import { say } from '../../../words';
import { withContent, type Reading } from '../bytes';
import { dataFailure } from '../failure';
import { checkSize, THE_FILE } from '../limits';

/** Bytes of one field: more is no number and no name of a class. */
const LONGEST = 512;
/** Fields of one line: as many pixels no picture of a table has. */
const MOST_FIELDS = 2 ** 20;
const SEPARATORS = [',', ';', '\t'];

const [LF, CR, QUOTE, SPACE] = [10, 13, 34, 32];

/** What a table is read into. Rows count from 0, the first line of values. */
export interface TableReader {
  /** The fields of the first line. Says whether they are names of the columns, not values. */
  first(fields: string[]): void;
  /** A field of digits; left out: they are texts as well. */
  number?(value: number): void;
  text(value: string): void;
  /** The end of a line that is not empty. @param line from 1. @param fields how many it had. */
  row(line: number, fields: number): void;
}

/**
 * Reads a table of values apart by commas, semicolons or tabs, a row a line (RFC 4180), packed by gzip or not, piece by piece.
 * @throws FailureError for what is no text, a field longer than 512 bytes, a line of more than 2²⁰ fields, and more text than `checkSize` allows.
 */
export async function readTable(path: string, reading: Reading, into: TableReader): Promise<void> {
  await withContent(path, reading, async ({ size, packed, pieces }) => {
    let bytes = 0;
    const field = new Uint8Array(LONGEST);
    let [length, digits, quoted, value] = [0, true, false, 0];
    let [line, fields] = [1, 0];
    let separator = 0;
    let heading: string[] | null = [];
    const text = (): string => Buffer.from(field.subarray(0, length)).toString('utf8').trim();
    const end = (): void => {
      if (heading) heading.push(text());
      else if (digits && length > 0 && into.number) into.number(value);
      else into.text(text());
      if (++fields > MOST_FIELDS) throw dataFailure(path, say('data.csv.wide', { line, most: MOST_FIELDS }));
      [length, digits, quoted, value] = [0, true, false, 0];
    };
    const endLine = (): void => {
      if (length > 0 || fields > 0) {
        end();
        if (heading) into.first(heading);
        else into.row(line, fields);
        heading = null;
      }
      line++;
      fields = 0;
    };
    for await (const piece of pieces) {
      let from = 0;
      bytes += piece.length;
      checkSize(path, THE_FILE, bytes, packed ? size : null);
      if (separator === 0) {
        separator = separatorOf(path, piece);
        // The mark of UTF-8.
        if (piece[0] === 0xef && piece[1] === 0xbb && piece[2] === 0xbf) from = 3;
      }
      for (let i = from; i < piece.length; i++) {
        const byte = piece[i];
        if (byte >= 48 && byte <= 57) value = 10 * value + byte - 48;
        else if (byte === separator && !quoted) {
          end();
          continue;
        } else if (byte === LF) {
          endLine();
          continue;
        } else if (byte === QUOTE) {
          quoted = !quoted;
          continue;
        } else if (byte === CR || (byte === SPACE && length === 0)) continue;
        else digits = false;
        if (length === LONGEST)
          throw dataFailure(path, say('data.csv.long', { line, column: fields + 1, most: LONGEST }));
        field[length++] = byte;
      }
    }
    endLine();
  });
}

/** The separator that the first line has most of. */
function separatorOf(path: string, piece: Uint8Array): number {
  const end = piece.indexOf(LF);
  const line = Buffer.from(piece.subarray(0, end < 0 ? piece.length : end)).toString('latin1');
  if (line.includes('\0')) throw dataFailure(path, say('data.csv.binary'));
  const counts = SEPARATORS.map((each) => line.split(each).length);
  return SEPARATORS[counts.indexOf(Math.max(...counts))].charCodeAt(0);
}

import { basename } from 'node:path';
import { say } from '../../words';
import { MOST_CLASSES } from './check';
import { dataFailure } from './failure';
import { readSmall } from './open';

/** What the classes are called, in order. */
export interface ClassNames {
  names: string[];
  /** The label of the first, where the file says so. */
  first: 0 | 1 | null;
}

/** Bytes of a file of names. */
const LONGEST = 2 ** 20;
/** `emnist-letters-mapping.txt`. */
export const MAPPING = /^(.*?)[-_.]?mapping\.txt$/i;

/**
 * Reads names of classes: one a line, or as EMNIST has them, a label and the code of its letter a line; a class of capital and
 * small letters is called by the first.
 * @throws FailureError for a file that is no list of them.
 */
export async function readNames(path: string): Promise<ClassNames> {
  const text = (await readSmall(path, LONGEST)).toString('utf8').replace(/^\ufeff/, '');
  const lines = text.split(/\r?\n/).flatMap((line) => line.trim() || []);
  if (lines.length > MOST_CLASSES)
    throw dataFailure(path, say('data.names.many', { count: lines.length, limit: MOST_CLASSES }));
  if (!MAPPING.test(basename(path))) return { names: lines, first: null };
  const names: string[] = [];
  let first = 0;
  for (const [i, line] of lines.entries()) {
    const [label, code] = line.split(/\s+/, 2).map(Number);
    if (i === 0) first = label;
    if ((first !== 0 && first !== 1) || label !== first + i || !(code > 32 && code <= 0x10ffff))
      throw dataFailure(path, say('data.names.mapping', { line: i + 1, text: line.slice(0, 40) }));
    names.push(String.fromCodePoint(code));
  }
  return { names, first: first === 1 ? 1 : 0 };
}

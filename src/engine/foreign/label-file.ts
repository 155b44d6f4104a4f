import { FailureError } from '../../shared/failures';
import { say } from '../../words';

/** A class by its number: `0: 'tench',`, `0 tench`, `{0: "tench"`. */
const NUMBERED = /^\{?\s*["']?(\d{1,7})["']?\s*[:,;\t ]\s*(\S.*)$/;
/** ImageNet's own number before a name. */
const SYNSET = /^n\d{8}\s+(\S.*)$/;

/**
 * Names of classes from a text file: one a line, in the order of the outputs, or with their numbers from 0 or 1 on, as
 * Python writes a dictionary of them too; or a JSON array of names.
 * @param classes as many as the network tells apart. @throws FailureError for another number of names.
 */
export function classNamesIn(text: string, file: string, classes: number): string[] {
  const names = fromJson(text) ?? fromLines(text);
  if (names.length === classes) return names;
  throw new FailureError('model.invalid', { file, reason: say('labels.file-count', { found: names.length, classes }) });
}

function fromJson(text: string): string[] | null {
  if (!/^\s*\[/.test(text)) return null;
  try {
    const found: unknown = JSON.parse(text);
    return Array.isArray(found) && found.every((each) => typeof each === 'string') ? found : null;
  } catch {
    return null;
  }
}

function fromLines(text: string): string[] {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => !/^[{}]?$/.test(line));
  const numbered = lines.map((line) => NUMBERED.exec(line));
  const first = Number(numbered[0]?.[1]);
  const counted = first <= 1 && lines.length > 1 && numbered.every((match, i) => Number(match?.[1]) === first + i);
  const names = counted ? numbered.map((match) => unquoted(match![2])) : lines;
  const synsets = names.map((name) => SYNSET.exec(name));
  return synsets.every((match) => match !== null) ? synsets.map((match) => match[1]) : names;
}

const unquoted = (text: string): string => {
  const [, , inside] = /^(["'])(.*)\1\s*[,}]*$/.exec(text) ?? [];
  return inside ?? text;
};

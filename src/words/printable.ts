/**
 * Characters that would do something instead of being seen: control characters, which a terminal obeys, marks of writing direction,
 * separators of lines, and spaces without width, which make two names look the same. Joiners stay: emoji and Persian need them.
 */
// eslint-disable-next-line no-control-regex
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]/g;

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Spaces at the ends of a name: `' a'` and `'a'` would look the same in a list. */
const AT_THE_ENDS = /^\s+|\s+$/g;

/** A text from a file, or of a name, as it can be shown: each such character as JSON writes it (`\u001b`), spaces at its ends too. */
export const printable = (text: string): string =>
  text.replace(AT_THE_ENDS, (spaces) => Array.from(spaces, escaped).join('')).replace(UNSEEN, escaped);

/** The same for text of several lines. Of JSON on one line it stays JSON, of the same meaning. */
export const printableLines = (text: string): string =>
  text.replace(UNSEEN, (character) => (character === '\n' ? character : escaped(character)));

/** The same for every text in a result, at any depth; what holds none to change stays the very object. */
export function printableIn<T>(value: T): T {
  if (typeof value === 'string') return printable(value) as T;
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  const entries = Object.entries(value);
  const shown = entries.map(([name, item]): [string, unknown] => [name, printableIn(item as unknown)]);
  if (shown.every(([, item], i) => item === entries[i][1])) return value;
  return (Array.isArray(value) ? shown.map(([, item]) => item) : Object.fromEntries(shown)) as T;
}

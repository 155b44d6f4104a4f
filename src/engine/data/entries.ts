import { readdir, realpath } from 'node:fs/promises';

/** What lies in a folder. */
export interface Entry {
  /** As `fileSystemPath` takes it. */
  name: string;
  kind: 'folder' | 'file' | 'link' | 'other';
}

/**
 * Names in a folder, in order of their code units. A name that is no UTF-8 keeps its bytes: each that cannot be decoded
 * stands as U+DC80 … U+DCFF (a lone surrogate, as Python's `surrogateescape` has it), which no readable name holds.
 * @throws the system's error.
 */
export async function entriesIn(folder: string): Promise<Entry[]> {
  const found = await readdir(fileSystemPath(folder), { withFileTypes: true, encoding: 'buffer' as 'utf8' });
  const entries = found.map((entry): Entry => {
    const name = decoded(entry.name as unknown as Buffer);
    if (entry.isDirectory()) return { name, kind: 'folder' };
    if (entry.isSymbolicLink()) return { name, kind: 'link' };
    return { name, kind: entry.isFile() ? 'file' : 'other' };
  });
  return entries.sort((a, b) => byCodeUnits(a.name, b.name));
}

/** The same on every machine and in every language. */
export const byCodeUnits = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** A path whose names came from `entriesIn`, as the file system takes it. */
export function fileSystemPath(path: string): string | Buffer {
  if (!LONE_BYTE.test(path)) return path;
  return Buffer.concat(
    Array.from(path, (sign) =>
      LONE_BYTE.test(sign) ? Buffer.of(sign.charCodeAt(0) - ESCAPED) : Buffer.from(sign, 'utf8'),
    ),
  );
}

/** Where a path really lies, its names as `entriesIn` gives them. @throws the system's error. */
export async function realPath(path: string): Promise<string> {
  return decoded(await realpath(fileSystemPath(path), { encoding: 'buffer' }));
}

/** A name or path for display: bytes that are no UTF-8 as `\xE9`. */
export function shownPath(path: string): string {
  if (!LONE_BYTE.test(path)) return path;
  return Array.from(path, (sign) =>
    LONE_BYTE.test(sign) ? `\\x${(sign.charCodeAt(0) - ESCAPED).toString(16).toUpperCase()}` : sign,
  ).join('');
}

/** Of a pair of surrogates the second is not lone: `u` keeps pairs together. */
const LONE_BYTE = /[\udc80-\udcff]/u;
const ESCAPED = 0xdc00;

function decoded(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  if (!text.includes('\ufffd') || Buffer.from(text, 'utf8').equals(bytes)) return text;
  const strict = new TextDecoder('utf-8', { fatal: true });
  let result = '';
  for (let at = 0; at < bytes.length;) {
    const length = sequenceLength(bytes[at]);
    try {
      result += strict.decode(bytes.subarray(at, at + length));
      at += length;
    } catch {
      result += String.fromCharCode(ESCAPED + bytes[at++]);
    }
  }
  return result;
}

/** Bytes of a UTF-8 sequence by its first byte. */
const sequenceLength = (lead: number): number => (lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4);

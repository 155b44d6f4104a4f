import { join } from 'node:path';
import { say } from '../../../words';
import { entryOf, readArrays, type ArrayEntry, type ReadArrays } from '../arrays';
import { readFrom, type Reading } from '../bytes';
import { shownPath } from '../entries';
import { dataFailure } from '../failure';
import { checkSize } from '../limits';
import { checkLength } from '../../npy/read';
import { openRegular } from '../open';
import type { Range } from '../scale';
import { contentOf, membersOf } from '../zip';

const SPLITS: readonly (readonly [name: string, RegExp])[] = [
  ['train', /^(train|training|tr)$/],
  ['val', /^(val|valid|validation|dev)$/],
  ['test', /^(test|testing|t10k|te)$/],
];
const ROLES: readonly (readonly [name: 'x' | 'y', RegExp])[] = [
  ['y', /^(y|labels?|targets?|lbls?|classes)$/],
  ['x', /^(x|images?|imgs?|pictures?|pixels)$/],
];

/**
 * What an array in a file of its own is, by the words of the file's name, as `readArrays` calls it: `xtrain` for
 * `kmnist-train-imgs.npz`, `y` for `labels.npy`. Null where the name says nothing of the kind.
 */
export function arrayNamed(file: string): string | null {
  const words = file
    .replace(/\.np[yz]$/i, '')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replace(/(^|[^a-z])([xy])(train|val|valid|test)(?![a-z])/g, '$1$2 $3')
    .replace(/(train|val|valid|test)([xy]|images?|labels?|imgs)(?![a-z])/g, '$1 $2')
    .split(/[^a-z0-9]+/);
  const found = <T extends string>(list: readonly (readonly [T, RegExp])[]): T[] =>
    list.filter(([, pattern]) => words.some((word) => pattern.test(word))).map(([name]) => name);
  const [splits, roles] = [found(SPLITS), found(ROLES)];
  if (words.includes('names')) return 'labelnames';
  return roles.length === 1 && splits.length < 2 ? `${roles[0]}${splits[0] ?? ''}` : null;
}

/**
 * Reads images and labels that lie in files of their own, `.npy` or `.npz` with one array in each: see `readArrays`.
 * @param files by `arrayNamed`, in the folder `root`.
 */
export async function readArrayFiles(
  root: string,
  files: ReadonlyMap<string, string>,
  asked: Range | null,
  reading: Reading,
): Promise<ReadArrays> {
  const closing: (() => Promise<void>)[] = [];
  const arrays = new Map<string, ArrayEntry>();
  reading.note(say('data.npz.paired', { files: [...files.values()].map(shownPath) }));
  try {
    for (const [key, name] of files) {
      const path = join(root, name);
      const { handle, size } = await openRegular(path);
      closing.push(() => handle.close());
      if (size === 0) throw dataFailure(path, say('data.empty'));
      if (/\.npy$/i.test(name)) {
        const entry = await entryOf(path, name, () => readFrom(handle, 0, null, reading.signal));
        checkLength(path, name, entry.header, size - entry.header.start);
        arrays.set(key, entry);
        continue;
      }
      const members = await membersOf(path, handle, size);
      if (members.length !== 1)
        throw dataFailure(path, say('data.npz.not-one', { count: members.length, names: membersNamed(members) }));
      const [member] = members;
      checkSize(path, say('data.what.array', { name }), member.size, member.packed);
      const entry = await entryOf(path, name, () => contentOf(path, handle, member, reading.signal));
      checkLength(path, name, entry.header, member.size - entry.header.start);
      arrays.set(key, entry);
    }
    return await readArrays(root, arrays, [...files.values()], asked, reading);
  } finally {
    for (const close of closing) await close();
  }
}

const membersNamed = (members: readonly { name: string }[]): string[] => [
  ...members.slice(0, 4).map(({ name }) => name.replace(/\.npy$/, '')),
  ...(members.length > 4 ? ['…'] : []),
];

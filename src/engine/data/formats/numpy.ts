import { join } from 'node:path';
import { say } from '../../../words';
import { shownPath } from '../entries';
import { dataFailure } from '../failure';
import { NPY, NPZ } from '../names';
import type { ReadArrays } from '../arrays';
import { arrayNamed, readArrayFiles } from './array-files';
import { leftBeside, type Arrays, type Claim, type DataFormat, type Place } from './format';
import { readNpz } from './npz';

/** NumPy's arrays: an archive of all, or a file each, told by their names (`arrayNamed`). */
export const numpy: DataFormat = {
  id: 'npz',
  expects: say('data.expects.npz'),
  files: /\.np[yz]$/i,
  claims(place) {
    const { root, only, entries, files } = place;
    const archives = (only !== null ? [only] : files).filter((name) => NPZ.test(name));
    if (archives.length === 1) return archive(place, archives[0]);
    const folders = entries.some(({ kind, name }) => kind === 'folder' && !name.startsWith('.'));
    const loose =
      archives.length > 1 ? archives : folders || only !== null ? [] : files.filter((name) => NPY.test(name));
    const arrays = loose.length > 1 ? arraysOf(root, loose) : null;
    if (arrays) return arrayFiles(place, arrays);
    if (archives.length < 2) return null;
    const names = archives.slice(0, 3).map(shownPath);
    throw dataFailure(
      root,
      say('folders.several-npz', { count: archives.length, names: archives.length > 3 ? [...names, '…'] : names }),
    );
  },
};

function archive(place: Place, file: string): Claim {
  const name = join(place.root, file);
  return {
    name,
    leftOut: leftBeside(place, (each) => NPZ.test(each), say('folders.npz-archive')),
    read: async (reading) => named(await readNpz(name, reading.range, reading)),
  };
}

function arrayFiles(place: Place, arrays: ReadonlyMap<string, string>): Claim {
  const used = new Set(arrays.values());
  return {
    name: place.root,
    leftOut: leftBeside(place, (each) => used.has(each), say('folders.array-files')),
    read: async (reading) => named(await readArrayFiles(place.root, arrays, reading.range, reading)),
  };
}

const named = ({ splits, names }: ReadArrays): Arrays => ({ splits, names: names && { names, first: null } });

/** Files of an array each by what they hold; null where their names tell of no images and labels. @throws FailureError for two of the same. */
function arraysOf(root: string, files: readonly string[]): Map<string, string> | null {
  const arrays = new Map<string, string>();
  for (const file of files) {
    const key = arrayNamed(file);
    if (key === null) continue;
    const twin = arrays.get(key);
    if (twin !== undefined)
      throw dataFailure(root, say('data.npz.two-files', { a: twin, b: file, count: files.length }));
    arrays.set(key, file);
  }
  const has = (role: string): boolean => [...arrays.keys()].some((key) => key.startsWith(role));
  return has('x') && has('y') ? arrays : null;
}

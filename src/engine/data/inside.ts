import { join } from 'node:path';
import { entriesIn, type Entry } from './entries';
import { isDataFile, marksData } from './formats/files';
import { PICTURE, splitOf, SYSTEM_FOLDER } from './names';

/** Folders in each other, at most: `name/name/train` comes of an archive that was unpacked into a folder of its own. */
const DEEPEST = 3;

/**
 * The folder that holds the data set, where the one that was named holds nothing but another folder: files of a kind that is
 * read, two folders at least, or a folder called as a split. Links are not followed. The folder that was named where there is
 * nothing to look for inside, or it cannot be read, which is then reported for it.
 */
export async function folderWithData(named: string, depth = 0): Promise<string> {
  const only = onlyFolder(await entriesOf(named));
  // A folder called `train` is the split of a set, not the set.
  if (only === null || splitOf(only) !== null || depth === DEEPEST) return named;
  const inside = join(named, only);
  const entries = await entriesOf(inside);
  if (entries.some(({ name }) => PICTURE.test(name))) return named;
  const folders = foldersOf(entries);
  const divided = folders.length === 1 && splitOf(folders[0]) !== null;
  const data = entries.some(({ name }) => (folders.length === 0 ? isDataFile(name) : marksData(name)));
  if (data || folders.length > 1 || divided) return inside;
  const further = await folderWithData(inside, depth + 1);
  return further === inside ? named : further;
}

/** The name of the one folder in it, where nothing beside it is data, a picture or a link. */
function onlyFolder(entries: readonly Entry[]): string | null {
  const folders = foldersOf(entries);
  const beside = entries.some(({ name, kind }) => kind === 'link' || marksData(name) || PICTURE.test(name));
  return folders.length === 1 && !beside ? folders[0] : null;
}

const foldersOf = (entries: readonly Entry[]): string[] =>
  entries
    .filter(({ name, kind }) => kind === 'folder' && !name.startsWith('.') && !SYSTEM_FOLDER.test(name))
    .map(({ name }) => name);

const entriesOf = (folder: string): Promise<Entry[]> => entriesIn(folder).catch((): Entry[] => []);

import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CIFAR, IDX, NPZ, partOf, PICTURE, SYSTEM_FOLDER } from './names';

/** Folders in each other, at most: `name/name/train` comes of an archive that was unpacked into a folder of its own. */
const DEEPEST = 3;

/**
 * The folder that holds the data set, where the one that was named holds nothing but another folder: files of a kind that is
 * read, or two folders at least. Links are not followed. The folder that was named where there is nothing to look for inside,
 * or it cannot be read: what is wrong is then said of it.
 */
export async function folderWithData(named: string, depth = 0): Promise<string> {
  const only = onlyFolder(await entriesOf(named));
  // A folder called `train` is the part of a set, not the set.
  if (only === null || partOf(only) !== null || depth === DEEPEST) return named;
  const inside = join(named, only);
  const entries = await entriesOf(inside);
  if (entries.some(({ name }) => PICTURE.test(name))) return named;
  if (entries.some(({ name }) => isData(name)) || foldersOf(entries).length > 1) return inside;
  const further = await folderWithData(inside, depth + 1);
  return further === inside ? named : further;
}

/** The name of the one folder in it, where nothing beside it is data, a picture or a link. */
function onlyFolder(entries: readonly Dirent[]): string | null {
  const folders = foldersOf(entries);
  const beside = entries.some((entry) => entry.isSymbolicLink() || isData(entry.name) || PICTURE.test(entry.name));
  return folders.length === 1 && !beside ? folders[0] : null;
}

const isData = (name: string): boolean => [IDX, CIFAR, NPZ].some((kind) => kind.test(name));

const foldersOf = (entries: readonly Dirent[]): string[] =>
  entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && !SYSTEM_FOLDER.test(entry.name))
    .map(({ name }) => name);

const entriesOf = (folder: string): Promise<Dirent[]> =>
  readdir(folder, { withFileTypes: true }).catch((): Dirent[] => []);

import { readdir, realpath, stat } from 'node:fs/promises';
import type { Dirent } from 'node:fs';
import { join, sep } from 'node:path';
import { reasonOf } from '../files';
import { dataFailure } from './failure';
import { partOf, PICTURE, SYSTEM_FOLDER } from './names';
import type { LeftOut, RawPart } from './raw';

/** A picture file of a class. */
export interface ImageFile {
  /** Path from the data set's folder, with `/`. */
  path: string;
  label: number;
}

export interface FolderListing {
  /** Class names in order of their code units. */
  labels: string[];
  parts: Partial<Record<RawPart, ImageFile[]>>;
  leftOut: LeftOut[];
}

const ENDINGS = '.png, .jpg, .webp, .avif, .gif, .tiff or .svg';

/**
 * Lists a folder per class, with or without `train`, `val` and `test` folders above. Folders are parts where every folder is
 * called so, or `train` and another one are; what lies beside them is left out then. A class may be called `train` too.
 * @param purpose to learn from, two classes at least, none of them empty; to look at, any.
 * @throws FailureError for no class, a single class, a class without a picture, or one that training does not know.
 */
export async function listFolders(root: string, purpose: 'learn' | 'look' = 'learn'): Promise<FolderListing> {
  const leftOut: LeftOut[] = [];
  const folders = await foldersIn(root, '', leftOut);
  const parts = new Set(folders.map(partOf));
  const all = folders.length > 0 && !parts.has(null);
  parts.delete(null);
  const divided = all || (parts.has('train') && parts.size > 1);
  if (!divided) {
    const classes = await listClasses(root, '', folders, leftOut);
    return finish(root, [{ part: 'train', folder: root, classes }], leftOut, purpose);
  }
  if (!parts.has('train') && purpose === 'learn')
    throw dataFailure(root, `has no folder for the training part (found ${folders.join(', ')})`);
  const listed: ListedPart[] = [];
  for (const folder of folders) {
    const part = partOf(folder);
    const twin = listed.find((other) => other.part === part);
    if (twin) throw dataFailure(root, `has two folders for the ${part} part, '${twin.folder}' and '${folder}'`);
    if (part === null) leftOut.push({ file: folder, reason: 'lies beside the folders of the parts, not in one' });
    else {
      const inside = await foldersIn(root, `${folder}/`, leftOut);
      listed.push({ part, folder, classes: await listClasses(root, `${folder}/`, inside, leftOut) });
    }
  }
  return finish(root, listed, leftOut, purpose);
}

/** Names of the folders in one, in order; everything else there is left out. @param prefix of the folder inside `root`, with `/` at its end. */
async function foldersIn(root: string, prefix: string, leftOut: LeftOut[]): Promise<string[]> {
  const folders: string[] = [];
  const parent = join(root, prefix);
  for (const entry of sorted(await readdir(parent, { withFileTypes: true }))) {
    const reason = await reasonAgainst(parent, entry);
    if (reason === null) folders.push(entry.name);
    else leftOut.push({ file: `${prefix}${entry.name}`, reason });
  }
  return folders;
}

interface ListedPart {
  part: RawPart;
  folder: string;
  classes: Map<string, string[]>;
}

function finish(root: string, listed: ListedPart[], leftOut: LeftOut[], purpose: 'learn' | 'look'): FolderListing {
  // To be looked at, a set may be a test part alone.
  const train = listed.find(({ part }) => part === 'train')?.classes;
  const known = train ?? new Map(listed.flatMap(({ classes }) => [...classes]));
  const labels = [...known.keys()].sort(byCodeUnits);
  if (labels.length === 0) throw dataFailure(root, 'holds no folder of pictures, expected one folder per class');
  if (purpose === 'learn' && listed.every(({ classes }) => [...classes.values()].every((files) => files.length === 0)))
    throw dataFailure(root, `holds no image: none of its ${labels.length} folders has one (expected ${ENDINGS})`);
  for (const { part, folder, classes } of listed) {
    for (const [label, files] of classes) {
      if (!known.has(label))
        throw dataFailure(join(root, folder), `has the class '${label}', which the training part lacks`);
      if (files.length === 0 && part === 'train' && purpose === 'learn')
        throw dataFailure(
          root,
          `class '${label}' has no image${whyNone(label, folder === root ? '' : folder, leftOut)}`,
        );
    }
  }
  if (labels.length === 1 && purpose === 'learn') {
    const [label] = labels;
    const direct = listed[0].folder === root ? 2 : 3;
    const further = known.get(label)!.every((path) => path.split('/').length > direct);
    const hint = further ? `; are the classes the folders inside '${label}'?` : '';
    throw dataFailure(root, `holds a single class, '${label}', expected two or more${hint}`);
  }
  const index = new Map(labels.map((label, i) => [label, i]));
  const parts: FolderListing['parts'] = {};
  for (const { part, classes } of listed) {
    const files = [...classes].flatMap(([label, paths]) => paths.map((path) => ({ path, label: index.get(label)! })));
    if (files.length > 0) parts[part] = files;
  }
  return { labels, parts, leftOut };
}

/** What lies in a class instead of pictures, in words; nothing where nothing does. */
function whyNone(label: string, part: string, leftOut: readonly LeftOut[]): string {
  const folder = part === '' ? `${label}/` : `${part}/${label}/`;
  const inside = leftOut.filter(({ file }) => file.startsWith(folder));
  if (inside.length === 0) return '';
  return `, ${inside.length} left out ('${inside[0].file}': ${inside[0].reason})`;
}

async function listClasses(
  root: string,
  prefix: string,
  names: string[],
  leftOut: LeftOut[],
): Promise<Map<string, string[]>> {
  const classes = new Map<string, string[]>();
  for (const name of names) classes.set(name, await listPictures(root, `${prefix}${name}`, leftOut));
  return classes;
}

/**
 * Pictures of a class, in folders inside it too. Links to folders are not followed there, so that none leads in circles; a
 * folder inside that cannot be read is left out.
 */
async function listPictures(root: string, folder: string, leftOut: LeftOut[], inside = false): Promise<string[]> {
  const found: string[] = [];
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch((error: unknown) => {
    if (!inside) throw error;
    leftOut.push({ file: folder, reason: `cannot be read: ${reasonOf(error)}` });
    return [];
  });
  for (const entry of sorted(entries)) {
    const path = `${folder}/${entry.name}`;
    if (entry.name.startsWith('.')) leftOut.push({ file: path, reason: 'hidden' });
    else if (SYSTEM_FOLDER.test(entry.name)) leftOut.push({ file: path, reason: 'of the operating system' });
    else if (entry.isDirectory()) found.push(...(await listPictures(root, path, leftOut, true)));
    else if (PICTURE.test(entry.name)) found.push(path);
    else if (entry.isSymbolicLink() && (await stat(join(root, path)).catch(() => null))?.isDirectory() !== false)
      leftOut.push({ file: path, reason: 'a link to a folder, or to nothing, inside a class' });
    else
      leftOut.push({
        file: path,
        reason: `no picture by its name (expected ${ENDINGS})`,
      });
  }
  return found;
}

/** Why an entry is neither a class nor a part, or null where it is: a folder, or a link to one that does not lead back. */
async function reasonAgainst(parent: string, entry: Dirent): Promise<string | null> {
  const beside = 'lies beside the folders of classes, not in one';
  if (entry.name.startsWith('.')) return 'hidden';
  if (SYSTEM_FOLDER.test(entry.name)) return 'of the operating system';
  if (!entry.isSymbolicLink()) return entry.isDirectory() ? null : beside;
  const path = join(parent, entry.name);
  const info = await stat(path).catch((error: Error) => error);
  if (info instanceof Error) return `a link that leads nowhere: ${reasonOf(info)}`;
  if (!info.isDirectory()) return beside;
  const [here, there] = await Promise.all([realpath(parent), realpath(path)]);
  return `${here}${sep}`.startsWith(there.endsWith(sep) ? there : `${there}${sep}`)
    ? 'a link that leads back to a folder it lies in'
    : null;
}

/** The same on every machine and in every language. */
const byCodeUnits = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const sorted = (entries: Dirent[]): Dirent[] => entries.sort((a, b) => byCodeUnits(a.name, b.name));

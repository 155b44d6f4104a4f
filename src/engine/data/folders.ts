import { readdir, realpath, stat } from 'node:fs/promises';
import type { Dirent } from 'node:fs';
import { join, sep } from 'node:path';
import { reasonOf } from '../files';
import { dataFailure } from './failure';
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

/** What people call the parts. */
const PART_FOLDERS: Record<string, RawPart> = {
  train: 'train',
  training: 'train',
  val: 'validation',
  valid: 'validation',
  validation: 'validation',
  test: 'test',
  testing: 'test',
};

const ENDINGS = '.png, .jpg, .webp, .avif, .gif, .tiff or .svg';
/** By their ending: what is worth decoding. Whether it really is a picture shows when it is decoded. */
const PICTURES = /\.(png|jpe?g|jfif|webp|avif|gif|tiff?|svg)$/i;

/**
 * Lists a folder per class, with or without `train`, `val` and `test` folders above. Folders are parts only where every
 * folder is called so and one is `train`; a class may be called `train` too.
 * @param purpose to learn from, two classes at least, none of them empty; to look at, any.
 * @throws FailureError for no class, a single class, a class without a picture, or one that training does not know.
 */
export async function listFolders(root: string, purpose: 'learn' | 'look' = 'learn'): Promise<FolderListing> {
  const leftOut: LeftOut[] = [];
  const entries = await readdir(root, { withFileTypes: true });
  const folders: string[] = [];
  for (const entry of sorted(entries)) {
    const reason = await reasonAgainst(root, entry);
    if (reason === null) folders.push(entry.name);
    else leftOut.push({ file: entry.name, reason });
  }
  const partsOf = folders.map((name) => PART_FOLDERS[name.toLowerCase()]);
  const divided = partsOf.includes('train') && partsOf.every((part) => part !== undefined);
  if (!divided) {
    const classes = await listClasses(root, '', folders, leftOut);
    return finish(root, [{ part: 'train', folder: root, classes }], leftOut, purpose);
  }
  const listed: ListedPart[] = [];
  for (const [i, name] of folders.entries()) {
    const twin = listed.find(({ part }) => part === partsOf[i]);
    if (twin) throw dataFailure(root, `has two folders for the ${partsOf[i]} part, '${twin.folder}' and '${name}'`);
    const inside: string[] = [];
    for (const entry of sorted(await readdir(join(root, name), { withFileTypes: true }))) {
      const reason = await reasonAgainst(join(root, name), entry);
      if (reason === null) inside.push(entry.name);
      else leftOut.push({ file: `${name}/${entry.name}`, reason });
    }
    listed.push({ part: partsOf[i], folder: name, classes: await listClasses(root, `${name}/`, inside, leftOut) });
  }
  return finish(root, listed, leftOut, purpose);
}

interface ListedPart {
  part: RawPart;
  folder: string;
  classes: Map<string, string[]>;
}

function finish(root: string, listed: ListedPart[], leftOut: LeftOut[], purpose: 'learn' | 'look'): FolderListing {
  const train = listed.find(({ part }) => part === 'train')!.classes;
  const labels = [...train.keys()];
  if (labels.length === 0) throw dataFailure(root, 'holds no folder of pictures, expected one folder per class');
  if (purpose === 'learn' && listed.every(({ classes }) => [...classes.values()].every((files) => files.length === 0)))
    throw dataFailure(root, `holds no image: none of its ${labels.length} folders has one (expected ${ENDINGS})`);
  for (const { part, folder, classes } of listed) {
    for (const [label, files] of classes) {
      if (!train.has(label))
        throw dataFailure(join(root, folder), `has the class '${label}', which the training part lacks`);
      if (files.length === 0 && part === 'train' && purpose === 'learn')
        throw dataFailure(root, `class '${label}' has no image`);
    }
  }
  if (labels.length === 1 && purpose === 'learn')
    throw dataFailure(root, `holds a single class, '${labels[0]}', expected two or more`);
  const index = new Map(labels.map((label, i) => [label, i]));
  const parts: FolderListing['parts'] = {};
  for (const { part, classes } of listed) {
    const files = [...classes].flatMap(([label, paths]) => paths.map((path) => ({ path, label: index.get(label)! })));
    if (files.length > 0) parts[part] = files;
  }
  return { labels, parts, leftOut };
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
    else if (entry.isDirectory()) found.push(...(await listPictures(root, path, leftOut, true)));
    else if (PICTURES.test(entry.name)) found.push(path);
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

/** By code units: the same on every machine and in every language. */
const sorted = (entries: Dirent[]): Dirent[] =>
  entries.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));

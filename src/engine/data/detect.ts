import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { FailureError } from '../../shared/failures';
import { reasonOf, say, type Message } from '../../words';
import { arrayNamed } from './array-files';
import { MAPPING } from './class-names';
import { entriesIn, shownPath } from './entries';
import { dataFailure } from './failure';
import { ARCHIVE, whatToDoWith } from './foreign';
import { folderWithData } from './inside';
import { partName } from './folders/telling';
import { CIFAR, IDX, NPY, NPZ, PICTURE } from './names';
import type { LeftOut, RawPart } from './raw';

/** What lies at a path, told by the names of the files. */
export type Source =
  | {
      format: 'idx';
      root: string;
      parts: Partial<Record<RawPart, { images: string; labels: string }>>;
      names: string | null;
      /** Whether each picture stands in its file column by column: EMNIST's do. */
      transposed: boolean;
      leftOut: LeftOut[];
    }
  | {
      format: 'cifar';
      root: string;
      parts: Partial<Record<RawPart, string[]>>;
      names: string | null;
      leftOut: LeftOut[];
    }
  | {
      format: 'npz';
      root: string;
      /** An archive of all arrays, or files of an array each, by what they hold (`arrayNamed`). */
      files: { archive: string } | { arrays: Map<string, string> };
      leftOut: LeftOut[];
    }
  | { format: 'folders'; root: string };

/** Beside folders, which may be classes, only what is called as CIFAR-10's own files counts. */
const CIFAR_BESIDE_FOLDERS = /^(data_batch|test_batch|train|test).*\.bin(\.gz)?$/i;
/** Files that name the classes, one a line. */
const NAMES = ['labels.txt', 'classes.txt', 'class_names.txt', 'batches.meta.txt'];

/** Says what a path holds, or the one folder in it (`folderWithData`). @throws FailureError for nothing that is a data set, or a half of one. */
export async function detect(path: string): Promise<Source> {
  const info = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') throw new FailureError('file.missing', { file: path });
    throw new FailureError('file.unreadable', { file: path, reason: reasonOf(error) });
  });
  if (info.isDirectory()) return detectFolder(await folderWithData(path), null);
  if (IDX.test(basename(path)) || CIFAR.test(path) || NPZ.test(path))
    return detectFolder(dirname(path), basename(path));
  const hint = whatToDoWith([basename(path)]) ?? '';
  throw dataFailure(path, ARCHIVE.test(path) ? say('folders.archive') : say('folders.no-set', { hint }));
}

/** @param only the one file that was named, or null for the whole folder. */
async function detectFolder(root: string, only: string | null): Promise<Source> {
  const entries = await entriesIn(root).catch((error: Error) => {
    throw new FailureError('file.unreadable', { file: root, reason: reasonOf(error) });
  });
  const files = entries.filter(({ kind }) => kind !== 'folder').map(({ name }) => name);
  const names = NAMES.find((name) => files.includes(name)) ?? null;
  const rest = (used: (name: string) => boolean, what: Message): LeftOut[] =>
    only
      ? []
      : entries
          .map(({ name }) => name)
          .filter((name) => !used(name) && name !== names)
          .map((name) => ({ file: shownPath(name), reason: say('folders.left.foreign', { what }) }));

  const idx = files.filter((name) => IDX.test(name));
  if (only ? IDX.test(only) : idx.length > 0) {
    const chosen = only ? chosenIdx(idx, only) : oneFamily(root, idx);
    const mapping = mappingOf(files, chosen[0]);
    return {
      format: 'idx',
      root,
      parts: pairIdx(root, chosen),
      names: mapping ?? names,
      transposed: /emnist/i.test(chosen[0]),
      leftOut: rest((name) => IDX.test(name) || name === mapping, say('folders.idx-files')),
    };
  }
  const pattern = !only && entries.some(({ kind }) => kind === 'folder') ? CIFAR_BESIDE_FOLDERS : CIFAR;
  const cifar = (only ? [only] : files).filter((name) => pattern.test(name));
  if (cifar.length > 0) {
    return {
      format: 'cifar',
      root,
      parts: partCifar(cifar),
      names,
      leftOut: rest((name) => cifar.includes(name), say('folders.cifar-files')),
    };
  }
  const npz = only ? [only] : files.filter((name) => NPZ.test(name));
  if (npz.length === 1)
    return {
      format: 'npz',
      root,
      files: { archive: npz[0] },
      leftOut: rest((name) => NPZ.test(name), say('folders.npz-archive')),
    };
  const folders = entries.some(({ kind, name }) => kind === 'folder' && !name.startsWith('.'));
  const loose = npz.length > 1 ? npz : folders ? [] : files.filter((name) => NPY.test(name));
  const arrays = loose.length > 1 ? arraysOf(root, loose) : null;
  if (arrays) {
    const used = new Set(arrays.values());
    return {
      format: 'npz',
      root,
      files: { arrays },
      leftOut: rest((name) => used.has(name), say('folders.array-files')),
    };
  }
  if (npz.length > 1) throw dataFailure(root, say('folders.several-npz', { count: npz.length, names: some(npz) }));
  if (!entries.some(({ kind }) => kind === 'folder' || kind === 'link')) throw dataFailure(root, withoutFolder(files));
  return { format: 'folders', root };
}

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

const some = (names: readonly string[]): string[] => [...names.slice(0, 3), ...(names.length > 3 ? ['…'] : [])];

/** What a folder without folders holds, and that it is no data set. */
function withoutFolder(files: readonly string[]): Message {
  if (files.length === 0) return say('folders.nothing');
  const pictures = files.filter((name) => PICTURE.test(name));
  const code = pictures.length > 0 ? 'folders.flat-root' : 'folders.files-only';
  const found = pictures.length > 0 ? pictures : files;
  const hint = whatToDoWith(files) ?? '';
  return say(code, { count: found.length, names: some(found.map(shownPath)), hint });
}

const prefixOf = (name: string): string => (IDX.exec(name)?.[1] ?? '').toLowerCase();

function pairIdx(root: string, files: string[]): Partial<Record<RawPart, { images: string; labels: string }>> {
  const halves = new Map<string, { images?: string; labels?: string }>();
  for (const name of files) {
    const half = IDX.exec(name)![2].toLowerCase() as 'images' | 'labels';
    const pair = halves.get(prefixOf(name)) ?? {};
    // The same content packed and unpacked side by side: the unpacked one is read.
    if (!pair[half] || !name.toLowerCase().endsWith('.gz')) pair[half] = name;
    halves.set(prefixOf(name), pair);
  }
  const parts: Partial<Record<RawPart, { images: string; labels: string; prefix: string }>> = {};
  for (const [prefix, { images, labels }] of halves) {
    if (!images)
      throw dataFailure(
        join(root, labels!),
        say('folders.no-images-beside', { file: labels!.replace(/labels/i, 'images').replace(/idx1/i, 'idx3') }),
      );
    if (!labels)
      throw dataFailure(
        join(root, images),
        say('folders.no-labels-beside', { file: images.replace(/images/i, 'labels').replace(/idx[34]/i, 'idx1') }),
      );
    const part = partOfIdx(prefix);
    const twin = parts[part];
    if (twin) throw dataFailure(root, say('folders.two-sets', { part: partName(part), a: twin.images, b: images }));
    parts[part] = { images, labels, prefix };
  }
  if (!parts.train) {
    // A set that calls itself a test is the only one: it is what there is to learn from.
    const [part] = Object.keys(parts) as RawPart[];
    return { train: parts[part]! };
  }
  return parts;
}

/** What a set's files are called but for their part: `emnist-letters` of `emnist-letters-train`; empty for MNIST's own. */
const familyOf = (name: string): string =>
  prefixOf(name)
    .replace(/(^|[^a-z])(t10k|test|train|val|valid|validation)(?![a-z])/, '')
    .replace(/^[-_.]+|[-_.]+$/g, '');

/** A file of a training part stands for all parts of its set; another for itself. */
const chosenIdx = (files: readonly string[], only: string): string[] =>
  partOfIdx(prefixOf(only)) === 'train' && /train/i.test(only)
    ? files.filter((name) => familyOf(name) === familyOf(only))
    : files.filter((name) => prefixOf(name) === prefixOf(only));

/** @throws FailureError for the files of several sets side by side, such as EMNIST's splits. */
function oneFamily(root: string, files: readonly string[]): string[] {
  const families = [...new Set(files.map(familyOf))];
  const prefixes = [...new Set(files.map(prefixOf))];
  // Sets of other names may be each other's parts, where none is there twice.
  if (families.length === 1 || new Set(prefixes.map(partOfIdx)).size === prefixes.length) return [...files];
  const example = files.find((name) => /train/i.test(name) && /images/i.test(name)) ?? files[0];
  const names = families.map((family) => say('data.name', { name: family || 'train, t10k' }));
  throw dataFailure(root, say('data.idx.several', { count: families.length, names, example }));
}

/** The file that says which letters EMNIST's labels are. */
const mappingOf = (files: readonly string[], chosen: string): string | null =>
  files.find((name) => MAPPING.test(name) && MAPPING.exec(name)![1].toLowerCase() === familyOf(chosen)) ?? null;

function partOfIdx(prefix: string): RawPart {
  if (/(^|[^a-z])(t10k|test)([^a-z]|$)/.test(prefix)) return 'test';
  if (/(^|[^a-z])(val|valid|validation)([^a-z]|$)/.test(prefix)) return 'validation';
  return 'train';
}

function partCifar(files: string[]): Partial<Record<RawPart, string[]>> {
  const test = files.filter((name) => /test/i.test(name));
  const train = files.filter((name) => !/test/i.test(name));
  if (train.length === 0) return { train: test };
  return test.length > 0 ? { train, test } : { train };
}

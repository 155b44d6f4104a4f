import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { FailureError } from '../../shared/failures';
import { reasonOf, say, type Message } from '../../words';
import { entriesIn, shownPath } from './entries';
import { dataFailure } from './failure';
import { ARCHIVE, whatToDoWith } from './foreign';
import { isDataFile } from './formats/files';
import { formats } from './formats/list';
import type { Claim, DataFormat, Place } from './formats/format';
import { isGenerated } from './formats/generated';
import { folderWithData } from './inside';
import { PICTURE } from './names';

/** What lies at a path: which format reads it, and how. */
export interface Source {
  format: DataFormat;
  /** The folder that holds it; of a generated set its name. */
  root: string;
  claim: Claim;
}

/** Files that name the classes, one a line. */
const NAMES = ['labels.txt', 'classes.txt', 'class_names.txt', 'batches.meta.txt', 'fine_label_names.txt'];

/**
 * Says what a path holds, or the one folder in it (`folderWithData`), or a generated set's name, by asking each format in turn.
 * @throws FailureError for nothing that is a data set, or a half of one.
 */
export async function detect(path: string): Promise<Source> {
  const place = isGenerated(path)
    ? { root: path, only: null, entries: [], files: [], names: null }
    : await placeAt(path);
  for (const format of formats) {
    const claim = format.claims(place);
    if (claim) return { format, root: place.root, claim };
  }
  throw place.only === null ? dataFailure(place.root, withoutFolder(place.files)) : noSet(path);
}

async function placeAt(path: string): Promise<Place> {
  const info = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') throw new FailureError('file.missing', { file: path });
    throw new FailureError('file.unreadable', { file: path, reason: reasonOf(error) });
  });
  if (info.isDirectory()) return placeIn(await folderWithData(path), null);
  if (isDataFile(basename(path))) return placeIn(dirname(path), basename(path));
  throw noSet(path);
}

async function placeIn(root: string, only: string | null): Promise<Place> {
  const entries = await entriesIn(root).catch((error: Error) => {
    throw new FailureError('file.unreadable', { file: root, reason: reasonOf(error) });
  });
  const files = entries.filter(({ kind }) => kind !== 'folder').map(({ name }) => name);
  return { root, only, entries, files, names: NAMES.find((name) => files.includes(name)) ?? null };
}

/** The supported data, most usual first: `a folder of pictures per class, … or idx files`. */
function expected(): Message {
  const all = formats.flatMap(({ expects }) => expects ?? []).reverse();
  return say('data.expects', { all: all.slice(0, -1), last: all[all.length - 1] });
}

/** Of a file that no format reads. */
function noSet(path: string): FailureError {
  const hint = whatToDoWith([basename(path)]) ?? '';
  return dataFailure(
    path,
    ARCHIVE.test(path) ? say('folders.archive') : say('folders.no-set', { expected: expected(), hint }),
  );
}

/** What a folder without folders holds, and that it is no data set. */
function withoutFolder(files: readonly string[]): Message {
  if (files.length === 0) return say('folders.nothing', { expected: expected() });
  const hint = whatToDoWith(files) ?? '';
  const pictures = files.filter((name) => PICTURE.test(name));
  if (pictures.length > 0) return say('folders.flat-root', { count: pictures.length, names: some(pictures) });
  return say('folders.files-only', { count: files.length, names: some(files), expected: expected(), hint });
}

const some = (names: readonly string[]): string[] => [
  ...names.slice(0, 3).map(shownPath),
  ...(names.length > 3 ? ['…'] : []),
];

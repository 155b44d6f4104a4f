import { createHash } from 'node:crypto';
import { relative, sep } from 'node:path';
import { wholeSplit, type DataSet, type ImageSet, type Split } from '../../core/data/dataset';
import type { Scales } from '../../core/model/model';
import { FailureError } from '../../shared/failures';
import { reasonOf, say, type Message } from '../../words';
import { checkClasses, labelsFromZero, numberedLabels } from './check';
import { detect } from './detect';
import { shownPath } from './entries';
import { dataFailure } from './failure';
import { fitSet, remarksOf, type Target } from './fit';
import type { ArraysClaim, PicturesClaim } from './formats/format';
import { LARGEST } from './limits';
import { decodePictures, leftOutOf } from './pictures';
import { leakWarnings } from './leaks';
import { SPLITS, type LeftOut, type RawSplit, type RawSet, type Progress } from './raw';
import type { Range } from './scale';

/** A data set at a network's size. Splits are as it names them: nothing is split here. */
export interface LoadedData extends DataSet {
  /** `id` of its format. */
  format: string;
  /** Its default name: a generated set's path, otherwise the format and the first digits of the fingerprint. */
  name: string;
  /** Of what the network will see: classes, sizes, every picture and label of every split. SHA-256, hexadecimal. */
  fingerprint: string;
  /** Files that were left out, and why. */
  leftOut: LeftOut[];
  /** Warnings to show before training on it. */
  warnings: Message[];
  /** Path of the folder that holds it inside the one that was named, with `/`; null where that is the same. */
  inside: string | null;
  /** Where the pictures of a folder set lie, by their index in its images; null where pictures have no file of their own. */
  files: { root: string; paths: string[] } | null;
  /** The scale that pictures of other samples than bytes were read on; null where there are none. */
  scales: Scales | null;
  /** Pictures as their file has them, of each split and in the order of its images; null for a folder set, and if not requested. */
  originals: Record<RawSplit, RawSet | null> | null;
}

export interface LoadOptions {
  /** To learn from, every class has to be there, two at least; to look at, one picture is enough. `learn` where left out. */
  purpose?: 'learn' | 'look';
  /** Whether pictures are kept as their file has them, too, where they come from no file of their own. */
  originals?: boolean;
  /** Which values of an array's or idx file's pixels are black and white; left out: told by all its splits together. */
  range?: Range;
  progress?: Progress;
  signal?: AbortSignal;
}

/** As many as are listed in a log; the record of a run has all. */
const SHOWN = 20;

/** What was left out, as log lines. */
export function leftOutLines(leftOut: readonly LeftOut[]): Message[] {
  const lines = leftOut.slice(0, SHOWN).map(({ file, reason }) => say('folders.left.line', { file, reason }));
  return leftOut.length > SHOWN ? [...lines, say('folders.left.more', { count: leftOut.length - SHOWN })] : lines;
}

/**
 * Loads the data set at a path, or a generated one (`builtin:colors`, `builtin:shapes`), to the target's size. Which of the
 * formats it is, its files tell.
 * @throws FailureError for data that cannot be trained on: names the file, what was found and what was expected.
 */
export async function loadData(path: string, target: Target, options: LoadOptions = {}): Promise<LoadedData> {
  try {
    const { format, root, claim } = await detect(path);
    const loaded =
      'list' in claim ? await loadPictures(root, claim, target, options) : await loadArrays(claim, target, options);
    if (options.purpose !== 'look') checkClasses(path, loaded);
    else if (loaded.train.samples.length === 0 && !loaded.validation && !loaded.test)
      throw dataFailure(path, say('folders.no-readable'));
    const leaks = options.purpose === 'look' ? [] : leakWarnings(loaded, loaded.files?.paths ?? null);
    const warnings = [...loaded.warnings, ...leaks];
    const fingerprint = fingerprintOf(loaded);
    const name = format.generated ? path : `${format.id} ${fingerprint.slice(0, 12)}`;
    return { ...loaded, format: format.id, name, warnings, inside: insideOf(path, root), fingerprint };
  } catch (error) {
    // The system's codes are words; that of an abort is a number.
    if (error instanceof FailureError || typeof (error as NodeJS.ErrnoException).code !== 'string') throw error;
    const file = (error as NodeJS.ErrnoException).path ?? path;
    throw new FailureError('file.unreadable', { file, reason: reasonOf(error) });
  }
}

type Unchecked = Omit<LoadedData, 'format' | 'name' | 'fingerprint' | 'inside'>;

/** Of a single file that was named, its folder is not inside it. */
function insideOf(path: string, root: string): string | null {
  const way = relative(path, root);
  return way === '' || way.startsWith('..') ? null : way.split(sep).join('/');
}

/** Reads arrays and brings them to the network's size. */
async function loadArrays(
  { name: root, leftOut, read }: ArraysClaim,
  target: Target,
  { range, progress = () => undefined, signal, originals: wanted = false }: LoadOptions,
): Promise<Unchecked> {
  const warnings: Message[] = [];
  const found = await read({ range: range ?? null, note: (message) => void warnings.push(message), signal });
  const names = found.names?.names ?? null;
  const { splits: sets, first } = labelsFromZero(found.splits, names, found.names?.first ?? null);
  const labels = numberedLabels(root, sets, names, first);
  const splits: Record<RawSplit, Split | null> = { train: null, validation: null, test: null };
  for (const split of SPLITS) {
    const set = sets[split];
    if (!set || set.count === 0) continue;
    checkSize(root, set.count, target);
    splits[split] = wholeSplit(await fitSet(set, target, progress, signal));
  }
  const { train, validation = null, test = null } = sets;
  const originals = wanted ? { train: train!, validation, test } : null;
  return {
    labels,
    train: splits.train!,
    validation: splits.validation,
    test: splits.test,
    leftOut,
    warnings: [...warnings, ...(sets.train ? remarksOf(sets.train, target) : [])],
    files: null,
    scales: null,
    originals,
  };
}

/** Lists picture files and decodes them at the network's size. */
async function loadPictures(
  root: string,
  { list }: PicturesClaim,
  target: Target,
  { progress = () => undefined, signal, purpose = 'learn', range }: LoadOptions,
): Promise<Unchecked> {
  const listing = await list(purpose);
  const files = SPLITS.flatMap((split) => (listing.splits[split] ?? []).map((file) => ({ ...file, split })));
  checkSize(root, files.length, target);
  const paths = files.map(({ path }) => path);
  const oneScale = purpose === 'learn';
  const decoded = await decodePictures(root, paths, target, oneScale, progress, signal);
  const { pixels, broken, grounds, colored, sizes, warnings, scales } = decoded;

  if (purpose !== 'look') checkReadable(root, listing.labels, files, broken);

  // Broken pictures leave no gap, so that nothing depends on whether they lie there.
  const size = target.height * target.width * target.channels;
  const good = files.map((file, row) => ({ ...file, row })).filter(({ row }) => !broken.has(row));
  good.forEach(({ row }, i) => {
    if (row !== i) pixels.copyWithin(i * size, row * size, (row + 1) * size);
  });
  const { height, width, channels } = target;
  const labels = Int32Array.from(good, ({ label }) => label);
  const images: ImageSet = {
    count: good.length,
    height,
    width,
    channels,
    pixels: pixels.subarray(0, good.length * size),
    labels,
    ...(channels === 1 && {
      grounds: Uint8Array.from(good, ({ row }) => grounds[row]),
      colored: Uint8Array.from(good, ({ row }) => colored[row]),
    }),
    sizes: Int32Array.from(good.flatMap(({ row }) => [sizes[2 * row], sizes[2 * row + 1]])),
  };
  const splitOf = (wanted: RawSplit): Split | null => {
    const samples = good.flatMap(({ split }, i) => (split === wanted ? [i] : []));
    return samples.length > 0 ? { images, samples: Int32Array.from(samples) } : null;
  };
  const train = splitOf('train') ?? { images, samples: new Int32Array(0) };
  const leftOut = [...listing.leftOut, ...leftOutOf(paths, broken)];
  return {
    labels: listing.labels,
    train,
    validation: splitOf('validation'),
    test: splitOf('test'),
    leftOut,
    warnings: [...(range ? [say('data.scale.useless', { ...range })] : []), ...listing.warnings, ...warnings],
    files: { root, paths: good.map(({ path }) => path) },
    scales,
    originals: null,
  };
}

/** @throws FailureError for a class whose training pictures are all broken: says of one why. */
function checkReadable(
  root: string,
  labels: readonly string[],
  files: readonly { path: string; label: number; split: RawSplit }[],
  broken: ReadonlyMap<number, Message>,
): void {
  for (const [label, name] of labels.entries()) {
    const rows = files.flatMap((file, row) => (file.label === label && file.split === 'train' ? [row] : []));
    if (rows.length === 0 || !rows.every((row) => broken.has(row))) continue;
    const reason = broken.get(rows[0])!;
    const file = shownPath(files[rows[0]].path);
    throw dataFailure(root, say('folders.unreadable-class', { label: name, count: rows.length, file, reason }));
  }
}

function checkSize(root: string, count: number, { height, width, channels }: Target): void {
  const bytes = count * height * width * channels;
  if (bytes > LARGEST) {
    const [size, limit] = [bytes, LARGEST].map((each) => Math.ceil(each / 2 ** 20));
    throw dataFailure(root, say('data.too-many', { count, height, width, channels, size, limit }));
  }
}

function fingerprintOf(data: Unchecked): string {
  const hash = createHash('sha256');
  const { height, width, channels } = data.train.images;
  hash.update(JSON.stringify([data.labels, height, width, channels]));
  const size = height * width * channels;
  for (const split of SPLITS) {
    const { images, samples } = data[split] ?? { images: data.train.images, samples: new Int32Array(0) };
    hash.update(`${split} ${samples.length}\n`);
    hash.update(Int32Array.from(samples, (sample) => images.labels[sample]));
    for (const sample of samples) hash.update(images.pixels.subarray(sample * size, (sample + 1) * size));
  }
  return hash.digest('hex');
}

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { wholePart, type DataSet, type ImageSet, type Part } from '../../core/data/dataset';
import { colourLabels, generateShapes, shapeLabels } from '../../core/data/generated';
import { FailureError } from '../../shared/failures';
import { reasonOf, say, type Message } from '../../words';
import { checkClasses, labelsFromZero, numberedLabels } from './check';
import { readCifar } from './cifar';
import { detect, type Source } from './detect';
import { shownPath } from './entries';
import { dataFailure } from './failure';
import { fitSet, remarksOf, type Target } from './fit';
import { listFolders } from './folders';
import { readIdx } from './idx';
import { readNpz } from './npz';
import { decodePictures, leftOutOf, type Progress } from './pictures';
import type { LeftOut, RawPart, RawSet } from './raw';

export const GENERATED = ['builtin:colors', 'builtin:shapes'] as const;

export const generatedLabels = (name: (typeof GENERATED)[number]): readonly string[] =>
  name === 'builtin:colors' ? colourLabels : shapeLabels;

/** A data set at a network's size. Parts are as it names them: nothing is split here. */
export interface LoadedData extends DataSet {
  format: 'generated' | Source['format'];
  /** Of what the network will see: classes, sizes, every picture and label of every part. SHA-256, hexadecimal. */
  fingerprint: string;
  /** Files that were left out, and why. */
  leftOut: LeftOut[];
  /** What people are to know before they train on it. */
  warnings: Message[];
  /** Path of the folder that holds it inside the one that was named, with `/`; null where that is the same. */
  inside: string | null;
  /** Where the pictures of a folder set lie, by their index in its images; null where pictures have no file of their own. */
  files: { root: string; paths: string[] } | null;
  /** Pictures as their file has them, of each part and in the order of its images; null for a folder set, and where nobody asked. */
  originals: Record<RawPart, RawSet | null> | null;
}

export interface LoadOptions {
  /** To learn from, every class has to be there, two at least; to look at, one picture is enough. `learn` where left out. */
  purpose?: 'learn' | 'look';
  /** Whether pictures are kept as their file has them, too, where they come from no file of their own. */
  originals?: boolean;
  progress?: Progress;
  signal?: AbortSignal;
}

/** As many as people read; the record of a run has all. */
const SHOWN = 20;

/** What was left out, in lines for people. */
export function leftOutLines(leftOut: readonly LeftOut[]): Message[] {
  const lines = leftOut.slice(0, SHOWN).map(({ file, reason }) => say('folders.left.line', { file, reason }));
  return leftOut.length > SHOWN ? [...lines, say('folders.left.more', { count: leftOut.length - SHOWN })] : lines;
}

const PARTS: readonly RawPart[] = ['train', 'validation', 'test'];
/** The bytes of all pictures together have to fit one array and a desktop machine's memory. */
const LARGEST = 4 * 1024 ** 3;

/**
 * Loads the data set at a path, or a generated one (`builtin:colors`, `builtin:shapes`), to the target's size. Which of the
 * formats it is, its files tell.
 * @throws FailureError for data that cannot be trained on: names the file, what was found and what was expected.
 */
export async function loadData(path: string, target: Target, options: LoadOptions = {}): Promise<LoadedData> {
  try {
    const source = path.startsWith('builtin:') ? null : await detect(path);
    const loaded = source ? await load(source, target, options) : await loadGenerated(path, target, options);
    if (options.purpose !== 'look') checkClasses(path, loaded);
    else if (loaded.train.samples.length === 0 && !loaded.validation && !loaded.test)
      throw dataFailure(path, say('folders.no-readable'));
    return { ...loaded, inside: source && insideOf(path, source), fingerprint: fingerprintOf(loaded) };
  } catch (error) {
    // The system's codes are words; that of an abort is a number.
    if (error instanceof FailureError || typeof (error as NodeJS.ErrnoException).code !== 'string') throw error;
    const file = (error as NodeJS.ErrnoException).path ?? path;
    throw new FailureError('file.unreadable', { file, reason: reasonOf(error) });
  }
}

type Unchecked = Omit<LoadedData, 'fingerprint' | 'inside'>;

/** Of a single file that was named, its folder is not inside it. */
function insideOf(path: string, { root }: Source): string | null {
  const way = relative(path, root);
  return way === '' || way.startsWith('..') ? null : way.split(sep).join('/');
}

async function load(source: Source, target: Target, options: LoadOptions): Promise<Unchecked> {
  switch (source.format) {
    case 'folders':
      return loadFolders(source.root, target, options);
    case 'idx':
    case 'cifar': {
      const parts = await readNumbered(source);
      const names = await readNames(source.root, source.names);
      return fitParts(source.root, source.format, parts, names, source.leftOut, target, options);
    }
    case 'npz': {
      const file = join(source.root, source.file);
      const { parts, names } = await readNpz(file);
      return fitParts(file, source.format, parts, names, source.leftOut, target, options);
    }
  }
}

async function loadGenerated(name: string, target: Target, options: LoadOptions): Promise<Unchecked> {
  const known = GENERATED.find((each) => each === name);
  if (!known) throw dataFailure(name, `is no generated data set (there are ${GENERATED.join(', ')})`);
  const by = known === 'builtin:colors' ? 'colour' : 'shape';
  const parts = { train: generateShapes(by, 'train'), test: generateShapes(by, 'test') };
  return fitParts(name, 'generated', parts, [...generatedLabels(known)], [], target, options);
}

/** The parts of a set that lies in idx pairs or CIFAR batches. */
async function readNumbered(
  source: Extract<Source, { format: 'idx' | 'cifar' }>,
): Promise<Partial<Record<RawPart, RawSet>>> {
  const at = (file: string): string => join(source.root, file);
  const parts: Partial<Record<RawPart, RawSet>> = {};
  for (const part of PARTS) {
    if (source.format === 'idx') {
      const pair = source.parts[part];
      if (pair) parts[part] = await readPair(at(pair.images), at(pair.labels));
    } else {
      const files = source.parts[part];
      if (files) parts[part] = joinBatches(await Promise.all(files.map((file) => readCifar(at(file)))));
    }
  }
  return parts;
}

async function fitParts(
  root: string,
  format: LoadedData['format'],
  raw: Partial<Record<RawPart, RawSet>>,
  names: string[] | null,
  leftOut: LeftOut[],
  target: Target,
  { progress = () => undefined, signal, originals: wanted = false }: LoadOptions,
): Promise<Unchecked> {
  const { parts: sets, first } = labelsFromZero(raw, names);
  const labels = numberedLabels(root, sets, names, first);
  const parts: Record<RawPart, Part | null> = { train: null, validation: null, test: null };
  for (const part of PARTS) {
    const set = sets[part];
    if (!set || set.count === 0) continue;
    checkSize(root, set.count, target);
    parts[part] = wholePart(await fitSet(set, target, progress, signal));
  }
  const { train, validation = null, test = null } = sets;
  const originals = wanted ? { train: train!, validation, test } : null;
  return {
    format,
    labels,
    train: parts.train!,
    validation: parts.validation,
    test: parts.test,
    leftOut,
    warnings: sets.train ? remarksOf(sets.train, target) : [],
    files: null,
    originals,
  };
}

async function loadFolders(
  root: string,
  target: Target,
  { progress = () => undefined, signal, purpose }: LoadOptions,
): Promise<Unchecked> {
  const listing = await listFolders(root, purpose);
  const files = PARTS.flatMap((part) => (listing.parts[part] ?? []).map((file) => ({ ...file, part })));
  checkSize(root, files.length, target);
  const paths = files.map(({ path }) => path);
  const { pixels, broken, grounds, warnings } = await decodePictures(root, paths, target, progress, signal);

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
    ...(channels === 1 && { grounds: Uint8Array.from(good, ({ row }) => grounds[row]) }),
  };
  const partOf = (wanted: RawPart): Part | null => {
    const samples = good.flatMap(({ part }, i) => (part === wanted ? [i] : []));
    return samples.length > 0 ? { images, samples: Int32Array.from(samples) } : null;
  };
  const train = partOf('train') ?? { images, samples: new Int32Array(0) };
  const leftOut = [...listing.leftOut, ...leftOutOf(paths, broken)];
  return {
    format: 'folders',
    labels: listing.labels,
    train,
    validation: partOf('validation'),
    test: partOf('test'),
    leftOut,
    warnings: [...listing.warnings, ...warnings],
    files: { root, paths: good.map(({ path }) => path) },
    originals: null,
  };
}

/** @throws FailureError for a class whose training pictures are all broken: says of one why. */
function checkReadable(
  root: string,
  labels: readonly string[],
  files: readonly { path: string; label: number; part: RawPart }[],
  broken: ReadonlyMap<number, Message>,
): void {
  for (const [label, name] of labels.entries()) {
    const rows = files.flatMap((file, row) => (file.label === label && file.part === 'train' ? [row] : []));
    if (rows.length === 0 || !rows.every((row) => broken.has(row))) continue;
    const reason = broken.get(rows[0])!;
    const file = shownPath(files[rows[0]].path);
    throw dataFailure(root, say('folders.unreadable-class', { label: name, count: rows.length, file, reason }));
  }
}

async function readPair(imagesPath: string, labelsPath: string): Promise<RawSet> {
  const images = await readIdx(imagesPath);
  const labels = await readIdx(labelsPath);
  const { shape } = images;
  if (shape.length !== 3 && !(shape.length === 4 && (shape[3] === 1 || shape[3] === 3))) {
    throw dataFailure(
      imagesPath,
      `has the shape [${shape.join(', ')}], expected [count, height, width] or [count, height, width, 1 or 3]`,
    );
  }
  const [count, height, width, channels = 1] = shape;
  if (height * width === 0)
    throw dataFailure(imagesPath, `has the shape [${shape.join(', ')}]: pictures without a pixel`);
  if (labels.shape.length !== 1)
    throw dataFailure(labelsPath, `has the shape [${labels.shape.join(', ')}], expected [count]`);
  if (labels.shape[0] !== count)
    throw dataFailure(labelsPath, `has ${labels.shape[0]} labels, '${imagesPath}' has ${count} images`);
  return { count, height, width, channels, pixels: images.data, labels: Int32Array.from(labels.data) };
}

function joinBatches(batches: Awaited<ReturnType<typeof readCifar>>[]): RawSet {
  const count = batches.reduce((sum, batch) => sum + batch.count, 0);
  const pixels = batches.length === 1 ? batches[0].pixels : new Uint8Array(count * 3072);
  const labels = new Int32Array(count);
  let done = 0;
  for (const batch of batches) {
    if (batches.length > 1) pixels.set(batch.pixels, done * 3072);
    labels.set(batch.labels, done);
    done += batch.count;
  }
  return { count, height: 32, width: 32, channels: 3, pixels, labels };
}

async function readNames(root: string, file: string | null): Promise<string[] | null> {
  if (!file) return null;
  const lines = (await readFile(join(root, file), 'utf8')).split(/\r?\n/).map((line) => line.trim());
  return lines.filter((line) => line !== '');
}

function checkSize(root: string, count: number, { height, width, channels }: Target): void {
  const bytes = count * height * width * channels;
  if (bytes > LARGEST) {
    throw dataFailure(
      root,
      `${count} images at ${height} × ${width} × ${channels} take ${Math.ceil(bytes / 2 ** 20)} MiB, the limit is ${LARGEST / 2 ** 20}`,
    );
  }
}

function fingerprintOf(data: Unchecked): string {
  const hash = createHash('sha256');
  const { height, width, channels } = data.train.images;
  hash.update(JSON.stringify([data.labels, height, width, channels]));
  const size = height * width * channels;
  for (const part of PARTS) {
    const { images, samples } = data[part] ?? { images: data.train.images, samples: new Int32Array(0) };
    hash.update(`${part} ${samples.length}\n`);
    hash.update(Int32Array.from(samples, (sample) => images.labels[sample]));
    for (const sample of samples) hash.update(images.pixels.subarray(sample * size, (sample + 1) * size));
  }
  return hash.digest('hex');
}

import { say, type Value } from '../../words';
import type { Reading } from './bytes';
import { dataFailure } from './failure';
import { readLabels, type Labels } from './labels';
import { checkSize, THE_FILE } from './limits';
import { numbersOf, placesOf, readNpy, textsOf } from '../npy/read';
import type { NpyHeader } from '../npy/header';
import { plan, type Plan } from './picture-shape';
import type { RawSplit, RawSet } from './raw';
import { byteOf, Counted, scaleBytes, scaleOf, type Range, type Values } from './scale';

/**
 * Names under which images and labels are kept, in small letters and without `_`: Keras (`x_train`), scikit-learn (`X_train`, `data`
 * and `target`), MedMNIST (`train_images`), and plain ones.
 */
const SPLITS: { split: RawSplit; images: string[]; labels: string[] }[] = [
  {
    split: 'train',
    images: ['xtrain', 'trainimages', 'trainx', 'traindata', 'images', 'x', 'data'],
    labels: ['ytrain', 'trainlabels', 'trainy', 'traintargets', 'labels', 'y', 'targets', 'target'],
  },
  {
    split: 'validation',
    images: ['xval', 'valimages', 'valx', 'xvalid', 'xvalidation', 'validationimages'],
    labels: ['yval', 'vallabels', 'valy', 'yvalid', 'yvalidation', 'validationlabels'],
  },
  {
    split: 'test',
    images: ['xtest', 'testimages', 'testx', 'testdata'],
    labels: ['ytest', 'testlabels', 'testy', 'testtargets'],
  },
];
const NAMES = ['labelnames', 'classnames', 'classes', 'names'];
/** Names of classes; more is no list of them. */
const MOST_NAMES = 10_000;

/** An array that can be read, from an archive or a file of its own. */
export interface ArrayEntry {
  /** The file that holds it. */
  file: string;
  /** As the archive or the file is called. */
  name: string;
  header: NpyHeader;
  /** Its content from its beginning, each time anew. */
  content(): AsyncIterable<Uint8Array>;
}

/** What arrays hold: pictures of each split, and names of the classes. */
export interface ReadArrays {
  splits: Partial<Record<RawSplit, RawSet>>;
  names: string[] | null;
}

/** Images and labels of one split, before anything of them is read. */
interface Pair {
  split: RawSplit;
  images: ArrayEntry;
  labels: ArrayEntry;
  plan: Plan;
}

/** A name in lower case and without underscores. */
export const plain = (name: string): string => name.toLowerCase().replaceAll('_', '');
/** Whether arrays of that plain name are read. */
export const isWanted = (name: string): boolean => WANTED.has(name);
const WANTED = new Set([...SPLITS.flatMap(({ images, labels }) => [...images, ...labels]), ...NAMES]);

/**
 * Reads images and labels. Images: `[N, H, W]`, `[N, H, W, C]`, `[N, C, H, W]` or `[N, side²]`, of one scale for all splits: 0 to 255,
 * 0 to 1, or the user's choice. Labels: whole numbers, `[N]` or `[N, 1]`, or one-hot rows `[N, classes]`, or names. Names of the
 * classes: an array of texts. Arrays are read piece by piece, so that no more is kept than the pictures' bytes.
 * @param place what holds them all. @param arrays by their plain names. @param found the names of all that there are.
 * @param asked which values are black and white, or null.
 * @throws FailureError for images without labels, labels without images, and what is neither.
 */
export async function readArrays(
  place: string,
  arrays: ReadonlyMap<string, ArrayEntry>,
  found: readonly string[],
  asked: Range | null,
  { note }: Reading,
): Promise<ReadArrays> {
  const pairs = pairsOf(place, arrays, found);
  checkSize(
    place,
    THE_FILE,
    pairs.reduce((sum, { plan: each }) => sum + each.count * (each.height * each.width * each.channels + 4), 0),
    null,
  );
  const texts = pairs.find(({ labels }) => isText(labels));
  const numbers = pairs.find(({ labels }) => !isText(labels));
  if (texts && numbers)
    throw dataFailure(place, say('data.labels.mixed', { texts: texts.labels.name, numbers: numbers.labels.name }));
  const labels: Labels[] = [];
  // Texts become numbers by the names of the first split that has any.
  let words: string[] | null = null;
  for (const { labels: entry, plan: each } of pairs) {
    const { file, name, header } = entry;
    const own = await readLabels(file, name, header, each.count, words, (begin) => read(entry, begin));
    labels.push(own);
    words ??= own.words;
  }
  const pixels = await readPixels(place, pairs, asked, note);
  const splits: Partial<Record<RawSplit, RawSet>> = {};
  pairs.forEach(({ split, plan: { count, height, width, channels } }, i) => {
    splits[split] = { count, height, width, channels, pixels: pixels[i], labels: labels[i].indices };
  });
  const names = words ?? (await readNames(arrays));
  if (splits.train || pairs.length > 1) return { splits, names };
  note(say('data.npz.only', { name: pairs[0].images.name }));
  // A set that calls itself a test is the only one: it is what there is.
  return { splits: { train: splits[pairs[0].split]! }, names };
}

const read = (
  { file, name, content }: Omit<ArrayEntry, 'header'>,
  begin: Parameters<typeof readNpy>[3],
): Promise<NpyHeader> => readNpy(file, name, content(), begin);

/** An array with its header read. @throws FailureError for a header that makes no sense. */
export async function entryOf(file: string, name: string, content: ArrayEntry['content']): Promise<ArrayEntry> {
  return { file, name, content, header: await read({ file, name, content }, () => null) };
}

function pairsOf(place: string, arrays: ReadonlyMap<string, ArrayEntry>, found: readonly string[]): Pair[] {
  const named = (words: string[]): ArrayEntry | undefined =>
    words.map((word) => arrays.get(word)).find((array) => array !== undefined);
  const pairs: Pair[] = [];
  for (const { split, images: imageNames, labels: labelNames } of SPLITS) {
    const [images, labels] = [named(imageNames), named(labelNames)];
    if (!images && !labels) continue;
    if (!images) throw dataFailure(place, say('data.npz.no-images', { name: labels!.name, found: some(found) }));
    if (!labels) throw dataFailure(place, say('data.npz.no-labels', { name: images.name, found: some(found) }));
    pairs.push({ split, images, labels, plan: plan(images.file, images.name, images.header) });
  }
  if (pairs.length === 0 || (pairs.length > 1 && pairs[0].split !== 'train')) {
    const single = found.length === 1 && /^arr_\d+$/.test(found[0]);
    throw dataFailure(place, say(single ? 'data.npz.single' : 'data.npz.other', { found: some(found) }));
  }
  return pairs;
}

/** The pixels of each pair as bytes, on one scale. */
async function readPixels(
  place: string,
  pairs: readonly Pair[],
  asked: Range | null,
  note: Reading['note'],
): Promise<Uint8Array[]> {
  const values: Values[] = [];
  const pixels: (Uint8Array | null)[] = [];
  for (const { images, plan: each } of pairs) {
    for (const message of each.notes) note(message);
    const { name, header } = images;
    const counted = new Counted();
    // Bytes are there once they are read; of others it takes the scale first, and so a second reading.
    const bytes = header.type === 'u1' ? new Uint8Array(header.count) : null;
    const put = bytes && putInto(bytes, header, each, (value) => value);
    await read(images, () => (block) => {
      const numbers = numbersOf(block, header);
      counted.add(numbers);
      put?.(numbers);
    });
    values.push(counted.values(name, kindOf(header.type)));
    pixels.push(bytes);
  }
  const { range, notes } = scaleOf(place, values, asked);
  for (const message of notes) note(message);
  const all: Uint8Array[] = [];
  for (const [i, { images, plan: each }] of pairs.entries()) {
    const { header } = images;
    const read1 = pixels[i];
    if (read1) {
      scaleBytes(read1, range);
      all.push(read1);
      continue;
    }
    const bytes = new Uint8Array(header.count);
    // Truth has a scale of its own.
    const own = header.type === 'b1' ? { low: 0, high: 1 } : range;
    const put = putInto(bytes, header, each, (value) => byteOf(value, own));
    await read(images, () => (block) => put(numbersOf(block, header)));
    all.push(bytes);
  }
  return all;
}

/** Puts values where the pictures have them, one block after the other. */
function putInto(
  bytes: Uint8Array,
  header: NpyHeader,
  { strides, inOrder }: Plan,
  byte: (value: number) => number,
): (values: ArrayLike<number>) => void {
  let at = 0;
  if (inOrder)
    return (values) => {
      for (let i = 0; i < values.length; i++) bytes[at++] = byte(values[i]);
    };
  const place = placesOf(header, strides);
  return (values) => {
    for (let i = 0; i < values.length; i++) bytes[place()] = byte(values[i]);
  };
}

const kindOf = (type: string): Values['kind'] => (type === 'b1' ? 'truth' : type.startsWith('f') ? 'float' : 'whole');

const isText = ({ header }: ArrayEntry): boolean => /^[US]/.test(header.type);

/** Names of the classes, where an array of texts has them. */
async function readNames(arrays: ReadonlyMap<string, ArrayEntry>): Promise<string[] | null> {
  const entry = NAMES.map((name) => arrays.get(name)).find((each) => each && isText(each));
  if (!entry) return null;
  const { name, header } = entry;
  if (header.count > MOST_NAMES)
    throw dataFailure(entry.file, say('data.npz.names', { name, count: header.count, limit: MOST_NAMES }));
  const names: string[] = [];
  await read(entry, () => (block) => {
    names.push(...textsOf(block, header));
  });
  return names;
}

const some = (names: readonly string[]): Value =>
  names.length === 0 ? say('data.npz.none') : [...names.slice(0, 6), ...(names.length > 6 ? ['…'] : [])];

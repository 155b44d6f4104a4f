import { join } from 'node:path';
import { say } from '../../../words';
import { MAPPING, readNames } from '../class-names';
import { dataFailure } from '../failure';
import { splitName } from '../folders/telling';
import { IDX } from '../names';
import { SPLITS, type RawSplit, type RawSet } from '../raw';
import { scaleSplits } from '../scale';
import { leftBeside, type DataFormat, type DataReading } from './format';
import { readPair } from './idx-pair';

type Pairs = Partial<Record<RawSplit, { images: string; labels: string }>>;

/** Pairs of files of images and of labels, as MNIST has them, packed by gzip or not. */
export const idx: DataFormat = {
  id: 'idx',
  expects: say('data.expects.idx'),
  files: IDX,
  claims(place) {
    const { root, only, files } = place;
    const all = files.filter((name) => IDX.test(name));
    if (only !== null ? !IDX.test(only) : all.length === 0) return null;
    const chosen = only !== null ? chosenIdx(all, only) : oneFamily(root, all);
    const mapping = mappingOf(files, chosen[0]);
    const names = mapping ?? place.names;
    const pairs = pairIdx(root, chosen);
    const emnist = /emnist/i.test(chosen[0]);
    return {
      name: root,
      leftOut: leftBeside(place, (name) => IDX.test(name) || name === mapping, say('folders.idx-files')),
      read: async (reading) => ({
        splits: await readPairs(root, pairs, emnist, reading),
        names: names === null ? null : await readNames(join(root, names)),
      }),
    };
  },
};

/** @param emnist whether each picture lies in its file column by column, as EMNIST's do. */
async function readPairs(
  root: string,
  pairs: Pairs,
  emnist: boolean,
  reading: DataReading,
): Promise<Partial<Record<RawSplit, RawSet>>> {
  const splits: Partial<Record<RawSplit, RawSet>> = {};
  const pixels: Partial<Record<RawSplit, string>> = {};
  for (const split of SPLITS) {
    const pair = pairs[split];
    if (!pair) continue;
    splits[split] = await readPair(join(root, pair.images), join(root, pair.labels), emnist, reading);
    pixels[split] = pair.images;
  }
  if (emnist) reading.note(say('data.emnist'));
  scaleSplits(root, splits, pixels, reading);
  return splits;
}

const prefixOf = (name: string): string => (IDX.exec(name)?.[1] ?? '').toLowerCase();

function pairIdx(root: string, files: string[]): Pairs {
  const halves = new Map<string, { images?: string; labels?: string }>();
  for (const name of files) {
    const half = IDX.exec(name)![2].toLowerCase() as 'images' | 'labels';
    const pair = halves.get(prefixOf(name)) ?? {};
    // The same content packed and unpacked side by side: the unpacked one is read.
    if (!pair[half] || !name.toLowerCase().endsWith('.gz')) pair[half] = name;
    halves.set(prefixOf(name), pair);
  }
  const splits: Partial<Record<RawSplit, { images: string; labels: string; prefix: string }>> = {};
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
    const split = splitOfIdx(prefix);
    const twin = splits[split];
    if (twin) throw dataFailure(root, say('folders.two-sets', { part: splitName(split), a: twin.images, b: images }));
    splits[split] = { images, labels, prefix };
  }
  if (!splits.train) {
    // A set that calls itself a test is the only one: it is what there is to learn from.
    const [split] = Object.keys(splits) as RawSplit[];
    return { train: splits[split]! };
  }
  return splits;
}

/** What a set's files are called but for their split: `emnist-letters` of `emnist-letters-train`; empty for MNIST's own. */
const familyOf = (name: string): string =>
  prefixOf(name)
    .replace(/(^|[^a-z])(t10k|test|train|val|valid|validation)(?![a-z])/, '')
    .replace(/^[-_.]+|[-_.]+$/g, '');

/** A file of a training split stands for all splits of its set; another for itself. */
const chosenIdx = (files: readonly string[], only: string): string[] =>
  splitOfIdx(prefixOf(only)) === 'train' && /train/i.test(only)
    ? files.filter((name) => familyOf(name) === familyOf(only))
    : files.filter((name) => prefixOf(name) === prefixOf(only));

/** @throws FailureError for the files of several sets side by side, such as EMNIST's splits. */
function oneFamily(root: string, files: readonly string[]): string[] {
  const families = [...new Set(files.map(familyOf))];
  const prefixes = [...new Set(files.map(prefixOf))];
  // Sets of other names may be each other's splits, where none is there twice.
  if (families.length === 1 || new Set(prefixes.map(splitOfIdx)).size === prefixes.length) return [...files];
  const example = files.find((name) => /train/i.test(name) && /images/i.test(name)) ?? files[0];
  const names = families.map((family) => say('data.name', { name: family || 'train, t10k' }));
  throw dataFailure(root, say('data.idx.several', { count: families.length, names, example }));
}

/** The file that says which letters EMNIST's labels are. */
const mappingOf = (files: readonly string[], chosen: string): string | null =>
  files.find((name) => MAPPING.test(name) && MAPPING.exec(name)![1].toLowerCase() === familyOf(chosen)) ?? null;

function splitOfIdx(prefix: string): RawSplit {
  if (/(^|[^a-z])(t10k|test)([^a-z]|$)/.test(prefix)) return 'test';
  if (/(^|[^a-z])(val|valid|validation)([^a-z]|$)/.test(prefix)) return 'validation';
  return 'train';
}

import { join } from 'node:path';
import { say } from '../../../words';
import { MAPPING, readNames } from '../class-names';
import { dataFailure } from '../failure';
import { partName } from '../folders/telling';
import { IDX } from '../names';
import { PARTS, type RawPart, type RawSet } from '../raw';
import { scaleParts } from '../scale';
import { leftBeside, type DataFormat, type DataReading } from './format';
import { readPair } from './idx-pair';

type Pairs = Partial<Record<RawPart, { images: string; labels: string }>>;

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
        parts: await readPairs(root, pairs, emnist, reading),
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
): Promise<Partial<Record<RawPart, RawSet>>> {
  const parts: Partial<Record<RawPart, RawSet>> = {};
  const pixels: Partial<Record<RawPart, string>> = {};
  for (const part of PARTS) {
    const pair = pairs[part];
    if (!pair) continue;
    parts[part] = await readPair(join(root, pair.images), join(root, pair.labels), emnist, reading);
    pixels[part] = pair.images;
  }
  if (emnist) reading.note(say('data.emnist'));
  scaleParts(root, parts, pixels, reading);
  return parts;
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

/** A file of a training split stands for all parts of its set; another for itself. */
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

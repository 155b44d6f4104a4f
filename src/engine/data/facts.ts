import { basename, join } from 'node:path';
import type { ImageSet } from '../../core/data/dataset';
import { FailureError } from '../../shared/failures';
import { knownAs } from '../../shared/known-sets';
import type { DataFacts } from '../../shared/data-sets';
import { toChannels } from '../image/input';
import { withTrainingDecoders } from '../image/training-decoders';
import type { Target } from '../image/training-picture';
import { isColored } from '../image/warnings';
import { detect } from './detect';
import { fileSystemPath } from './entries';
import type { ArraysClaim, PicturesClaim } from './formats/format';
import { labelsFromZero } from './check';
import type { Progress } from './raw';
import type { Range } from './scale';

/** Pictures that are looked at for their size and colors. */
const LOOKED_AT = 48;
/** A set has colors where at least this share of the pictures looked at has. */
const COLORED = 0.05;
/** The size at which colors are looked for. */
const GLANCE: Target = { height: 32, width: 32, channels: 3, fit: 'stretch', resize: 'linear' };

export interface FactsOptions {
  range?: Range;
  progress?: Progress;
  signal?: AbortSignal;
}

type Seen = Pick<DataFacts, 'width' | 'height' | 'colored'>;

/**
 * What a proposal goes by: classes and their sizes, and the size and colors of some pictures, spread over the data. Nothing is
 * read at a network's size.
 * @throws FailureError as `loadData`.
 */
export async function dataFacts(path: string, options: FactsOptions = {}): Promise<DataFacts> {
  const { root, claim } = await detect(path);
  const facts = await ('list' in claim ? ofPictures(root, claim, options) : ofArrays(claim, options));
  const kind = path.startsWith('builtin:') ? 'generated' : 'folder';
  return { known: knownAs({ id: path, kind, name: basename(path), path }), ...facts };
}

async function ofPictures(
  root: string,
  { list }: PicturesClaim,
  { signal, progress = () => undefined }: FactsOptions,
): Promise<Omit<DataFacts, 'known'>> {
  const { labels, splits } = await list('learn');
  const train = labels.map((_, label) => (splits.train ?? []).filter((file) => file.label === label).length);
  const all = Object.values(splits).flat();
  const looked = spread(all.length).map((i) => all[i].path);
  const seen: Seen[] = [];
  let next = 0;
  let done = 0;
  await withTrainingDecoders(looked.length, signal, async (decode) => {
    while (next < looked.length) {
      signal?.throwIfAborted();
      const file = looked[next++];
      try {
        const { width, height, row } = await decode(fileSystemPath(join(root, file)), file, GLANCE);
        seen.push({ width, height, colored: isColored({ width: 32, height: 32, channels: 3, data: row }) });
      } catch (error) {
        // The survey tells of pictures that cannot be read.
        if (!(error instanceof FailureError) || error.code === 'cancelled' || error.code === 'internal') throw error;
      }
      progress(++done, looked.length);
    }
  });
  return { train, validation: splits.validation?.length ?? null, ...together(seen) };
}

async function ofArrays({ read }: ArraysClaim, { range, signal }: FactsOptions): Promise<Omit<DataFacts, 'known'>> {
  const found = await read({ range: range ?? null, note: () => undefined, signal });
  const { splits } = labelsFromZero(found.splits, found.names?.names ?? null, found.names?.first ?? null);
  const counts: number[] = [];
  for (const label of splits.train?.labels ?? []) counts[label] = (counts[label] ?? 0) + 1;
  const set = splits.train!;
  const seen = spread(set.count).map((i) => ({ width: set.width, height: set.height, colored: coloredAt(set, i) }));
  return {
    train: Array.from(counts, (count) => count ?? 0),
    validation: splits.validation?.count ?? null,
    ...together(seen),
  };
}

function coloredAt({ width, height, channels, pixels }: ImageSet, index: number): boolean {
  const size = width * height * channels;
  const data = toChannels(pixels.subarray(index * size, (index + 1) * size), channels, 3);
  return isColored({ width, height, channels: 3, data });
}

/** Indices of at most `LOOKED_AT` of so many, evenly spread. */
const spread = (count: number): number[] => {
  const looked = Math.min(count, LOOKED_AT);
  return Array.from({ length: looked }, (_, i) => Math.floor((i * count) / looked));
};

function together(seen: readonly Seen[]): Seen {
  const colored = seen.filter((each) => each.colored).length;
  return {
    width: median(seen.map(({ width }) => width)),
    height: median(seen.map(({ height }) => height)),
    colored: colored > 0 && colored >= COLORED * seen.length,
  };
}

/** The lower one of two in the middle; 0 of none. */
const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? 0;

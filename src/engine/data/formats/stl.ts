import { join } from 'node:path';
import { say } from '../../../words';
import { withContent } from '../bytes';
import { readNames } from '../class-names';
import { dataFailure } from '../failure';
import { checkSize, THE_FILE } from '../limits';
import { SPLITS, type RawSplit, type RawSet } from '../raw';
import { scaleSplits } from '../scale';
import { fromColumns } from './columns';
import { leftBeside, type DataFormat, type DataReading } from './format';

const STL = /^(train|test)_[xy]\.bin$/i;
/** 96 × 96 pixels, plane by plane and in each column by column (https://cs.stanford.edu/~acoates/stl10). */
const SIDE = 96;
const BYTES = 3 * SIDE * SIDE;

/** STL-10's binary version: pictures in `train_X.bin`, their labels from 1 on in `train_y.bin`. */
export const stl: DataFormat = {
  id: 'stl',
  expects: say('data.expects.stl'),
  files: STL,
  claims(place) {
    const { root, only, files, names } = place;
    if (only !== null && !STL.test(only)) return null;
    const pairs: Partial<Record<RawSplit, { x: string; y: string }>> = {};
    for (const split of ['train', 'test'] as const) {
      const [x, y] = ['x', 'y'].map((half) =>
        files.find((name) => new RegExp(`^${split}_${half}\\.bin$`, 'i').test(name)),
      );
      if (x !== undefined && y !== undefined) pairs[split] = { x, y };
    }
    if (!pairs.train) return null;
    const used = Object.values(pairs).flatMap(({ x, y }) => [x, y]);
    return {
      name: root,
      leftOut: leftBeside(place, (name) => used.includes(name), say('folders.stl-files')),
      read: async (reading) => ({
        splits: await readSplits(root, pairs, reading),
        names: names === null ? null : await readNames(join(root, names)),
      }),
    };
  },
};

async function readSplits(
  root: string,
  pairs: Partial<Record<RawSplit, { x: string; y: string }>>,
  reading: DataReading,
): Promise<Partial<Record<RawSplit, RawSet>>> {
  const splits: Partial<Record<RawSplit, RawSet>> = {};
  const files: Partial<Record<RawSplit, string>> = {};
  for (const split of SPLITS) {
    const pair = pairs[split];
    if (!pair) continue;
    splits[split] = await readPair(join(root, pair.x), join(root, pair.y), reading);
    files[split] = pair.x;
  }
  scaleSplits(root, splits, files, reading);
  return splits;
}

async function readPair(x: string, y: string, reading: DataReading): Promise<RawSet> {
  const labels = await whole(y, reading);
  const data = await whole(x, reading);
  const count = labels.length;
  if (data.length !== count * BYTES)
    throw dataFailure(x, say('data.stl.size', { size: data.length, count, record: BYTES, expected: count * BYTES }));
  const bad = labels.findIndex((label) => label < 1 || label > 10);
  if (bad >= 0) throw dataFailure(y, say('data.stl.class', { index: bad, label: labels[bad] }));
  const pixels = fromColumns(data, { count, height: SIDE, width: SIDE });
  return { count, height: SIDE, width: SIDE, channels: 3, pixels, labels: Int32Array.from(labels) };
}

const whole = (path: string, reading: DataReading): Promise<Uint8Array> =>
  withContent(path, reading, async ({ size, packed, pieces }) => {
    checkSize(path, THE_FILE, size, null);
    if (packed) throw dataFailure(path, say('data.stl.packed'));
    const bytes = new Uint8Array(size);
    let at = 0;
    for await (const piece of pieces) {
      if (at + piece.length > size) throw dataFailure(path, say('data.changed'));
      bytes.set(piece, at);
      at += piece.length;
    }
    if (at < size) throw dataFailure(path, say('data.changed'));
    return bytes;
  });

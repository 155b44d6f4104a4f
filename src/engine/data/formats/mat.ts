import { basename, join } from 'node:path';
import { say } from '../../../words';
import { shownPath } from '../entries';
import { dataFailure } from '../failure';
import { labelOf } from '../labels';
import { checkSize, THE_FILE } from '../limits';
import { splitsAmong } from '../names';
import { SPLITS, type RawSplit, type RawSet } from '../raw';
import { scaleSplits } from '../scale';
import { fromColumns } from './columns';
import { leftBeside, type DataFormat, type DataReading } from './format';
import { readMat } from './mat-file';

const MAT = /\.mat$/i;

/** SVHN's cropped digits: MAT-files with pictures `X`, `[32, 32, 3, N]`, and labels `y` (http://ufldl.stanford.edu/housenumbers). */
export const mat: DataFormat = {
  id: 'mat',
  expects: say('data.expects.mat'),
  files: MAT,
  beside: true,
  claims(place) {
    const { root, only, entries, files } = place;
    const tables = (only !== null ? [only] : files).filter((name) => MAT.test(name));
    if (tables.length === 0 || (only === null && entries.some(({ kind }) => kind === 'folder'))) return null;
    const found = splitsAmong(tables.map((name) => name.replace(MAT, '')));
    if (tables.length > 1 && !found) return null;
    const splits: Partial<Record<RawSplit, string>> = found
      ? Object.fromEntries(
          [...found].map(([stem, split]) => [split, tables.find((name) => name.replace(MAT, '') === stem)]),
        )
      : { train: tables[0] };
    const used = new Set(Object.values(splits));
    return {
      name: root,
      leftOut: leftBeside(place, (name) => used.has(name), say('folders.mat-files')),
      read: async (reading) => {
        const sets = await readSplits(root, splits, reading);
        return { splits: sets, names: digitsOf(sets) };
      },
    };
  },
};

async function readSplits(
  root: string,
  files: Partial<Record<RawSplit, string>>,
  reading: DataReading,
): Promise<Partial<Record<RawSplit, RawSet>>> {
  const splits: Partial<Record<RawSplit, RawSet>> = {};
  for (const split of SPLITS)
    if (files[split] !== undefined) splits[split] = await readSet(join(root, files[split]), reading);
  scaleSplits(root, splits, files, reading);
  return splits;
}

/** @throws FailureError for a file without `X` and `y`, and for pictures of another shape or type. */
async function readSet(path: string, reading: DataReading): Promise<RawSet> {
  const { arrays, found } = await readMat(path, ['X', 'y'], reading);
  const [x, y] = ['X', 'y'].map((name) => arrays.get(name));
  if (!x || !y) throw dataFailure(path, say('data.mat.other', { found: found.slice(0, 6).map(shownPath) }));
  const [height, width, channels, count] = x.shape;
  if (!(x.data instanceof Uint8Array) || x.shape.length !== 4 || channels !== 3 || height * width === 0)
    throw dataFailure(path, say('data.mat.shape', { shape: x.shape.join(', ') }));
  if (y.data.length !== count)
    throw dataFailure(path, say('data.mat.count', { pictures: count, labels: y.data.length }));
  const size = height * width * channels;
  checkSize(path, THE_FILE, 2 * count * size, null);
  const pixels = fromColumns(x.data, { count, height, width });
  const labels = Int32Array.from(y.data, (label, i) => labelOf(path, basename(path), label, i));
  return { count, height, width, channels, pixels, labels };
}

/** SVHN's class 10 is the digit 0. Null for other labels, which are numbers. */
function digitsOf(splits: Partial<Record<RawSplit, RawSet>>): { names: string[]; first: 1 } | null {
  const labels = Object.values(splits).map((set) => set.labels);
  const least = Math.min(...labels.map((each) => each.reduce((a, b) => Math.min(a, b))));
  const most = Math.max(...labels.map((each) => each.reduce((a, b) => Math.max(a, b))));
  return least === 1 && most === 10 ? { names: [...'1234567890'], first: 1 } : null;
}

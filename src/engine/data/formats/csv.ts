import { join } from 'node:path';
import { say } from '../../../words';
import { readNames } from '../class-names';
import { shownPath } from '../entries';
import { dataFailure } from '../failure';
import { CSV, PICTURE, splitOf, splitsAmong, SYSTEM_FOLDER } from '../names';
import { SPLITS, type RawSplit, type RawSet } from '../raw';
import { scaleOf } from '../scale';
import { namesOfLabels, readPixels, surveyPixels, type PixelTable } from './csv-pixels';
import { leftBeside, type Arrays, type DataFormat, type DataReading } from './format';

/** Tables with a label and the pixels of one gray picture in each row, as Kaggle has MNIST and Fashion-MNIST. */
export const csv: DataFormat = {
  id: 'csv',
  expects: say('data.expects.csv'),
  files: CSV,
  beside: true,
  claims(place) {
    const { root, only, entries, files, names } = place;
    const tables = (only !== null ? [only] : files).filter((name) => CSV.test(name));
    const folders = entries.some(
      ({ kind, name }) => (kind === 'folder' || kind === 'link') && !name.startsWith('.') && !SYSTEM_FOLDER.test(name),
    );
    // Beside pictures it may be what names their classes.
    const beside = only === null && (folders || files.some((name) => PICTURE.test(name)));
    if (tables.length === 0 || beside) return null;
    const splits = splitsOfTables(root, tables);
    const used = new Set(Object.values(splits));
    return {
      name: used.size === 1 ? join(root, [...used][0]) : root,
      leftOut: leftBeside(place, (name) => used.has(name), say('folders.csv-files')),
      read: (reading) => readTables(root, splits, names, reading),
    };
  },
};

async function readTables(
  root: string,
  files: Partial<Record<RawSplit, string>>,
  names: string | null,
  reading: DataReading,
): Promise<Arrays> {
  const tables: Partial<Record<RawSplit, PixelTable>> = {};
  for (const split of SPLITS) {
    const file = files[split];
    if (file === undefined) continue;
    const table = await surveyPixels(join(root, file), reading);
    if (table) tables[split] = table;
    else if (split === 'train') throw dataFailure(join(root, file), say('data.csv.no-label'));
    else reading.note(say('data.csv.unlabeled', { name: shownPath(file) }));
  }
  const all = Object.values(tables);
  const { range, notes } = scaleOf(
    root,
    all.map(({ values }) => values),
    reading.range,
  );
  notes.forEach((note) => reading.note(note));
  const texts = all.find(({ labels }) => typeof labels[0] === 'string');
  const numbers = all.find(({ labels }) => typeof labels[0] === 'number');
  if (texts && numbers)
    throw dataFailure(root, say('data.labels.mixed', { texts: texts.values.name, numbers: numbers.values.name }));
  const known = texts ? namesOfLabels(tables.train!.labels) : null;
  const splits: Partial<Record<RawSplit, RawSet>> = {};
  for (const split of SPLITS) {
    const table = tables[split];
    if (table) splits[split] = await readPixels(table, range, known, reading);
  }
  if (known) return { splits, names: { names: known, first: null } };
  return { splits, names: names === null ? null : await readNames(join(root, names)) };
}

/** The splits by the words of the files' names; one file alone is all there is. */
function splitsOfTables(root: string, tables: readonly string[]): Partial<Record<RawSplit, string>> {
  if (tables.length === 1) return { train: tables[0] };
  const stems = new Map(tables.map((name) => [name.replace(CSV, ''), name]));
  const found = splitsAmong([...stems.keys()]);
  const splits: Partial<Record<RawSplit, string>> = {};
  for (const [stem, split] of found ?? []) {
    const twin = splits[split];
    if (twin !== undefined)
      throw dataFailure(root, say('data.csv.several', { names: [twin, stems.get(stem)!].map(shownPath) }));
    splits[split] = stems.get(stem)!;
  }
  const alone = [...stems.keys()].filter((stem) => splitOf(stem) === 'train');
  if (!found && alone.length === 1) return { train: stems.get(alone[0])! };
  if (!splits.train) throw dataFailure(root, say('data.csv.several', { names: tables.slice(0, 4).map(shownPath) }));
  return splits;
}

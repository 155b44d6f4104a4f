import { join } from 'node:path';
import { say, type Message } from '../../../words';
import { byCodeUnits, shownPath } from '../entries';
import { dataFailure } from '../failure';
import { readTable } from '../formats/csv-table';
import type { ImageFile, PictureList } from '../formats/format';
import { checkSize, THE_FILE } from '../limits';
import { COMPANION_FOLDER, CSV, PICTURE, sameName, splitOf, splitsAmong } from '../names';
import type { LeftOut, RawSplit } from '../raw';
import { limited, quotedList } from './telling';
import { byPlace, inside, type Tree } from './tree';

/** Headings of the column of classes, where there are several columns. */
const CLASS = /^(labels?|class(es)?|class_?(name|label)|category|targets?|breed|species|diagnosis|dx|variety|y)$/i;

/** What a competition hands out to be filled in: its classes are made up. */
const FORM = /submission/i;
/** A table that names fewer of the pictures is about something else. */
const LEAST_SHARE = 0.1;

/** Pictures that lie side by side in one folder. */
interface Flat {
  split: RawSplit;
  folder: string;
  /** Names in the folder. */
  pictures: string[];
}

/** A table that names the classes of pictures. */
interface LabelTable {
  name: string;
  /** The heading of the column of classes, or its number. */
  column: string;
  /** Of each picture that has a row its class; '' where the row leaves it empty. */
  labels: Map<string, string>;
  /** Names in rows of no picture. */
  missing: string[];
}

/**
 * Lists pictures that lie flat in a folder, or in one folder a split, by a table beside them: a row names a picture, with or without its
 * ending or folder, and its class in one column, or with a 1 in that of its class (`labels.csv` of Kaggle's competitions). A split whose pictures have no rows is left out.
 * @returns null where pictures lie in folders of classes, and where no table names a tenth of the training pictures.
 * @throws FailureError where two tables, two columns or two rows say what the class is, and for a class that training does not know.
 */
export async function listByTable(tree: Tree): Promise<PictureList | null> {
  const tables = (await tree.list('')).others
    .map(({ name }) => name)
    .filter((name) => CSV.test(name) && !FORM.test(name));
  const places = tables.length > 0 ? await flatPlaces(tree) : null;
  if (!places) return null;
  const list: PictureList = { labels: [], splits: {}, leftOut: [], warnings: [] };
  for (const place of places) {
    const table = await tableOf(tree, tables, place);
    if (!table && place.split === 'train') {
      if (place.folder === '') throw noRows(tree, tables, place);
      return null;
    }
    if (table) take(tree, place, table, list);
    else {
      list.leftOut.push({ file: place.folder, reason: say('folders.left.unlabeled') });
      const facts = { folder: shownPath(place.folder), count: place.pictures.length };
      list.warnings.push(say('folders.unlabeled', facts));
    }
  }
  list.leftOut.sort(byPlace);
  return { ...list, leftOut: list.leftOut.map(({ file, reason }) => ({ file: shownPath(file), reason })) };
}

/** Where pictures lie side by side, the training split first; null where they lie in folders of classes. */
async function flatPlaces(tree: Tree): Promise<Flat[] | null> {
  const { folders, pictures } = await tree.list('');
  const holding: Flat[] = [];
  for (const folder of folders) {
    if (COMPANION_FOLDER.test(folder) || !(await tree.holdsPictures(folder))) continue;
    const own = await tree.list(folder);
    for (const further of own.folders) if (await tree.holdsPictures(inside(folder, further))) return null;
    holding.push({ split: 'train', folder, pictures: own.pictures });
  }
  if (pictures.length > 0) return holding.length === 0 ? [{ split: 'train', folder: '', pictures }] : null;
  if (holding.length === 1) return holding;
  const splits = splitsAmong(holding.map(({ folder }) => folder));
  if (splits?.size !== holding.length || ![...splits.values()].includes('train')) return null;
  return holding
    .map((place) => ({ ...place, split: splits.get(place.folder)! }))
    .sort((a, b) => Number(b.split === 'train') - Number(a.split === 'train'));
}

/** The table that names enough of the pictures; one that is called as their split comes before others. */
async function tableOf(tree: Tree, tables: readonly string[], place: Flat): Promise<LabelTable | null> {
  const called = (name: string): RawSplit | null => splitOf(name.replace(CSV, '').replace(/[-_ ]?labels?$/i, ''));
  const own = tables.filter((name) => called(name) === place.split);
  for (const some of [own, tables.filter((name) => called(name) === null)]) {
    const found: LabelTable[] = [];
    for (const name of some) {
      const table = await readLabelTable(tree, name, place);
      if (table) found.push(table);
    }
    if (found.length > 1)
      throw dataFailure(tree.root, say('folders.table.several', { names: quotedList(found.map(({ name }) => name)) }));
    if (found.length === 1) return found[0];
  }
  return null;
}

async function readLabelTable(tree: Tree, name: string, { folder, pictures }: Flat): Promise<LabelTable | null> {
  const path = join(tree.root, name);
  const rows = await rowsOf(path);
  const known = new Map<string, string>();
  for (const picture of pictures)
    for (const key of [picture.replace(PICTURE, ''), picture, inside(folder, picture)])
      known.set(sameName(key), picture);
  const pictureOf = (field: string | undefined): string | undefined =>
    field === undefined ? undefined : known.get(sameName(field.replace(/^\.?\//, '')));
  const columns = Math.max(0, ...rows.map(({ length }) => length));
  const hits = Array.from({ length: columns }, (_, i) => new Set(rows.flatMap((row) => pictureOf(row[i]) ?? [])).size);
  const file = hits.indexOf(Math.max(...hits));
  if (columns < 2 || hits[file] === 0 || hits[file] < LEAST_SHARE * pictures.length) return null;
  const named = pictureOf(rows[0][file]) === undefined;
  const heading = (i: number): string => (named ? rows[0][i] : String(i + 1));
  const others = hits.flatMap((_, i) => (i === file ? [] : [i]));
  const body = rows.slice(named ? 1 : 0);
  const classes = others.length === 1 ? others : others.filter((i) => named && CLASS.test(heading(i)));
  const marked = named && others.length > 1 && body.every((row) => isOneHot(others.map((i) => row[i])));
  if (classes.length !== 1 && !marked)
    throw dataFailure(
      path,
      say('folders.table.columns', { file: heading(file), names: quotedList(others.map(heading)) }),
    );
  const labels = new Map<string, string>();
  const missing: string[] = [];
  for (const row of body) {
    const picture = pictureOf(row[file]);
    const label = sameName((marked ? heading(others.find((i) => Number(row[i]) === 1)!) : row[classes[0]]) ?? '');
    if (picture === undefined) missing.push(row[file] ?? '');
    else if ((labels.get(picture) ?? label) !== label)
      throw dataFailure(
        path,
        say('folders.table.two', { file: shownPath(picture), a: labels.get(picture)!, b: label }),
      );
    else labels.set(picture, label);
  }
  return { name, column: marked ? others.map(heading).join(', ') : heading(classes[0]), labels, missing };
}

/** A one among zeros: the column says what the class is. */
const isOneHot = (fields: readonly (string | undefined)[]): boolean =>
  fields.every((field) => field && (Number(field) === 0 || Number(field) === 1)) &&
  fields.filter((field) => Number(field) === 1).length === 1;

async function rowsOf(path: string): Promise<string[][]> {
  const rows: string[][] = [];
  let row: string[] = [];
  let bytes = 0;
  await readTable(
    path,
    { note: () => undefined },
    {
      first: (fields) => rows.push(fields),
      text(value) {
        row.push(value);
        bytes += 32 + 2 * value.length;
      },
      row() {
        checkSize(path, THE_FILE, bytes, null);
        rows.push(row);
        row = [];
      },
    },
  );
  return rows;
}

/** Adds a split's pictures to the list, each by its row. */
function take(tree: Tree, place: Flat, { name, column, labels, missing }: LabelTable, list: PictureList): void {
  const { split, folder, pictures } = place;
  const own = new Set([...labels.values()].filter((label) => label !== ''));
  if (split === 'train') list.labels = [...own].sort(byCodeUnits);
  const index = new Map(list.labels.map((label, i) => [label, i]));
  const files: ImageFile[] = [];
  for (const picture of pictures) {
    const label = labels.get(picture);
    const path = inside(folder, picture);
    if (label === undefined) list.leftOut.push(left(path, say('folders.table.unlisted', { table: shownPath(name) })));
    else if (label === '') list.leftOut.push(left(path, say('folders.table.empty', { table: shownPath(name) })));
    else if (index.has(label)) files.push({ path, label: index.get(label)! });
    else
      throw dataFailure(join(tree.root, name), say('folders.unknown-class', { label, known: quotedList(list.labels) }));
  }
  if (files.length > 0) list.splits[split] = files;
  const facts = { table: shownPath(name), column, count: files.length, folder: shownPath(folder) || '.' };
  list.warnings.push(say('folders.table.read', facts));
  if (missing.length > 0)
    list.warnings.push(
      say('folders.table.missing', { table: shownPath(name), count: missing.length, names: limited(missing) }),
    );
}

const left = (file: string, reason: Message): LeftOut => ({ file, reason });

/** Of pictures without folders, none of whose tables names them. */
const noRows = (tree: Tree, tables: readonly string[], { pictures }: Flat): Error =>
  dataFailure(
    tree.root,
    say('folders.table.no-match', {
      count: pictures.length,
      example: shownPath(pictures[0]),
      tables: quotedList(tables.map(shownPath)),
    }),
  );

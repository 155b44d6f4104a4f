import { say, type Message, type Value } from '../../../words';
import { shownPath } from '../entries';
import { dataFailure } from '../failure';
import type { RawSplit } from '../raw';
import { inside, type Tree } from './tree';

/** Folders and names that a message lists. */
const LISTED = 8;

/** The folders of a place and how many pictures lie in them, two deep. */
export async function seen(tree: Tree, place: string): Promise<Value[]> {
  const lines: Value[] = [];
  const line = async (path: string): Promise<Value> =>
    say('folders.node', {
      folder: shownPath(path),
      count: (await tree.pictures(path).catch(() => ({ pictures: [] }))).pictures.length,
    });
  for (const name of (await tree.list(place)).folders) {
    const path = inside(place, name);
    const own = await tree.list(path).catch(() => ({ folders: [], pictures: [] }));
    if (own.pictures.length > 0 || own.folders.length === 0) lines.push(await line(path));
    else for (const inner of own.folders) lines.push(await line(inside(path, inner)));
    if (lines.length > LISTED) break;
  }
  return limited(lines);
}

export const splitName = (split: RawSplit): Message => say(`folders.part.${split}`);

export const limited = (list: readonly Value[]): Value[] =>
  list.length > LISTED ? [...list.slice(0, LISTED), '…'] : [...list];

/** Some names, quoted. */
export const quotedList = (names: readonly string[]): Value[] =>
  limited(names.map((name) => say('folders.name', { name })));

/** @throws nothing; returns what to say of pictures that lie in no folder of a class. */
export async function flatFailure(tree: Tree, folder: string): Promise<Error> {
  const found = [...(await tree.list('')).others, ...(await tree.list(folder)).others];
  const table = found.find(({ name }) => /\.(csv|tsv|json|xlsx?|txt|parquet)$/i.test(name) && !/readme/i.test(name));
  return dataFailure(
    tree.root,
    say('folders.flat', {
      folder: shownPath(folder),
      tree: await seen(tree, ''),
      table: table ? say('folders.table', { file: shownPath(table.name) }) : '',
    }),
  );
}

import { join } from 'node:path';
import { say, type Message } from '../../../words';
import { byCodeUnits, shownPath } from '../entries';
import { dataFailure } from '../failure';
import { whatToDoWith } from '../foreign';
import { listByTable } from './by-table';
import type { Split } from './classes';
import { layoutOf } from './layout';
import { quotedList, seen } from './telling';
import type { ImageFile, PictureList } from '../formats/format';
import type { LeftOut } from '../raw';
import { byPlace, ENDINGS, Tree } from './tree';

/**
 * Lists the pictures of a folder per class, with or without folders for the splits above (see `layoutOf`), or of a table that names their
 * classes (see `listByTable`).
 * @param purpose to learn from, two classes at least, none of them empty; to look at, any.
 * @throws FailureError for no class, a single class, a class without a picture, or one that training does not know.
 */
export async function listFolders(root: string, purpose: 'learn' | 'look' = 'learn'): Promise<PictureList> {
  const tree = new Tree(root);
  const listed = await listByTable(tree);
  if (listed) return listed;
  const { splits: layout, warnings, leftOut } = await layoutOf(tree);
  const train = layout.find(({ split }) => split === 'train');
  if (!train && purpose === 'learn')
    throw dataFailure(root, say('folders.no-training', { tree: await seen(tree, '') }));
  // To be looked at, a set may be a test split alone.
  const known = new Set((train ? [train] : layout).flatMap(({ classes }) => [...classes.keys()]));
  const labels = [...known].sort(byCodeUnits);
  if (labels.length === 0)
    throw dataFailure(root, say('folders.no-class', { tree: await seen(tree, ''), hint: await hintFor(tree) }));

  const index = new Map(labels.map((label, i) => [label, i]));
  const splits: PictureList['splits'] = {};
  const empty: string[] = [];
  for (const { split, folder, classes } of layout) {
    const files: ImageFile[] = [];
    for (const [label, folders] of classes) {
      if (!known.has(label))
        throw dataFailure(join(root, folder), say('folders.unknown-class', { label, known: quotedList(labels) }));
      const found = await picturesOf(tree, folders, leftOut);
      if (found.length === 0 && split === 'train') empty.push(label);
      files.push(...found.map((path) => ({ path, label: index.get(label)! })));
    }
    if (files.length > 0) splits[split] = files;
  }
  leftOut.sort(byPlace);
  if (purpose === 'learn') {
    if (Object.keys(splits).length === 0) throw dataFailure(root, await withoutPicture(tree, labels.length, leftOut));
    if (empty.length > 0) throw dataFailure(root, emptyClass(empty[0], train!, leftOut));
    if (labels.length === 1) throw await singleClass(tree, labels[0], train!);
  }
  return { labels, splits, leftOut: leftOut.map(({ file, reason }) => ({ file: shownPath(file), reason })), warnings };
}

async function picturesOf(tree: Tree, folders: readonly string[], leftOut: LeftOut[]): Promise<string[]> {
  const paths: string[] = [];
  for (const folder of folders) {
    const found = await tree.pictures(folder);
    paths.push(...found.pictures);
    leftOut.push(...found.leftOut);
  }
  return paths;
}

/** A description of what a class folder contains instead of pictures. */
function emptyClass(label: string, { classes }: Split, leftOut: readonly LeftOut[]): Message {
  const folders = classes.get(label)!;
  const inside = leftOut.filter(({ file }) => folders.some((folder) => file.startsWith(`${folder}/`)));
  return inside.length === 0
    ? say('folders.empty-class', { label })
    : say('folders.empty-class-of', { label, count: inside.length, ...telling(inside) });
}

/** A description of what the folders contain instead of pictures. */
async function withoutPicture(tree: Tree, count: number, leftOut: readonly LeftOut[]): Promise<Message> {
  const hint = await hintFor(tree);
  return leftOut.length === 0 || hint !== ''
    ? say('folders.no-picture', { count, endings: ENDINGS, hint })
    : say('folders.no-picture-of', { count, left: leftOut.length, ...telling(leftOut) });
}

/** What to do with files beside the folders, as far as their names tell. */
const hintFor = async (tree: Tree): Promise<Message | ''> =>
  whatToDoWith((await tree.list('')).others.map(({ name }) => shownPath(name))) ?? '';

/** The most informative of the files left out: a picture of an unsupported kind before a hidden file. */
function telling(leftOut: readonly LeftOut[]): { file: string; reason: Message } {
  const worth = ({ reason }: LeftOut): number => ['folders.left.ending', 'folders.left.kind'].indexOf(reason.code);
  const { file, reason } = leftOut.reduce((best, each) => (worth(each) > worth(best) ? each : best));
  return { file: shownPath(file), reason };
}

async function singleClass(tree: Tree, label: string, { classes }: Split): Promise<Error> {
  const [folder] = classes.get(label)!;
  const further = (await tree.list(folder)).pictures.length === 0;
  return dataFailure(tree.root, say(further ? 'folders.single-nested' : 'folders.single', { label }));
}

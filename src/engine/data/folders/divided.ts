import { basename } from 'node:path';
import { say } from '../../../words';
import { shownPath } from '../entries';
import { dataFailure } from '../failure';
import { IMAGES_FOLDER, sameLetters, sameName } from '../names';
import type { RawSplit } from '../raw';
import { imagesBeside, leaveCompanions, leaveFiles } from './beside';
import { byName, warnOfJoined, type Layout } from './classes';
import { flatFailure, splitName, quotedList } from './telling';
import { inside, type Tree } from './tree';

const UNLABELLED = /^(un(known|label(l?ed)?|classified|sorted|sup)|no[-_ ]?labels?|预测|未标注)$/i;

/** Folders in each other that a split's classes may lie in. */
const DEEPEST = 3;

/** A set with folders for its splits. @param splits the folders and the split that each is. */
export async function divided(tree: Tree, place: string, splits: Map<string, RawSplit>, layout: Layout): Promise<void> {
  const { folders } = await tree.list(place);
  await leaveFiles(tree, place, layout, say('folders.left.beside-splits'));
  for (const name of folders)
    if (!splits.has(name))
      layout.leftOut.push({ file: inside(place, name), reason: say('folders.left.beside-splits') });
  // The training split first: what it knows are the classes of the others.
  const order = [...splits].sort(([, a], [, b]) => Number(b === 'train') - Number(a === 'train'));
  for (const [name, split] of order) {
    const twin = order.find(([other, its]) => its === split && other !== name);
    if (twin) {
      const [a, b] = [name, twin[0]].sort().map(shownPath);
      throw dataFailure(tree.root, say('folders.two-splits', { part: splitName(split), a, b }));
    }
    const known = layout.splits.find((each) => each.split === 'train')?.classes ?? null;
    await addSplit(tree, inside(place, name), split, known, layout);
  }
}

async function addSplit(
  tree: Tree,
  folder: string,
  split: RawSplit,
  known: ReadonlyMap<string, unknown> | null,
  layout: Layout,
): Promise<void> {
  const place = await classesInside(tree, folder, known, layout);
  const { folders, pictures } = await tree.list(place);
  const holding: string[] = [];
  for (const name of folders) if (await tree.holdsPictures(inside(place, name))) holding.push(name);
  const nameless = (name: string): boolean =>
    !known?.has(sameName(name)) && (UNLABELLED.test(name) || (holding.length === 1 && isWrapper(name, folder)));
  const count = (await tree.pictures(place)).pictures.length;
  const flat = holding.length === 0 ? pictures.length > 0 : holding.every(nameless);
  if (flat && split === 'train') throw await flatFailure(tree, folder);
  if (flat) {
    layout.leftOut.push({ file: folder, reason: say('folders.left.unlabeled') });
    layout.warnings.push(say('folders.unlabeled', { folder: shownPath(folder), count }));
    return;
  }
  if (count === 0 && split !== 'train') {
    layout.leftOut.push({ file: folder, reason: say('folders.left.no-picture') });
    layout.warnings.push(say('folders.empty-split', { folder: shownPath(folder), part: splitName(split) }));
    return;
  }
  await leaveFiles(tree, place, layout, say('folders.left.beside-classes'));
  const named = folders.filter((name) => {
    if (!UNLABELLED.test(name) || !known || known.has(sameName(name))) return true;
    layout.leftOut.push({ file: inside(place, name), reason: say('folders.left.unlabeled') });
    return false;
  });
  const classes = byName(place, named, known, layout);
  layout.splits.push({ split, folder, classes });
  const lacking = [...(known ?? new Map<string, unknown>()).keys()].filter((label) => !classes.has(label));
  if (lacking.length > 0)
    layout.warnings.push(
      say('folders.lacking', { folder: shownPath(folder), count: lacking.length, names: quotedList(lacking) }),
    );
  if (split === 'train') await warnOfJoined(tree, classes, layout);
}

/** A folder that only holds what lies in it: `images`, or one called as the folder around it. */
const isWrapper = (name: string, around: string): boolean =>
  IMAGES_FOLDER.test(name) || sameLetters(name) === sameLetters(basename(around));

/** Where in a split its classes lie: mostly there, but in `seg_train/seg_train`, or in `train/images` beside `train/labels`, one further. */
async function classesInside(
  tree: Tree,
  folder: string,
  known: ReadonlyMap<string, unknown> | null,
  layout: Layout,
): Promise<string> {
  let place = folder;
  for (let depth = 0; depth < DEEPEST; depth++) {
    const { folders, pictures } = await tree.list(place);
    if (pictures.length > 0) break;
    const images = await imagesBeside(tree, place);
    if (images !== null) {
      await leaveCompanions(tree, place, images, layout);
      place = inside(place, images);
      continue;
    }
    const [only] = folders;
    if (folders.length !== 1 || known?.has(sameName(only))) break;
    const further = await tree.list(inside(place, only));
    if (further.pictures.length > 0) break;
    let classes = 0;
    for (const name of further.folders) if (await tree.holdsPictures(inside(inside(place, only), name))) classes++;
    if (classes < (isWrapper(only, place) ? 1 : 2)) break;
    place = inside(place, only);
  }
  return place;
}

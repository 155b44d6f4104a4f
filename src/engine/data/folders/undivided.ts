import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { say } from '../../../words';
import { fileSystemPath, shownPath } from '../entries';
import { dataFailure } from '../failure';
import { COMPANION_FOLDER, FOLD, IMAGES_FOLDER, sameLetters, sameName, splitGroups, splitsAmong } from '../names';
import type { RawSplit } from '../raw';
import { leaveFiles } from './beside';
import { byName, warnOfJoined, type Layout } from './classes';
import { flatFailure, quotedList, seen } from './telling';
import { inside, type Tree } from './tree';

/** A set without folders for splits: a folder is a class. */
export async function undivided(tree: Tree, place: string, layout: Layout): Promise<void> {
  const { folders } = await tree.list(place);
  await leaveFiles(tree, place, layout, say('folders.left.beside-classes'));
  if (folders.length > 1 && folders.every((name) => FOLD.test(name)))
    throw dataFailure(
      tree.root,
      say('folders.folds', { tree: await seen(tree, place), example: shownPath(folders[0]) }),
    );
  if (splitGroups(folders).length > 1)
    throw dataFailure(tree.root, say('folders.several-splits', { tree: await seen(tree, place) }));
  const candidates: string[] = [];
  for (const name of folders) {
    if (COMPANION_FOLDER.test(name) && !(await tree.holdsPictures(inside(place, name)))) {
      layout.leftOut.push({ file: inside(place, name), reason: say('folders.left.companion') });
    } else if (!(await isCopy(tree, place, name, folders, layout))) candidates.push(name);
  }
  const wrappers = candidates.filter((name) => IMAGES_FOLDER.test(name) || COMPANION_FOLDER.test(name));
  if (wrappers.some((name) => IMAGES_FOLDER.test(name)) && wrappers.length === candidates.length)
    throw await flatFailure(
      tree,
      inside(
        place,
        wrappers.find((name) => IMAGES_FOLDER.test(name))!,
      ),
    );
  if (await addTransposed(tree, place, candidates, layout)) return;
  await refuseVersions(tree, place, candidates);
  const classes = byName(place, candidates, null, layout);
  layout.splits.push({ split: 'train', folder: place, classes });
  await warnOfJoined(tree, classes, layout);
}

/** Whether a folder holds the very classes that lie beside it, picture by picture, as archives that hold themselves do. @throws FailureError where it holds others. */
async function isCopy(
  tree: Tree,
  place: string,
  name: string,
  beside: readonly string[],
  layout: Layout,
): Promise<boolean> {
  const folder = inside(place, name);
  const own = await tree.list(folder).catch(() => null);
  if (!own || own.pictures.length > 0 || own.folders.length < 2) return false;
  const siblings = new Set(beside.map(sameName));
  if (!own.folders.every((each) => siblings.has(sameName(each)))) return false;
  for (const label of own.folders) {
    const sibling = beside.find((each) => sameName(each) === sameName(label))!;
    const [copy, original] = [inside(folder, label), inside(place, sibling)];
    const there = new Set((await tree.pictures(original)).pictures.map((path) => path.slice(original.length)));
    for (const path of (await tree.pictures(copy)).pictures) {
      const rest = path.slice(copy.length);
      if (there.has(rest) && (await sameSize(tree, path, original + rest))) continue;
      const values = { folder: shownPath(folder), label: shownPath(label), tree: await seen(tree, place) };
      throw dataFailure(tree.root, say('folders.half-copy', values));
    }
  }
  layout.leftOut.push({ file: folder, reason: say('folders.left.copy') });
  layout.warnings.push(say('folders.copy', { folder: shownPath(folder) }));
  return true;
}

async function sameSize(tree: Tree, a: string, b: string): Promise<boolean> {
  const [one, other] = await Promise.all([a, b].map((path) => stat(fileSystemPath(join(tree.root, path)))));
  return one.size === other.size;
}

/**
 * Classes that are each divided (`cat/train`, `cat/test`): splits all the same.
 * @throws FailureError where their splits hold folders of pictures: sets beside each other (`run1/train/cat`, `run2/train/cat`).
 */
async function addTransposed(
  tree: Tree,
  place: string,
  candidates: readonly string[],
  layout: Layout,
): Promise<boolean> {
  if (candidates.length < 2) return false;
  const divided = new Map<RawSplit, Map<string, string[]>>();
  const names = new Set<string>();
  for (const name of candidates) {
    const { folders, pictures } = await tree.list(inside(place, name));
    const splits = pictures.length === 0 ? splitsAmong(folders) : null;
    if (!splits || splits.size !== folders.length) return false;
    for (const [folder, split] of splits) {
      // Folders of pictures in a split are classes: then this is a set of its own, not a class.
      const within = inside(inside(place, name), folder);
      for (const further of (await tree.list(within)).folders)
        if (await tree.holdsPictures(inside(within, further)))
          throw dataFailure(tree.root, say('folders.several-splits', { tree: await seen(tree, place) }));
      const classes = divided.get(split) ?? new Map<string, string[]>();
      const label = shownPath(sameName(name));
      classes.set(label, [...(classes.get(label) ?? []), inside(inside(place, name), folder)]);
      divided.set(split, classes);
      names.add(shownPath(folder));
    }
  }
  for (const [split, classes] of divided) layout.splits.push({ split, folder: place, classes });
  layout.warnings.push(say('folders.transposed', { names: quotedList([...names]) }));
  return true;
}

/** @throws FailureError where all folders hold the same folders: versions of one set, or classes with the same parts in each. */
async function refuseVersions(tree: Tree, place: string, candidates: readonly string[]): Promise<void> {
  if (candidates.length < 2) return;
  let shared: Set<string> | null = null;
  for (const name of candidates) {
    const { folders, pictures } = await tree.list(inside(place, name));
    if (pictures.length > 0) return;
    const own = new Set(folders.map(sameLetters));
    shared = new Set([...(shared ?? own)].filter((each) => own.has(each)));
    if (shared.size < 2) return;
  }
  const values = {
    names: quotedList(candidates.map(shownPath)),
    inner: quotedList([...shared!].map(shownPath)),
    tree: await seen(tree, place),
  };
  throw dataFailure(tree.root, say('folders.versions', values));
}

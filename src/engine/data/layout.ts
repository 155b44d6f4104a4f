import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { say, type Message, type Value } from '../../words';
import { fileSystemPath, shownPath } from './entries';
import { dataFailure } from './failure';
import {
  COMPANION_FOLDER,
  FOLD,
  IMAGES_FOLDER,
  looksLikeNoClass,
  sameLetters,
  sameName,
  splitGroups,
  splitOf,
  splitsAmong,
} from './names';
import type { LeftOut, RawPart } from './raw';
import { inside, type Tree } from './tree';

/** A split of a set, or the whole of one that is not divided. */
export interface Split {
  part: RawPart;
  /** Its folder; '' for the set's own. */
  folder: string;
  /** The folders that hold each class's pictures, by the class's name. */
  classes: Map<string, string[]>;
}

export interface Layout {
  splits: Split[];
  warnings: Message[];
  leftOut: LeftOut[];
}

/** Classes of pictures that nobody has named. */
const WITHOUT_LABEL = /^(unlabel(l?ed)?|no[-_ ]?labels?|未标注)$/i;
const UNLABELLED = /^(un(known|label(l?ed)?|classified|sorted|sup)|no[-_ ]?labels?|预测|未标注)$/i;
/** Folders in each other that a split's classes may lie in. */
const DEEPEST = 3;
/** Folders and names that a message lists. */
const LISTED = 8;

/**
 * Tells what the folders of a set are: splits, classes, or neither. Nothing is guessed in silence: what could be read in two
 * ways is refused with the folders that were seen, what was left out or joined is a warning.
 * @throws FailureError for folders that are no classes.
 */
export async function layoutOf(tree: Tree): Promise<Layout> {
  const layout: Layout = { splits: [], warnings: [], leftOut: [] };
  let place = '';
  for (;;) {
    const { folders } = await tree.list(place);
    const splits = splitsAmong(folders);
    if (splits) {
      await divided(tree, place, splits, layout);
      break;
    }
    const images = (await imagesBeside(tree, place)) ?? (await setBeside(tree, place));
    if (images === null) {
      await undivided(tree, place, layout);
      break;
    }
    await leaveCompanions(tree, place, images, layout);
    place = inside(place, images);
  }
  layout.warnings.push(...likeSplits(layout));
  return layout;
}

// ---- a set that is divided ----

async function divided(tree: Tree, place: string, parts: Map<string, RawPart>, layout: Layout): Promise<void> {
  const { folders } = await tree.list(place);
  await leaveFiles(tree, place, layout, say('folders.left.beside-splits'));
  for (const name of folders)
    if (!parts.has(name)) layout.leftOut.push({ file: inside(place, name), reason: say('folders.left.beside-splits') });
  // The training split first: what it knows are the classes of the others.
  const order = [...parts].sort(([, a], [, b]) => Number(b === 'train') - Number(a === 'train'));
  for (const [name, part] of order) {
    const twin = order.find(([other, its]) => its === part && other !== name);
    if (twin) {
      const [a, b] = [name, twin[0]].sort().map(shownPath);
      throw dataFailure(tree.root, say('folders.two-splits', { part: partName(part), a, b }));
    }
    const known = layout.splits.find((split) => split.part === 'train')?.classes ?? null;
    await addSplit(tree, inside(place, name), part, known, layout);
  }
}

async function addSplit(
  tree: Tree,
  folder: string,
  part: RawPart,
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
  if (flat && part === 'train') throw await flatFailure(tree, folder);
  if (flat) {
    layout.leftOut.push({ file: folder, reason: say('folders.left.unlabelled') });
    layout.warnings.push(say('folders.unlabelled', { folder: shownPath(folder), count }));
    return;
  }
  if (count === 0 && part !== 'train') {
    layout.leftOut.push({ file: folder, reason: say('folders.left.no-picture') });
    layout.warnings.push(say('folders.empty-split', { folder: shownPath(folder), part: partName(part) }));
    return;
  }
  await leaveFiles(tree, place, layout, say('folders.left.beside-classes'));
  const named = folders.filter((name) => {
    if (!UNLABELLED.test(name) || !known || known.has(sameName(name))) return true;
    layout.leftOut.push({ file: inside(place, name), reason: say('folders.left.unlabelled') });
    return false;
  });
  const classes = byName(place, named, known, layout);
  layout.splits.push({ part, folder, classes });
  const lacking = [...(known ?? new Map<string, unknown>()).keys()].filter((label) => !classes.has(label));
  if (lacking.length > 0)
    layout.warnings.push(
      say('folders.lacking', { folder: shownPath(folder), count: lacking.length, names: quotedList(lacking) }),
    );
  if (part === 'train') await warnOfJoined(tree, classes, layout);
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

/** Folders as classes by their names; of a split beside the training split, by the names that it has. */
function byName(
  place: string,
  folders: readonly string[],
  known: ReadonlyMap<string, unknown> | null,
  layout: Layout,
): Map<string, string[]> {
  const classes = new Map<string, string[]>();
  const otherCase: string[] = [];
  for (const folder of folders) {
    let label = shownPath(sameName(folder));
    if (known && !known.has(label)) {
      const alike = [...known.keys()].filter((each) => sameLetters(each) === sameLetters(label));
      if (alike.length === 1) {
        otherCase.push(label);
        [label] = alike;
      }
    }
    const paths = classes.get(label) ?? [];
    paths.push(inside(place, folder));
    classes.set(label, paths);
  }
  if (otherCase.length > 0)
    layout.warnings.push(say('folders.other-case', { folder: shownPath(place), names: quotedList(otherCase) }));
  const twice = [...classes].filter(([, paths]) => paths.length > 1).map(([label]) => label);
  if (twice.length > 0) layout.warnings.push(say('folders.same-name', { names: quotedList(twice) }));
  const labels = [...classes.keys()];
  const alike = labels.filter((a) => labels.some((b) => a !== b && sameLetters(a) === sameLetters(b)));
  if (alike.length > 0) layout.warnings.push(say('folders.case-twice', { names: quotedList(alike) }));
  const bytes = folders.filter((folder) => shownPath(folder) !== folder).map(shownPath);
  if (bytes.length > 0) layout.warnings.push(say('folders.encoding', { names: quotedList(bytes) }));
  return classes;
}

// ---- a set that is not ----

async function undivided(tree: Tree, place: string, layout: Layout): Promise<void> {
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
  layout.splits.push({ part: 'train', folder: place, classes });
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
  const parts = new Map<RawPart, Map<string, string[]>>();
  const names = new Set<string>();
  for (const name of candidates) {
    const { folders, pictures } = await tree.list(inside(place, name));
    const splits = pictures.length === 0 ? splitsAmong(folders) : null;
    if (!splits || splits.size !== folders.length) return false;
    for (const [folder, part] of splits) {
      // Folders of pictures in a split are classes: then this is a set of its own, not a class.
      const within = inside(inside(place, name), folder);
      for (const further of (await tree.list(within)).folders)
        if (await tree.holdsPictures(inside(within, further)))
          throw dataFailure(tree.root, say('folders.several-splits', { tree: await seen(tree, place) }));
      const classes = parts.get(part) ?? new Map<string, string[]>();
      const label = shownPath(sameName(name));
      classes.set(label, [...(classes.get(label) ?? []), inside(inside(place, name), folder)]);
      parts.set(part, classes);
      names.add(shownPath(folder));
    }
  }
  for (const [part, classes] of parts) layout.splits.push({ part, folder: place, classes });
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

// ---- both ----

/** The folder `images` where all beside it is none of pictures, or what belongs to them (`labels`, `masks`), and it holds folders of pictures. */
async function imagesBeside(tree: Tree, place: string): Promise<string | null> {
  const { folders } = await tree.list(place);
  const images = folders.filter((name) => IMAGES_FOLDER.test(name));
  if (images.length !== 1 || folders.length < 2) return null;
  for (const name of folders) {
    if (name === images[0] || COMPANION_FOLDER.test(name)) continue;
    if (await tree.holdsPictures(inside(place, name))) return null;
  }
  const folder = inside(place, images[0]);
  for (const name of (await tree.list(folder)).folders)
    if (await tree.holdsPictures(inside(folder, name))) return images[0];
  return null;
}

/** The one folder that holds pictures, in splits, beside others that hold none: a project's `data` beside its `models`. */
async function setBeside(tree: Tree, place: string): Promise<string | null> {
  const { folders } = await tree.list(place);
  if (folders.length < 2) return null;
  const holding: string[] = [];
  for (const name of folders) if (await tree.holdsPictures(inside(place, name))) holding.push(name);
  if (holding.length !== 1) return null;
  const { folders: within, pictures } = await tree.list(inside(place, holding[0]));
  return pictures.length === 0 && within.length > 1 && splitsAmong(within) ? holding[0] : null;
}

async function leaveCompanions(tree: Tree, place: string, images: string, layout: Layout): Promise<void> {
  const { folders } = await tree.list(place);
  const beside = folders.filter((name) => name !== images);
  await leaveFiles(tree, place, layout, say('folders.left.beside-images', { folder: images }));
  for (const name of beside)
    layout.leftOut.push({ file: inside(place, name), reason: say('folders.left.beside-images', { folder: images }) });
  const values = { folder: shownPath(inside(place, images)), beside: quotedList(beside.map(shownPath)) };
  layout.warnings.push(say('folders.images', values));
}

/** Leaves out what lies in a folder where only folders count; hidden files and the like for their own reason. */
async function leaveFiles(tree: Tree, place: string, { leftOut }: Layout, reason: Message): Promise<void> {
  const { pictures, others } = await tree.list(place);
  for (const name of pictures) leftOut.push({ file: inside(place, name), reason });
  for (const other of others) {
    const plain = other.reason.code === 'folders.left.ending' || other.reason.code === 'folders.left.kind';
    leftOut.push({ file: inside(place, other.name), reason: plain ? reason : other.reason });
  }
}

/** Says of classes without a picture of their own which folders inside them they join. */
async function warnOfJoined(tree: Tree, classes: Map<string, string[]>, { warnings }: Layout): Promise<void> {
  const joined: Value[] = [];
  for (const [label, paths] of classes) {
    const inner: string[] = [];
    for (const path of paths) {
      const { folders, pictures } = await tree.list(path);
      if (pictures.length > 0) continue;
      for (const name of folders) if (await tree.holdsPictures(inside(path, name))) inner.push(shownPath(name));
    }
    if (inner.length > 1) joined.push(say('folders.joined.class', { label, inner: quotedList(inner) }));
  }
  if (joined.length > 0) warnings.push(say('folders.joined', { classes: limited(joined) }));
}

/** Names that no class has. `train` may be the vehicle, `valid` the other of `invalid`. */
const isNoClass = (label: string): boolean =>
  IMAGES_FOLDER.test(label) ||
  COMPANION_FOLDER.test(label) ||
  WITHOUT_LABEL.test(label) ||
  (splitOf(label) !== null && splitOf(label) !== 'train' && !/^valid$/i.test(label));

/** Class names that are more likely splits, what belongs to pictures, or pictures without a class. */
function likeSplits({ splits }: Layout): Message[] {
  const labels = [...new Set(splits.flatMap(({ classes }) => [...classes.keys()]))];
  const odd = labels.filter((label) => looksLikeNoClass(label) || WITHOUT_LABEL.test(label));
  const telling = odd.some(isNoClass);
  if (odd.length === 0 || (!telling && odd.length < 2 && 2 * odd.length < labels.length)) return [];
  return [say('folders.like-splits', { names: quotedList(odd) })];
}

/** @throws nothing; returns what to say of pictures that lie in no folder of a class. */
async function flatFailure(tree: Tree, folder: string): Promise<Error> {
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

export const partName = (part: RawPart): Message => say(`folders.part.${part}`);

const limited = (list: readonly Value[]): Value[] =>
  list.length > LISTED ? [...list.slice(0, LISTED), '…'] : [...list];

/** Some names, quoted. */
export const quotedList = (names: readonly string[]): Value[] =>
  limited(names.map((name) => say('folders.name', { name })));

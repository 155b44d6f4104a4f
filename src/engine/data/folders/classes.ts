import { say, type Message, type Value } from '../../../words';
import { shownPath } from '../entries';
import { sameLetters, sameName } from '../names';
import type { LeftOut, RawSplit } from '../raw';
import { limited, quotedList } from './telling';
import { inside, type Tree } from './tree';

/** A split of a set, or the whole of one that is not divided. */
export interface Split {
  split: RawSplit;
  /** Its folder; '' for the set's own. */
  folder: string;
  /** The folders that hold each class's pictures, by the class's name. */
  classes: Map<string, string[]>;
}

/** What a set's folders are, while it is found out: `layoutOf` fills it. */
export interface Layout {
  splits: Split[];
  warnings: Message[];
  leftOut: LeftOut[];
}

/** Folders as classes by their names; of a split beside the training split, by the names that it has. */
export function byName(
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

/** Says of classes without a picture of their own which folders inside them they join. */
export async function warnOfJoined(tree: Tree, classes: Map<string, string[]>, { warnings }: Layout): Promise<void> {
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

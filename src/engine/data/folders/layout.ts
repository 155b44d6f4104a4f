import { say, type Message } from '../../../words';
import { COMPANION_FOLDER, IMAGES_FOLDER, looksLikeNoClass, splitOf, splitsAmong } from '../names';
import { imagesBeside, leaveCompanions, setBeside } from './beside';
import type { Layout } from './classes';
import { divided } from './divided';
import { quotedList } from './telling';
import { inside, type Tree } from './tree';
import { undivided } from './undivided';

/** Classes of unnamed pictures. */
const WITHOUT_LABEL = /^(unlabel(l?ed)?|no[-_ ]?labels?|未标注)$/i;

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

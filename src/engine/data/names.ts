import type { RawSplit } from './raw';

/** What the files of a data set are called, and its folders. */
export const IDX = /^(.*?)[-_.]?(images|labels)[-_.]idx([134])[-_.]ubyte(\.gz)?$/i;
export const CIFAR = /\.bin(\.gz)?$/i;
export const NPZ = /\.npz$/i;
export const NPY = /\.npy$/i;
export const CSV = /\.(csv|tsv)(\.gz)?$/i;
/** By their ending: what is worth decoding. Whether it really is a picture shows when it is decoded. */
export const PICTURE = /\.(png|jpe?g|jfif|webp|avif|gif|tiff?|svg)$/i;
/** Kinds of pictures that are not read, by their ending. */
export const OTHER_PICTURE = /\.(bmp|p[bgpn]m|heic|heif|jp2|j2k|jxl|ico|psd|dcm|raw|cr2|nef|dng)$/i;
/** Folders that systems put beside everything. */
export const SYSTEM_FOLDER = /^(__MACOSX|@eaDir|\$RECYCLE\.BIN|System Volume Information|lost\+found)$/i;

/** Usual names of the splits, by the words in a folder's name. `evaluation` is a test, or validation beside a test. */
const SPLIT_WORDS: readonly (readonly [RawSplit | 'evaluation', RegExp])[] = [
  ['train', /^(train(ing|val)?|训练)$/],
  ['validation', /^(val(id|idation|idate)?|dev|development|验证|校验|开发)$/],
  ['test', /^(test(ing)?|测试)$/],
  ['evaluation', /^(eval(uation)?|holdout|评估)$/],
];
/** Words beside them that change nothing: `training_set`, `Test images`, `val2017`, `test1`. */
const NEUTRAL =
  /^(sets?|data|datasets?|images?|imgs?|pictures?|pics?|photos?|folder|dir|split|part|the|my|\d+|集|数据集?|图[片像])$/;

interface NamedSplit {
  split: RawSplit | 'evaluation';
  /** The other words of the name, neutral ones apart: '' for a name that says nothing but the split. */
  rest: string;
}

/** The words of a name, in lower case: parted at signs, between a and B, at digits, and before a `set` or `data` at the end. */
function wordsOf(name: string): string[] {
  return name
    .normalize('NFC')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/(\d+)/g, ' $1 ')
    .toLowerCase()
    .replace(/hold[-_ ]out/g, 'holdout')
    .replace(/(train|training|val|valid|validation|test|testing|dev|eval)(set|data|images?|imgs?)(?![a-z])/g, '$1 $2')
    .replace(/(训练|验证|校验|开发|测试|评估)/g, ' $1 ')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

function splitName(name: string): NamedSplit | null {
  const found = new Set<RawSplit | 'evaluation'>();
  const rest: string[] = [];
  for (const word of wordsOf(name)) {
    const split = SPLIT_WORDS.find(([, pattern]) => pattern.test(word))?.[0];
    if (split) found.add(split);
    else if (!NEUTRAL.test(word)) rest.push(word);
  }
  // `train_val` is what both are before they are divided.
  if (found.size === 2 && found.has('train') && found.has('validation')) found.delete('validation');
  if (found.size !== 1) return null;
  return { split: [...found][0], rest: rest.join(' ') };
}

/** The split that a folder of such a name is, where the name says nothing else; null for a class. */
export function splitOf(folder: string): RawSplit | null {
  const found = splitName(folder);
  if (found?.rest !== '') return null;
  return found.split === 'evaluation' ? 'test' : found.split;
}

/**
 * Which of these folders, side by side, are the splits of a set: all are called so, or `train` and another one are, or some
 * share all other words (`seg_train`, `seg_test`). A class may be called `train` too: alone it says nothing.
 * @returns null where they are no splits.
 */
export function splitsAmong(folders: readonly string[]): Map<string, RawSplit> | null {
  const groups = splitGroups(folders);
  // Those whose names say nothing else come first.
  return groups.find(({ rest }) => rest === '')?.splits ?? (groups.length === 1 ? groups[0].splits : null);
}

/** Each group of folders that would be the splits of a set, with the words that their names share. */
export function splitGroups(folders: readonly string[]): { rest: string; splits: Map<string, RawSplit> }[] {
  const named = folders.map((folder) => ({ folder, found: splitName(folder) }));
  const rests = new Set(named.flatMap(({ found }) => (found ? [found.rest] : [])));
  return [...rests].flatMap((rest) => {
    const group = named.flatMap(({ folder, found }) => (found?.rest === rest ? [{ folder, split: found.split }] : []));
    const hasTest = group.some(({ split }) => split === 'test');
    const splits = new Map(
      group.map(({ folder, split }) => [folder, split === 'evaluation' ? (hasTest ? 'validation' : 'test') : split]),
    );
    const present = new Set(splits.values());
    const all = rest === '' && group.length === folders.length;
    return all || (present.has('train') && present.size > 1) ? [{ rest, splits }] : [];
  });
}

/** Whether a class of such a name is more likely a split, or what belongs to pictures. */
export const looksLikeNoClass = (name: string): boolean =>
  splitName(name) !== null || IMAGES_FOLDER.test(name) || COMPANION_FOLDER.test(name) || FOLD.test(name);

/** Folders that hold the pictures of a set beside what belongs to them. */
export const IMAGES_FOLDER = /^(images?|imgs?|pictures?|photos?|jpe?gs?|pngs?|jpegimages|rgb)$/i;
/** Folders of what belongs to pictures: never classes. */
export const COMPANION_FOLDER =
  /^(labels?|annotations?|annots?|anns?|masks|trimaps?|segmentations?|segmentationclass|segmentationobject|xmls?|bbox(es)?|bounding_?boxes|imagesets|ground_?truths?|gt|keypoints|landmarks|meta|metadata|docs?|scripts?|lists|attributes)$/i;
/** Parts of a set that was divided for cross-validation. */
export const FOLD = /^((k[-_ ]?)?folds?|cv|k)[-_ ]?\d+$|^\d+[-_ ]?folds?$/i;

/** A name in one Unicode form (a Mac writes é as e and an accent). */
export const sameName = (name: string): string => name.normalize('NFC');
/** The same name but for capitals. */
export const sameLetters = (name: string): string => sameName(name).toLowerCase();

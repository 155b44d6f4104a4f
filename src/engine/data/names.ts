import type { RawPart } from './raw';

/** What the files of a data set are called, and its folders. */
export const IDX = /^(.*?)[-_.]?(images|labels)[-_.]idx([134])[-_.]ubyte(\.gz)?$/i;
export const CIFAR = /\.bin(\.gz)?$/i;
export const NPZ = /\.npz$/i;
/** By their ending: what is worth decoding. Whether it really is a picture shows when it is decoded. */
export const PICTURE = /\.(png|jpe?g|jfif|webp|avif|gif|tiff?|svg)$/i;
/** Folders that systems put beside everything. */
export const SYSTEM_FOLDER = /^(__MACOSX|@eaDir|\$RECYCLE\.BIN|System Volume Information|lost\+found)$/i;

/** What people call the parts: `train`, `Training`, `test_set`, `valid` … */
const PART_FOLDERS: readonly (readonly [RawPart, RegExp])[] = [
  ['train', /^train(ing)?[-_ ]?(set|data|images)?$/i],
  ['validation', /^val(id|idation)?[-_ ]?(set|data|images)?$/i],
  ['test', /^test(ing)?[-_ ]?(set|data|images)?$/i],
];
/** The part that a folder of such a name is; null for a class. */
export const partOf = (folder: string): RawPart | null =>
  PART_FOLDERS.find(([, pattern]) => pattern.test(folder))?.[0] ?? null;

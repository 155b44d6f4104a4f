import { say, type Message } from '../../words';

/** Common data files that are not supported, by their names, and what they are. */
const CONVERTED: readonly (readonly [RegExp, Parameters<typeof say>[0] & `folders.foreign.${string}`])[] = [
  [/\.mat$/i, 'folders.foreign.mat'],
  [/\.(h5|hdf5|he5)$/i, 'folders.foreign.hdf5'],
  [/\.(csv|tsv|xlsx?|arff)(\.gz)?$/i, 'folders.foreign.table'],
  [/\.(parquet|arrow|feather)$/i, 'folders.foreign.parquet'],
  [/\.(pkl|pickle|pk)(\.gz)?$/i, 'folders.foreign.pickle'],
  [/\.(pt|pth|ckpt)$/i, 'folders.foreign.torch'],
  [/\.(tfrecords?|tfrec)([-.].*)?$/i, 'folders.foreign.tfrecord'],
  [/\.(mdb|lmdb)$/i, 'folders.foreign.lmdb'],
  [/\.npy$/i, 'folders.foreign.npy'],
];
export const ARCHIVE = /\.(zip|tar|tgz|tbz2?|txz|tar\.(gz|bz2|xz|zst)|7z|rar)$/i;
/** CIFAR-10 and CIFAR-100 as Python's pickles. */
const PICKLED_CIFAR = /^(data_batch_\d|test_batch|batches\.meta)$/;

/** Advice for data in an unsupported form, from the files' names; null if they do not show it. */
export function whatToDoWith(files: readonly string[]): Message | null {
  const archive = files.find((name) => ARCHIVE.test(name));
  if (archive !== undefined) return say('folders.hint.archive', { file: archive });
  const pickled = files.find((name) => PICKLED_CIFAR.test(name));
  if (pickled !== undefined) return say('folders.hint.cifar', { file: pickled });
  for (const [pattern, kind] of CONVERTED) {
    const file = files.find((name) => pattern.test(name));
    if (file !== undefined) return say('folders.hint.convert', { file, kind: say(kind as 'folders.foreign.mat') });
  }
  return null;
}

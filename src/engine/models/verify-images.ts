import { join } from 'node:path';
import type { Split } from '../../core/data/dataset';
import { Inversions } from '../../core/data/inversion';
import { channelsOf } from '../../core/geometry';
import type { Graph } from '../../core/model/graph';
import type { ModelMetadata } from '../../core/model/model';
import { sizeOf } from '../../core/tensor';
import { Batcher } from '../../core/train/batches';
import { FailureError } from '../../shared/failures';
import { say, type Message } from '../../words';
import { spread } from '../data-sets/sheet';
import { detect } from '../data/detect';
import { shownPath } from '../data/entries';
import { loadData } from '../data/load';
import { PICTURE } from '../data/names';
import { withoutFile } from '../data/pictures';
import type { LeftOut } from '../data/raw';
import type { Range } from '../data/scale';
import { Tree } from '../data/folders/tree';
import { isFolder, readWholeFile } from '../system/files';
import type { Decoder } from '../image/decoder';
import { FILE_LIMIT } from '../image/guard';
import type { TwoPaths } from '../image/two-paths';
import { takesPictures } from './preprocessing-check';
import { bundledSamples, sampleBytes } from '../inspect/samples';
import { VERIFY_IMAGES } from './verify';

/** How many pictures the preprocessing is compared on, and how many bytes of pixels are kept for it. */
const MOST_PICTURES = 20;
const MOST_PIXELS = 64 * 2 ** 20;

/** What pictures are made ready for. */
export interface PictureTaker {
  graph: Pick<Graph, 'inputShape'>;
  metadata: Pick<ModelMetadata, 'preprocessing'>;
}

/** Inputs of a verification, and the files that were left out, as in training. */
export interface VerifyImages {
  images: Float32Array[];
  /** Some of the pictures at more stages, for comparing the preprocessing. */
  pictures: TwoPaths[];
  leftOut: LeftOut[];
  /** Notes on how it was read. */
  warnings: Message[];
}

/**
 * The pictures that a verification takes, preprocessed for the model: the bundled samples, or from `path` one picture, up to a hundred of
 * a folder, or of a data set in any format that can be trained on. Of a folder with a folder per class the pictures are those that training
 * takes, the test split first; files that are no picture or cannot be read are left out.
 * @throws FailureError for a path without pictures, and for one picture that does not open.
 */
export async function verifyImages(
  model: PictureTaker,
  decoder: Decoder,
  path: string | null,
  { range, signal, most = VERIFY_IMAGES, compared = true }: VerifyReading = {},
): Promise<VerifyImages> {
  const { preprocessing } = model.metadata;
  const pictures: TwoPaths[] = [];
  let kept = 0;
  const prepare = async (name: string, bytes: Uint8Array): Promise<Float32Array> => {
    signal?.throwIfAborted();
    const { input, file } = await decoder.prepare({ bytes }, name, preprocessing, {});
    const size = file.width * file.height * 3;
    if (compared && takesPictures(model) && pictures.length < MOST_PICTURES && kept + size <= MOST_PIXELS) {
      pictures.push(await decoder.paths(bytes, name, preprocessing));
      kept += size;
    }
    return input;
  };
  if (path === null) {
    const images: Float32Array[] = [];
    for (const { id } of await bundledSamples()) images.push(await prepare(id, (await sampleBytes(id)).bytes));
    return { images, pictures, leftOut: [], warnings: [] };
  }
  const useless = range ? [say('data.scale.useless', { ...range })] : [];
  const folder = await isFolder(path);
  if (!folder && PICTURE.test(path)) {
    const images = [await prepare(path, await readWholeFile(path, FILE_LIMIT))];
    return { images, pictures, leftOut: [], warnings: useless };
  }
  const found = folder ? await picturesOf(path, most) : null;
  if (!found) return fromDataSet(model, path, most, { range, signal });
  const { root, files, leftOut } = found;
  const images: Float32Array[] = [];
  let failure: unknown = null;
  for (const file of files) {
    if (images.length === most) break;
    try {
      images.push(await prepare(file, await readWholeFile(join(root, file), FILE_LIMIT, shownPath(file))));
    } catch (error) {
      if (!(error instanceof FailureError) || signal?.aborted) throw error;
      failure ??= error;
      leftOut.push({ file: shownPath(file), reason: withoutFile(error) });
    }
  }
  if (images.length === 0)
    throw failure ?? new FailureError('data.invalid', { file: path, reason: say('verify.no-picture') });
  return { images, pictures, leftOut, warnings: useless };
}

/** `compared`: whether pictures are kept for comparing the preprocessing. */
interface VerifyReading {
  range?: Range;
  signal?: AbortSignal;
  most?: number;
  compared?: boolean;
}

interface Pictures {
  root: string;
  /** Paths from `root`, in the order in which they are tried. */
  files: string[];
  leftOut: LeftOut[];
}

/** Of a folder: of its classes, else all in it and in its subfolders. Null for a data set of another format. */
async function picturesOf(path: string, most: number): Promise<Pictures | null> {
  try {
    const source = await detect(path);
    if (!('list' in source.claim)) return null;
    const { splits, leftOut } = await source.claim.list('look');
    const files = (splits.test ?? splits.validation ?? splits.train ?? []).map((file) => file.path);
    if (files.length > 0) return { root: source.root, files: spreadFirst(files, most), leftOut };
  } catch (error) {
    // Not a data set, but it may contain pictures.
    if (!(error instanceof FailureError) || error.code !== 'data.invalid') throw error;
  }
  const { pictures, leftOut } = await new Tree(path).pictures('');
  return { root: path, files: spreadFirst(pictures, most), leftOut };
}

/** First the wanted number from all over the list, then the others as replacements for those that cannot be read. */
function spreadFirst(files: readonly string[], most: number): string[] {
  const first = spread(files, most);
  const taken = new Set(first);
  return [...first, ...files.filter((file) => !taken.has(file))];
}

/** The first pictures of a data set of arrays, of its test split where it has one. */
async function fromDataSet(
  model: PictureTaker,
  path: string,
  most: number,
  reading: { range?: Range; signal?: AbortSignal },
): Promise<VerifyImages> {
  const { preprocessing } = model.metadata;
  const channels = channelsOf(model.graph.inputShape);
  const data = await loadData(path, { ...preprocessing, channels }, { purpose: 'look', ...reading });
  const split = data.test ?? data.validation ?? data.train;
  const samples = Int32Array.from(split.samples.subarray(0, most));
  return {
    images: inputsOf(model, split, samples),
    pictures: pathsOf(model, split, samples),
    leftOut: data.leftOut,
    warnings: data.warnings,
  };
}

/** Pictures of a split, by their index, as the network gets them. */
export function inputsOf({ graph, metadata }: PictureTaker, split: Split, samples: Int32Array): Float32Array[] {
  const size = sizeOf(graph.inputShape);
  const inputs = new Float32Array(samples.length * size);
  const inversions = new Inversions(split.images, metadata.preprocessing, 'auto');
  new Batcher(split, metadata.preprocessing, inversions).fill(samples, inputs, new Int32Array(samples.length));
  return Array.from(samples, (_, i) => inputs.subarray(i * size, (i + 1) * size));
}

/** Pictures of a split for comparing the preprocessing: they have the network's size already. */
export function pathsOf({ graph, metadata }: PictureTaker, split: Split, samples: Int32Array): TwoPaths[] {
  if (!takesPictures({ graph })) return [];
  const { height, width, channels, pixels, count } = split.images;
  const size = sizeOf(graph.inputShape);
  const some = samples.slice(0, MOST_PICTURES);
  const inputs = new Float32Array(some.length * size);
  new Batcher(split, metadata.preprocessing).fill(some, inputs, new Int32Array(some.length));
  return Array.from(some, (sample, i) => {
    const first = (sample % count) * size;
    const data = pixels.slice(first, first + size);
    const decoded = { height, width, channels: channels === 1 ? (1 as const) : (3 as const), data };
    return { decoded, fitted: decoded, input: inputs.subarray(i * size, (i + 1) * size) };
  });
}

import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Model } from '../core/model/model';
import { loadData } from './data/load';
import { readWholeFile } from './files';
import type { Decoder } from './image/decoder';
import { FILE_LIMIT } from './image/guard';
import { bundledSamples, sampleBytes } from './samples';
import { VERIFY_IMAGES } from './verify';

/** Pictures by the endings of their names, when a folder is gone through. */
const PICTURE = /\.(png|jpe?g|webp|avif|gif|tiff?|svg)$/i;

/**
 * The pictures that a verification takes, preprocessed for the model: the bundled samples, or from `path` one picture, the
 * first hundred of a folder and its subfolders by name, or of a data set in any format that can be trained on.
 * @throws FailureError for a path without pictures and for pictures that do not open.
 */
export async function verifyImages(
  model: Model,
  decoder: Decoder,
  path: string | null,
  signal?: AbortSignal,
): Promise<Float32Array[]> {
  const sources = path === null ? await samples() : await pictures(path);
  if (path !== null && sources.length === 0) return fromDataSet(model, path, signal);
  const images: Float32Array[] = [];
  for (const { name, read } of sources.slice(0, VERIFY_IMAGES)) {
    signal?.throwIfAborted();
    const { input } = await decoder.prepare({ bytes: await read() }, name, model.metadata.preprocessing, {});
    images.push(input);
  }
  return images;
}

interface Source {
  name: string;
  read(): Promise<Uint8Array>;
}

async function samples(): Promise<Source[]> {
  return (await bundledSamples()).map(({ id }) => ({ name: id, read: async () => (await sampleBytes(id)).bytes }));
}

/** None where the path is no picture and no folder of them, but may be a data set. */
async function pictures(path: string): Promise<Source[]> {
  const isFolder = await stat(path).then(
    (info) => info.isDirectory(),
    () => false, // reading it says why
  );
  if (!isFolder && !PICTURE.test(path)) return [];
  const files = isFolder ? await picturesIn(path) : [path];
  return files.map((name) => ({ name, read: () => readWholeFile(name, FILE_LIMIT) }));
}

/** The first pictures of any data set that can be trained on, of its test part where it has one. */
async function fromDataSet(model: Model, path: string, signal?: AbortSignal): Promise<Float32Array[]> {
  const { preprocessing } = model.metadata;
  const { scale, mean, deviation } = preprocessing;
  const channels = model.graph.inputShape[2];
  const data = await loadData(path, { ...preprocessing, channels }, { purpose: 'look', signal });
  const { images, samples: chosen } = data.test ?? data.validation ?? data.train;
  const size = images.height * images.width * channels;
  return Array.from(chosen.subarray(0, VERIFY_IMAGES), (sample) =>
    Float32Array.from(images.pixels.subarray(sample * size, (sample + 1) * size), (value, i) => {
      return (value * scale - mean[i % channels]) / deviation[i % channels];
    }),
  );
}

async function picturesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && PICTURE.test(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

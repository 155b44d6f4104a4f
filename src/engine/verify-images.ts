import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Model } from '../core/model/model';
import { FailureError } from '../shared/failures';
import { readWholeFile } from './files';
import type { Decoder } from './image/decoder';
import { FILE_LIMIT } from './image/guard';
import { bundledSamples, sampleBytes } from './samples';
import { VERIFY_IMAGES } from './verify';

/** Pictures by the endings of their names, when a folder is gone through. */
const PICTURE = /\.(png|jpe?g|webp|avif|gif|tiff?|svg)$/i;

/**
 * The pictures that a verification takes, preprocessed for the model: the bundled samples, or from `path` one picture or
 * the first hundred of a folder and its subfolders, by name.
 * @throws FailureError for a path without pictures and for pictures that do not open.
 */
export async function verifyImages(
  model: Model,
  decoder: Decoder,
  path: string | null,
  signal?: AbortSignal,
): Promise<Float32Array[]> {
  const sources = path === null ? await samples() : await pictures(path);
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

async function pictures(path: string): Promise<Source[]> {
  const isFolder = await stat(path).then(
    (info) => info.isDirectory(),
    () => false, // reading it says why
  );
  const files = isFolder ? await picturesIn(path) : [path];
  if (files.length === 0) {
    throw new FailureError('file.unreadable', {
      file: path,
      reason: 'found no pictures in this folder, expected some',
    });
  }
  return files.map((name) => ({ name, read: () => readWholeFile(name, FILE_LIMIT) }));
}

async function picturesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && PICTURE.test(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

import { readFile, stat } from 'node:fs/promises';
import { unzipSync } from 'fflate';
import { dataFailure } from './failure';
import { decodeNpy, type NpyArray, type NumericArray } from './npy';
import type { RawPart, RawSet } from './raw';

/** More than this is no data set that fits the memory of a desktop machine. */
const LARGEST = 4 * 1024 ** 3;

/** Names under which images and labels are kept: Keras (`x_train`), MedMNIST (`train_images`), and plain ones. */
const PARTS: { part: RawPart; images: string[]; labels: string[] }[] = [
  {
    part: 'train',
    images: ['x_train', 'train_images', 'train_x', 'images', 'x', 'X', 'data'],
    labels: ['y_train', 'train_labels', 'train_y', 'labels', 'y', 'Y', 'targets'],
  },
  {
    part: 'validation',
    images: ['x_val', 'val_images', 'val_x', 'x_valid'],
    labels: ['y_val', 'val_labels', 'val_y', 'y_valid'],
  },
  { part: 'test', images: ['x_test', 'test_images', 'test_x'], labels: ['y_test', 'test_labels', 'test_y'] },
];
const NAMES = ['label_names', 'class_names', 'classes', 'names'];

/**
 * Reads images and labels from NumPy's archive. Images: `[N, H, W]`, `[N, H, W, C]` or `[N, C, H, W]`, bytes or numbers from
 * 0 to 255, or floats from 0 to 1. Labels: whole numbers, `[N]` or `[N, 1]`. Names of the classes: an array of strings.
 */
export async function readNpz(
  path: string,
): Promise<{ parts: Partial<Record<RawPart, RawSet>>; names: string[] | null }> {
  const arrays = await readArrays(path);
  const parts: Partial<Record<RawPart, RawSet>> = {};
  for (const { part, images, labels } of PARTS) {
    const imagesName = images.find((name) => arrays.has(name));
    const labelsName = labels.find((name) => arrays.has(name));
    if (!imagesName && !labelsName) continue;
    if (!imagesName)
      throw dataFailure(path, `has labels ('${labelsName}') without images, expected one of ${images.join(', ')}`);
    if (!labelsName)
      throw dataFailure(path, `has images ('${imagesName}') without labels, expected one of ${labels.join(', ')}`);
    parts[part] = toRaw(path, imagesName, arrays.get(imagesName)!, labelsName, arrays.get(labelsName)!);
  }
  if (!parts.train)
    throw dataFailure(
      path,
      `holds ${[...arrays.keys()].join(', ') || 'no array'}, expected 'images' and 'labels' or 'x_train' and 'y_train'`,
    );
  const names = NAMES.map((name) => arrays.get(name)?.data).find((data) => Array.isArray(data));
  return { parts, names: names ?? null };
}

async function readArrays(path: string): Promise<Map<string, NpyArray>> {
  if ((await stat(path)).size > LARGEST) throw dataFailure(path, `is larger than ${LARGEST / 1024 ** 3} GiB`);
  const wanted = new Set(
    [...PARTS.flatMap(({ images, labels }) => [...images, ...labels]), ...NAMES].map((name) => `${name}.npy`),
  );
  let promised = 0;
  try {
    const members = unzipSync(await readFile(path), {
      filter: ({ name, originalSize }) => {
        if (!wanted.has(name)) return false;
        promised += originalSize;
        if (promised > LARGEST) throw dataFailure(path, `promises ${promised} bytes, the limit is ${LARGEST}`);
        return true;
      },
    });
    return new Map(Object.entries(members).map(([name, bytes]) => [name.slice(0, -4), decodeNpy(bytes, path, name)]));
  } catch (error) {
    if (error instanceof Error && error.name === 'FailureError') throw error;
    throw dataFailure(path, `is no whole .npz archive (${(error as Error).message})`);
  }
}

function toRaw(file: string, imagesName: string, images: NpyArray, labelsName: string, labels: NpyArray): RawSet {
  const { shape } = images;
  const text = `(${shape.join(', ')})`;
  if (shape.length !== 3 && shape.length !== 4)
    throw dataFailure(file, `'${imagesName}' has the shape ${text}, expected [N, H, W], [N, H, W, C] or [N, C, H, W]`);
  const last = shape.length === 3 || shape[3] === 1 || shape[3] === 3;
  if (!last && shape[1] !== 1 && shape[1] !== 3)
    throw dataFailure(file, `'${imagesName}' has the shape ${text}, expected 1 or 3 channels`);
  const count = shape[0];
  const [height, width, channels] =
    shape.length === 3
      ? [shape[1], shape[2], 1]
      : last
        ? [shape[1], shape[2], shape[3]]
        : [shape[2], shape[3], shape[1]];
  if (count > 0 && height * width === 0)
    throw dataFailure(file, `'${imagesName}' has the shape ${text}: pictures without a pixel`);
  const flat = labels.shape.length === 1 || (labels.shape.length === 2 && labels.shape[1] === 1);
  if (!flat || labels.shape[0] !== count) {
    throw dataFailure(
      file,
      `'${labelsName}' has the shape (${labels.shape.join(', ')}), expected one label for each of the ${count} images`,
    );
  }
  const bytes = toBytes(file, imagesName, images);
  return {
    count,
    height,
    width,
    channels,
    pixels: last ? bytes : channelsLast(bytes, count, channels, height * width),
    labels: toLabels(file, labelsName, labels),
  };
}

function toBytes(file: string, name: string, { data, type }: NpyArray): Uint8Array {
  if (Array.isArray(data)) throw dataFailure(file, `'${name}' holds text, expected pixels`);
  if (data instanceof Uint8Array && type === 'u1') return data;
  const { low, high } = range(data);
  if (!(low >= 0 && high <= 255))
    throw dataFailure(file, `'${name}' holds values from ${low} to ${high}, expected pixels from 0 to 255 (or 0 to 1)`);
  const factor = type.startsWith('f') && high <= 1 ? 255 : 1;
  return Uint8Array.from(data as ArrayLike<number | bigint>, (value) => Math.round(Number(value) * factor));
}

function range(data: NumericArray): { low: number; high: number } {
  let low = Infinity;
  let high = -Infinity;
  for (const element of data) {
    const value = Number(element);
    if (Number.isNaN(value)) return { low: NaN, high: NaN };
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return data.length === 0 ? { low: 0, high: 0 } : { low, high };
}

function toLabels(file: string, name: string, { data }: NpyArray): Int32Array {
  if (Array.isArray(data)) throw dataFailure(file, `'${name}' holds text, expected whole numbers`);
  return Int32Array.from(data as ArrayLike<number | bigint>, (element, i) => {
    const label = Number(element);
    if (!Number.isInteger(label) || label < 0 || label > 1e6)
      throw dataFailure(file, `'${name}' has the label ${label} at ${i}, expected whole numbers from 0`);
    return label;
  });
}

function channelsLast(pixels: Uint8Array, count: number, channels: number, plane: number): Uint8Array {
  const result = new Uint8Array(pixels.length);
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < channels; c++) {
      const from = (i * channels + c) * plane;
      for (let p = 0; p < plane; p++) result[(i * plane + p) * channels + c] = pixels[from + p];
    }
  }
  return result;
}

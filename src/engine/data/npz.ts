import { readFile, stat } from 'node:fs/promises';
import { unzipSync } from 'fflate';
import { dataFailure } from './failure';
import { decodeNpy, type NpyArray, type NumericArray } from './npy';
import type { RawPart, RawSet } from './raw';

/** More than this is no data set that fits the memory of a desktop machine. */
const LARGEST = 4 * 1024 ** 3;

/**
 * Names under which images and labels are kept, in small letters and without `_`: Keras (`x_train`), scikit-learn (`X_train`, `data`
 * and `target`), MedMNIST (`train_images`), and plain ones.
 */
const PARTS: { part: RawPart; images: string[]; labels: string[] }[] = [
  {
    part: 'train',
    images: ['xtrain', 'trainimages', 'trainx', 'traindata', 'images', 'x', 'data'],
    labels: ['ytrain', 'trainlabels', 'trainy', 'traintargets', 'labels', 'y', 'targets', 'target'],
  },
  {
    part: 'validation',
    images: ['xval', 'valimages', 'valx', 'xvalid', 'xvalidation', 'validationimages'],
    labels: ['yval', 'vallabels', 'valy', 'yvalid', 'yvalidation', 'validationlabels'],
  },
  {
    part: 'test',
    images: ['xtest', 'testimages', 'testx', 'testdata'],
    labels: ['ytest', 'testlabels', 'testy', 'testtargets'],
  },
];
const NAMES = ['labelnames', 'classnames', 'classes', 'names'];

/** An array, as the archive calls it. */
interface NamedArray extends NpyArray {
  name: string;
}

/** Without what people write differently. */
const plain = (name: string): string => name.toLowerCase().replaceAll('_', '');

/**
 * Reads images and labels from NumPy's archive. Images: `[N, H, W]`, `[N, H, W, C]` or `[N, C, H, W]`, bytes or numbers from
 * 0 to 255, or floats from 0 to 1. Labels: whole numbers, `[N]` or `[N, 1]`, or one-hot rows `[N, classes]`, or names. Names of the classes: an
 * array of strings.
 */
export async function readNpz(
  path: string,
): Promise<{ parts: Partial<Record<RawPart, RawSet>>; names: string[] | null }> {
  const { arrays, found } = await readArrays(path);
  const named = (words: string[]): NamedArray | undefined =>
    words.map((word) => arrays.get(word)).find((array) => array !== undefined);
  const held = `it holds ${some(found)}`;
  const parts: Partial<Record<RawPart, RawSet>> = {};
  let words: string[] | null = null;
  for (const { part, images: imageNames, labels: labelNames } of PARTS) {
    const [images, labels] = [named(imageNames), named(labelNames)];
    if (!images && !labels) continue;
    if (!images) throw dataFailure(path, `has labels ('${labels!.name}') without images; ${held}`);
    if (!labels) throw dataFailure(path, `has images ('${images.name}') without labels; ${held}`);
    if (!words && Array.isArray(labels.data)) words = [...new Set(labels.data)].sort();
    parts[part] = toRaw(path, images, labels, words);
  }
  // A set that calls itself a test is the only one: it is what there is.
  const [only, ...others] = Object.values(parts);
  const whole = parts.train || !only || others.length > 0 ? parts : { train: only };
  if (!whole.train)
    throw dataFailure(path, `holds ${some(found)}, expected 'images' and 'labels' or 'x_train' and 'y_train'`);
  const names = NAMES.map((name) => arrays.get(name)?.data).find((data) => Array.isArray(data));
  return { parts: whole, names: words ?? names ?? null };
}

/** @returns the arrays that the names above name, by those, and the names of all. */
async function readArrays(path: string): Promise<{ arrays: Map<string, NamedArray>; found: string[] }> {
  if ((await stat(path)).size > LARGEST) throw dataFailure(path, `is larger than ${LARGEST / 1024 ** 3} GiB`);
  const wanted = new Set([...PARTS.flatMap(({ images, labels }) => [...images, ...labels]), ...NAMES]);
  const found: string[] = [];
  let promised = 0;
  try {
    const members = unzipSync(await readFile(path), {
      filter: ({ name: file, originalSize }) => {
        const name = file.replace(/\.npy$/, '');
        found.push(name);
        if (!wanted.has(plain(name))) return false;
        promised += originalSize;
        if (promised > LARGEST) throw dataFailure(path, `promises ${promised} bytes, the limit is ${LARGEST}`);
        return true;
      },
    });
    const arrays = new Map<string, NamedArray>();
    for (const [file, bytes] of Object.entries(members)) {
      const name = file.replace(/\.npy$/, '');
      const twin = arrays.get(plain(name));
      if (twin) throw dataFailure(path, `has two arrays for the same, '${twin.name}' and '${name}'`);
      arrays.set(plain(name), { name, ...decodeNpy(bytes, path, name) });
    }
    return { arrays, found };
  } catch (error) {
    if (error instanceof Error && error.name === 'FailureError') throw error;
    throw dataFailure(path, `is no whole .npz archive (${(error as Error).message})`);
  }
}

const some = (names: readonly string[]): string =>
  names.length === 0 ? 'no array' : `${names.slice(0, 6).join(', ')}${names.length > 6 ? ' …' : ''}`;

function toRaw(file: string, images: NamedArray, labels: NamedArray, words: string[] | null): RawSet {
  const { shape } = images;
  const fail = ({ name, shape: found }: NamedArray, what: string): never => {
    throw dataFailure(file, `'${name}' has the shape (${found.join(', ')})${what}`);
  };
  if (shape.length !== 3 && shape.length !== 4)
    return fail(images, ', expected [N, H, W], [N, H, W, C] or [N, C, H, W]');
  const last = shape.length === 3 || shape[3] === 1 || shape[3] === 3;
  if (!last && shape[1] !== 1 && shape[1] !== 3) return fail(images, ', expected 1 or 3 channels');
  const count = shape[0];
  const [height, width, channels] =
    shape.length === 3
      ? [shape[1], shape[2], 1]
      : last
        ? [shape[1], shape[2], shape[3]]
        : [shape[2], shape[3], shape[1]];
  if (count > 0 && height * width === 0) return fail(images, ': pictures without a pixel');
  if (labels.shape.length < 1 || labels.shape.length > 2 || labels.shape[0] !== count)
    return fail(labels, `, expected one label for each of the ${count} images`);
  const bytes = toBytes(file, images);
  return {
    count,
    height,
    width,
    channels,
    pixels: last ? bytes : channelsLast(bytes, count, channels, height * width),
    labels:
      labels.shape.length === 2 && labels.shape[1] !== 1 ? fromOneHot(file, labels) : toLabels(file, labels, words),
  };
}

function toBytes(file: string, { name, data, type }: NamedArray): Uint8Array {
  if (Array.isArray(data)) throw dataFailure(file, `'${name}' holds text, expected pixels`);
  if (data instanceof Uint8Array && type === 'u1') return data;
  const { low, high } = range(data);
  if (!(low >= 0 && high <= 255))
    throw dataFailure(file, `'${name}' holds values from ${low} to ${high}, expected pixels from 0 to 255 (or 0 to 1)`);
  const factor = type === 'b1' || (type.startsWith('f') && high <= 1) ? 255 : 1;
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

/** @param words the names that labels are written as, in order; null where they are numbers. */
function toLabels(file: string, { name, data }: NamedArray, words: string[] | null): Int32Array {
  const expected = words ? `one of ${some(words)}` : 'whole numbers from 0';
  return Int32Array.from(data as ArrayLike<string | number | bigint>, (element, i) => {
    const label = words ? words.indexOf(String(element)) : typeof element === 'string' ? NaN : Number(element);
    if (!Number.isInteger(label) || label < 0 || label > 1e6)
      throw dataFailure(file, `'${name}' has the label ${element} at ${i}, expected ${expected}`);
    return label;
  });
}

/** Where in each row the one is. */
function fromOneHot(file: string, { name, shape: [count, classes], data }: NamedArray): Int32Array {
  return Int32Array.from({ length: count }, (_, i) => {
    const row = Array.from(data.slice(i * classes, (i + 1) * classes) as ArrayLike<unknown>, Number);
    const label = row.indexOf(1);
    if (label < 0 || row.some((value, c) => value !== (c === label ? 1 : 0)))
      throw dataFailure(
        file,
        `'${name}' has the shape (${count}, ${classes}), and row ${i} is not a one among zeros: expected one label for each image`,
      );
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

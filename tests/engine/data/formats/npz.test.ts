import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadData } from '../../../../src/engine/data/load';
import { npy, npz, pattern } from '../make';
import { folder, gray, put, refused, rgb } from '../set';

describe('.npz archives', () => {
  const labels = npy('<i8', [2, 1], new Uint8Array(BigInt64Array.of(1n, 0n).buffer));

  it('reads bytes, names and splits', async () => {
    const names = npy(
      '<U3',
      [2],
      new Uint8Array(Uint32Array.from('cat\0dog\0'.replaceAll('\0', ''), (letter) => letter.charCodeAt(0)).buffer),
    );
    put(
      'set.npz',
      npz({
        x_train: npy('|u1', [2, 2, 2], pattern(8)),
        y_train: labels,
        x_test: npy('|u1', [2, 2, 2], pattern(8, 3)),
        y_test: labels,
        label_names: names,
      }),
    );
    const data = await loadData(folder, gray(2));
    expect(data.labels).toEqual(['cat', 'dog']);
    expect(data.train.images.pixels).toEqual(pattern(8));
    expect([...data.train.images.labels]).toEqual([1, 0]);
    expect(data.test?.images.pixels).toEqual(pattern(8, 3));
  });

  it('takes floats from 0 to 1 and channels first', async () => {
    const values = Float32Array.from({ length: 24 }, (_, i) => i / 24);
    put('set.npz', npz({ images: npy('<f4', [2, 3, 2, 2], new Uint8Array(values.buffer)), labels }));
    const { train } = await loadData(join(folder, 'set.npz'), rgb(2));
    const byte = (place: number): number => Math.round((place / 24) * 255);
    expect([...train.images.pixels.subarray(0, 6)]).toEqual([0, 4, 8, 1, 5, 9].map(byte));
  });

  it('takes the order, byte order and element types that NumPy writes', async () => {
    // [2, 2, 3]: pixel (i, y, x) is 100 i + 10 y + x; the first dimension runs fastest.
    const inC = [0, 1, 2, 10, 11, 12, 100, 101, 102, 110, 111, 112];
    const inFortran = [0, 100, 10, 110, 1, 101, 11, 111, 2, 102, 12, 112];
    const big = new Uint8Array(inC.length * 4);
    inC.forEach((value, i) => new DataView(big.buffer).setFloat32(4 * i, value));
    // Halves of 0, 1/4, 1/2, 1, and the smallest there is.
    const halves = new Uint8Array(Uint16Array.of(0, 0x3400, 0x3800, 0x3c00, 1, 0).buffer);
    const target = { ...gray(2), width: 3 };
    const pixels = async (array: Uint8Array, size = target): Promise<number[]> => {
      put('set.npz', npz({ X: array, Y: labels }));
      return [...(await loadData(folder, size)).train.images.pixels];
    };
    expect(await pixels(npy('|u1', [2, 2, 3], Uint8Array.from(inFortran), true))).toEqual(inC);
    expect(await pixels(npy('>f4', [2, 2, 3], big))).toEqual(inC);
    expect(await pixels(npy('<f2', [2, 1, 3], halves), { ...target, height: 1 })).toEqual([0, 64, 128, 255, 0, 0]);
    expect(await pixels(npy('|b1', [2, 1, 3], Uint8Array.of(0, 1, 1, 0, 0, 1)), { ...target, height: 1 })).toEqual([
      0, 255, 255, 0, 0, 255,
    ]);
  });

  it.each([
    ['X_train', 'y_train'],
    ['x_train', 'Y_train'],
    ['images', 'target'],
    ['trainX', 'trainY'],
    ['X', 'Y'],
    ['x_test', 'y_test'],
  ])('knows the names %s and %s', async (images, names) => {
    put('set.npz', npz({ [images]: npy('|u1', [2, 2, 2], pattern(8)), [names]: labels }));
    const { train, test } = await loadData(folder, gray(2));
    expect([train.samples.length, test]).toEqual([2, null]);
  });

  it('takes labels as one-hot rows and as names', async () => {
    const images = npy('|u1', [3, 2, 2], pattern(12));
    const rows = Float32Array.of(0, 1, 1, 0, 0, 1);
    put('set.npz', npz({ images, labels: npy('<f4', [3, 2], new Uint8Array(rows.buffer)) }));
    expect([...(await loadData(folder, gray(2))).train.images.labels]).toEqual([1, 0, 1]);
    put('set.npz', npz({ images, labels: npy('|S3', [3], new TextEncoder().encode('foxcatfox')) }));
    const data = await loadData(folder, gray(2));
    expect([data.labels, [...data.train.images.labels]]).toEqual([
      ['cat', 'fox'],
      [1, 0, 1],
    ]);
    rows[1] = 0.5;
    put('set.npz', npz({ images, labels: npy('<f4', [3, 2], new Uint8Array(rows.buffer)) }));
    expect(await refused(gray(2))).toContain('row 0 is not a single 1 among zeros');
  });

  it.each([
    [
      'labels without images',
      { y_train: labels, more: labels },
      "labels ('y_train') without images; it holds y_train, more",
    ],
    [
      'two arrays for the same',
      { x_train: npy('|u1', [2, 2, 2], pattern(8)), X_train: npy('|u1', [2, 2, 2], pattern(8)), labels },
      "two arrays with the same meaning, 'x_train' and 'X_train'",
    ],
    ['objects', { images: npy('|O', [2], pattern(8)), labels }, "elements of type '|O' (Python objects"],
    [
      'two classes of one name',
      { images: npy('|u1', [2, 2, 2], pattern(8)), labels, classes: npy('|S1', [2], pattern(2).fill(65)) },
      "names two classes 'A'",
    ],
    ['too few labels', { images: npy('|u1', [3, 2, 2], pattern(12)), labels }, 'one label for each of 3 images'],
    [
      'a header that lies',
      { images: npy('|u1', [2, 9, 9], pattern(8)), labels },
      'has 8 bytes of elements, its header states 162',
    ],
    [
      'values beyond pixels',
      { images: npy('<f4', [2, 1, 1], new Uint8Array(Float32Array.of(-3, 900).buffer)), labels },
      'values from -3 to 900',
    ],
    [
      'fractions as labels',
      {
        images: npy('|u1', [2, 2, 2], pattern(8)),
        labels: npy('<f4', [2], new Uint8Array(Float32Array.of(0.5, 1).buffer)),
      },
      'label 0.5 at 0',
    ],
    ['other arrays', { weights: labels }, "holds weights, expected 'images' and 'labels'"],
  ])('refuses %s', async (_, arrays, reason) => {
    put('set.npz', npz(arrays as Record<string, Uint8Array>));
    expect(await refused(gray(2))).toContain(reason);
  });

  it('refuses labels that are texts in one split and numbers in the other', async () => {
    const texts = npy('<U1', [2], new Uint8Array(Uint32Array.of(97, 98).buffer));
    const images = npy('|u1', [2, 2, 2], pattern(8));
    put('mixed.npz', npz({ x_train: images, y_train: texts, x_test: images, y_test: labels }));
    expect(await refused(gray(2))).toMatch(/y_train.*y_test/);
  });

  it('refuses what is no archive', async () => {
    put('set.npz', 'no archive');
    expect(await refused()).toContain('is not an .npz archive: found a text');
  });
});

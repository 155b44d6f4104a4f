import { describe, expect, it } from 'vitest';
import { loadData, type LoadedData, type LoadOptions } from '../../../src/engine/data/load';
import { sentence } from '../../../src/words';
import { gz, idx, npy, npz, pattern } from './make';
import { folder, gray, put, refused } from './set';

const load = (options?: LoadOptions): Promise<LoadedData> => loadData(folder, gray(2), options);
const said = ({ warnings }: LoadedData): string => warnings.map((note) => sentence(note)).join('\n');
const floats = (shape: number[], values: number[]): Uint8Array =>
  npy('<f4', shape, new Uint8Array(Float32Array.from(values).buffer));
const bytes = (shape: number[], values: number[]): Uint8Array => npy('|u1', shape, Uint8Array.from(values));
const two = npy('|u1', [2], Uint8Array.of(0, 1));

/** Pictures of 2 × 2 as training and test split. */
const putSplits = (train: Uint8Array, test: Uint8Array): void =>
  put('set.npz', npz({ x_train: train, y_train: two, x_test: test, y_test: two }));

describe('the scale of arrays', () => {
  const unit = [0, 0.5, 1, 0.25, 0, 0.5, 1, 0.25];

  it('is one for all splits, also where resizing left values a little beyond 0 and 1', async () => {
    putSplits(floats([2, 2, 2], unit), floats([2, 2, 2], [...unit.slice(0, 7), 1.003]));
    const data = await load();
    expect([...data.train.images.pixels.subarray(0, 4)]).toEqual([0, 128, 255, 64]);
    expect([...data.test!.images.pixels.subarray(4)]).toEqual([0, 128, 255, 255]);
    expect(said(data)).toContain("'x_train', 'x_test': values from 0 to 1, read as 0 for black and 1 for white");
    expect(said(data)).toContain('1 value lies a little beyond 0 … 1 (from 0 to 1.003)');
    // One that shows in the seventh digit only: no sentence says that 1 is beyond 1.
    putSplits(floats([2, 2, 2], unit), floats([2, 2, 2], [...unit.slice(0, 7), 1.0000002]));
    expect(said(await load())).toContain('(from 0 to 1.0000002)');
  });

  it('names a file that is packed, or not, against its name by that name alone', async () => {
    put('train-images-idx3-ubyte.gz', idx([2, 2, 2], [0, 9, 200, 255, 0, 0, 0, 0]));
    put('train-labels-idx1-ubyte', gz(idx([2], [0, 1])));
    const text = said(await load());
    expect(text).toContain("'train-images-idx3-ubyte.gz' is named .gz but is not compressed");
    expect(text).toContain("'train-labels-idx1-ubyte' is compressed with gzip");
  });

  it('is 0 to 255 for floats that go so far, a little beyond too', async () => {
    putSplits(floats([2, 2, 2], [0, 9, 200, 255.5, -0.5, 0, 128, 3]), floats([2, 2, 2], [0, 1, 1, 0, 9, 9, 9, 9]));
    const data = await load();
    expect([...data.train.images.pixels]).toEqual([0, 9, 200, 255, 0, 0, 128, 3]);
    expect(said(data)).toContain('2 values lie a little beyond 0 … 255 (from -0.5 to 255.5)');
  });

  it('is asked for where splits contradict each other, or values fit none', async () => {
    putSplits(floats([2, 2, 2], unit), bytes([2, 2, 2], [0, 9, 200, 255, 0, 0, 0, 0]));
    expect(await refused(gray(2))).toContain("different scales: 'x_train' from 0 to 1, 'x_test' from 0 to 255");
    // A split of nothing but 0 has no scale of its own.
    putSplits(bytes([2, 2, 2], new Array(8).fill(0)), bytes([2, 2, 2], [0, 9, 200, 255, 0, 0, 0, 0]));
    expect((await load()).train.images.pixels[1]).toBe(0);
    // Pictures whose mean was taken off are no overshoot, though close to 0 … 1.
    const centered = [-0.13, -0.13, 0.87, -0.13, -0.13, -0.13, 0.5, -0.13];
    putSplits(floats([2, 2, 2], centered), floats([2, 2, 2], unit));
    expect(await refused(gray(2))).toContain('values from -0.13 to 0.87');
    expect(await refused(gray(2))).toContain('such as -1:1');
    const data = await load({ range: { low: -1, high: 1 } });
    expect([...data.train.images.pixels.subarray(1, 3)]).toEqual([111, 238]);
    expect(said(data)).toContain('read as -1 for black and 1 for white');
    putSplits(
      npy('<u2', [2, 2, 2], new Uint8Array(Uint16Array.of(0, 4095, 7, 9, 1, 2, 3, 4).buffer)),
      bytes([2, 2, 2], [0, 9, 200, 255, 0, 0, 0, 0]),
    );
    expect(await refused(gray(2))).toContain('such as 0:4095');
  });

  it('of bytes that hold only 0 and 1 is black and white, which is said, unless somebody says otherwise', async () => {
    putSplits(bytes([2, 2, 2], [0, 1, 1, 0, 1, 1, 0, 0]), bytes([2, 2, 2], [1, 0, 0, 0, 1, 1, 1, 1]));
    const data = await load();
    expect([...data.train.images.pixels]).toEqual([0, 255, 255, 0, 255, 255, 0, 0]);
    expect(said(data)).toContain('nothing but 0 and 1, read as black and white');
    expect((await load({ range: { low: 0, high: 255 } })).train.images.pixels[1]).toBe(1);
    // Where another split has grays they may be the two darkest, or another scale: that is asked.
    putSplits(bytes([2, 2, 2], [0, 1, 1, 0, 1, 1, 0, 0]), bytes([2, 2, 2], [1, 0, 0, 200, 1, 1, 1, 1]));
    expect(await refused(gray(2))).toContain("different scales: 'x_train' from 0 to 1, 'x_test' from 0 to 200");
    expect((await load({ range: { low: 0, high: 255 } })).train.images.pixels[1]).toBe(1);
  });

  it('of idx files with only 0 and 1, or next to black, is said too', async () => {
    put('train-labels-idx1-ubyte', idx([2], [0, 1]));
    put('train-images-idx3-ubyte', idx([2, 2, 2], [0, 1, 1, 0, 1, 1, 0, 0]));
    const data = await load();
    expect(data.train.images.pixels[1]).toBe(255);
    expect(said(data)).toContain('nothing but 0 and 1');
    put('train-images-idx3-ubyte', idx([2, 2, 2], [0, 1, 10, 0, 1, 1, 0, 0]));
    expect(said(await load())).toContain('no value above 10 of 255, nearly black');
    put('train-images-idx3-ubyte', idx([2, 2, 2], [0, 1, 100, 0, 1, 1, 0, 0]));
    expect(said(await load())).toContain('values from 0 to 100, read as 0 for black and 255 for white');
    put('train-images-idx3-ubyte', idx([2, 2, 2], [0, 1, 200, 0, 1, 1, 0, 0]));
    expect(said(await load())).not.toContain('white');
  });

  it('of floats that go a little further is asked for: hardly a gray would be left of their fractions', async () => {
    putSplits(floats([2, 2, 2], [0, 1.4, 0.3, 2, 0, 0, 1, 1]), floats([2, 2, 2], [0, 1, 1, 0, 1.5, 1, 1, 1]));
    expect(await refused(gray(2))).toContain("'x_train' holds values from 0 to 2, expected pixels");
    expect(await refused(gray(2))).toContain('such as 0:2');
    const data = await load({ range: { low: 0, high: 2 } });
    expect([...data.train.images.pixels.subarray(0, 4)]).toEqual([0, 178, 38, 255]);
  });

  it('must be of numbers', async () => {
    putSplits(floats([2, 2, 2], [...unit.slice(0, 7), NaN]), floats([2, 2, 2], unit));
    expect(await refused(gray(2))).toContain("'x_train' holds 1 value that is not a finite number");
  });
});

describe('the shape of arrays', () => {
  const rows = (length: number, descr = '|u1'): void =>
    put('set.npz', npz({ data: npy(descr, [2, length], pattern(2 * length)), target: two }));

  it('may be rows of a square, which is said', async () => {
    rows(784);
    const data = await loadData(folder, gray(28));
    expect(data.train.images.pixels).toEqual(pattern(2 * 784));
    expect(said(data)).toContain("'data' has the shape (2, 784): taken as gray pictures of 28 × 28 pixels");
  });

  it('is refused where it could be several, or is no picture', async () => {
    rows(3072);
    expect(await refused(gray(28))).toContain('32 × 32 pixels in three colors, in unknown order');
    for (const length of [4, 785]) {
      rows(length);
      expect(await refused(gray(28))).toContain('rows of pixels that do not form a square');
    }
    put('set.npz', npz({ images: npy('|u1', [2, 4, 4, 4], pattern(128)), labels: two }));
    expect(await refused()).toContain('expected 1 or 3 channels; leave the fourth out');
  });

  it('of labels tells multi-label data', async () => {
    const labels = (values: number[]): Uint8Array => npy('|u1', [2, 3], Uint8Array.from(values));
    const x = bytes([2, 2, 2], [0, 9, 200, 255, 0, 0, 0, 0]);
    for (const values of [
      [0, 1, 0, 1, 0, 1],
      [0, 0, 0, 1, 0, 0],
    ]) {
      put('set.npz', npz({ images: x, labels: labels(values) }));
      expect(await refused(gray(2))).toContain('multi-label data');
    }
  });
});

/** Images and labels in files of their own beside each other: KMNIST's `.npz` of an array each, and plain `.npy`. */
import { describe, expect, it } from 'vitest';
import { arrayNamed } from '../../../../src/engine/data/formats/array-files';
import { loadData } from '../../../../src/engine/data/load';
import { sentence } from '../../../../src/words';
import { npy, npz, pattern } from '../make';
import { folder, gray, put, refused } from '../set';

const labels = npy('|u1', [2], Uint8Array.of(0, 1));
const images = (seed: number): Uint8Array => npy('|u1', [2, 2, 2], pattern(8, seed));

it.each([
  ['kmnist-train-imgs.npz', 'xtrain'],
  ['k49-test-labels.npz', 'ytest'],
  ['X_train.npy', 'xtrain'],
  ['yTest.npy', 'ytest'],
  ['xval.npy', 'xval'],
  ['trainImages.npy', 'xtrain'],
  ['t10k-images.npy', 'xtest'],
  ['validation_targets.npy', 'yval'],
  ['labels.npy', 'y'],
  ['label_names.npy', 'labelnames'],
  ['cat.npy', null],
  ['train.npz', null],
  ['images_and_labels.npz', null],
  ['train_test_images.npz', null],
])('%s holds %s', (file, key) => {
  expect(arrayNamed(file)).toBe(key);
});

describe('arrays in files of their own', () => {
  it('are taken together by their names, and it is said', async () => {
    const one = (array: Uint8Array): Uint8Array => npz({ arr_0: array });
    put('kmnist-train-imgs.npz', one(images(1)));
    put('kmnist-train-labels.npz', one(labels));
    put('kmnist-test-imgs.npz', one(images(2)));
    put('kmnist-test-labels.npz', one(labels));
    put('kmnist_classmap.csv', 'index,codepoint,char');
    const data = await loadData(folder, gray(2));
    expect(data.train.images.pixels).toEqual(pattern(8, 1));
    expect(data.test!.images.pixels).toEqual(pattern(8, 2));
    expect([...data.train.images.labels]).toEqual([0, 1]);
    expect(sentence(data.warnings[0])).toContain('paired by their names: kmnist-test-imgs.npz, ');
    expect(data.leftOut.map(({ file }) => file)).toEqual(['kmnist_classmap.csv']);
  });

  it('may be plain arrays, with one scale for all', async () => {
    const floats = (...values: number[]): Uint8Array => new Uint8Array(Float32Array.from(values).buffer);
    put('X_train.npy', npy('<f4', [2, 1, 2], floats(0, 0.2, 0.4, 1)));
    put('y_train.npy', labels);
    put('X_test.npy', npy('<f4', [1, 1, 2], floats(0, 1.003)));
    put('y_test.npy', npy('|u1', [1], Uint8Array.of(1)));
    const data = await loadData(folder, { ...gray(1), width: 2 });
    expect([...data.train.images.pixels, ...data.test!.images.pixels]).toEqual([0, 51, 102, 255, 0, 255]);
  });

  it('are refused where two are the same', async () => {
    put('a-train-images.npy', images(1));
    put('a-train-labels.npy', labels);
    put('b-train-images.npy', images(2));
    expect(await refused()).toContain("two files with the same meaning, 'a-train-images.npy' and 'b-train-images.npy'");
  });

  it('are refused where one holds several, where it is cut short, and where a split has no labels', async () => {
    put('x_train.npz', npz({ a: images(1), b: images(2) }));
    put('y_train.npz', npz({ a: labels }));
    expect(await refused(gray(2))).toContain("x_train.npz': holds 2 arrays (a, b), expected one");
    put('x_train.npz', npz({ a: images(1) }));
    put('x_test.npz', npz({ a: images(1) }));
    expect(await refused(gray(2))).toContain("has images ('x_test.npz') without labels");
    put('x_test.npz', npz({ a: images(1) }).subarray(0, 60));
    expect(await refused(gray(2))).toContain('x_test.npz');
  });

  it('of classes of their own, or of no such name, are not read: what to do is said', async () => {
    put('cat.npy', images(1));
    put('dog.npy', images(2));
    expect(await refused()).toContain(
      "'cat.npy' is an array whose name does not say whether it holds images or labels",
    );
  });
});

describe('data in a form that is not read', () => {
  it.each([
    [['set.zip'], "'set.zip' is an archive: unpack it"],
    [['readme.md', 'train.tar.gz'], "'train.tar.gz' is an archive: unpack it"],
    [['data_batch_1', 'test_batch', 'batches.meta'], 'take the binary version'],
    [['labels.xlsx'], "'labels.xlsx' is a table, which is not read"],
    [['catvnoncat.h5'], 'is an HDF5 file'],
    [['train-00000-of-00001.parquet'], 'Parquet'],
    [['data.pkl'], 'is a Python pickle'],
    [['set.tfrecord-00000-of-00010'], 'is a TFRecord file'],
  ])('%j: says what to do', async (files, hint) => {
    for (const file of files) put(file, 'x');
    expect(await refused()).toContain(hint);
    // Beside folders without a picture too.
    put('empty/notes.txt', 'x');
    expect(await refused()).toContain(hint);
  });

  it('of pictures that are not read, alone or beside hidden files, names their kind', async () => {
    put('a/.DS_Store', 'x');
    put('a/1.ppm', 'P6');
    put('b/1.ppm', 'P6');
    expect(await refused()).toContain(
      "3 files were left out ('a/1.ppm': PPM pictures are not read; convert them to PNG",
    );
  });
});

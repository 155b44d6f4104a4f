import { describe, expect, it } from 'vitest';
import { loadData, type LoadedData } from '../../../src/engine/data/load';
import { idx, pattern } from './make';
import { anotherFolder, folder, gray, put } from './set';

/** Pictures of 2 × 2 with these labels, under the names of MNIST's files. */
function putSplit(split: 'train' | 't10k', labels: number[]): void {
  put(`${split}-images-idx3-ubyte`, idx([labels.length, 2, 2], pattern(labels.length * 4)));
  put(`${split}-labels-idx1-ubyte`, idx([labels.length], labels));
}
const load = (): Promise<LoadedData> => loadData(folder, gray(2), { originals: true });

describe('labels that count from 1, as those of EMNIST’s letters do', () => {
  it('are the classes 1, 2, 3 in every split', async () => {
    putSplit('train', [1, 3, 2, 1]);
    putSplit('t10k', [3, 2]);
    const { labels, train, test, originals } = await load();
    expect(labels).toEqual(['1', '2', '3']);
    expect([...train.images.labels]).toEqual([0, 2, 1, 0]);
    expect([...test!.images.labels]).toEqual([2, 1]);
    expect([...originals!.train!.labels]).toEqual([0, 2, 1, 0]);
  });

  it('take the names of a file that has as many, in order', async () => {
    putSplit('train', [1, 3, 2, 1]);
    put('labels.txt', 'a\nb\nc\n');
    const { labels, train } = await load();
    expect([labels, ...train.images.labels]).toEqual([['a', 'b', 'c'], 0, 2, 1, 0]);
  });

  it('are left as they are where a name or a split has the class 0', async () => {
    putSplit('train', [1, 3, 2, 1]);
    put('labels.txt', 'none\na\nb\nc\n');
    await expect(load()).rejects.toThrow("class 'none' has no image in the training split (of 4 classes)");
    anotherFolder();
    putSplit('train', [1, 3, 2, 1]);
    putSplit('t10k', [0, 2]);
    await expect(load()).rejects.toThrow("class '0' has no image in the training split");
  });

  it('are named in errors by their own numbers', async () => {
    putSplit('train', [1, 2]);
    putSplit('t10k', [3]);
    await expect(load()).rejects.toThrow('has the label 3 in the test split, which the training split lacks (1 … 2)');
    putSplit('train', [1, 4]);
    putSplit('t10k', [1]);
    await expect(load()).rejects.toThrow("class '2' has no image");
  });
});

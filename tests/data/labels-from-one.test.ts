import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { loadData, type LoadedData } from '../../src/engine/data/load';
import { scratch } from '../train/helpers';
import { idx, pattern } from './make';

const root = scratch();
let folder = '';
beforeEach(() => {
  process.env.CONVSCOPE_CACHE = join(root, 'cache');
  folder = mkdtempSync(join(root, 'set-'));
});

/** Pictures of 2 × 2 with these labels, under the names of MNIST's files. */
function put(part: 'train' | 't10k', labels: number[]): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${part}-images-idx3-ubyte`), idx([labels.length, 2, 2], pattern(labels.length * 4)));
  writeFileSync(join(folder, `${part}-labels-idx1-ubyte`), idx([labels.length], labels));
}
const load = (): Promise<LoadedData> =>
  loadData(folder, { height: 2, width: 2, channels: 1, fit: 'crop', resize: 'linear' }, { originals: true });

describe('labels that count from 1, as those of EMNIST’s letters do', () => {
  it('are the classes 1, 2, 3 in every part', async () => {
    put('train', [1, 3, 2, 1]);
    put('t10k', [3, 2]);
    const { labels, train, test, originals } = await load();
    expect(labels).toEqual(['1', '2', '3']);
    expect([...train.images.labels]).toEqual([0, 2, 1, 0]);
    expect([...test!.images.labels]).toEqual([2, 1]);
    expect([...originals!.train!.labels]).toEqual([0, 2, 1, 0]);
  });

  it('take the names of a file that has as many, in order', async () => {
    put('train', [1, 3, 2, 1]);
    writeFileSync(join(folder, 'labels.txt'), 'a\nb\nc\n');
    const { labels, train } = await load();
    expect([labels, ...train.images.labels]).toEqual([['a', 'b', 'c'], 0, 2, 1, 0]);
  });

  it('are left as they are where a name or a part has the class 0', async () => {
    put('train', [1, 3, 2, 1]);
    writeFileSync(join(folder, 'labels.txt'), 'none\na\nb\nc\n');
    await expect(load()).rejects.toThrow("class 'none' has no image in the training part (4 classes)");
    folder = mkdtempSync(join(root, 'set-'));
    put('train', [1, 3, 2, 1]);
    put('t10k', [0, 2]);
    await expect(load()).rejects.toThrow("class '0' has no image in the training part");
  });

  it('are named in errors by their own numbers', async () => {
    put('train', [1, 2]);
    put('t10k', [3]);
    await expect(load()).rejects.toThrow('has the label 3 in the test part, which the training part lacks (1 … 2)');
    put('train', [1, 4]);
    put('t10k', [1]);
    await expect(load()).rejects.toThrow("class '2' has no image");
  });
});

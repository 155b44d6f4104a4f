import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadData } from '../../../../src/engine/data/load';
import { sentence } from '../../../../src/words';
import { gz, idx } from '../make';
import { folder, gray, put, refused } from '../set';

/** Pictures of 2 × 2 with these labels, as EMNIST's files are called. */
function putSplit(set: string, split: 'train' | 'test', labels: number[], pixels = [1, 2, 3, 204]): void {
  const name = `emnist-${set}-${split}`;
  put(
    `${name}-images-idx3-ubyte.gz`,
    gz(
      idx(
        [labels.length, 2, 2],
        labels.flatMap(() => pixels),
      ),
    ),
  );
  put(`${name}-labels-idx1-ubyte.gz`, gz(idx([labels.length], labels)));
}

describe('EMNIST', () => {
  it('stands upright, and its letters are letters', async () => {
    putSplit('letters', 'train', [1, 2, 3]);
    putSplit('letters', 'test', [2]);
    put('emnist-letters-mapping.txt', '1 65 97\n2 66 98 \n3 67 99\n');
    const { labels, train, test, warnings } = await loadData(folder, gray(2));
    expect(labels).toEqual(['A', 'B', 'C']);
    expect([...train.images.pixels.subarray(0, 4)]).toEqual([1, 3, 2, 204]);
    expect([...train.images.labels, ...test!.images.labels]).toEqual([0, 1, 2, 1]);
    expect(sentence(warnings[0])).toContain('transposed back');
  });

  it('takes the letters by their labels, also where the first is not there', async () => {
    putSplit('letters', 'train', [2, 3]);
    put('emnist-letters-mapping.txt', '1 65 97\n2 66 98\n3 67 99\n');
    expect(await refused(gray(2))).toContain("class 'A' has no image");
    put('emnist-letters-mapping.txt', '1 65 97\n3 66 98\n');
    expect(await refused(gray(2))).toContain("mapping.txt': line 2 is '3 66 98', expected a label");
  });

  it('has its splits told apart where they lie side by side', async () => {
    for (const split of ['letters', 'digits']) {
      putSplit(split, 'train', [1, 2]);
      putSplit(split, 'test', [1]);
    }
    put('emnist-letters-mapping.txt', '1 65\n2 66\n');
    const reason = await refused(gray(2));
    expect(reason).toContain("2 sets side by side: 'emnist-digits', 'emnist-letters'. Name a training file");
    const [, example] = /such as '([^']+)'/.exec(reason)!;
    expect(example).toBe('emnist-digits-train-images-idx3-ubyte.gz');
    const digits = await loadData(join(folder, example), gray(2));
    expect([digits.labels, digits.test?.samples.length]).toEqual([['1', '2'], 1]);
    const letters = await loadData(join(folder, example.replace('digits', 'letters')), gray(2));
    expect(letters.labels).toEqual(['A', 'B']);
  });
});

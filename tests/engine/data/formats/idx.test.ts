import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadData } from '../../../../src/engine/data/load';
import { gz, idx, pattern } from '../make';
import { folder, gray, put, refused, rgb } from '../set';

describe('idx files', () => {
  it('reads plain and packed ones, splits by their names', async () => {
    put('train-images-idx3-ubyte', idx([4, 3, 2], pattern(24)));
    put('train-labels-idx1-ubyte', idx([4], [0, 1, 1, 0]));
    put('t10k-images-idx3-ubyte.gz', gz(idx([2, 3, 2], pattern(12, 2))));
    put('t10k-labels-idx1-ubyte.gz', gz(idx([2], [1, 0])));
    const data = await loadData(folder, { ...gray(2), height: 3 });
    expect(data.format).toBe('idx');
    expect(data.labels).toEqual(['0', '1']);
    expect(data.train.images.pixels).toEqual(pattern(24));
    expect([...data.train.images.labels]).toEqual([0, 1, 1, 0]);
    expect(data.test?.images.pixels).toEqual(pattern(12, 2));
    expect(data.validation).toBeNull();
  });

  it('takes one file with its labels, names of classes, and names with dots', async () => {
    put('digits-images.idx3-ubyte', idx([2, 2, 2], pattern(8)));
    put('digits-labels.idx1-ubyte', idx([2], [0, 1]));
    put('labels.txt', 'cat\ndog\n');
    expect((await loadData(join(folder, 'digits-images.idx3-ubyte'), gray(2))).labels).toEqual(['cat', 'dog']);
  });

  it('takes labels of other types, where they are whole numbers', async () => {
    put('train-images-idx3-ubyte', idx([3, 2, 2], pattern(12)));
    for (const [type, values] of [
      [0x09, [0, 1, 2]],
      [0x0b, [0, 0, 0, 1, 0, 2]],
      [0x0c, [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2]],
      [0x0d, [0, 0, 0, 0, 0x3f, 0x80, 0, 0, 0x40, 0, 0, 0]],
      [0x0e, [...new Array<number>(8).fill(0), 0x3f, 0xf0, 0, 0, 0, 0, 0, 0, 0x40, 0, 0, 0, 0, 0, 0, 0]],
    ] as const) {
      put('train-labels-idx1-ubyte', idx([3], values, type));
      expect([...(await loadData(folder, gray(2))).train.images.labels]).toEqual([0, 1, 2]);
    }
    put('train-labels-idx1-ubyte', idx([3], [0, 1, 255], 0x09));
    expect(await refused(gray(2))).toContain("'train-labels-idx1-ubyte' has the label -1 at 2, expected whole numbers");
    put('train-labels-idx1-ubyte', idx([3], [0, 0, 0, 0, 0x3f, 0, 0, 0, 0, 0, 0, 0], 0x0d));
    expect(await refused(gray(2))).toContain('has the label 0.5 at 1');
    put('train-labels-idx1-ubyte', idx([3], [0, 1, 2], 0x0c));
    expect(await refused(gray(2))).toContain('its header states 20 bytes, the file has 11');
  });

  it.each([
    ['more than it holds', idx([4, 2, 3], pattern(16)), 'states 40 bytes, the file has 32'],
    ['less than it holds', idx([4, 2, 1], pattern(16)), 'states 24 bytes, the file has 32'],
    ['more than any memory', idx([4, 0xffffffff, 0xffff], pattern(16)), 'its header states'],
    ['floats', idx([4, 2, 2], pattern(16), 0x0d), 'elements of type float32, expected uint8'],
    ['nine dimensions', idx([1, 1, 1, 1, 1, 1, 1, 1, 16], pattern(16)), '9 dimensions, expected 1 to 4'],
    ['nothing of the kind', Buffer.from('hello, this is not an idx file'), 'is not an idx file: found a text'],
    ['half a header', idx([4, 2, 2], []).subarray(0, 10), 'is cut short: 10 bytes, its header alone takes 16'],
    ['nothing at all', Buffer.alloc(0), 'empty (0 bytes)'],
  ])('refuses a header that promises %s, packed or not', async (_, bytes, reason) => {
    put('train-labels-idx1-ubyte', idx([4], [0, 1, 1, 0]));
    put('train-images-idx3-ubyte', bytes);
    expect(await refused(gray(2))).toContain(reason);
    expect(await refused(gray(2))).toContain('train-images-idx3-ubyte');
    if (bytes.length === 0) return;
    rmSync(join(folder, 'train-images-idx3-ubyte'));
    put('train-images-idx3-ubyte.gz', gz(bytes));
    expect(await refused(gray(2))).toMatch(/train-images-idx3-ubyte\.gz': /);
  });

  it('refuses a packed bomb without unpacking it', async () => {
    put('train-labels-idx1-ubyte', idx([4], [0, 1, 1, 0]));
    put('train-images-idx3-ubyte.gz', gz(idx([4, 2, 2], new Uint8Array(64 * 2 ** 20))));
    const before = process.memoryUsage().rss;
    expect(await refused(gray(2))).toContain('its header states 32 bytes, the unpacked file has more');
    expect(process.memoryUsage().rss - before).toBeLessThan(32 * 2 ** 20);
  });

  it('refuses a packed file that is cut short', async () => {
    put('train-labels-idx1-ubyte', idx([4], [0, 1, 1, 0]));
    const whole = gz(idx([4, 84, 84], pattern(4 * 84 * 84)));
    put('train-images-idx3-ubyte.gz', whole.subarray(0, whole.length >> 1));
    expect(await refused()).toMatch(/not a complete gzip file|bytes, the unpacked file has/);
  });

  it('refuses labels without images, images without labels, and numbers that differ', async () => {
    put('train-labels-idx1-ubyte', idx([4], [0, 1, 1, 0]));
    expect(await refused()).toContain("labels without images, expected 'train-images-idx3-ubyte' beside it");
    put('train-images-idx3-ubyte', idx([3, 2, 2], pattern(12)));
    expect(await refused()).toContain('has 4 labels');
    rmSync(join(folder, 'train-labels-idx1-ubyte'));
    expect(await refused()).toContain("images without labels, expected 'train-labels-idx1-ubyte' beside it");
  });

  it('refuses a single class and a class without an image', async () => {
    put('train-images-idx3-ubyte', idx([3, 2, 2], pattern(12)));
    put('train-labels-idx1-ubyte', idx([3], [0, 0, 0]));
    expect(await refused(gray(2))).toContain('a single class');
    put('train-labels-idx1-ubyte', idx([3], [0, 2, 0]));
    expect(await refused(gray(2))).toContain("class '1' has no image");
  });

  it('fits pictures to another size and color mode', async () => {
    put('train-images-idx3-ubyte', idx([2, 2, 2], [10, 10, 10, 10, 200, 200, 200, 200]));
    put('train-labels-idx1-ubyte', idx([2], [0, 1]));
    for (const from of ['the files', 'the cache']) {
      const { train } = await loadData(folder, rgb(4));
      expect([...train.images.pixels], from).toEqual([
        ...new Array<number>(48).fill(10),
        ...new Array<number>(48).fill(200),
      ]);
    }
  });
});

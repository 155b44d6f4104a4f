import { describe, expect, it } from 'vitest';
import { loadData } from '../../../../src/engine/data/load';
import { folder, put, refused, rgb } from '../set';

const SIDE = 96;
const pixel = (n: number, row: number, column: number, channel: number): number =>
  (97 * n + 31 * row + 7 * column + 3 * channel) % 256;

/** Planes, in each of them columns. */
function pictures(count: number): Buffer {
  const all = Buffer.alloc(count * 3 * SIDE * SIDE);
  let at = 0;
  for (let n = 0; n < count; n++)
    for (let c = 0; c < 3; c++)
      for (let column = 0; column < SIDE; column++)
        for (let row = 0; row < SIDE; row++) all[at++] = pixel(n, row, column, c);
  return all;
}

describe('STL-10 binary files', () => {
  const names = 'airplane bird car cat deer dog horse monkey ship truck'.split(' ');

  it('hold columns of planes, and labels from 1 on in a file beside them', async () => {
    put('train_X.bin', pictures(10));
    put('train_y.bin', Buffer.from(names.map((_, i) => i + 1)));
    put('test_X.bin', pictures(1));
    put('test_y.bin', Buffer.of(7));
    put('unlabeled_X.bin', pictures(1));
    put('class_names.txt', names.join('\n'));
    const data = await loadData(folder, rgb(SIDE));
    expect([data.format, data.labels]).toEqual(['stl', names]);
    expect([...data.train.images.labels]).toEqual(names.map((_, i) => i));
    expect([...data.test!.images.labels]).toEqual([6]);
    const at = (n: number, row: number, column: number, c: number): number =>
      data.train.images.pixels[((n * SIDE + row) * SIDE + column) * 3 + c];
    for (const [n, row, column, c] of [
      [0, 0, 0, 0],
      [0, 1, 0, 0],
      [3, 5, 70, 1],
      [9, 95, 94, 2],
    ])
      expect(at(n, row, column, c)).toBe(pixel(n, row, column, c));
    expect(data.leftOut.map(({ file }) => file)).toEqual(['unlabeled_X.bin']);
  });

  it('are refused with half a picture, another label, or packed', async () => {
    put('train_X.bin', pictures(2).subarray(1));
    put('train_y.bin', Buffer.of(1, 2));
    expect(await refused(rgb(SIDE))).toContain('has 55295 bytes; expected 55296');
    put('train_X.bin', pictures(2));
    put('train_y.bin', Buffer.of(1, 11));
    expect(await refused(rgb(SIDE))).toContain('label 1 is 11, expected 1 to 10');
    put('train_y.bin', Buffer.of(0x1f, 0x8b));
    expect(await refused(rgb(SIDE))).toContain('packed by gzip');
  });
});

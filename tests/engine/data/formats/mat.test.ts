import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { loadData } from '../../../../src/engine/data/load';
import { folder, put, refused, rgb } from '../set';

const padded = (bytes: Uint8Array): Buffer => Buffer.concat([bytes, Buffer.alloc((8 - (bytes.length % 8)) % 8)]);

function element(type: number, bytes: Uint8Array): Buffer {
  const tag = Buffer.alloc(8);
  tag.writeUInt32LE(type, 0);
  tag.writeUInt32LE(bytes.length, 4);
  return Buffer.concat([tag, padded(bytes)]);
}

/** A matrix of a MAT-file; a name of one letter stands in its tag. */
function matrix(name: string, shape: number[], type: number, data: Uint8Array): Buffer {
  const small = Buffer.alloc(8);
  small.writeUInt32LE((name.length << 16) | 1, 0);
  small.write(name, 4, 'latin1');
  const called = name.length <= 4 ? small : element(1, Buffer.from(name));
  const parts = [element(6, Buffer.alloc(8)), element(5, new Uint8Array(Int32Array.from(shape).buffer)), called];
  return element(14, Buffer.concat([...parts, element(type, data)]));
}

const HEAD = Buffer.alloc(128);
HEAD.write('MATLAB 5.0 MAT-file', 'latin1');
HEAD.writeUInt16LE(0x0100, 124);
HEAD.write('IM', 126, 'latin1');
const packed = (bytes: Uint8Array): Buffer => {
  const body = deflateSync(bytes);
  const tag = Buffer.alloc(8);
  tag.writeUInt32LE(15, 0);
  tag.writeUInt32LE(body.length, 4);
  return Buffer.concat([tag, body]);
};
/** The pixel of a picture, `[row, column, channel]`. */
const pixel = (n: number, row: number, column: number, channel: number): number =>
  (97 * n + 31 * row + 7 * column + 3 * channel) % 256;

/** Pictures of 8 × 6, as MATLAB writes them: the first dimension fastest. */
function pictures(count: number): Uint8Array {
  const all: number[] = [];
  for (let n = 0; n < count; n++)
    for (let c = 0; c < 3; c++)
      for (let column = 0; column < 6; column++) for (let row = 0; row < 8; row++) all.push(pixel(n, row, column, c));
  return Uint8Array.from(all);
}
const x = (count: number): Buffer => matrix('X', [8, 6, 3, count], 2, pictures(count));
const y = (labels: number[]): Buffer => matrix('y', [labels.length, 1], 2, Uint8Array.from(labels));
const file = (...parts: Buffer[]): Buffer => Buffer.concat([HEAD, ...parts]);

describe('MAT-files as SVHN has them', () => {
  it('hold pictures and labels, of which 10 is the digit 0, packed or not, with other arrays between', async () => {
    const other = matrix('notes', [1, 2], 4, new Uint8Array(4));
    const labels = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    put('train_32x32.mat', file(packed(x(10)), packed(other), packed(y(labels))));
    put('test_32x32.mat', file(other, matrix('y', [1, 1], 9, new Uint8Array(Float64Array.of(10).buffer)), x(1)));
    const data = await loadData(folder, { ...rgb(8), width: 6 });
    expect([data.format, data.labels]).toEqual(['mat', [...'1234567890']]);
    expect([...data.train.images.labels]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect([...data.test!.images.labels]).toEqual([9]);
    const expected: number[] = [];
    for (let n = 0; n < 10; n++)
      for (let row = 0; row < 8; row++)
        for (let column = 0; column < 6; column++) for (let c = 0; c < 3; c++) expected.push(pixel(n, row, column, c));
    expect([...data.train.images.pixels]).toEqual(expected);
  });

  it.each([
    ['other arrays', file(y([1])), "holds the arrays y; expected pictures 'X'"],
    ['another shape', file(matrix('X', [8, 6, 2], 2, new Uint8Array(96)), y([1, 2])), "array 'X' is [8, 6, 2]"],
    ['another count', file(x(3), y([1, 2])), "'X' has 3 pictures, 'y' has 2 labels"],
    ['fractions', file(x(1), matrix('y', [1, 1], 7, new Uint8Array(4))), "array 'y' holds no numbers that are read"],
    ['half a label', file(x(1), matrix('y', [1, 1], 9, new Uint8Array(Float64Array.of(0.5).buffer))), '0.5'],
    ['an end too soon', file(x(2), y([1, 2])).subarray(0, 300), 'is not a complete MAT-file'],
    ['damage', file(packed(x(2)).fill(7, 40, 60), y([1, 2])), 'has a damaged array'],
    ['version 7.3', Buffer.concat([Buffer.from('MATLAB 7.3 MAT-file'), Buffer.alloc(200)]), 'version 7.3 are HDF5'],
  ])('are refused with %s', async (_, bytes, reason) => {
    put('train_32x32.mat', bytes);
    expect(await refused(rgb(8))).toContain(reason);
  });
});

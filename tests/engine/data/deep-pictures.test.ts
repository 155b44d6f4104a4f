import sharp from 'sharp';
import { expect, it } from 'vitest';
import { loadData } from '../../../src/engine/data/load';
import { sentence } from '../../../src/words';
import { folder, gray, put } from './set';

it('tells by which range pictures of more than 8 bits were read, that of all their bits too', async () => {
  for (const [label, most] of [
    ['a', 65535],
    ['b', 30000],
  ] as const) {
    const values = Uint16Array.from({ length: 64 }, (_, i) => (i / 63) * most);
    const picture = sharp(values, { raw: { width: 8, height: 8, channels: 1 } }).toColourspace('grey16');
    put(`${label}/1.png`, await picture.png().toBuffer());
  }
  const { warnings, train } = await loadData(folder, gray(8));
  expect(warnings.map((each) => sentence(each))).toEqual(["2 pictures ('a/1.png' …): 16 bit, read as 0 … 65535"]);
  expect(Math.max(...train.images.pixels.subarray(64))).toBe(Math.floor(30000 / 256));
});

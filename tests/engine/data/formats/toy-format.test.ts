/** A data format of a new kind: its own file and its line in the list are all that it takes to be read, told and expected. */
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { dataFiles } from '../../../../src/engine/data/formats/files';
import { loadData } from '../../../../src/engine/data/load';
import { anotherFolder, folder, gray, put, refused } from '../set';

vi.mock('../../../../src/engine/data/formats/list', async (original) => {
  const { formats } = await original<typeof import('../../../../src/engine/data/formats/list')>();
  const { toy } = await import('./toy-format');
  return { formats: [toy, ...formats] };
});

it('reads, tells and expects a format that the list alone knows', async () => {
  expect(await refused()).toMatch(
    /holds nothing; expected a folder .*CIFAR-10 or CIFAR-100 .bin files, STL-10 .bin files, idx files or .*a \.gray file/,
  );
  put('other.txt', 'x');
  expect(await refused(gray(4), join(folder, 'other.txt'))).toMatch(/is not a data set \(expected .*a \.gray file/);
  const content = Uint8Array.from({ length: 3 * 17 }, (_, at) => (at % 17 === 0 ? (at / 17) % 2 : 3 * at));
  put('set.gray', content);
  for (const path of [folder, join(folder, 'set.gray')]) {
    const data = await loadData(path, gray(4));
    expect([data.format, data.labels, data.train.images.count]).toEqual(['toy', ['0', '1'], 3]);
    expect([...data.train.images.pixels.subarray(0, 16)]).toEqual([...content.subarray(1, 17)]);
    expect(data.leftOut.map(({ file }) => file)).toEqual(path === folder ? ['other.txt'] : []);
  }
  expect('SET.GRAY').toMatch(new RegExp(dataFiles(), 'i')); // what the window is told
  anotherFolder();
  put('inside/set.gray', content);
  expect((await loadData(folder, gray(4))).inside).toBe('inside');
});

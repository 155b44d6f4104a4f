import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { classCounts } from '../../../src/core/data/dataset';
import { loadData } from '../../../src/engine/data/load';
import { describeWithData, sharedData } from '../../shared-data';
import { folder, gray, put, refused, rgb } from './set';

describe('other paths', () => {
  it('says what is wrong with them', async () => {
    expect(await refused(gray(4), join(folder, 'absent'))).toContain('no such file');
    expect(await refused(gray(4), 'builtin:cats')).toContain('builtin:colors, builtin:shapes');
    put('set.tar.gz', 'x');
    expect(await refused(gray(4), join(folder, 'set.tar.gz'))).toContain('unpack it');
    put('notes.txt', 'x');
    expect(await refused(gray(4), join(folder, 'notes.txt'))).toContain('is not a data set');
    expect(await refused()).toContain('expected a folder of pictures per class');
  });
});

describeWithData('real data', ['mnist'], () => {
  it('reads MNIST', async () => {
    const data = await loadData(sharedData('mnist'), gray(28));
    expect([data.train.images.count, data.test?.images.count, data.labels.length]).toEqual([60000, 10000, 10]);
    expect([...classCounts(data.train, 10)]).toEqual([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
  });

  it('reads CIFAR-10 records among other files', async () => {
    const data = await loadData(sharedData('cifar10'), rgb(32));
    expect([data.format, data.train.images.count, data.labels[9]]).toEqual(['cifar', 4000, 'truck']);
    expect(data.leftOut.map(({ file }) => file)).toContain('cifar10-jpg-q75.tar.gz');
  });

  it('reads 400 photos of 272 sizes', async () => {
    const data = await loadData(sharedData('cats-dogs'), rgb(16));
    expect([data.train.samples.length, data.validation?.samples.length, data.test]).toEqual([300, 100, null]);
    expect(data.labels).toEqual(['cats', 'dogs']);
  });
});

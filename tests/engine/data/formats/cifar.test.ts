import { describe, expect, it } from 'vitest';
import { loadData } from '../../../../src/engine/data/load';
import { cifarRecord, gz } from '../make';
import { folder, gray, put, refused, rgb } from '../set';

describe('CIFAR-10 binary files', () => {
  it('reads planes as pixels, plain and packed, test apart', async () => {
    put('data_batch_1.bin', Buffer.concat([cifarRecord(0, (c, p) => c * 50 + (p % 7)), cifarRecord(1, () => 9)]));
    put('data_batch_2.bin.gz', gz(cifarRecord(1, () => 3)));
    put(
      'test_batch.bin',
      cifarRecord(0, () => 7),
    );
    put('batches.meta.txt', 'airplane\nautomobile\n\n');
    const data = await loadData(folder, rgb(32));
    expect(data.labels).toEqual(['airplane', 'automobile']);
    expect([data.train.images.count, data.test?.images.count]).toEqual([3, 1]);
    expect([...data.train.images.pixels.subarray(0, 9)]).toEqual([0, 50, 100, 1, 51, 101, 2, 52, 102]);
    expect([...data.train.images.labels]).toEqual([0, 1, 1]);
    // To gray: 0.299 · 1 + 0.587 · 51 + 0.114 · 101 = 41.75.
    expect((await loadData(folder, gray(32))).train.images.pixels[1]).toBe(42);
  });

  it('refuses half a record and a class above nine', async () => {
    put('data_batch_1.bin', Buffer.concat([cifarRecord(0, () => 1), Buffer.alloc(10)]));
    expect(await refused(rgb(32))).toContain('3083 bytes, expected a multiple of 3073');
    put(
      'data_batch_1.bin',
      cifarRecord(12, () => 1),
    );
    expect(await refused(rgb(32))).toContain('record 0 is of class 12');
    put('data_batch_1.bin', Buffer.alloc(2 * 3074));
    expect(await refused(rgb(32))).toContain('CIFAR-100');
  });

  it('reads packed files in several pieces and with zeros behind them, and refuses one that is cut short or goes on with something else', async () => {
    const [first, second] = [0, 1].map((label) => gz(cifarRecord(label, (_, p) => p & 255)));
    put('data_batch_1.bin.GZ', Buffer.concat([first, second, Buffer.alloc(3 << 20)]));
    const { train } = await loadData(folder, rgb(32));
    expect([...train.images.labels]).toEqual([0, 1]);
    expect(train.images.pixels[3 * 200]).toBe(200);
    for (const bytes of [first.subarray(0, 40), Buffer.concat([first, Buffer.from('more')])]) {
      put('data_batch_1.bin.GZ', bytes);
      expect(await refused(rgb(32))).toContain("data_batch_1.bin.GZ': is not a complete gzip file");
    }
  });
});

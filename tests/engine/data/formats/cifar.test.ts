import { describe, expect, it } from 'vitest';
import { loadData } from '../../../../src/engine/data/load';
import { cifarRecord, gz } from '../make';
import { folder, gray, put, refused, rgb } from '../set';

describe('CIFAR binary files', () => {
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
  });

  it('reads CIFAR-100 by its fine classes, names them, and says so', async () => {
    const record = (coarse: number, fine: number): Buffer =>
      Buffer.concat([Buffer.of(coarse), cifarRecord(fine, (c, p) => c * 50 + (p % 7))]);
    const names = Array.from({ length: 100 }, (_, i) => `fine ${i}`);
    put('train.bin', Buffer.concat(names.map((_, i) => record(i % 20, i))));
    put('test.bin.gz', gz(record(3, 99)));
    put('fine_label_names.txt', names.join('\n'));
    put('coarse_label_names.txt', 'not read');
    const data = await loadData(folder, rgb(32));
    expect(data.labels).toEqual(names);
    expect([...data.train.images.labels]).toEqual(names.map((_, i) => i));
    expect([...data.test!.images.labels]).toEqual([99]);
    expect([...data.train.images.pixels.subarray(0, 9)]).toEqual([0, 50, 100, 1, 51, 101, 2, 52, 102]);
    expect(data.warnings.filter(({ code }) => code === 'data.cifar.fine')).toHaveLength(1);
    expect(data.leftOut.map(({ file }) => file)).toEqual(['coarse_label_names.txt']);
    put('train.bin', record(20, 1));
    expect(await refused(rgb(32))).toContain('record 0 is of class 20, expected 0 to 19');
    put('train.bin', Buffer.concat([cifarRecord(0, () => 1), cifarRecord(1, () => 1)]));
    expect(await refused(rgb(32))).not.toContain('it was loaded');
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

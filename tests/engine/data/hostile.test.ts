import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadData } from '../../../src/engine/data/load';
import { sentence } from '../../../src/words';
import { npyHeader } from '../../../src/engine/npy/header';
import { gz, idx, npy, npz, pattern } from './make';
import { folder, gray, put, refused, rgb } from './set';

const labels = npy('|u1', [2], Uint8Array.of(0, 1));
const MIB = 2 ** 20;

/** Whether memory stayed where it was while something was refused. @param most bytes. */
async function without(most: number, refusal: () => Promise<string>): Promise<string> {
  const before = process.memoryUsage().rss;
  const reason = await refusal();
  expect(process.memoryUsage().rss - before).toBeLessThan(most);
  return reason;
}

describe.skipIf(process.platform === 'win32')('what is no regular file', () => {
  it.each(['set.npz', 'data_batch_1.bin', 'train-images-idx3-ubyte', 'train-images-idx3-ubyte.gz', 'labels.txt'])(
    'is not opened, whether a pipe, a socket or a device is called %s',
    async (name) => {
      put('train-labels-idx1-ubyte', idx([2], [0, 1]));
      if (name === 'labels.txt') put('train-images-idx3-ubyte', idx([2, 2, 2], pattern(8)));
      const path = join(folder, name);
      const target = name.startsWith('t') || name === 'labels.txt' ? folder : path;
      symlinkSync('/dev/zero', path);
      expect(await refused(gray(2), target)).toContain(`${name}' cannot be read: it is a device`);
      spawnSync('rm', [path]);
      spawnSync('mkfifo', [path]);
      expect(await refused(gray(2), target)).toContain(`${name}' cannot be read: it is a named pipe`);
      spawnSync('rm', [path]);
      const server = createServer().listen(path);
      await once(server, 'listening');
      expect(await refused(gray(2), target)).toContain(`${name}' cannot be read: it is a socket`);
      server.close();
    },
  );
});

describe('content that is not what its name says', () => {
  it('is read by what it is where it is data, and named where it is not', async () => {
    put('train-labels-idx1-ubyte', gz(idx([2], [0, 1])));
    put('train-images-idx3-ubyte.gz', idx([2, 2, 2], pattern(8)));
    const { train, warnings } = await loadData(folder, gray(2));
    expect(train.images.pixels).toEqual(pattern(8));
    expect(warnings.map((note) => sentence(note)).join()).toMatch(/not compressed; it is read.*|compressed with gzip/);
    expect(warnings).toHaveLength(2);
    for (const [content, found] of [
      ['<!DOCTYPE html><html>', 'is named .gz but is not a gzip file: found an HTML page'],
      ['PK\x03\x04 and more', 'found a ZIP archive'],
      ['version https://git-lfs.github.com/spec/v1\n', 'found a placeholder of Git LFS'],
    ]) {
      put('train-images-idx3-ubyte.gz', content);
      expect(await refused(gray(2))).toContain(found);
    }
  });
});

describe('data that would take more than it is worth', () => {
  it('is refused before it is unpacked', async () => {
    const archive = Buffer.from(npz({ images: npy('|u1', [2, 8192, 8192], pattern(8)), labels }));
    archive.writeUInt32LE(128 * MIB + 128, archive.indexOf('PK\x01\x02') + 24);
    put('set.npz', archive);
    expect(await refused()).toContain("array 'images' unpacks to 129 MiB");
    put('train-labels-idx1-ubyte', idx([100_000], []));
    put('train-images-idx3-ubyte.gz', gz(idx([100_000, 28, 28], pattern(8))));
    expect(await refused()).toContain('its header states 100,008 bytes, the file has 8');
  });

  it('is refused as it unpacks, where no header states how much it is', async () => {
    put('data_batch_1.bin.gz', gz(new Uint8Array(3073 * 22_000)));
    expect(await without(48 * MIB, () => refused(rgb(32)))).toContain('pictures never compress so well');
  });

  it('is refused where a directory promises less than there is', async () => {
    const archive = Buffer.from(npz({ images: npy('|u1', [2, 2, 2], pattern(8)), labels }));
    const entry = archive.indexOf('PK\x01\x02');
    archive.writeUInt32LE(archive.readUInt32LE(entry + 24) - 1, entry + 24);
    put('set.npz', archive);
    expect(await refused()).toContain("array 'images' unpacks to a different number of bytes than the 135");
  });

  it('is refused where its checksum differs', async () => {
    const archive = Buffer.from(npz({ images: npy('|u1', [2, 2, 2], pattern(8)), labels }));
    const entry = archive.indexOf('PK\x01\x02');
    archive[entry + 16] ^= 1;
    put('set.npz', archive);
    expect(await refused()).toContain("array 'images' is damaged: its checksum does not match");
  });

  it.each([
    ['texts without a letter', '<U0', [100_000_000], 'type'],
    ['texts of gigabytes', '<U500000000', [2], 'type'],
  ])('is refused for %s', async (_, descr, shape) => {
    put('set.npz', npz({ images: npy('|u1', [2, 2, 2], pattern(8)), labels: npy(descr, shape, new Uint8Array(0)) }));
    expect(await refused()).toContain(`array 'labels' has texts of type '${descr}', expected 1 to 1000 letters`);
  });

  it('reads a header in one pass, however it is made', () => {
    const header = (text: string): Uint8Array => {
      const head = Buffer.from('\x93NUMPY\x02\x00\0\0\0\0', 'latin1');
      head.writeUInt32LE(text.length, 8);
      return Buffer.concat([head, Buffer.from(text, 'latin1')]);
    };
    const read = (text: string): unknown => npyHeader(header(text));
    expect(read("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3L,), }")).toMatchObject({ shape: [2, 3] });
    expect(read('{"shape": (), "fortran_order": True, "descr": ">i2"}')).toMatchObject({ count: 1, bigEndian: true });
    for (const text of [
      "{'descr': ".repeat(6000),
      "{'descr':'" + ' '.repeat(60_000),
      "{'shape': (" + '1,'.repeat(30_000),
    ])
      expect(read(text)).toHaveProperty('code');
    expect(read(' '.repeat(70_000))).toMatchObject({ code: 'data.npy.header-long' });
    expect(read("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}")).toMatchObject({
      code: 'data.npy.structured',
    });
  });

  it('stops where it is told to', async () => {
    put('set.npz', npz({ images: npy('|u1', [2, 2, 2], pattern(8)), labels }));
    const stop = new AbortController();
    stop.abort(new Error('stopped'));
    await expect(loadData(folder, gray(2), { signal: stop.signal })).rejects.toThrow('stopped');
  });
});

import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { classCounts } from '../../src/core/data/dataset';
import { loadData } from '../../src/engine/data/load';
import type { Target } from '../../src/engine/data/fit';
import { describeWithData, sharedData } from '../shared-data';
import { scratch } from '../train/helpers';
import { cifarRecord, gz, idx, npy, npz, pattern } from './make';

const root = scratch();
const grey = (side: number): Target => ({ height: side, width: side, channels: 1, fit: 'crop', resize: 'linear' });
const rgb = (side: number): Target => ({ ...grey(side), channels: 3 });

let folder = '';
beforeAll(() => {
  process.env.CONVSCOPE_CACHE = join(root, 'cache');
});
beforeEach(() => {
  folder = mkdtempSync(join(root, 'set-'));
});

function put(path: string, content: Uint8Array | string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

async function picture(red: number, green: number, blue: number, size = 8): Promise<Buffer> {
  return sharp({ create: { width: size, height: size, channels: 3, background: { r: red, g: green, b: blue } } })
    .png()
    .toBuffer();
}

const refused = async (target: Target = grey(4), path = folder): Promise<string> =>
  loadData(path, target).then(
    () => 'it was loaded',
    (error: Error) => error.message,
  );

describe('idx files', () => {
  it('reads plain and packed ones, parts by their names', async () => {
    put('train-images-idx3-ubyte', idx([4, 3, 2], pattern(24)));
    put('train-labels-idx1-ubyte', idx([4], [0, 1, 1, 0]));
    put('t10k-images-idx3-ubyte.gz', gz(idx([2, 3, 2], pattern(12, 2))));
    put('t10k-labels-idx1-ubyte.gz', gz(idx([2], [1, 0])));
    const data = await loadData(folder, { ...grey(2), height: 3 });
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
    expect((await loadData(join(folder, 'digits-images.idx3-ubyte'), grey(2))).labels).toEqual(['cat', 'dog']);
  });

  it.each([
    ['more than it holds', idx([5, 2, 2], pattern(16)), 'promises 36 bytes, the file has 32'],
    ['less than it holds', idx([3, 2, 2], pattern(16)), 'promises 28 bytes, the file has more'],
    ['more than any memory', idx([0xffffffff, 0xffff, 0xffff], pattern(16)), 'its header promises'],
    ['floats', idx([4, 2, 2], pattern(16), 0x0d), 'elements of type 32-bit float, expected unsigned byte'],
    ['nine dimensions', idx([1, 1, 1, 1, 1, 1, 1, 1, 16], pattern(16)), '9 dimensions, expected 1 to 4'],
    ['nothing of the kind', Buffer.from('hello, this is no idx file'), 'it begins with 68 65 6c 6c, expected 00 00 08'],
    ['half a header', idx([4, 2, 2], []).subarray(0, 10), 'cut short inside its header'],
    ['nothing at all', Buffer.alloc(0), 'empty (0 bytes)'],
  ])('refuses a header that promises %s, packed or not', async (_, bytes, reason) => {
    put('train-labels-idx1-ubyte', idx([4], [0, 1, 1, 0]));
    put('train-images-idx3-ubyte', bytes);
    expect(await refused(grey(2))).toContain(reason);
    expect(await refused(grey(2))).toContain('train-images-idx3-ubyte');
    if (bytes.length === 0) return;
    rmSync(join(folder, 'train-images-idx3-ubyte'));
    put('train-images-idx3-ubyte.gz', gz(bytes));
    expect(await refused(grey(2))).toMatch(/train-images-idx3-ubyte\.gz': /);
  });

  it('refuses a packed bomb without unpacking it', async () => {
    put('train-labels-idx1-ubyte', idx([4], [0, 1, 1, 0]));
    put('train-images-idx3-ubyte.gz', gz(idx([4, 2, 2], new Uint8Array(64 * 2 ** 20))));
    const before = process.memoryUsage().rss;
    expect(await refused(grey(2))).toContain('its header promises 32 bytes, the unpacked file has more');
    expect(process.memoryUsage().rss - before).toBeLessThan(32 * 2 ** 20);
  });

  it('refuses a packed file that is cut short', async () => {
    put('train-labels-idx1-ubyte', idx([4], [0, 1, 1, 0]));
    const whole = gz(idx([40, 28, 28], pattern(40 * 784)));
    put('train-images-idx3-ubyte.gz', whole.subarray(0, whole.length >> 1));
    expect(await refused()).toMatch(/no whole gzip file|bytes, the unpacked file has/);
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
    expect(await refused(grey(2))).toContain('a single class');
    put('train-labels-idx1-ubyte', idx([3], [0, 2, 0]));
    expect(await refused(grey(2))).toContain("class '1' has no image");
  });

  it('fits pictures to another size and colour mode', async () => {
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
    // To grey: 0.299 · 1 + 0.587 · 51 + 0.114 · 101 = 41.75.
    expect((await loadData(folder, grey(32))).train.images.pixels[1]).toBe(42);
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
      expect(await refused(rgb(32))).toContain("data_batch_1.bin.GZ': is no whole gzip file");
    }
  });
});

describe('.npz archives', () => {
  const labels = npy('<i8', [2, 1], new Uint8Array(BigInt64Array.of(1n, 0n).buffer));

  it('reads bytes, names and parts', async () => {
    const names = npy(
      '<U3',
      [2],
      new Uint8Array(Uint32Array.from('cat\0dog\0'.replaceAll('\0', ''), (letter) => letter.charCodeAt(0)).buffer),
    );
    put(
      'set.npz',
      npz({
        x_train: npy('|u1', [2, 2, 2], pattern(8)),
        y_train: labels,
        x_test: npy('|u1', [2, 2, 2], pattern(8, 3)),
        y_test: labels,
        label_names: names,
      }),
    );
    const data = await loadData(folder, grey(2));
    expect(data.labels).toEqual(['cat', 'dog']);
    expect(data.train.images.pixels).toEqual(pattern(8));
    expect([...data.train.images.labels]).toEqual([1, 0]);
    expect(data.test?.images.pixels).toEqual(pattern(8, 3));
  });

  it('takes floats from 0 to 1 and channels first', async () => {
    const values = Float32Array.from({ length: 24 }, (_, i) => i / 24);
    put('set.npz', npz({ images: npy('<f4', [2, 3, 2, 2], new Uint8Array(values.buffer)), labels }));
    const { train } = await loadData(join(folder, 'set.npz'), rgb(2));
    const byte = (place: number): number => Math.round((place / 24) * 255);
    expect([...train.images.pixels.subarray(0, 6)]).toEqual([0, 4, 8, 1, 5, 9].map(byte));
  });

  it('takes the order, byte order and element types that NumPy writes', async () => {
    // [2, 2, 3]: pixel (i, y, x) is 100 i + 10 y + x; the first dimension runs fastest.
    const inC = [0, 1, 2, 10, 11, 12, 100, 101, 102, 110, 111, 112];
    const inFortran = [0, 100, 10, 110, 1, 101, 11, 111, 2, 102, 12, 112];
    const big = new Uint8Array(inC.length * 4);
    inC.forEach((value, i) => new DataView(big.buffer).setFloat32(4 * i, value));
    // Halves of 0, 1/4, 1/2, 1, and the smallest there is.
    const halves = new Uint8Array(Uint16Array.of(0, 0x3400, 0x3800, 0x3c00, 1, 0).buffer);
    const target = { ...grey(2), width: 3 };
    const pixels = async (array: Uint8Array, size = target): Promise<number[]> => {
      put('set.npz', npz({ X: array, Y: labels }));
      return [...(await loadData(folder, size)).train.images.pixels];
    };
    expect(await pixels(npy('|u1', [2, 2, 3], Uint8Array.from(inFortran), true))).toEqual(inC);
    expect(await pixels(npy('>f4', [2, 2, 3], big))).toEqual(inC);
    expect(await pixels(npy('<f2', [2, 1, 3], halves), { ...target, height: 1 })).toEqual([0, 64, 128, 255, 0, 0]);
    expect(await pixels(npy('|b1', [2, 1, 3], Uint8Array.of(0, 1, 1, 0, 0, 1)), { ...target, height: 1 })).toEqual([
      0, 255, 255, 0, 0, 255,
    ]);
  });

  it.each([
    ['X_train', 'y_train'],
    ['x_train', 'Y_train'],
    ['images', 'target'],
    ['trainX', 'trainY'],
    ['X', 'Y'],
    ['x_test', 'y_test'],
  ])('knows the names %s and %s', async (images, names) => {
    put('set.npz', npz({ [images]: npy('|u1', [2, 2, 2], pattern(8)), [names]: labels }));
    const { train, test } = await loadData(folder, grey(2));
    expect([train.samples.length, test]).toEqual([2, null]);
  });

  it('takes labels as one-hot rows and as names', async () => {
    const images = npy('|u1', [3, 2, 2], pattern(12));
    const rows = Float32Array.of(0, 1, 1, 0, 0, 1);
    put('set.npz', npz({ images, labels: npy('<f4', [3, 2], new Uint8Array(rows.buffer)) }));
    expect([...(await loadData(folder, grey(2))).train.images.labels]).toEqual([1, 0, 1]);
    put('set.npz', npz({ images, labels: npy('|S3', [3], new TextEncoder().encode('foxcatfox')) }));
    const data = await loadData(folder, grey(2));
    expect([data.labels, [...data.train.images.labels]]).toEqual([
      ['cat', 'fox'],
      [1, 0, 1],
    ]);
    rows[1] = 0.5;
    put('set.npz', npz({ images, labels: npy('<f4', [3, 2], new Uint8Array(rows.buffer)) }));
    expect(await refused(grey(2))).toContain('row 0 is not a one among zeros');
  });

  it.each([
    [
      'labels without images',
      { y_train: labels, more: labels },
      "labels ('y_train') without images; it holds y_train, more",
    ],
    [
      'two arrays for the same',
      { x_train: npy('|u1', [2, 2, 2], pattern(8)), X_train: npy('|u1', [2, 2, 2], pattern(8)), labels },
      "two arrays for the same, 'x_train' and 'X_train'",
    ],
    ['objects', { images: npy('|O', [2], pattern(8)), labels }, "elements of type '|O' (Python objects"],
    [
      'two classes of one name',
      { images: npy('|u1', [2, 2, 2], pattern(8)), labels, classes: npy('|S1', [2], pattern(2).fill(65)) },
      "names two classes 'A'",
    ],
    ['too few labels', { images: npy('|u1', [3, 2, 2], pattern(12)), labels }, 'one label for each of the 3 images'],
    [
      'a header that lies',
      { images: npy('|u1', [2, 9, 9], pattern(8)), labels },
      'has 8 bytes of elements, its header promises 162',
    ],
    [
      'values beyond pixels',
      { images: npy('<f4', [2, 1, 1], new Uint8Array(Float32Array.of(-3, 900).buffer)), labels },
      'values from -3 to 900',
    ],
    [
      'fractions as labels',
      {
        images: npy('|u1', [2, 2, 2], pattern(8)),
        labels: npy('<f4', [2], new Uint8Array(Float32Array.of(0.5, 1).buffer)),
      },
      'label 0.5 at 0',
    ],
    ['other arrays', { weights: labels }, "holds weights, expected 'images' and 'labels'"],
  ])('refuses %s', async (_, arrays, reason) => {
    put('set.npz', npz(arrays as Record<string, Uint8Array>));
    expect(await refused(grey(2))).toContain(reason);
  });

  it('refuses what is no archive', async () => {
    put('set.npz', 'no archive');
    expect(await refused()).toContain('no whole .npz archive');
  });
});

describe('folders of classes', () => {
  async function twoClasses(prefix = ''): Promise<void> {
    put(`${prefix}red/a.png`, await picture(255, 0, 0));
    put(
      `${prefix}red/deeper/b.jpg`,
      await sharp(await picture(250, 0, 0, 20))
        .jpeg()
        .toBuffer(),
    );
    put(
      `${prefix}blue/a.webp`,
      await sharp(await picture(0, 0, 255))
        .webp({ lossless: true })
        .toBuffer(),
    );
  }

  it('reads mixed formats and sizes; classes in order of their names', async () => {
    await twoClasses();
    const data = await loadData(folder, rgb(4));
    expect(data.labels).toEqual(['blue', 'red']);
    expect([...classCounts(data.train, 2)]).toEqual([1, 2]);
    expect([...data.train.images.pixels.subarray(0, 3)]).toEqual([0, 0, 255]);
    expect([...data.train.images.pixels.subarray(48, 51)]).toEqual([255, 0, 0]);
    // Red is 0.299 · 255 = 76.2 in grey.
    expect((await loadData(folder, grey(4))).train.images.pixels[16]).toBe(76);
  });

  it('knows train, val and test folders, and a class that is called train', async () => {
    await twoClasses('train/');
    await twoClasses('val/');
    await twoClasses('Test/');
    const data = await loadData(folder, rgb(4));
    expect([data.train, data.validation, data.test].map((part) => part?.samples.length)).toEqual([3, 3, 3]);
    rmSync(join(folder, 'val'), { recursive: true });
    rmSync(join(folder, 'Test'), { recursive: true });
    put('plane/a.png', await picture(1, 2, 3));
    expect((await loadData(folder, rgb(4))).labels).toEqual(['plane', 'train']);
  });

  it.each([
    ['Training', 'validation', 'testing'],
    ['training_set', 'Valid', 'test-set'],
    ['TRAIN', 'val', 'Test images'],
  ])('knows the parts as %s, %s and %s', async (...parts) => {
    for (const part of parts) await twoClasses(`${part}/`);
    const data = await loadData(folder, rgb(4));
    expect([data.train, data.validation, data.test].map((part) => part?.samples.length)).toEqual([3, 3, 3]);
  });

  it('leaves out what lies beside the parts, and folders of the operating system', async () => {
    await twoClasses('train/');
    await twoClasses('test/');
    await twoClasses('more/');
    put('__MACOSX/train/red/._a.png', 'x');
    put('train/red/@eaDir/a.png', await picture(1, 2, 3));
    const data = await loadData(folder, rgb(4));
    expect([data.labels, data.train.samples.length, data.test?.samples.length]).toEqual([['blue', 'red'], 3, 3]);
    expect(data.leftOut).toEqual([
      { file: '__MACOSX', reason: 'of the operating system' },
      { file: 'more', reason: 'lies beside the folders of the parts, not in one' },
      { file: 'train/red/@eaDir', reason: 'of the operating system' },
    ]);
  });

  it('takes a test part alone to look at, not to learn from', async () => {
    await twoClasses('test/');
    const data = await loadData(folder, rgb(4), { purpose: 'look' });
    expect([data.labels, data.train.samples.length, data.test?.samples.length]).toEqual([['blue', 'red'], 0, 3]);
    expect(await refused(rgb(4))).toContain('has no folder for the training part (found test)');
  });

  it('takes classes beside a .bin that is none of CIFAR, and says what it does not read', async () => {
    await twoClasses();
    put('model.bin', 'weights');
    expect((await loadData(folder, rgb(4))).leftOut.map(({ file }) => file)).toEqual(['model.bin']);
    put('set.npz', npz({ x: npy('|u1', [2, 2, 2], pattern(8)), y: npy('|u1', [2], Uint8Array.of(0, 1)) }));
    const { format, leftOut } = await loadData(folder, grey(2));
    expect([format, leftOut.map(({ file }) => file)]).toEqual(['npz', ['blue', 'model.bin', 'red']]);
  });

  it('lists broken and foreign files with their reasons and leaves them out', async () => {
    await twoClasses();
    put('red/broken.png', (await picture(9, 9, 9, 64)).subarray(0, 100));
    put('red/text.png', 'this is no picture');
    put('red/empty.jpg', '');
    put('red/notes.txt', 'notes');
    put('blue/.DS_Store', 'x');
    put('README.md', 'x');
    const data = await loadData(folder, rgb(4));
    expect(data.train.samples.length).toBe(3);
    expect([...data.train.images.pixels.subarray(96, 99)]).toEqual([250, 0, 0].map(() => expect.any(Number)));
    const reasons = new Map(data.leftOut.map(({ file, reason }) => [file, reason]));
    expect([...reasons.keys()].sort()).toEqual([
      'README.md',
      'blue/.DS_Store',
      'red/broken.png',
      'red/empty.jpg',
      'red/notes.txt',
      'red/text.png',
    ]);
    expect(reasons.get('red/broken.png')).toMatch(/damaged|cut short/);
    expect(reasons.get('red/text.png')).toContain('found text');
    expect(reasons.get('red/empty.jpg')).toContain('empty');
  });

  it('refuses an empty class, a class of broken pictures only, a single class, an unknown class, and no class', async () => {
    expect(await refused()).toContain('holds nothing; expected');
    await twoClasses();
    mkdirSync(join(folder, 'green'));
    expect(await refused()).toContain("class 'green' has no image");
    put('green/a.bmp', 'BM');
    expect(await refused()).toContain("class 'green' has no image, 1 left out ('green/a.bmp': no picture by its name");
    put('green/a.png', 'no picture');
    const why = await refused();
    expect(why).toContain("class 'green' has no image that can be read, 1 were left out ('green/a.png': ");
    expect(why).toContain('found text');
    rmSync(join(folder, 'green'), { recursive: true });
    rmSync(join(folder, 'blue'), { recursive: true });
    expect(await refused()).toMatch(/a single class, 'red', expected two or more$/);
    rmSync(join(folder, 'red/a.png'));
    expect(await refused()).toMatch(/two or more; are the classes the folders inside 'red'\?$/);
    rmSync(join(folder, 'red'), { recursive: true });
    await twoClasses('train/');
    put('test/green/a.png', await picture(0, 255, 0));
    expect(await refused()).toContain("has the class 'green', which the training part lacks");
  });

  it('decodes once, and notices a file that changed, also of the same size and time', async () => {
    await twoClasses();
    const first = await loadData(folder, rgb(4));
    const path = join(folder, 'red/a.png');
    const before = statSync(path);
    const bytes = readFileSync(path);
    // A PNG may have bytes behind its end.
    const other = Buffer.alloc(bytes.length);
    (await picture(0, 255, 0)).copy(other);
    expect(other.length).toBeGreaterThanOrEqual((await picture(0, 255, 0)).length);
    writeFileSync(path, other);
    utimesSync(path, before.atime, before.mtime);
    const second = await loadData(folder, rgb(4));
    expect([...second.train.images.pixels.subarray(48, 51)]).toEqual([0, 255, 0]);
    expect(second.fingerprint).not.toBe(first.fingerprint);
    writeFileSync(path, bytes);
    expect((await loadData(folder, rgb(4))).fingerprint).toBe(first.fingerprint);
  });

  it('takes pixels from the cache, and not from one that is damaged', async () => {
    await twoClasses();
    const cache = mkdtempSync(join(root, 'own-cache-'));
    process.env.CONVSCOPE_CACHE = cache;
    const first = await loadData(folder, rgb(4));
    const { readdirSync } = await import('node:fs');
    const file = join(cache, 'datasets', readdirSync(join(cache, 'datasets'))[0]);
    const kept = readFileSync(file);
    const reads: number[] = [];
    await loadData(folder, rgb(4), { progress: (done) => reads.push(done) });
    expect(reads).toEqual([3]);
    kept[kept.length - 1] ^= 255;
    writeFileSync(file, kept);
    expect((await loadData(folder, rgb(4))).fingerprint).toBe(first.fingerprint);
    process.env.CONVSCOPE_CACHE = join(root, 'a file', 'in the way');
    writeFileSync(join(root, 'a file'), '');
    expect((await loadData(folder, rgb(4))).fingerprint).toBe(first.fingerprint);
    process.env.CONVSCOPE_CACHE = join(root, 'cache');
  });

  it('stops where it is told to, with the reason that was given', async () => {
    await twoClasses();
    const signal = AbortSignal.abort();
    await expect(loadData(folder, rgb(6), { signal })).rejects.toBe(signal.reason);
  });

  it('follows links to classes', async () => {
    await twoClasses('elsewhere/');
    mkdirSync(join(folder, 'set'));
    symlinkSync(join(folder, 'elsewhere/red'), join(folder, 'set/red'));
    symlinkSync(join(folder, 'elsewhere/blue'), join(folder, 'set/blue'));
    expect((await loadData(join(folder, 'set'), rgb(4))).train.samples.length).toBe(3);
  });
});

describe('other paths', () => {
  it('says what is wrong with them', async () => {
    expect(await refused(grey(4), join(folder, 'absent'))).toContain('no such file');
    expect(await refused(grey(4), 'builtin:cats')).toContain('builtin:colors, builtin:shapes');
    put('set.tar.gz', 'x');
    expect(await refused(grey(4), join(folder, 'set.tar.gz'))).toContain('unpack it');
    put('notes.txt', 'x');
    expect(await refused(grey(4), join(folder, 'notes.txt'))).toContain('is no data set');
    expect(await refused()).toContain('expected a folder of pictures per class');
  });
});

describeWithData('real data', ['mnist'], () => {
  it('reads MNIST', async () => {
    const data = await loadData(sharedData('mnist'), grey(28));
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

describe('drawings among the pictures', () => {
  it('takes plain ones and leaves out those that cost more than their size shows', async () => {
    const svg = (content: string): string =>
      `<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8">${content}<rect width="8" height="8" fill="red"/></svg>`;
    for (const name of ['a', 'b']) put(`${name}/plain.svg`, svg(''));
    put('a/bomb.svg', svg('<g id="x"/><use href="#x"/><use href="#x"/>'));
    put('a/blur.svg', svg('<filter id="f"><feGaussianBlur stdDeviation="9"/></filter>'));
    put('b/long.svg', svg('<path d="M0 0"/>'.repeat(20_000)));
    const { train, leftOut } = await loadData(folder, rgb(8));
    expect(train.samples.length).toBe(2);
    expect(leftOut.map(({ file }) => file).sort()).toEqual(['a/blur.svg', 'a/bomb.svg', 'b/long.svg']);
    expect(leftOut.map(({ reason }) => reason).join()).toMatch(/'<filter'.*'<use'.*limit/);
  });
});

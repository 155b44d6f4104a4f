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
import { describe, expect, it } from 'vitest';
import { classCounts } from '../../../../src/core/data/dataset';
import { loadData } from '../../../../src/engine/data/load';
import { say, sentence } from '../../../../src/words';
import { png, tiff, webpAnimation } from '../../pictures';
import { npy, npz, pattern } from '../make';
import { folder, gray, picture, put, refused, rgb } from '../set';

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

describe('folders of classes', () => {
  it('reads mixed formats and sizes; classes in order of their names', async () => {
    await twoClasses();
    const data = await loadData(folder, rgb(4));
    expect(data.labels).toEqual(['blue', 'red']);
    expect([...classCounts(data.train, 2)]).toEqual([1, 2]);
    expect([...data.train.images.pixels.subarray(0, 3)]).toEqual([0, 0, 255]);
    expect([...data.train.images.pixels.subarray(48, 51)]).toEqual([255, 0, 0]);
    // Red is 0.299 · 255 = 76.2 in gray.
    expect((await loadData(folder, gray(4))).train.images.pixels[16]).toBe(76);
  });

  it('knows train, val and test folders, and a class that is called train', async () => {
    await twoClasses('train/');
    await twoClasses('val/');
    await twoClasses('Test/');
    const data = await loadData(folder, rgb(4));
    expect([data.train, data.validation, data.test].map((split) => split?.samples.length)).toEqual([3, 3, 3]);
    rmSync(join(folder, 'val'), { recursive: true });
    rmSync(join(folder, 'Test'), { recursive: true });
    put('plane/a.png', await picture(1, 2, 3));
    expect((await loadData(folder, rgb(4))).labels).toEqual(['plane', 'train']);
  });

  it.each([
    ['Training', 'validation', 'testing'],
    ['training_set', 'Valid', 'test-set'],
    ['TRAIN', 'val', 'Test images'],
  ])('knows the splits as %s, %s and %s', async (...splits) => {
    for (const split of splits) await twoClasses(`${split}/`);
    const data = await loadData(folder, rgb(4));
    expect([data.train, data.validation, data.test].map((split) => split?.samples.length)).toEqual([3, 3, 3]);
  });

  it('leaves out what lies beside the splits, and folders belongs to the operating system', async () => {
    await twoClasses('train/');
    await twoClasses('test/');
    await twoClasses('more/');
    put('__MACOSX/train/red/._a.png', 'x');
    put('train/red/@eaDir/a.png', await picture(1, 2, 3));
    const data = await loadData(folder, rgb(4));
    expect([data.labels, data.train.samples.length, data.test?.samples.length]).toEqual([['blue', 'red'], 3, 3]);
    expect(data.leftOut).toEqual([
      { file: '__MACOSX', reason: say('folders.left.system') },
      { file: 'more', reason: say('folders.left.beside-splits') },
      { file: 'train/red/@eaDir', reason: say('folders.left.system') },
    ]);
  });

  it('takes a test split alone to look at, not to learn from', async () => {
    await twoClasses('test/');
    const data = await loadData(folder, rgb(4), { purpose: 'look' });
    expect([data.labels, data.train.samples.length, data.test?.samples.length]).toEqual([['blue', 'red'], 0, 3]);
    expect(await refused(rgb(4))).toContain(
      'has no folder for the training split (found test/blue/ (1 picture), test/red/ (2 pictures))',
    );
  });

  it('takes classes beside a .bin that is none of CIFAR, and says what it does not read', async () => {
    await twoClasses();
    put('model.bin', 'weights');
    expect((await loadData(folder, rgb(4))).leftOut.map(({ file }) => file)).toEqual(['model.bin']);
    put('set.npz', npz({ x: npy('|u1', [2, 2, 2], pattern(8)), y: npy('|u1', [2], Uint8Array.of(0, 1)) }));
    const { format, leftOut } = await loadData(folder, gray(2));
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
    const reasons = new Map(data.leftOut.map(({ file, reason }) => [file, sentence(reason)]));
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
    expect(await refused()).toContain(
      "class 'green' has no image, 1 left out ('green/a.bmp': BMP pictures are not read",
    );
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
    expect(await refused()).toContain("has the class 'green', which the training split lacks (it has 'blue', 'red')");
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
    const cache = mkdtempSync(join(dirname(folder), 'own-cache-'));
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
    process.env.CONVSCOPE_CACHE = join(dirname(folder), 'a file', 'in the way');
    writeFileSync(join(dirname(folder), 'a file'), '');
    expect((await loadData(folder, rgb(4))).fingerprint).toBe(first.fingerprint);
    process.env.CONVSCOPE_CACHE = join(dirname(folder), 'cache');
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

describe('pictures that are more than they seem', () => {
  it('are decoded as Inspect decodes them: drawings are taken, bombs are left out by name', async () => {
    await twoClasses();
    const use = '<g id="x"><rect width="8" height="8" fill="red"/></g><use href="#x"/>';
    put('red/use.svg', `<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8">${use}</svg>`);
    put('red/huge.png', png({ width: 65536, height: 65536, color: 0 }));
    const still = await sharp({ create: { width: 1, height: 1, channels: 3, background: '#f00' } })
      .webp({ lossless: true })
      .toBuffer();
    put('red/frames.webp', webpAnimation(still, 100_000));
    put('red/bands.tif', tiff({ width: 1, height: 1, bits: 8, bands: 13, photometric: 1 }, new Uint8Array(13)));
    const { train, leftOut } = await loadData(folder, rgb(8));
    expect(train.samples.length).toBe(4);
    const reasons = Object.fromEntries(leftOut.map(({ file, reason }) => [file, sentence(reason)]));
    expect(Object.keys(reasons).sort()).toEqual(['red/bands.tif', 'red/frames.webp', 'red/huge.png']);
    expect(reasons['red/huge.png']).toMatch('65536 × 65536 pixels would take');
    expect(reasons['red/frames.webp']).toMatch('it has 100,000 frames, the limit is 10000');
    expect(reasons['red/bands.tif']).toMatch('the TIFF picture cannot be read: it has 13 bands');
  });

  it('that need more than their share of the memory are decoded alone', async () => {
    await twoClasses();
    // 172 MiB, as the guard counts.
    const large = await sharp(new Uint8Array(6200 * 6200), { raw: { width: 6200, height: 6200, channels: 1 } })
      .png({ compressionLevel: 1 })
      .toBuffer();
    put('red/large.png', large);
    const { train, leftOut, warnings } = await loadData(folder, rgb(4));
    expect(leftOut).toEqual([]);
    expect(train.samples.length).toBe(4);
    expect(warnings.map((warning) => sentence(warning)).join()).toMatch(/^4 pictures \('blue\/.*' …\): .*one color/);
  });

  it('are told of by what was read, the same from the cache', async () => {
    for (const [name, level] of [
      ['dim', 0.3],
      ['lit', 0.6],
    ] as const) {
      const samples = Float32Array.from({ length: 16 }, (_, i) => level + (i === 5 ? 0.1 : 0));
      for (const i of [1, 2, 3]) put(`${name}/${i}.tif`, tiff({ width: 4, height: 4, bits: 32, format: 3 }, samples));
    }
    for (let i = 0; i < 2; i++) {
      const { train, warnings } = await loadData(folder, { ...rgb(4), channels: 1 });
      expect([train.images.pixels[0], train.images.pixels[3 * 16]]).toEqual([77, 153]);
      expect(warnings.map((warning) => sentence(warning))).toEqual([
        "6 pictures ('dim/1.tif' …): 32-bit float, read as 0 … 1",
      ]);
    }
  });
});

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
import { classCounts } from '../../src/core/data/dataset';
import { loadData } from '../../src/engine/data/load';
import { say, sentence } from '../../src/words';
import { npy, npz, pattern } from './make';
import { folder, grey, picture, put, refused, rgb } from './set';

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
      { file: '__MACOSX', reason: say('folders.left.system') },
      { file: 'more', reason: say('folders.left.beside-splits') },
      { file: 'train/red/@eaDir', reason: say('folders.left.system') },
    ]);
  });

  it('takes a test part alone to look at, not to learn from', async () => {
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
    expect(leftOut.map(({ reason }) => sentence(reason)).join()).toMatch(/'<filter'.*'<use'.*limit/);
  });
});

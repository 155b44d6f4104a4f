import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loadData, type LoadedData } from '../../src/engine/data/load';
import { scratch } from '../train/helpers';
import { idx, pattern } from './make';

const root = scratch();
let folder = '';
let picture: Buffer;
beforeAll(async () => {
  process.env.CONVSCOPE_CACHE = join(root, 'cache');
  const background = { r: 200, g: 20, b: 20 };
  picture = await sharp({ create: { width: 8, height: 8, channels: 3, background } })
    .png()
    .toBuffer();
});
beforeEach(() => {
  folder = mkdtempSync(join(root, 'set-'));
});

function put(path: string, content: Uint8Array | string = picture): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}
const load = (named = folder): Promise<LoadedData> =>
  loadData(named, { height: 4, width: 4, channels: 1, fit: 'crop', resize: 'linear' });

describe('a folder that holds nothing but another one', () => {
  it('is read as that one: classes, parts, files of numbers, also two of them in each other', async () => {
    put('README.md', 'read me');
    put('__MACOSX/._pets', 'x');
    put('pets/cats/a.png');
    put('pets/dogs/a.png');
    const classes = await load();
    expect([classes.inside, classes.labels, classes.train.samples.length]).toEqual(['pets', ['cats', 'dogs'], 2]);
    // The same pictures under the same names: a run goes on with either folder.
    const direct = await load(join(folder, 'pets'));
    expect([direct.inside, direct.fingerprint]).toEqual([null, classes.fingerprint]);

    const parts = mkdtempSync(join(root, 'set-'));
    folder = parts;
    for (const part of ['train', 'test']) for (const label of ['a', 'b']) put(`pets/pets/${part}/${label}/1.png`);
    const divided = await load();
    expect([divided.inside, divided.test?.samples.length]).toEqual(['pets/pets', 2]);

    folder = mkdtempSync(join(root, 'set-'));
    put('raw/train-images-idx3-ubyte', idx([4, 4, 4], pattern(64)));
    put('raw/train-labels-idx1-ubyte', idx([4], [0, 1, 1, 0]));
    expect(await load()).toMatchObject({ inside: 'raw', format: 'idx', labels: ['0', '1'] });
  });

  it('is not looked into where it means something itself', async () => {
    // The part of a set.
    put('train/red/a.png');
    put('train/blue/a.png');
    expect(await load()).toMatchObject({ inside: null, labels: ['blue', 'red'] });
    // A class, with pictures of its own.
    folder = mkdtempSync(join(root, 'set-'));
    put('red/a.png');
    put('red/dark/a.png');
    put('red/light/a.png');
    await expect(load()).rejects.toThrow("holds a single class, 'red', expected two or more");
    // A link beside it is a class as well.
    put('pets/cats/a.png');
    symlinkSync(join(folder, 'pets', 'cats'), join(folder, 'linked'));
    expect((await load()).labels).toEqual(['linked', 'pets', 'red']);
  });

  it('is looked into three deep and no further, and never through a link that leads back', async () => {
    put('a/b/c/red/1.png');
    put('a/b/c/blue/1.png');
    expect((await load()).inside).toBe('a/b/c');
    folder = mkdtempSync(join(root, 'set-'));
    put('a/b/c/d/red/1.png');
    put('a/b/c/d/blue/1.png');
    await expect(load()).rejects.toThrow("holds a single class, 'a', expected two or more; are the classes");
    folder = mkdtempSync(join(root, 'set-'));
    mkdirSync(join(folder, 'a'));
    symlinkSync(folder, join(folder, 'a', 'back'));
    await expect(load()).rejects.toThrow('holds no image');
  });
});

import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadData, type LoadedData } from '../../../src/engine/data/load';
import { idx, pattern } from './make';
import { anotherFolder, folder, gray, picture, put } from './set';

const load = (named = folder): Promise<LoadedData> => loadData(named, gray(4));
const putPictures = async (...paths: string[]): Promise<void> => {
  for (const path of paths) put(path, await picture(200, 20, 20));
};

describe('a folder that holds nothing but another one', () => {
  it('is read as that one: classes, splits, files of numbers, also two of them in each other', async () => {
    put('README.md', 'read me');
    put('__MACOSX/._pets', 'x');
    await putPictures('pets/cats/a.png', 'pets/dogs/a.png');
    const classes = await load();
    expect([classes.inside, classes.labels, classes.train.samples.length]).toEqual(['pets', ['cats', 'dogs'], 2]);
    // The same pictures under the same names: a run goes on with either folder.
    const direct = await load(join(folder, 'pets'));
    expect([direct.inside, direct.fingerprint]).toEqual([null, classes.fingerprint]);

    anotherFolder();
    for (const split of ['train', 'test'])
      for (const label of ['a', 'b']) await putPictures(`pets/pets/${split}/${label}/1.png`);
    const divided = await load();
    expect([divided.inside, divided.test?.samples.length]).toEqual(['pets/pets', 2]);

    anotherFolder();
    put('raw/train-images-idx3-ubyte', idx([4, 4, 4], pattern(64)));
    put('raw/train-labels-idx1-ubyte', idx([4], [0, 1, 1, 0]));
    expect(await load()).toMatchObject({ inside: 'raw', format: 'idx', labels: ['0', '1'] });
  });

  it('is not looked into where it means something itself', async () => {
    // The split of a set.
    await putPictures('train/red/a.png', 'train/blue/a.png');
    expect(await load()).toMatchObject({ inside: null, labels: ['blue', 'red'] });
    // A class, with pictures of its own.
    anotherFolder();
    await putPictures('red/a.png', 'red/dark/a.png', 'red/light/a.png');
    await expect(load()).rejects.toThrow("holds a single class, 'red', expected two or more");
    // A link beside it is a class as well.
    await putPictures('pets/cats/a.png');
    symlinkSync(join(folder, 'pets', 'cats'), join(folder, 'linked'));
    expect((await load()).labels).toEqual(['linked', 'pets', 'red']);
  });

  it('is looked into three deep and no further, and never through a link that leads back', async () => {
    await putPictures('a/b/c/red/1.png', 'a/b/c/blue/1.png');
    expect((await load()).inside).toBe('a/b/c');
    anotherFolder();
    await putPictures('a/b/c/d/red/1.png', 'a/b/c/d/blue/1.png');
    await expect(load()).rejects.toThrow("holds a single class, 'a', expected two or more; are the classes");
    anotherFolder();
    mkdirSync(join(folder, 'a'));
    symlinkSync(folder, join(folder, 'a', 'back'));
    await expect(load()).rejects.toThrow('holds no image');
  });
});

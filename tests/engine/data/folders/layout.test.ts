/** Which folders are splits and classes, in the layouts that people download and make. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listFolders } from '../../../../src/engine/data/folders/list';
import { folderWithData } from '../../../../src/engine/data/inside';
import { loadData } from '../../../../src/engine/data/load';
import { sentence } from '../../../../src/words';
import { anotherFolder, folder, picture, put, rgb } from '../set';

/** Names alone count here: nothing is decoded. `train: 'a b'` puts two pictures into `train/a` and into `train/b`. */
function lay(tree: Record<string, string>): void {
  anotherFolder();
  for (const [parent, names] of Object.entries(tree))
    for (const name of names.split(' '))
      if (name.includes('.')) put(join(parent, name), name);
      else for (const i of [1, 2]) put(join(parent, name, `${i}.jpg`), `${parent}${name}${i}`);
}
async function read(tree: Record<string, string>): Promise<{ labels: string[]; counts: object; told: string }> {
  lay(tree);
  const { labels, splits, warnings } = await listFolders(await folderWithData(folder));
  const counts = Object.fromEntries(Object.entries(splits).map(([split, files]) => [split, files.length]));
  return { labels, counts, told: warnings.map((line) => sentence(line)).join('\n') };
}
const why = (tree: Record<string, string>): Promise<string> =>
  read(tree).then(
    ({ labels }) => `read as ${labels.join(', ')}`,
    (error: Error) => error.message.replaceAll(folder, 'SET'),
  );

describe('splits', () => {
  it.each([
    ['train', 'val', 'test'],
    ['training_set', 'validation_set', 'test_set'],
    ['seg_train', 'seg_val', 'seg_test'],
    ['asl_alphabet_train', 'asl_alphabet_valid', 'asl_alphabet_test'],
    ['train2017', 'val2017', 'test2017'],
    ['Training', 'dev', 'test1'],
    ['training', 'validation', 'evaluation'],
    ['TRAIN', 'eval', 'TEST'],
    ['trainset', 'valset', 'testset'],
    ['TrainingData', 'ValidationData', 'TestingData'],
    ['train', 'validate', 'hold-out'],
    ['trainval', 'dev-set', 'holdout'],
    ['train images', 'val images', 'test images'],
    ['训练集', '验证集', '测试集'],
  ])('are %s, %s and %s', async (train, validation, test) => {
    const { labels, counts, told } = await read({ [train]: 'cat dog', [validation]: 'cat dog', [test]: 'cat dog' });
    expect([labels, counts, told]).toEqual([['cat', 'dog'], { train: 4, validation: 4, test: 4 }, '']);
  });

  it('are no classes called as one, alone or with words of their own', async () => {
    expect((await read({ '': 'bus car train' })).labels).toEqual(['bus', 'car', 'train']);
    expect((await read({ '': 'steam_train test_tube train_station' })).labels).toHaveLength(3);
    expect((await read({ '': 'bullet_train steam_train' })).labels).toHaveLength(2);
    expect((await read({ '': 'latest contest valley' })).labels).toHaveLength(3);
  });

  it('lie in folders of their own name, in one that holds all, and beside what is no split', async () => {
    const doubled = { 'seg_train/seg_train': 'a b', 'seg_test/seg_test': 'a b', 'seg_pred/seg_pred': '1.jpg' };
    expect(await read(doubled)).toMatchObject({ labels: ['a', 'b'], counts: { train: 4, test: 4 } });
    expect(await read({ 'archive/set/train': 'a b', archive: 'readme.md' })).toMatchObject({ labels: ['a', 'b'] });
    const simple = { 'x/images/TRAIN': 'a b', 'x/images/TEST': 'a b', 'x/images/TEST_SIMPLE': 'a b' };
    expect(await read(simple)).toMatchObject({ counts: { train: 4, test: 4 } });
    const yolo = await read({ 'images/train': 'a b', 'images/val': 'a b', labels: 'a.txt' });
    expect([yolo.labels, yolo.counts]).toEqual([['a', 'b'], { train: 4, validation: 4 }]);
    expect(yolo.told).toContain("The classes are taken from 'images'");
    const inner = { 'train/images': 'a b', 'train/labels': 'a.txt', 'val/images': 'a b', 'val/labels': 'a.txt' };
    expect(await read(inner)).toMatchObject({ labels: ['a', 'b'], counts: { train: 4, validation: 4 } });
  });

  it('that name no class are left out, and it is said; without pictures too', async () => {
    const imagenet = { 'train/n1': 'images', 'train/n2': 'images', 'val/images': '1.jpg 2.jpg', val: 'a.txt' };
    const found = await read({ ...imagenet, 'test/unknown': '1.jpg' });
    expect([found.labels, found.counts]).toEqual([['n1', 'n2'], { train: 4 }]);
    expect(found.told).toContain("'val' is left out: its 2 pictures lie in no folder of a class");
    expect(found.told).toContain("'test' is left out: its 1 picture lies in no folder");
    lay({ train: 'a b' });
    mkdirSync(join(folder, 'val/a'), { recursive: true });
    const { warnings, splits } = await listFolders(folder);
    expect([Object.keys(splits), warnings.map((line) => sentence(line))]).toEqual([
      ['train'],
      ["'val' holds no picture: there is no validation split"],
    ]);
  });

  it('that lack a class, or write it in other capitals, are told of; a class of their own is refused', async () => {
    expect((await read({ train: 'a b c', val: 'a b' })).told).toContain("'val' has no picture of 'c'");
    const cased = await read({ train: 'Cat Dog', val: 'cat dog' });
    expect([cased.labels, cased.counts]).toEqual([['Cat', 'Dog'], { train: 4, validation: 4 }]);
    expect(cased.told).toContain('only in upper and lower case');
    const own = await why({ train: 'a b', test: 'a b c' });
    expect(own).toBe("'SET/test': has the class 'c', which the training split lacks (it has 'a', 'b')");
    expect(await why({ train: 'a b', val: 'a b', valid: 'a b' })).toContain("'val' and 'valid'");
  });

  it('within each class are taken together', async () => {
    const found = await read({ cat: 'train test', dog: 'train test' });
    expect([found.labels, found.counts]).toEqual([['cat', 'dog'], { train: 4, test: 4 }]);
    expect(found.told).toContain("Each class has folders of its own for the splits ('test', 'train')");
  });
});

describe('a set beside what is none', () => {
  it('is found where it alone holds pictures, in splits', async () => {
    const found = await read({ 'data/train': 'a b', 'data/test': 'a b', models: 'x.h5', docs: 'x.md' });
    expect([found.labels, found.counts]).toEqual([['a', 'b'], { train: 4, test: 4 }]);
    expect(found.told).toContain("taken from 'data'; what is beside it ('docs', 'models') is not read");
    // Classes inside one of two folders may be meant or not.
    expect(await why({ 'cat/tabby': '1.jpg', 'cat/siam': '1.jpg', dog: 'x.txt' })).toContain(
      "class 'dog' has no image",
    );
  });
});

describe('folders that are no classes', () => {
  it('are sets of their own, each with splits', async () => {
    const runs = { 'run1/train': 'cat dog', 'run1/test': 'cat dog', 'run2/train': 'cat dog', 'run2/test': 'cat dog' };
    expect(await why(runs)).toContain('splits of several sets beside each other: run1/test/ (4 pictures)');
    expect(await why({ 'split1/train': 'cat dog', 'split2/train': 'cat dog' })).toContain('splits of several sets');
    expect(await why({ 'x/train': 'a b', 'y/test': 'a b' })).toContain('splits of several sets');
  });

  it('are refused with what was seen and what to do', async () => {
    const kaggle = await why({ train: 'cat.0.jpg dog.0.jpg', test1: '1.jpg', '': 'labels.csv' });
    expect(kaggle).toContain(
      "'train' holds its pictures directly, not in a folder per class ('labels.csv' does not say their classes",
    );
    expect(kaggle).toContain('Found: test1/ (1 picture), train/ (2 pictures). Make a folder per class');
    expect(await why({ images: '1.jpg 2.jpg', 'annotations/trimaps': '1.png' })).toContain(
      "'images' holds its pictures",
    );
    expect(await why({ images: '1.jpg', masks: '1.png' })).toContain("'images' holds its pictures directly");
    expect(await why({ images: '1.jpg', '': 'annotations.json' })).toContain(
      "('annotations.json' does not say their classes",
    );
    expect(await why({ fold1: 'a b', fold2: 'a b' })).toContain('divided into folds');
    expect(await why({ color: 'a b', grayscale: 'a b' })).toContain(
      "all of 'color', 'grayscale' hold the same folders",
    );
    const two = { a_train: '1.jpg', a_test: '1.jpg', b_train: '1.jpg', b_test: '1.jpg' };
    expect(await why(two)).toContain('splits of several sets');
  });

  it('are copies of the set inside it, left out; where the pictures differ it is refused', async () => {
    const copy = { '': 'no yes', 'brain_tumor_dataset/no': '1.jpg 2.jpg', 'brain_tumor_dataset/yes': '1.jpg 2.jpg' };
    lay(copy);
    for (const name of ['no', 'yes'])
      for (const i of [1, 2])
        for (const parent of ['', 'brain_tumor_dataset']) writeFileSync(join(folder, parent, name, `${i}.jpg`), name);
    const { labels, splits, warnings } = await listFolders(folder);
    expect([labels, splits.train!.length]).toEqual([['no', 'yes'], 4]);
    expect(sentence(warnings[0])).toContain("'brain_tumor_dataset' is a copy of the set");
    put('brain_tumor_dataset/yes/3.jpg', 'another');
    await expect(listFolders(folder)).rejects.toThrow('with other pictures: brain_tumor_dataset/no/ (2 pictures)');
  });

  it('inside classes are joined, and it is said', async () => {
    const { labels, told } = await read({ animals: 'cat dog', vehicles: 'car' });
    expect(labels).toEqual(['animals', 'vehicles']);
    expect(told).toContain("Folders inside a class are joined: 'animals' joins 'cat', 'dog'");
  });

  it('make a warning where they are taken for classes', async () => {
    expect((await read({ '': 'cats dogs masks' })).told).toContain(
      "named like splits or like files that accompany pictures: 'masks'",
    );
    expect((await read({ '': 'bus car train' })).told).toBe('');
    expect((await read({ '': 'cat dog test' })).told).toContain("'test'. Check that");
    expect((await read({ train: 'cat dog unlabeled' })).told).toContain("'unlabeled'. Check that");
  });
});

describe('names', () => {
  const [composed, apart] = ['café', 'café'.normalize('NFD')];

  it('are the same in either Unicode form', async () => {
    const found = await read({ train: `${composed} red`, val: `${apart} red` });
    expect([found.labels, found.counts]).toEqual([[composed, 'red'], { train: 4, validation: 4 }]);
    // In whichever form, the order is one.
    const order = ['zèbre', 'élan'];
    for (const form of ['NFC', 'NFD'] as const)
      expect((await read({ '': order.map((name) => name.normalize(form)).join(' ') })).labels).toEqual(order);
  });

  it.skipIf(process.platform !== 'linux')('side by side in both forms are one class, and it is said', async () => {
    const found = await read({ '': `${composed} ${apart} red` });
    expect([found.labels, found.counts]).toEqual([[composed, 'red'], { train: 6 }]);
    expect(found.told).toContain('different Unicode forms');
  });

  it.skipIf(process.platform !== 'linux')(
    'of bytes that are no UTF-8 lose nothing, and are shown escaped',
    async () => {
      anotherFolder();
      const latin = (text: string): Buffer => Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(text, 'latin1')]);
      mkdirSync(latin('café'));
      writeFileSync(latin('café/imé.png'), await picture(9, 9, 9));
      writeFileSync(latin('café/bad é.png'), 'no picture');
      put('red/a.png', await picture(200, 9, 9));
      expect(readdirSync(folder)).toContain('caf\ufffd');
      const { labels, train, leftOut, warnings, files } = await loadData(folder, rgb(4));
      expect([labels, train.samples.length]).toEqual([['caf\\xE9', 'red'], 2]);
      expect(leftOut.map(({ file }) => file)).toEqual(['caf\\xE9/bad \\xE9.png']);
      expect(sentence(warnings[0])).toContain('Some names are not UTF-8');
      expect(files!.paths).toHaveLength(2);
      // From the cache.
      expect((await loadData(folder, rgb(4))).train.samples.length).toBe(2);
    },
  );
});

describe('identical pictures', () => {
  it('of two splits are counted and named; of two classes too', async () => {
    const put2 = async (path: string, shade: number): Promise<void> => put(path, await picture(shade, 9, 9));
    for (const [i, shade] of [10, 40, 70].entries()) {
      await put2(`train/a/${i}.png`, shade);
      await put2(`train/b/${i}.png`, shade + 15);
    }
    await put2('test/a/same.png', 40);
    await put2('test/a/new.png', 200);
    await put2('test/b/a too.png', 70);
    const told = async (): Promise<string[]> =>
      (await loadData(folder, rgb(4))).warnings.map((line) => sentence(line)).filter((line) => line.includes(' = '));
    expect(await told()).toEqual([
      '2 pictures of the test split are also in the training split, identical at the network’s size (test/a/same.png = train/a/1.png, test/b/a too.png = train/a/2.png): figures on the test split look better than they are',
      '1 picture is in several classes, identical at the network’s size (train/a/2.png = test/b/a too.png): no network can predict all of them correctly',
    ]);
  });
});

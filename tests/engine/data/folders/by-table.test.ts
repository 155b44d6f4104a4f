import { describe, expect, it } from 'vitest';
import { loadData, type LoadedData } from '../../../../src/engine/data/load';
import { folder, gray, picture, put, refused } from '../set';

const names = ['a1', 'a2', 'b1', 'b2'];
/** Pictures called so, each of its own gray. */
async function pictures(where: string, files: readonly string[] = names): Promise<void> {
  for (const [i, name] of files.entries()) put(`${where}${name}.png`, await picture(20 + 40 * i, 0, 7 * i));
}
const load = (): Promise<LoadedData> => loadData(folder, gray(8));
const classesOf = ({ labels, train, files }: LoadedData): Record<string, string> =>
  Object.fromEntries(files!.paths.map((path, i) => [path, labels[train.images.labels[i]]]));

describe('pictures whose classes a table names', () => {
  it('lie in a folder a split; a test without rows is left out, also where a form to fill in has some', async () => {
    await pictures('train/', ['000', '001', '2']);
    await pictures('test/', ['7', '8']);
    put('labels.csv', 'id,breed\n000,boxer\n001,pug\n2,boxer\n3,pug\n');
    put('sample_submission.csv', 'id,breed\n7,boxer\n8,boxer\n');
    const data = await load();
    expect(classesOf(data)).toEqual({ 'train/000.png': 'boxer', 'train/001.png': 'pug', 'train/2.png': 'boxer' });
    expect(data.test).toBeNull();
    const told = data.warnings.map(({ code }) => code);
    expect(told).toEqual(expect.arrayContaining(['folders.table.read', 'folders.table.missing', 'folders.unlabeled']));
  });

  it('lie in one folder, or beside the table; a row names them with folder and ending, and each split may have a table', async () => {
    await pictures('images/');
    put('train_labels.tsv', names.map((name) => `images/${name}.png\t${name[0]}`).join('\n'));
    const expected = { 'a1.png': 'a', 'a2.png': 'a', 'b1.png': 'b', 'b2.png': 'b' };
    const within = Object.fromEntries(Object.entries(expected).map(([path, label]) => [`images/${path}`, label]));
    expect(classesOf(await load())).toEqual(within);
  });

  it('lie beside the table, with a class in quotes, in Chinese, or a 1 in its column', async () => {
    await pictures('');
    put('set.csv', 'file,note,label\na1.png,"x","猫, 小"\na2.png,,"猫, 小"\nb1.png,y,狗\nb2.png,,狗\n');
    expect(Object.values(classesOf(await load()))).toEqual(['猫, 小', '猫, 小', '狗', '狗']);
    put('set.csv', 'file,cat,dog\na1,1,0\na2,1,0\nb1,0,1\nb2,0.0,1.0\n');
    expect(Object.values(classesOf(await load()))).toEqual(['cat', 'cat', 'dog', 'dog']);
  });

  it('have a test split where its table knows the same classes', async () => {
    await pictures('train/');
    await pictures('test/', ['c', 'd']);
    put('train.csv', `name,class\n${names.map((name) => `${name},${name[0]}`).join('\n')}`);
    put('test.csv', 'name,class\nc,a\nd,b\n');
    const data = await load();
    expect(Array.from(data.test!.samples, (sample) => data.test!.images.labels[sample])).toEqual([0, 1]);
    put('test.csv', 'name,class\nc,a\nd,z\n');
    expect(await refused(gray(8))).toMatch(/test\.csv': has the class 'z', which the training split lacks/);
  });

  it('are left out one by one where they have no row, or an empty class', async () => {
    await pictures('', [...names, 'more']);
    put('set.csv', 'file,label\na1,a\na2,\nb1,b\nb2,b\n');
    const { leftOut } = await load();
    expect(leftOut.map(({ file, reason }) => [file, reason.code])).toEqual([
      ['a2.png', 'folders.table.empty'],
      ['more.png', 'folders.table.unlisted'],
    ]);
  });

  it.each([
    ['two classes of one', { 'set.csv': 'a1,a\na1,b\nb1,b\n' }, "picture 'a1.png' has two classes, 'a' and 'b'"],
    ['several columns', { 'set.csv': 'file,size,age\na1,3,4\nb1,5,6\n' }, "is not known: 'size', 'age'"],
    [
      'two tables',
      { 'x.csv': 'a1,a\nb1,b\n', 'y.csv': 'a1,a\nb1,b\n' },
      "several tables name the classes of the pictures: 'x.csv', 'y.csv'",
    ],
    ['no row', { 'set.csv': 'x,a\ny,b\n' }, "hardly one has a row in 'set.csv'"],
  ])('are refused with %s', async (_, tables, reason) => {
    await pictures('');
    for (const [name, text] of Object.entries(tables)) put(name, text);
    expect(await refused(gray(8))).toContain(reason);
  });

  it('in folders of their classes stay what the folders say', async () => {
    await pictures('cat/', ['a1', 'a2']);
    await pictures('dog/', ['b1', 'b2']);
    put('labels.csv', names.map((name) => `${name},other`).join('\n'));
    expect((await load()).labels).toEqual(['cat', 'dog']);
  });
});

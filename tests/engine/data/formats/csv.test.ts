import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadData } from '../../../../src/engine/data/load';
import { gz } from '../make';
import { folder, gray, picture, put, refused } from '../set';

/** The pixels of row `row` of a table of 8 × 8 pictures. */
const pixels = (row: number): number[] => Array.from({ length: 64 }, (_, i) => (row * 37 + i * 3) % 256);
const heading = ['label', ...pixels(0).map((_, i) => `pixel${i}`)].join(',');
const rows = (labels: readonly (number | string)[]): string[] =>
  labels.map((label, row) => [label, ...pixels(row)].join(','));
const table = (labels: readonly (number | string)[], first = heading): string =>
  [first, ...rows(labels), ''].join('\n');

describe('tables of pixels', () => {
  it('hold a label and a picture in each row: train.csv and test.csv, packed or not', async () => {
    put('train.csv', table([0, 1, 2]));
    put('test.csv.gz', gz(Buffer.from(table([2]).replaceAll('\n', '\r\n'))));
    const data = await loadData(folder, gray(8));
    expect([data.format, data.labels]).toEqual(['csv', ['0', '1', '2']]);
    expect([...data.train.images.labels, ...data.test!.images.labels]).toEqual([0, 1, 2, 2]);
    expect([...data.train.images.pixels]).toEqual([0, 1, 2].flatMap(pixels));
    expect(data.warnings.map(({ code }) => code)).toContain('data.csv.read');
  });

  it('have no names of columns, or the label last, quotes, semicolons, a mark of UTF-8, a column of numbers of rows', async () => {
    const expected = [0, 1].flatMap(pixels);
    const swapped = (line: string): string => [...line.split(',').slice(1), line.split(',')[0]].join(',');
    const tables = {
      'without names': rows([0, 1]).join('\n'),
      'label last': table([0, 1]).split('\n').map(swapped).join('\n').trim(),
      quoted: table([0, 1]).replace(/[^,\n]+/g, '"$&"'),
      semicolons: table([0, 1]).replaceAll(',', ';'),
      marked: `\ufeff${table([0, 1])}`,
      indexed: ['', '0', '1'].map((at, i) => `${at},${table([0, 1]).split('\n')[i]}`).join('\n'),
    };
    for (const [what, text] of Object.entries(tables)) {
      put('set.csv', text);
      const { train } = await loadData(join(folder, 'set.csv'), gray(8));
      expect([...train.images.pixels], what).toEqual(expected);
      expect([...train.images.labels], what).toEqual([0, 1]);
    }
  });

  it('are told where the first row became names of columns, and hold fractions and classes by name', async () => {
    put('train.csv', table([0, 1], ['0', ...pixels(0).map((_, i) => `0.${i + 1}`)].join(',')));
    const told = await loadData(folder, gray(8));
    expect(told.train.images.count).toBe(2);
    expect(told.warnings.map(({ code }) => code)).toContain('data.csv.heading');
    put(
      'train.csv',
      table(['dog', 'cat']).replace(/(?<=,)\d+(?=[,\n])/g, (n) => String(Number(n) / 255)),
    );
    const fractions = rows([1, 0])
      .join('\n')
      .replace(/(?<=,)\d+/g, (n) => (Number(n) / 255).toExponential());
    put('other.csv', fractions);
    const unnamed = await loadData(join(folder, 'other.csv'), gray(8));
    expect([...unnamed.train.images.labels]).toEqual([1, 0]);
    expect([...unnamed.train.images.pixels]).toEqual([0, 1].flatMap(pixels));
    rmSync(join(folder, 'other.csv'));
    const { train, labels } = await loadData(folder, gray(8));
    expect([labels, [...train.images.labels]]).toEqual([
      ['cat', 'dog'],
      [1, 0],
    ]);
    expect([...train.images.pixels]).toEqual([0, 1].flatMap(pixels));
  });

  it('of a test without labels is left out, and says so', async () => {
    put('train.csv', table([0, 1]));
    const unlabeled = heading.replace('label,', '');
    for (const test of [`${unlabeled}\n${pixels(0).join(',')}\n`, `${pixels(0).join(',')}\n`, 'a\n']) {
      put('test.csv', test);
      const data = await loadData(folder, gray(8));
      expect(data.test).toBeNull();
      expect(data.warnings.map(({ code }) => code)).toContain('data.csv.unlabeled');
    }
  });

  it.each([
    ['no label', { 'train.csv': heading.replace('label,', '') }, 'has no column of labels'],
    ['no pixels', { 'train.csv': 'id,breed,size\n1,boxer,2\n' }, 'has 3 columns (id, breed, size); expected a label'],
    ['no rows', { 'train.csv': heading }, 'no row'],
    ['a short row', { 'train.csv': `${table([0, 1])}1,2,3\n` }, 'line 4 has 3 fields, expected 65'],
    ['a word', { 'train.csv': table([0, 1]).replace(',37,', ',x,') }, "line 3, column 2: found 'x'"],
    ['a missing pixel', { 'train.csv': table([0, 1]).replace(',37,', ',,') }, "line 3, column 2: found ''"],
    ['no label in a row', { 'train.csv': table(['', 1]) }, 'line 2, column 1: the label is empty'],
    ['two labels', { 'train.csv': `class,${heading}` }, 'several columns of labels: class, label'],
    [
      'a long field',
      { 'train.csv': `${heading}\n${'9'.repeat(600)}` },
      'line 2, column 1: the field has more than 512',
    ],
    ['a line without an end', { 'train.csv': ','.repeat(2 ** 20 + 1) }, 'line 1 has more than 1,048,576 fields'],
    ['zero bytes', { 'train.csv': '\0\0\0' }, 'not a table in text'],
    ['another class in the test', { 'train.csv': table(['a', 'b']), 'test.csv': table(['c']) }, "labeled 'c'"],
    ['texts and numbers', { 'train.csv': table([0, 1]), 'test.csv': table(['c']) }, 'test.csv'],
    ['half a label', { 'train.csv': table([0.5, 1]) }, '0.5'],
    ['colors', { 'train.csv': `label${',p'.repeat(192)}` }, 'a color picture of 8 × 8'],
    ['several', { 'a.csv': table([0, 1]), 'b.csv': table([0, 1]) }, 'several tables side by side: a.csv, b.csv'],
  ])('are refused with %s', async (_, files, reason) => {
    for (const [name, text] of Object.entries(files)) put(name, text);
    expect(await refused(gray(8))).toContain(reason);
  });

  it('are refused before they unpack to more than any table', async () => {
    put('train.csv.gz', gz(Buffer.alloc(80 * 2 ** 20, '\n')));
    expect(await refused(gray(8))).toMatch(/unpacks|packed/);
  });

  it('do not make a set of the folder that they lie in', async () => {
    put('labels.csv', 'id,breed\n1,boxer\n');
    for (const label of ['a', 'b']) put(`pictures/${label}/1.png`, await picture(label === 'a' ? 0 : 255, 0, 0));
    const data = await loadData(folder, gray(8));
    expect([data.format, data.labels, data.inside]).toEqual(['folders', ['a', 'b'], 'pictures']);
  });
});

import { expect, it } from 'vitest';
import { classNamesIn } from '../../../src/engine/foreign/label-file';

const read = (text: string, classes = 3): string[] => classNamesIn(text, 'labels.txt', classes);
const pets = ['tench, Tinca tinca', 'goldfish', 'great white'];

it.each([
  ['one a line', '\uFEFFtench, Tinca tinca\r\ngoldfish\n\n great white \n'],
  ['with their numbers', '0 tench, Tinca tinca\n1 goldfish\n2 great white'],
  ['numbered from one, with colons', '1: tench, Tinca tinca\n2: goldfish\n3: great white'],
  ['a dictionary as Python writes it', "{0: 'tench, Tinca tinca',\n 1: 'goldfish',\n 2: \"great white\"}"],
  ['with the numbers of ImageNet', 'n01440764 tench, Tinca tinca\nn01443537 goldfish\nn01484850 great white'],
  ['a JSON array', JSON.stringify(pets)],
])('%s', (_, text) => expect(read(text)).toEqual(pets));

it('keeps names that are numbers, or begin with one', () => {
  expect(read('7 up\n5 stars\n3 dots')).toEqual(['7 up', '5 stars', '3 dots']);
  expect(read('0\n1\n2')).toEqual(['0', '1', '2']);
});

it('refuses another number of names, and says both', () => {
  expect(() => read('a\nb')).toThrow("'labels.txt': found 2 names of classes, expected 3");
});

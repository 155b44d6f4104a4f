import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { words } from '../../../src/words';
import { en } from '../../../src/renderer/src/i18n/en';
import { zh } from '../../../src/renderer/src/i18n/zh';

/** Chinese texts that are terms, symbols or names and so have no Chinese characters. */
const terms = new Set([
  'ReLU',
  'Leaky ReLU',
  'PReLU',
  'ELU',
  'SELU',
  'Sigmoid',
  'Hard sigmoid',
  'Tanh',
  'Softplus',
  'ReLU6',
  'RReLU',
  'GELU',
  'SiLU',
  'Hard swish',
  'Softmax',
  'Log softmax',
]);
/** The values that a text names, each once; a word that fits a number names it too. */
const placeholders = (text: string): string[] =>
  [...new Set([...text.matchAll(/\{(\w+)(?:\|[^}]*)?\}/g)].map(([, name]) => name))].sort();
const inLanguage = (language: 'en' | 'zh'): Record<string, string> =>
  Object.fromEntries(Object.entries(words).map(([code, entry]) => [code, entry[language]]));
const hasChinese = (text: string): boolean => /\p{Script=Han}/u.test(text);

const catalogues: [name: string, english: Record<string, string>, chinese: Record<string, string>][] = [
  ['the catalogue', en, zh],
  ['the messages', inLanguage('en'), inLanguage('zh')],
];

describe.each(catalogues)('%s', (_, english, chinese) => {
  it('has the same keys in both languages', () => {
    expect(Object.keys(chinese).sort()).toEqual(Object.keys(english).sort());
  });
  it('has no empty text', () => {
    for (const [key, text] of [...Object.entries(english), ...Object.entries(chinese)])
      expect(text.trim(), key).not.toBe('');
  });
  it('fills in the same names in both languages', () => {
    for (const key of Object.keys(english)) {
      // A number that English only chooses a word by may be left out in Chinese, which has one word for all numbers.
      const [all, shown] = [placeholders(english[key]), placeholders(english[key].replaceAll(/\{\w+\|[^}]*\}/g, ''))];
      const own = placeholders(chinese[key]);
      expect(
        own.filter((name) => !all.includes(name)),
        key,
      ).toEqual([]);
      expect(
        shown.filter((name) => !own.includes(name)),
        key,
      ).toEqual([]);
    }
  });
  it('is Chinese in Chinese, but for a short list of terms', () => {
    const foreign = Object.entries(chinese).filter(([, text]) => {
      const words = text.replaceAll(/\{\w+(\|[^}]*)?\}/g, '').replaceAll(/[\s\d\p{P}\p{S}]/gu, '');
      return words !== '' && !hasChinese(text) && !terms.has(text);
    });
    expect(foreign).toEqual([]);
  });
  it('is not Chinese in English', () => {
    expect(Object.entries(english).filter(([, text]) => hasChinese(text))).toEqual([]);
  });
});

it('has no text in the catalog that nothing shows', () => {
  const folder = fileURLToPath(new URL('../../../src/renderer/src', import.meta.url));
  const sources = (readdirSync(folder, { recursive: true }) as string[])
    .filter((path) => /\.(ts|svelte)$/.test(path) && !/(^|[./])(en|zh)\.ts$/.test(path))
    .map((path) => readFileSync(join(folder, path), 'utf8'))
    .join('\n');
  const whole = new Set([...sources.matchAll(/'([\w.-]+)'/g)].map(([, key]) => key));
  const begun = [...new Set([...sources.matchAll(/`(\w[\w.-]*\.)\$\{/g)].map(([, start]) => start))];
  expect(Object.keys(en).filter((key) => !whole.has(key) && !begun.some((start) => key.startsWith(start)))).toEqual([]);
});

it('keeps the list of terms short and used', () => {
  const used = new Set(Object.values(zh));
  for (const term of terms) expect(used.has(term), term).toBe(true);
  expect(terms.size).toBeLessThan(24);
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { words } from '../../src/words';

const root = join(__dirname, '..', '..', 'src');

/** All code that says something: everything but the catalogs, of the window (whose keys are its own) and of messages. */
const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => /\.(ts|svelte)$/.test(path))
  .filter((path) => !path.startsWith('words/') || path === 'words/index.ts')
  .filter((path) => !path.startsWith('renderer/src/i18n/'))
  .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));

/** Codes put together of a fixed beginning and a value: `train.range.${open}`. The window's own keys are made so too, and are none. */
const composed = sources
  .filter(({ path }) => !path.startsWith('renderer/'))
  .flatMap(({ text }) => [...text.matchAll(/`([a-z]+\.[\w.-]*)\$\{[^`}]*\}`/g)].map(([, start]) => start));

const isSaid = (code: string): boolean =>
  sources.some(({ text }) => text.includes(`'${code}'`)) ||
  composed.some((start) => code.startsWith(start) && /^\w+$/.test(code.slice(start.length)));

it('has no sentence that nobody says', () => {
  // A template that any code would fit would make this say yes to everything.
  expect(composed.filter((start) => Object.keys(words).filter((code) => code.startsWith(start)).length > 40)).toEqual(
    [],
  );
  expect(isSaid('data.no-such-sentence')).toBe(false);
  expect(Object.keys(words).filter((code) => !isSaid(code))).toEqual([]);
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { isTerm, terms, type Term } from '../../../src/words/terms';
import { en } from '../../../src/renderer/src/i18n/en';
import { zh } from '../../../src/renderer/src/i18n/zh';

const named = (text: string): string[] => [...text.matchAll(/\[([\w-]+)\|[^\]]+\]/g)].map(([, id]) => id).sort();
const renderer = join(__dirname, '../../../src/renderer/src');
const views = readdirSync(renderer, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.svelte'))
  .map((name) => readFileSync(join(renderer, name), 'utf8'));

it('a text names terms of the catalog alone, the same in both languages', () => {
  for (const [key, text] of Object.entries(en)) {
    expect(
      named(text).filter((id) => !isTerm(id)),
      key,
    ).toEqual([]);
    expect(named(zh[key as keyof typeof zh]), key).toEqual(named(text));
  }
});

it('what a term promises to show is in some view', () => {
  // The ids in an attribute, whichever of several strings it takes.
  const attributes = views.flatMap((text) => [
    ...text.matchAll(/data-shows=(?:"([^"]*)"|\{((?:[^{}]|\{[^}]*\})*)\})/g),
  ]);
  const shown = new Set(
    attributes.flatMap(([, plain, code]) =>
      plain !== undefined ? plain.split(' ') : [...code.matchAll(/'([^']*)'/g)].flatMap(([, text]) => text.split(' ')),
    ),
  );
  const promised = Object.entries<Term>(terms).flatMap(([id, { shown }]) => (shown ? [id] : []));
  expect(promised.filter((id) => !shown.has(id))).toEqual([]);
});

it('every sentence is one, in both languages', () => {
  for (const [id, { sentence }] of Object.entries<Term>(terms)) {
    expect(sentence.en, id).toMatch(/^\p{Lu}[^.]*(\.|…)$/u);
    expect(sentence.zh, id).toMatch(/^[^。]+。$/);
  }
});

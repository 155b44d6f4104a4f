import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { chapters, entryOf, sceneEntries } from '../../../src/renderer/src/learn/scenes';
import { OpenScene } from '../../../src/renderer/src/learn/state/open-scene.svelte';
import { check, decode, encode, toFile } from '../../../src/renderer/src/learn/state/link';
import { isTerm, terms, type Term } from '../../../src/words/terms';
import { draw } from './draw';

// The window's parts ask it what it prefers.
vi.hoisted(() => {
  const query = { matches: false, addEventListener: () => {} };
  Object.assign(globalThis, {
    document: { documentElement: { lang: '', dataset: {} }, addEventListener: () => {} },
    window: globalThis,
    matchMedia: () => query,
    location: { hash: '', protocol: 'http:' },
    addEventListener: () => {},
    devicePixelRatio: 1,
  });
  if (!('navigator' in globalThis)) Object.assign(globalThis, { navigator: { language: 'en' } });
});

const root = join(__dirname, '..', '..', '..');
const folder = (id: string): string => join(root, 'src', 'renderer', 'src', 'learn', 'scenes', id);
const named = (text: string): string[] => [...text.matchAll(/\[([\w-]+)\|[^\]]+\]/g)].map(([, id]) => id);
const plain = (text: string): string => text.replaceAll(/\[[\w-]+\|([^\]]+)\]/g, '$1');
const placeholders = (text: string): string[] =>
  [...new Set([...text.matchAll(/\{(\w+)(?:\|[^}]*)?\}/g)].map(([, name]) => name))].sort();

it('lists every scene once, each in a folder of its name', () => {
  const ids = sceneEntries.map(({ model }) => model.id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(readFileSync(join(folder(id), 'scene.ts'), 'utf8')).toContain(`id: '${id}'`);
  expect(chapters.map(({ number }) => number)).toEqual(chapters.map(({ number }) => number).sort((a, b) => a - b));
});

it('leads from a term to a scene that there is', () => {
  for (const [id, term] of Object.entries<Term>(terms)) if (term.scene) expect(entryOf(term.scene), id).toBeDefined();
});

describe.each(sceneEntries.map((entry) => [entry.model.id, entry] as const))('%s', (id, { model, texts }) => {
  const states = [...model.examples.map(({ state }) => state), ...draw(model, 12)];

  it('has all its words, in both languages', () => {
    const needed = [
      ...['title', 'summary', 'text', 'spoken'],
      ...model.examples.map((example) => `example.${example.id}`),
      ...model.controls.map(({ name }) => `control.${name}`),
      ...model.controls.flatMap((control) =>
        control.kind === 'choice' ? control.options.map((option) => `control.${control.name}.${option}`) : [],
      ),
      ...model.questions.flatMap((question) => [`ask.${question.id}`, `why.${question.id}`]),
    ];
    for (const key of needed) expect(texts.en[key], key).toBeTruthy();
    expect(Object.keys(texts.zh).sort()).toEqual(Object.keys(texts.en).sort());
    for (const [key, text] of Object.entries(texts.en)) {
      expect(placeholders(texts.zh[key]), key).toEqual(placeholders(text));
      expect(named(texts.zh[key]).sort(), key).toEqual(named(text).sort());
      expect(/\p{Script=Han}/u.test(text), key).toBe(false);
      // What has words in English has them in Chinese; names and formulas need none.
      if (/[a-z]{4}/.test(text.replaceAll(/\{[^}]*\}/g, '')))
        expect(texts.zh[key], key).toMatch(/\p{Script=Han}|^[A-Z]/u);
    }
    expect(plain(texts.en.text).split(/\s+/).length).toBeLessThanOrEqual(120);
  });

  it('names in its text what the scene shows, or a term', () => {
    const drawing = readFileSync(join(folder(id), 'Scene.svelte'), 'utf8');
    const written = [...drawing.matchAll(/shows=(?:"([^"]*)"|\{([^}]*)\})/g)].map(([, plain, made]) => plain ?? made);
    const shown = new Set(written.flatMap((text) => text.split(/[^\w-]+/)));
    const set = new Set<string>(model.controls.flatMap((control) => ('term' in control ? (control.term ?? []) : [])));
    for (const term of named(texts.en.text)) expect(shown.has(term) || set.has(term) || isTerm(term), term).toBe(true);
  });

  it('is a link and a file, and comes back from them to the last digit', () => {
    for (const state of states) {
      const at = model.steps(state) - 1;
      const link = encode(model, { state, at });
      expect(link).toMatch(/^[\w=&.,;!*%+-]*$/);
      expect(decode(model, link)).toEqual({ state, at, problem: null });
      const file = JSON.parse(toFile(model, { state, at })) as { scene: string; state: object; at: number };
      expect(file.scene).toBe(id);
      expect(check(model, file.state as never, file.at)).toEqual({ state, at, problem: null });
    }
  });

  it('refuses what is not valid, by the field’s name', () => {
    const link = encode(model, { state: model.examples[0].state, at: 0 });
    for (const name of Object.keys(model.fields)) {
      const broken = link.replace(new RegExp(`(^|&)${name}=[^&]*`), `$1${name}=x`);
      expect(decode(model, broken).problem?.field).toBe(name);
    }
    expect(decode(model, `${link}&other=1`).problem).toEqual({ field: 'other', found: '1', expected: null });
    expect(decode(model, link.replace(/at=\d+/, 'at=99999')).problem?.field).toBe('at');
    expect(decode(model, '').problem).toBeNull();
  });

  it('keeps every slider in its range, whatever the others are', () => {
    for (const state of states)
      for (const control of model.controls) {
        if (control.kind !== 'whole') continue;
        const { min, max } = control.range(state);
        expect(min).toBeLessThanOrEqual(max);
        for (const value of [min, max]) {
          const next = control.set(state, value);
          expect(check(model, next, 0).problem, `${control.name} ${value}`).toBeNull();
        }
      }
  });

  it('has a formula, words and finite numbers at every step', () => {
    for (const state of states) {
      for (const { rows } of model.table(state))
        for (const value of rows.flat()) expect(Number.isFinite(value)).toBe(true);
      const steps = model.steps(state);
      expect(steps).toBeGreaterThan(0);
      for (const at of [0, steps - 1]) {
        const formula = model.formula(state, at);
        expect(formula.length).toBeGreaterThan(0);
        expect(Object.keys(model.spoken(state, at)).sort()).toEqual(placeholders(texts.en.spoken));
        for (const { place } of formula.slice(0, 5)) if (place) expect(model.linked(state, place, at)).toBeDefined();
      }
    }
  });

  it('asks what can be answered from its numbers', () => {
    for (const question of model.questions) {
      const asked = states.flatMap((state) => question.ask(state, 3) ?? []);
      expect(asked.length, question.id).toBeGreaterThan(0);
      for (const { answer, options, values } of asked) {
        expect(Number.isFinite(answer)).toBe(true);
        if (options) expect(options[answer]).toBeDefined();
        for (const text of [texts.en[`ask.${question.id}`], texts.en[`why.${question.id}`]])
          for (const name of placeholders(text)) expect(values).toHaveProperty(name);
      }
    }
    const open = new OpenScene(model);
    open.ask();
    const first = open.posed!;
    expect(open.answer(first.asked.answer)).toBe(true);
    expect(open.answer(first.asked.answer + (first.asked.options ? 1 : Math.abs(first.asked.answer) + 1))).toBe(false);
    // New numbers make a new question.
    open.change(states.at(-1)!);
    expect(open.posed).toBeNull();
  });

  it('can be undone to the start', () => {
    const open = new OpenScene(model);
    const start = open.state;
    for (const state of states.slice(1, 6)) open.change(state);
    const end = open.state;
    while (open.canUndo) open.undo();
    expect(open.state).toBe(start);
    while (open.canRedo) open.redo();
    expect(open.state).toBe(end);
    expect(open.at).toBeLessThan(open.steps);
  });
});

import { afterEach, expect, it, vi } from 'vitest';
import { language } from '../../../src/renderer/src/i18n/index.svelte';
import { searched } from '../../../src/renderer/src/train/search';
import { titleText } from '../../../src/renderer/src/train/text';
import { fakeRun } from '../fake-runs';

// The language asks the window what the system speaks.
vi.hoisted(() => {
  Object.assign(globalThis, { document: { documentElement: { lang: '' } } });
  if (!('navigator' in globalThis)) Object.assign(globalThis, { navigator: { language: 'en' } });
});

afterEach(() => language.choose('en'));

const run = (title: string) => ({
  title,
  network: { source: { kind: 'bundled' as const, id: 'colors-cnn' }, variant: 'twin' as const },
  networkTitle: null,
  data: { id: 'builtin:colors' },
});

it('says a run’s title in the language chosen, whichever it was begun in; what people wrote stays', () => {
  const english = 'Small CNN for colors · Dense twin · Colored shapes (2) · 1 of 5';
  language.choose('zh');
  const chinese = titleText(run(english));
  expect(chinese).toContain('等参数量全连接网络 · 彩色形状 (2) · 第 1 / 5 个');
  expect(titleText(run(chinese))).toBe(chinese);
  expect(titleText(run('my best · 猫狗'))).toBe('my best · 猫狗');
  language.choose('en');
  expect(titleText(run(chinese))).toBe(english);
});

it('leaves a title that was given to a run as it is, whatever it looks like', () => {
  const notes = { title: 'Small CNN for colors', tags: [], note: '' };
  language.choose('zh');
  expect(titleText({ ...run('Small CNN for colors'), notes })).toBe('Small CNN for colors');
});

it('finds runs by every word of a search, in title, data, state, tags and note', () => {
  const runs = [fakeRun('1', 'finished'), fakeRun('2', 'stopped'), fakeRun('3', 'finished')];
  runs[0].notes = { title: '', tags: ['Lesson 3'], note: '' };
  runs[2].notes = { title: '', tags: [], note: 'slow, but good' };
  const found = (search: string): string[] => searched(runs, search).map(({ id }) => id);
  expect(found('  ')).toEqual(['1', '2', '3']);
  expect(found('lesson')).toEqual(['1']);
  expect(found('STOPPED')).toEqual(['2']);
  expect(found('finished good')).toEqual(['3']);
  expect(found('colors finished')).toEqual(['1', '3']);
  expect(found('nothing')).toEqual([]);
});

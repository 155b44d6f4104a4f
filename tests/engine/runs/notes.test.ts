/** Title, tags and note of a run: kept in its folder, told by the list of runs and by the command line. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Runs } from '../../../src/engine/runs/runs';
import { createRun, runFolderOf } from '../../../src/engine/runs/store';
import { readNotes } from '../../../src/engine/runs/notes';
import { runNotes, type RunInfo } from '../../../src/shared/runs';

process.env.CONVSCOPE_DATA = mkdtempSync(join(tmpdir(), 'convscope-notes-'));

const entry = {
  format: 1 as const,
  title: 'CNN · digits',
  network: { source: { kind: 'bundled' as const, id: 'mnist-cnn' }, variant: 'itself' as const },
  networkTitle: null,
  recipe: null,
  data: { id: 'builtin:shapes', name: 'builtin:shapes', kind: 'generated' as const, path: null, present: true },
  fit: null,
  options: {},
  created: '2026-01-02T03:04:05.000Z',
  end: { state: 'stopped' as const, failure: null },
};
const open = (): Runs =>
  new Runs({ find: () => Promise.reject(new Error()), whereNow: (data) => Promise.resolve(data) });

it('are kept in the run’s folder, trimmed and each tag once, and told at once and after a restart', async () => {
  const id = await createRun(entry);
  const told: RunInfo[] = [];
  const runs = open();
  runs.tell({ emit: (_event, payload) => void told.push((payload as { run: RunInfo }).run) });
  expect((await runs.list())[0]).toMatchObject({ title: 'CNN · digits', notes: { title: '', tags: [], note: '' } });
  const info = await runs.annotate(id, {
    title: ' Anna’s first ',
    tags: ['demo', ' demo', 'lr'],
    note: 'slow\nbut good ',
  });
  const kept = { title: 'Anna’s first', tags: ['demo', 'lr'], note: 'slow\nbut good' };
  expect(info).toMatchObject({ title: 'Anna’s first', notes: kept });
  expect(told).toEqual([info]);
  expect((await open().list())[0]).toMatchObject({ title: 'Anna’s first', notes: kept });
  // Nothing temporary is left, and the run's own files are as they were.
  expect(readdirSync(runFolderOf(id)).sort()).toEqual(['notes.json', 'request.json']);
  expect(JSON.parse(readFileSync(join(runFolderOf(id), 'request.json'), 'utf8'))).toMatchObject({
    title: 'CNN · digits',
  });
  // An empty title gives the run its own back.
  expect((await runs.annotate(id, { ...kept, title: '  ' })).title).toBe('CNN · digits');
});

it('that cannot be read are told in the log, and take nothing else away', async () => {
  const id = await createRun({ ...entry, title: 'other' });
  writeFileSync(join(runFolderOf(id), 'notes.json'), '{"title": 5}');
  const info = await open().info(id);
  expect(info).toMatchObject({ title: 'other', state: 'stopped', notes: { title: '', tags: [], note: '' } });
  expect(info.said.map(({ code }) => code)).toEqual(['run.invalid']);
});

it('of what is no run are refused', async () => {
  const notes = { title: 'a', tags: [], note: '' };
  await expect(open().annotate('20200101-000000-nothing', notes)).rejects.toMatchObject({ code: 'run.invalid' });
  await expect(open().annotate('../../etc', notes)).rejects.toMatchObject({ code: 'run.invalid' });
  expect(() => runNotes.read({ ...notes, title: 'x'.repeat(201) })).toThrow(/title/);
  expect(() => runNotes.read({ ...notes, tags: [''] })).toThrow(/tags\[0\]/);
});

it('are read from any run’s folder, as the command line names it', async () => {
  const folder = join(process.env.CONVSCOPE_DATA!, 'elsewhere');
  mkdirSync(folder);
  expect(await readNotes(folder)).toEqual({ title: '', tags: [], note: '' });
  writeFileSync(join(folder, 'notes.json'), JSON.stringify({ title: 'Mine', tags: [], note: '' }));
  expect((await readNotes(folder)).title).toBe('Mine');
});

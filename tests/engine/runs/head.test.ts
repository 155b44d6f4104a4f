import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DataInfo } from '../../../src/shared/data-sets';
import type { RunRequest } from '../../../src/shared/runs';
import { put } from '../data-sets/pictures';
import { open, ownDataFolder } from './engine';

ownDataFolder();
const folder = mkdtempSync(join(tmpdir(), 'convscope-few-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Noise in one of two tints: what any body tells apart. */
function photo(seed: number, tint: number): Promise<Buffer> {
  const pixels = Uint8Array.from({ length: 120 * 100 * 3 }, (_, i) =>
    i % 3 === tint ? 200 : (Math.imul(i + seed * 7919, 2654435761) >>> 24) % 120,
  );
  return sharp(pixels, { raw: { width: 120, height: 100, channels: 3 } })
    .png()
    .toBuffer();
}

let data: DataInfo;
beforeAll(async () => {
  for (let i = 0; i < 8; i++) {
    put(folder, `red/${i}.png`, await photo(i, 0));
    put(folder, `blue/${i}.png`, await photo(i + 100, 2));
  }
  data = await open().call('addData', { path: folder });
});

it('a head on the pretrained body: proposed for few photos, trained in a run, opened, evaluated beside others', async () => {
  const engine = open();
  const { proposal, samples } = await engine.call('survey', { data: data.id, network: null, job: 'look' });
  const network = proposal!.network;
  expect(network.source).toEqual({ kind: 'body', id: 'efficientnet-lite0' });
  // Read at the body's size: the run finds the pictures decoded.
  expect([samples.width, samples.channels]).toEqual([224, 3]);
  const described = await engine.call('describeNetwork', { network, classes: 2 });
  expect(described.totals.params).toBe(1280 * 2 + 2);

  const asked: RunRequest = { title: 'Tints', data: data.id, network, options: { ...proposal!.options, epochs: 12 } };
  const run = await engine.call('startRun', asked);
  const end = await engine.reached(run.id, 'finished', 'failed');
  expect(end.failure).toBeNull();
  expect(engine.states(run.id)).toEqual(['reading', 'training', 'finished']);
  expect(end).toMatchObject({ epochs: 12, labels: ['blue', 'red'], inputShape: [3, 224, 224], macs: null, network });
  expect(end.accuracy.validation).toBe(1);
  // As many of both, but for an odd one.
  const { train } = end.samples;
  expect(end.commonest.train).toBe(Math.ceil(train / 2) / train);
  expect(engine.of('run').some((each) => each.run.progress?.phase === 'training')).toBe(true);
  expect(await engine.call('runFilters', { run: run.id })).toBeNull();

  const { model } = await engine.call('openModel', { source: { kind: 'run', id: run.id } });
  const opened = await engine.call('modelOpened', { model });
  expect(opened).toMatchObject({ title: 'Tints', labels: ['blue', 'red'] });
  const own = proposal!.scratch!;
  const scratch = await engine.call('startRun', { ...asked, ...own, options: { ...own.options, epochs: 1 } });
  await engine.reached(scratch.id, 'finished', 'failed');
  const contenders = [run, scratch].map(({ id }) => ({ kind: 'run' as const, id }));
  const { contenders: found } = await engine.call('evaluate', { contenders, data: null, job: 'both' });
  expect(found[0].accuracy).toBe(1);
  expect(found[0].parameters).toBe(end.parameters);
}, 300_000);

it('is refused at the start where pictures would be varied, and cancelled while it trains', async () => {
  const engine = open();
  const network: RunRequest['network'] = { source: { kind: 'body', id: 'efficientnet-lite0' }, variant: 'itself' };
  const asked: RunRequest = { title: 'Long', data: data.id, network, options: { epochs: 100_000 } };
  await expect(engine.call('startRun', { ...asked, options: { augment: { shift: 2 } } })).rejects.toThrow(/not varied/);
  const run = await engine.call('startRun', asked);
  await engine.until(() => engine.lines(run.id).find(({ type }) => type === 'epoch'));
  await engine.call('stopRun', { run: run.id });
  const stopped = await engine.reached(run.id, 'stopped', 'failed', 'interrupted', 'finished');
  expect([stopped.state, stopped.failure]).toEqual(['stopped', null]);
}, 300_000);

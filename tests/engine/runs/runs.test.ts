import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { DataInfo } from '../../../src/shared/data-sets';
import type { MetricsLine, RunInfo, RunRequest } from '../../../src/shared/runs';
import { sentence } from '../../../src/words';
import { idx } from '../data/make';
import { makeSpots, open, ownDataFolder, type Held } from './engine';

/** Runs through the built engine: its worker thread, its work processes, its folders. */
const root = ownDataFolder();
const spots = join(root, '..', 'spots');
const folderOf = (run: string): string => join(root, 'runs', run);
const file = (run: string, name: string): Buffer => readFileSync(join(folderOf(run), name));
/** Long enough to be met in the middle; short where it is left alone. */
const LONG = 20;

let data: DataInfo;
let whole: Buffer;
beforeAll(async () => {
  makeSpots(spots);
  const engine = open();
  data = await engine.call('addData', { path: spots });
  const run = await engine.call('startRun', request({ options: { ...options, epochs: LONG } }));
  const end = await engine.reached(run.id, 'finished', 'failed');
  expect(end.failure).toBeNull();
  whole = file(run.id, 'model.onnx');
}, 60_000);

const options = { batch: 8, lr: 0.01, logEvery: 2 };
const request = (more: Partial<RunRequest> = {}): RunRequest => ({
  title: 'Spots',
  data: data.id,
  network: { source: { kind: 'bundled', id: 'lenet5-mnist' }, variant: 'itself' },
  options: { ...options, epochs: 2 },
  ...more,
});
const long = (more: Partial<RunRequest> = {}): RunRequest =>
  request({ options: { ...options, epochs: LONG }, ...more });

/** Waits until so many epochs are through. */
const epochs = (engine: Held, run: string, count: number): Promise<MetricsLine> =>
  engine.until(() => engine.lines(run).find(({ type, epoch }) => type === 'epoch' && epoch >= count));

/** The process that trains it. */
const trainerOf = (run: string): number => (JSON.parse(file(run, '.lock').toString()) as { pid: number }).pid;

/** By kind and number each once, in order. */
function expectInOrder(lines: MetricsLine[]): void {
  const keys = lines.map(({ type, step }) => step + (type === 'epoch' ? 0.5 : 0));
  expect(keys).toEqual([...new Set(keys)].sort((a, b) => a - b));
}

describe('a run', () => {
  it('tells how it goes, and ends as its folder says', async () => {
    const engine = open();
    const asked = request({
      network: { source: { kind: 'bundled', id: 'colors-cnn' }, variant: 'itself' },
      recipe: 'colors-cnn',
    });
    const run = await engine.call('startRun', asked);
    expect(run).toMatchObject({ state: 'reading', title: 'Spots', epochs: 2, epoch: 0, recipe: 'colors-cnn', data });
    const end = await engine.reached(run.id, 'finished', 'failed');
    expect(engine.states(run.id)).toEqual(['reading', 'training', 'finished']);

    const lines = engine.lines(run.id);
    expectInOrder(lines);
    expect(await engine.call('runMetrics', { run: run.id })).toEqual(lines);
    expect(lines.filter(({ type }) => type === 'epoch').map(({ epoch }) => epoch)).toEqual([1, 2]);
    const filters = engine.filters(run.id);
    expect(filters[0].step).toBe(0);
    const [first, last] = [filters[0], filters[filters.length - 1]];
    expect(last.step).toBe(lines[lines.length - 1].step);
    expect(first.data).not.toEqual(last.data);
    const { layers } = await engine.call('describeNetwork', { network: asked.network, classes: 3 });
    const conv = layers.find(({ name }) => name === first.layer)!;
    expect(conv.kind).toBe('conv');
    expect(first.shape.reduce((product, side) => product * side)).toBe(first.data.length);
    expect(first.absMax).toBeGreaterThan(0);
    expect(Math.max(...first.data.map(Math.abs))).toBe(127);

    expect(end).toMatchObject({
      epoch: 2,
      epochs: 2,
      labels: ['0', '1', '2'],
      samples: { train: 108, validation: 12, test: 0 },
      hasModel: true,
      failure: null,
      network: asked.network,
      progress: null,
    });
    expect(end.accuracy.train).toBeGreaterThan(0);
    expect(end.accuracy.test).toBeNull();
    expect(end.seconds).toBeGreaterThan(0);
    expect(end.said.map((message) => sentence(message))).toContain(
      '3 classes; 108 images for training, 12 for validation (a tenth of the training split), 0 for testing',
    );
    const opened = await engine.call('openModel', { source: { kind: 'run', id: run.id } });
    expect(opened).toMatchObject({ id: 'Spots.onnx', title: 'Spots', bundled: false, labels: ['0', '1', '2'] });
    expect(opened.totals.params).toBe(end.parameters);
    // Whoever did not watch it train sees those that it keeps.
    const best = lines.findLast((line) => line.type === 'epoch' && line.best)!;
    const kept = await engine.call('runFilters', { run: run.id });
    expect(kept).toEqual(filters.find(({ step }) => step === best.step));
    const { name, bytes } = await engine.call('runFile', { run: run.id });
    expect(name).toBe('Spots.onnx');
    expect(file(run.id, 'model.onnx').equals(bytes)).toBe(true);
  });

  it('of a dense variant shows its first layer folded back to the picture', async () => {
    const engine = open();
    const twin = { source: { kind: 'bundled', id: 'colors-cnn' }, variant: 'dense-128-64' } as const;
    const run = await engine.call('startRun', request({ network: twin, options: { ...options, epochs: 1 } }));
    const end = await engine.reached(run.id, 'finished', 'failed');
    const filters = engine.filters(run.id).at(-1)!;
    expect(filters.shape).toEqual([64, ...end.inputShape]);
    expect(end.inputShape).toEqual([3, 28, 28]);
    expect(end.parameters).toBe(3 * 784 * 128 + 128 + 128 * 64 + 64 + 64 * 3 + 3);
  });

  it('paused, continued, stopped and resumed ends with the same bytes as one that was left alone', async () => {
    const engine = open();
    const { id } = await engine.call('startRun', long());
    await epochs(engine, id, 2);
    await engine.call('pauseRun', { run: id });
    const paused = await engine.reached(id, 'paused');
    const checkpoint = file(id, 'checkpoint.safetensors');
    const count = engine.lines(id).length;
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(engine.lines(id).length).toBe(count);
    expect(file(id, 'checkpoint.safetensors').equals(checkpoint)).toBe(true);
    expect(paused.epoch).toBeGreaterThanOrEqual(2);
    await engine.call('continueRun', { run: id });
    await epochs(engine, id, paused.epoch + 2);
    await engine.call('stopRun', { run: id });
    const stopped = await engine.reached(id, 'stopped');
    expect(stopped.epoch).toBeLessThan(LONG);
    expect(stopped.bestEpoch).not.toBeNull();
    expect(stopped.accuracy.validation).not.toBeNull();
    expect(stopped.accuracy.train).toBeNull();
    expect(engine.states(id)).toEqual(['reading', 'training', 'paused', 'training', 'stopped']);

    await engine.call('resumeRun', { run: id });
    await engine.reached(id, 'finished', 'failed');
    expect(file(id, 'model.onnx').equals(whole)).toBe(true);
    // What is told of a second time after a checkpoint is told in the same words, but for the clock.
    const kept = await engine.call('runMetrics', { run: id });
    expectInOrder(kept);
    const key = ({ type, step }: MetricsLine): string => `${type} ${step}`;
    const told = new Map(engine.lines(id).map((line) => [key(line), line]));
    expect([...told.values()].sort((a, b) => a.step - b.step || (a.type < b.type ? 1 : -1))).toEqual(kept);
  }, 60_000);

  it('whose process is killed is interrupted, says so, and goes on to the same bytes', async () => {
    const engine = open();
    const { id } = await engine.call('startRun', long());
    await epochs(engine, id, 3);
    process.kill(trainerOf(id), 'SIGKILL');
    const interrupted = await engine.reached(id, 'interrupted', 'failed', 'finished');
    expect(interrupted).toMatchObject({ state: 'interrupted', hasModel: true });
    expect(interrupted.failure!.message).toContain('SIGKILL');
    expect(interrupted.epoch).toBeGreaterThanOrEqual(3);
    await engine.call('resumeRun', { run: id });
    expect((await engine.reached(id, 'finished', 'failed')).failure).toBeNull();
    expect(file(id, 'model.onnx').equals(whole)).toBe(true);
  }, 60_000);

  it('is stopped at a checkpoint when the engine closes; the next one lists it and goes on to the same bytes', async () => {
    const before = open();
    const { id } = await before.call('startRun', long());
    const waiting = await before.call('startRun', request({ title: 'waits' }));
    await epochs(before, id, 2);
    await before.close();
    expect(existsSync(join(folderOf(id), '.lock'))).toBe(false);
    const engine = open();
    const runs = await engine.call('runs', {});
    const [listed, other] = [id, waiting.id].map((wanted) => runs.find((run) => run.id === wanted)!);
    expect(listed).toMatchObject({ state: 'interrupted', failure: null, hasModel: true });
    expect(other).toMatchObject({ state: 'interrupted', epoch: 0, title: 'waits', hasModel: false });
    await engine.call('resumeRun', { run: id });
    await engine.reached(id, 'finished', 'failed');
    expect(file(id, 'model.onnx').equals(whole)).toBe(true);
  }, 60_000);

  it('outlives a crash of the engine: its process stops at a checkpoint, nobody trains it twice', async () => {
    const engine = open();
    const { id } = await engine.call('startRun', long());
    await epochs(engine, id, 2);
    const trainer = trainerOf(id);
    const { worker } = engine.host as unknown as { worker: { terminate(): Promise<number> } };
    await worker.terminate();
    await engine.until(() => engine.of('restarted')[0]);
    // Nobody wished it to stop: it is told of.
    const stateNow = async (): Promise<string | undefined> =>
      (await engine.call('runs', {})).find((each) => each.id === id)?.state;
    await expect.poll(stateNow, { timeout: 30_000 }).toBe('interrupted');
    const run = await engine.call('resumeRun', { run: id });
    expect(['reading', 'training']).toContain(run.state);
    if (existsSync(join(folderOf(id), '.lock'))) expect(trainerOf(id)).not.toBe(trainer);
    await engine.reached(id, 'finished', 'failed');
    expect(file(id, 'model.onnx').equals(whole)).toBe(true);
  }, 60_000);

  it('is trained for more epochs when it is finished, not for fewer', async () => {
    const engine = open();
    const { id } = await engine.call('startRun', request());
    await engine.reached(id, 'finished');
    await expect(engine.call('resumeRun', { run: id })).rejects.toMatchObject({ code: 'run.invalid' });
    await expect(engine.call('resumeRun', { run: id, epochs: 1 })).rejects.toMatchObject({
      message: "'Spots': is finished after 2 epochs; to continue, ask for more epochs",
    });
    expect(await engine.call('resumeRun', { run: id, epochs: 3 })).toMatchObject({ state: 'reading', epochs: 3 });
    const end = await engine.until(() =>
      engine.of('run').find(({ run }) => run.state === 'finished' && run.epochs === 3),
    );
    expect(end.run.epoch).toBe(3);
  });

  it('that diverges says where, and is not resumed to diverge again', async () => {
    const engine = open();
    const { id } = await engine.call(
      'startRun',
      request({ options: { ...options, epochs: 3, lr: 1000, optimizer: 'sgd' } }),
    );
    const end = await engine.reached(id, 'diverged', 'finished', 'failed');
    expect(end).toMatchObject({ state: 'diverged', failure: { code: 'train.diverged' } });
    expect(await open().call('runs', {})).toContainEqual(end.said.length ? { ...end, said: [] } : end);
    await expect(engine.call('resumeRun', { run: id })).rejects.toMatchObject({ code: 'run.invalid' });
  });

  it('whose data has gone fails with the reason, and goes on when it is back', async () => {
    const moving = join(root, '..', 'moving');
    cpSync(spots, moving, { recursive: true });
    const engine = open();
    const there = await engine.call('addData', { path: moving });
    const first = await engine.call('startRun', long());
    const { id } = await engine.call('startRun', request({ data: there.id }));
    renameSync(moving, `${moving}-away`);
    await engine.call('stopRun', { run: first.id });
    const failed = await engine.reached(id, 'failed', 'finished');
    expect(failed.failure!.message).toContain('moving');
    expect(failed.data.present).toBe(false);
    await expect(engine.call('resumeRun', { run: id })).rejects.toMatchObject({
      code: 'data.invalid',
      message: expect.stringContaining('is no longer there; put it back'),
    });
    renameSync(`${moving}-away`, moving);
    await engine.call('resumeRun', { run: id });
    expect(await engine.reached(id, 'finished')).toMatchObject({ failure: null });
  });

  it('whose end cannot be written down is told of as it ended all the same', async () => {
    const going = join(root, '..', 'going');
    cpSync(spots, going, { recursive: true });
    const engine = open();
    const there = await engine.call('addData', { path: going });
    const first = await engine.call('startRun', long());
    const { id } = await engine.call('startRun', request({ data: there.id }));
    rmSync(going, { recursive: true });
    // As on a full disk: nothing can be put in the place of its entry.
    const entry = join(root, 'runs', id, 'request.json');
    rmSync(entry);
    mkdirSync(join(entry, 'in the way'), { recursive: true });
    await engine.call('stopRun', { run: first.id });
    const failed = await engine.reached(id, 'failed', 'interrupted', 'finished');
    expect(failed).toMatchObject({ state: 'failed', failure: { message: expect.stringContaining('going') } });
    expect(await engine.call('runs', {})).toContainEqual(failed);
  });

  it('whose data has moved goes on with it, once it is chosen where it lies now', async () => {
    const [before, now] = ['one', 'two'].map((place) => join(root, '..', place, 'moved'));
    cpSync(spots, before, { recursive: true });
    const engine = open();
    const { id: data } = await engine.call('addData', { path: before });
    const { id } = await engine.call('startRun', request({ data }));
    await engine.reached(id, 'finished');
    cpSync(before, now, { recursive: true });
    rmSync(before, { recursive: true });
    await expect(engine.call('resumeRun', { run: id, epochs: 3 })).rejects.toMatchObject({ code: 'data.invalid' });
    await engine.call('addData', { path: now });
    await engine.call('resumeRun', { run: id, epochs: 3 });
    const end = await engine.reached(id, 'finished', 'failed');
    expect(end).toMatchObject({ epoch: 3, failure: null, data: { path: now, present: true } });
    expect(await engine.call('verifyRun', { run: id, job: 'v' })).toMatchObject({ ok: true });
    // Others of the same name are not taken for it.
    writeFileSync(
      join(now, 'train-labels-idx1-ubyte'),
      idx(
        [120],
        Array.from({ length: 120 }, (_, i) => (i + 1) % 3),
      ),
    );
    await engine.call('resumeRun', { run: id, epochs: 4 });
    const refused = await engine.reached(id, 'failed');
    expect(refused.failure!.message).toContain(
      'has changed since the run was started, or is not what it was started with',
    );
  });

  it('reads pixels on the scale that was asked for, also where it waited for its turn', async () => {
    const engine = open();
    const first = await engine.call('startRun', long());
    const range = { low: 0, high: 128 };
    const { id } = await engine.call('startRun', request({ range, options: { ...options, epochs: 1 } }));
    await engine.call('stopRun', { run: first.id });
    const end = await engine.reached(id, 'finished', 'failed');
    expect(end.failure).toBeNull();
    expect(end.said.map((line) => sentence(line)).join('\n')).toContain('read as 0 for black and 128 for white');
    expect(JSON.parse(file(id, 'run.json').toString())).toMatchObject({ data: { range } });
    for (const wrong of [{ low: 1, high: 1 }, { low: 0 }, { low: NaN, high: 1 }, [0, 1]])
      await expect(engine.call('startRun', request({ range: wrong as typeof range }))).rejects.toThrow('range');
  });

  it('is refused before anything begins where it cannot be', async () => {
    const engine = open();
    const refused = (more: Partial<RunRequest>): Promise<string> =>
      engine.call('startRun', request(more)).then(
        () => 'started',
        ({ code, message }: { code: string; message: string }) => `${code}: ${message}`,
      );
    const before = readdirSync(join(root, 'runs'));
    expect(await refused({ options: { lr: -1 } })).toBe(
      'train.invalid: lr: found -1, expected a number above 0, at most 1000',
    );
    expect(await refused({ options: { optimizer: 'magic' } })).toContain("optimizer: found 'magic'");
    expect(await refused({ data: 'nowhere' })).toContain('data.unknown');
    expect(await refused({ recipe: 'cake' })).toContain('recipe.unknown');
    const nothing = { kind: 'bundled', id: 'nothing' } as const;
    expect(await refused({ network: { source: nothing, variant: 'twin' } })).toContain('model.unknown');
    expect(await refused({ network: { source: { kind: 'recipe', id: 'cake' }, variant: 'itself' } })).toContain(
      'recipe.unknown',
    );
    expect(readdirSync(join(root, 'runs'))).toEqual(before);
    for (const method of [
      'pauseRun',
      'continueRun',
      'stopRun',
      'resumeRun',
      'removeRun',
      'runMetrics',
      'runFilters',
      'runFile',
    ] as const) {
      await expect(engine.call(method, { run: '20200101-000000-nothing' })).rejects.toMatchObject({
        code: 'run.invalid',
      });
      await expect(engine.call(method, { run: '../../etc' })).rejects.toMatchObject({ code: 'run.invalid' });
    }
  });
});

describe('the queue', () => {
  it('trains one at a time, in order, and lets go of what is stopped', async () => {
    const engine = open();
    const first = await engine.call('startRun', long({ title: 'first' }));
    const second = await engine.call('startRun', request({ title: 'second' }));
    const network: RunRequest['network'] = { source: { kind: 'recipe', id: 'mnist-dense' }, variant: 'itself' };
    const third = await engine.call('startRun', request({ title: 'third', network }));
    expect([first.state, second.state, third.state]).toEqual(['reading', 'queued', 'queued']);
    await expect(engine.call('pauseRun', { run: second.id })).rejects.toMatchObject({
      message: "'second': is waiting for another run to end",
    });
    await expect(engine.call('resumeRun', { run: second.id })).rejects.toMatchObject({ code: 'run.invalid' });
    expect(await engine.call('stopRun', { run: second.id })).toMatchObject({ state: 'stopped', epoch: 0 });
    await engine.call('stopRun', { run: first.id });
    expect((await engine.reached(first.id, 'stopped')).hasModel).toBeDefined();
    // By the name of the recipe, whoever trains it later and wherever.
    const { title: networkTitle } = (await engine.call('recipes', {})).find(({ id }) => id === 'mnist-dense')!;
    expect(await engine.reached(third.id, 'finished')).toMatchObject({ network, networkTitle });
    expect((await engine.call('runs', {})).find(({ id }) => id === second.id)!.networkTitle).toBeNull();
    // Out of the queue it stays in the list, and begins when somebody wants it to.
    expect((await engine.call('runs', {})).find(({ id }) => id === second.id)).toMatchObject({ state: 'stopped' });
    await engine.call('resumeRun', { run: second.id });
    await engine.reached(second.id, 'finished');
    const trained = engine.of('run').flatMap(({ run }) => (run.state === 'training' ? [run.title] : []));
    expect(trained.filter((title, i) => title !== trained[i - 1]).slice(-2)).toEqual(['third', 'second']);
  }, 60_000);
});

describe('the list', () => {
  it('takes titles in Chinese and with emoji, and two of the same name', async () => {
    const engine = open();
    const title = '颜色 🎨 第一次：CNN / 实验?';
    const run = await engine.call('startRun', request({ title, options: { ...options, epochs: 1 } }));
    expect(run.id).toMatch(/^\d{8}-\d{6}-cnn(-\d+)?$/);
    await engine.reached(run.id, 'finished');
    const only = await engine.call('startRun', request({ title: '实验', options: { ...options, epochs: 1 } }));
    const twice = await engine.call('startRun', request({ title: '实验', options: { ...options, epochs: 1 } }));
    expect(new Set([run.id, only.id, twice.id]).size).toBe(3);
    await engine.reached(twice.id, 'finished');
    const listed = await engine.call('runs', {});
    expect(listed.slice(0, 3).map((each) => each.title)).toEqual(['实验', '实验', title]);
    expect((await engine.call('openModel', { source: { kind: 'run', id: run.id } })).title).toBe(title);
    expect((await engine.call('runFile', { run: run.id })).name).toBe('颜色 🎨 第一次：CNN - 实验.onnx');
  });

  it('keeps runs apart that begin at the same moment under the same title', async () => {
    const engine = open();
    const asked = Array.from({ length: 5 }, () =>
      engine.call('startRun', request({ options: { ...options, epochs: 1 } })),
    );
    const begun = await Promise.all(asked);
    expect(new Set(begun.map(({ id }) => id)).size).toBe(5);
    expect(begun.filter(({ state }) => state === 'queued')).toHaveLength(4);
    for (const { id } of begun.filter(({ state }) => state === 'queued')) await engine.call('stopRun', { run: id });
    await engine.reached(begun.find(({ state }) => state !== 'queued')!.id, 'finished');
  });

  it('shows a damaged run as such, and the others beside it', async () => {
    const engine = open();
    const { id } = await engine.call('startRun', request({ options: { ...options, epochs: 1 } }));
    await engine.reached(id, 'finished');
    const damage = (name: string, spoil: (folder: string) => void): void => {
      const folder = join(root, 'runs', name);
      cpSync(folderOf(id), folder, { recursive: true });
      spoil(folder);
    };
    damage('20200101-000001-a', (folder) => writeFileSync(join(folder, 'run.json'), '{ "format": 1, '));
    damage('20200101-000002-b', (folder) => writeFileSync(join(folder, 'request.json'), 'nonsense'));
    damage('20200101-000003-c', (folder) => writeFileSync(join(folder, 'metrics.jsonl'), 'nonsense\n{"type":"epo'));
    mkdirSync(join(root, 'runs', '20200101-000004-d'));
    mkdirSync(join(root, 'runs', 'Not a run'));
    writeFileSync(join(root, 'runs', 'a-file'), 'x');
    const list = await engine.call('runs', {});
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((letter) => list.find((run) => run.id.endsWith(`-${letter}`))!);
    expect(list.find((run) => run.id === id)!.state).toBe('finished');
    expect(list.some((run) => run.id === 'a-file' || run.id === 'Not a run')).toBe(false);
    expect(a).toMatchObject({ state: 'failed', title: 'Spots' });
    expect(a.failure!.message).toContain('run.json');
    expect(b).toMatchObject({ state: 'failed', epoch: 1 });
    expect(b.failure!.message).toContain('request.json');
    expect(c).toMatchObject({ state: 'finished', epoch: 1, failure: null });
    expect(d.failure!.message).toContain('holds neither');
    await engine.call('removeRun', { run: d.id });
    for (const name of ['20200101-000001-a', '20200101-000002-b', '20200101-000003-c', 'Not a run', 'a-file'])
      rmSync(join(root, 'runs', name), { recursive: true });
  });

  it('quotes how runs of before ended, whose failures were kept as texts', async () => {
    const engine = open();
    const { id } = await engine.call('startRun', request({ options: { ...options, epochs: 1 } }));
    await engine.reached(id, 'finished');
    const ids = ['20200103-000000-texts', '20200103-000001-params'];
    for (const other of ids) cpSync(folderOf(id), folderOf(other), { recursive: true });
    const [diverged, failed] = ids;
    const change = (run: string, name: string, more: object): void =>
      writeFileSync(
        join(folderOf(run), name),
        JSON.stringify({ ...(JSON.parse(file(run, name).toString()) as object), ...more }),
      );
    change(diverged, 'run.json', { state: 'diverged', result: null, failure: 'step 9: the training loss became NaN' });
    const failure = { code: 'data.invalid', params: { file: 'x' }, message: "'x': holds no file" };
    change(failed, 'run.json', { state: 'stopped', result: null });
    change(failed, 'request.json', { end: { state: 'failed', failure } });
    const list = await engine.call('runs', {});
    const inChinese = (run: string): string => sentence(list.find((each) => each.id === run)!.failure!, 'zh');
    expect(inChinese(diverged)).toContain('“step 9: the training loss became NaN”');
    expect(inChinese(failed)).toContain("“'x': holds no file”");
    for (const run of ids) rmSync(folderOf(run), { recursive: true });
  });

  it('tells of a run that does not learn, with what to try, and still when the app is started anew', async () => {
    const engine = open();
    const stuck = { ...options, epochs: 3, initializer: 'zeros' };
    const { id } = await engine.call('startRun', request({ options: stuck }));
    const end = await engine.reached(id, 'finished', 'failed');
    expect(sentence(end.stuck!)).toMatch(/^nothing learned yet: after epoch 3 .* try the initializer 'he'/);
    expect(end.said.filter(({ code }) => code === end.stuck!.code)).toEqual([end.stuck]);
    expect((await open().call('runs', {})).find((run) => run.id === id)!.stuck).toEqual(end.stuck);
    expect(engine.of('run')[0].run.stuck).toBeNull();
  });

  it('tells a run that another process is killed in while no engine looks', async () => {
    const id = '20200102-000000-left';
    const finished = (await open().call('runs', {})).find(({ state }) => state === 'finished')!;
    cpSync(folderOf(finished.id), folderOf(id), { recursive: true });
    const record = JSON.parse(file(id, 'run.json').toString()) as { state: string; result: unknown };
    writeFileSync(join(folderOf(id), 'run.json'), JSON.stringify({ ...record, state: 'running', result: null }));
    writeFileSync(join(folderOf(id), '.lock'), JSON.stringify({ pid: 2 ** 22 + 1, started: null }));
    const engine = open();
    const stateOf = async (): Promise<RunInfo> => (await engine.call('runs', {})).find((run) => run.id === id)!;
    expect((await stateOf()).state).toBe('interrupted');
    // This very process lives: another Convscope trains in it.
    writeFileSync(join(folderOf(id), '.lock'), JSON.stringify({ pid: process.pid, started: null }));
    expect((await stateOf()).state).toBe('training');
    await expect(engine.call('stopRun', { run: id })).rejects.toThrow('trained by another process');
    await expect(engine.call('removeRun', { run: id })).rejects.toThrow('is being trained');
    rmSync(join(folderOf(id), '.lock'));
    expect((await engine.reached(id, 'interrupted')).id).toBe(id);
    rmSync(folderOf(id), { recursive: true });
  });

  it('gives a removed run back from the trash, and empties that after 30 days', async () => {
    const engine = open();
    const { id } = await engine.call('startRun', long());
    await epochs(engine, id, 1);
    await expect(engine.call('removeRun', { run: id })).rejects.toThrow('is being trained; stop it first');
    await engine.call('stopRun', { run: id });
    const stopped = await engine.reached(id, 'stopped');
    await engine.call('removeRun', { run: id });
    expect(engine.of('runRemoved')).toEqual([{ run: id }]);
    expect((await engine.call('runs', {})).some((run) => run.id === id)).toBe(false);
    await expect(engine.call('runMetrics', { run: id })).rejects.toMatchObject({ code: 'run.invalid' });
    expect(await engine.call('restoreRun', { run: id })).toEqual(stopped);
    expect((await engine.call('runs', {})).some((run) => run.id === id)).toBe(true);
    await expect(engine.call('restoreRun', { run: id })).rejects.toMatchObject({ code: 'run.invalid' });

    await engine.call('removeRun', { run: id });
    const trashed = join(root, 'trash', id);
    const age = (days: number): void => utimesSync(trashed, new Date(), new Date(Date.now() - days * 86_400_000));
    age(29);
    await open().call('runs', {});
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(existsSync(trashed)).toBe(true);
    age(31);
    await open().call('runs', {});
    for (let i = 0; i < 50 && existsSync(trashed); i++) await new Promise((resolve) => setTimeout(resolve, 100));
    expect(existsSync(trashed)).toBe(false);
  });
});

import { describe, expect, it, vi } from 'vitest';
import { messageOf, say } from '../../../src/words';
import type { MetricsLine, RunInfo } from '../../../src/shared/runs';
import { FailureError } from '../../../src/shared/failures';
import { Evaluations } from '../../../src/renderer/src/state/evaluations.svelte';
import { Runs } from '../../../src/renderer/src/state/runs.svelte';
import { Session } from '../../../src/renderer/src/state/session.svelte';
import {
  canGoOn,
  canPause,
  canRemove,
  canStop,
  canTrainLonger,
  RunActions,
} from '../../../src/renderer/src/train/actions';
import { FakeClient } from '../fake-client';
import { fakeLines, fakeRun, FakeRuns } from '../fake-runs';

// The screens go by the address.
vi.hoisted(() => {
  Object.assign(globalThis, { location: { hash: '#train' }, addEventListener: () => {} });
});

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

/** Runs whose answers come when the test says so. */
function slow(): {
  client: FakeClient;
  runs: Runs;
  answer: (lines: MetricsLine[]) => Promise<void>;
  asked: () => number;
} {
  const waiting: ((lines: MetricsLine[]) => void)[] = [];
  const client = new FakeClient('lenet', {}, { runMetrics: () => new Promise((resolve) => waiting.push(resolve)) });
  const answer = async (lines: MetricsLine[]): Promise<void> => {
    await settle();
    waiting.shift()?.(lines);
    await settle();
  };
  return { client, runs: new Runs(client), answer, asked: () => client.calls.length };
}
const keys = (lines: readonly MetricsLine[] | null): string[] =>
  (lines ?? []).map(({ type, step }) => `${type} ${step}`);

describe('metrics of a run', () => {
  const all = fakeLines(4);
  const cut = (from: number, to: number): MetricsLine[] => all.filter(({ step }) => step > from && step <= to);

  it('are null until the file has come, and asked for once', async () => {
    const { runs, answer, asked } = slow();
    expect(runs.metrics('1')).toBeNull();
    expect(runs.history('1').steps).toEqual([]);
    await answer(cut(0, 50));
    expect(runs.metrics('1')).toEqual(cut(0, 50));
    expect(asked()).toBe(1);
  });

  it('lose no line and hold none twice, whenever it is said', async () => {
    const { client, runs, answer } = slow();
    const say = (lines: MetricsLine[]): void => client.emit('metrics', { run: '1', lines });
    runs.metrics('1');
    // In the file and said, in the file alone, said alone; then what comes after the answer, with a part of it once more.
    say(cut(30, 60));
    say(cut(60, 110));
    await answer(cut(0, 80));
    expect(runs.metrics('1')).toEqual(cut(0, 110));
    say(cut(80, 130));
    say(cut(130, 200));
    expect(keys(runs.metrics('1'))).toEqual(keys(cut(0, 200)));
    expect(runs.history('1').epochs.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4]);
  });

  it('of another run are not its own', async () => {
    const { client, runs, answer } = slow();
    runs.metrics('1');
    await answer(cut(0, 50));
    client.emit('metrics', { run: '2', lines: cut(50, 100) });
    expect(runs.metrics('1')).toEqual(cut(0, 50));
  });

  it('give up what lies behind a checkpoint as soon as it is said anew', async () => {
    const { client, runs, answer } = slow();
    runs.metrics('1');
    await answer(cut(0, 120));
    const again = cut(50, 75).map((line) => ({ ...line, seconds: line.seconds + 100 }));
    client.emit('metrics', { run: '1', lines: again });
    expect(runs.metrics('1')).toEqual([...cut(0, 50), ...again]);
  });

  it('are fetched anew where a run went on from a checkpoint, and where the engine was started anew', async () => {
    const { client, runs, answer, asked } = slow();
    client.emit('run', { run: fakeRun('1', 'reading') });
    runs.metrics('1');
    await answer(cut(0, 120));
    client.emit('run', { run: fakeRun('1', 'training') });
    expect(asked()).toBe(2);
    // What was known stays to be looked at.
    expect(runs.history('1').steps.length).toBeGreaterThan(0);
    client.emit('metrics', { run: '1', lines: cut(50, 60) });
    await answer(cut(0, 50));
    expect(runs.metrics('1')).toEqual(cut(0, 60));
    client.emit('restarted', { reason: say('engine.closed') });
    await answer(cut(0, 40));
    expect(runs.metrics('1')).toEqual(cut(0, 40));
  });

  it('take the newest answer where two were asked for', async () => {
    const waiting: ((lines: MetricsLine[]) => void)[] = [];
    const client = new FakeClient('lenet', {}, { runMetrics: () => new Promise((resolve) => waiting.push(resolve)) });
    const runs = new Runs(client);
    runs.metrics('1');
    client.emit('restarted', { reason: say('engine.closed') });
    await settle();
    waiting[1](cut(0, 60));
    await settle();
    client.emit('metrics', { run: '1', lines: cut(60, 70) });
    waiting[0](cut(0, 20));
    await settle();
    expect(runs.metrics('1')).toEqual(cut(0, 70));
  });

  it('are asked for again after an answer that failed', async () => {
    let fail = true;
    const client = new FakeClient(
      'lenet',
      {},
      {
        runMetrics: () => {
          if (fail) throw new Error('gone');
          return cut(0, 50);
        },
      },
    );
    const runs = new Runs(client);
    expect(runs.metrics('1')).toBeNull();
    await settle();
    fail = false;
    runs.metrics('1');
    await settle();
    expect(runs.metrics('1')).toEqual(cut(0, 50));
  });
});

describe('the list of runs', () => {
  const ids = (runs: Runs): string[] => (runs.list ?? []).map(({ id }) => id);
  async function load(...given: RunInfo[]): Promise<{ client: FakeClient; runs: Runs; fake: FakeRuns }> {
    const fake = new FakeRuns(given);
    const client = new FakeClient('lenet', {}, fake.answers);
    fake.client = client;
    const runs = new Runs(client);
    await runs.load();
    return { client, runs, fake };
  }

  it('stays newest first, whatever is put into it', async () => {
    const { runs, client } = await load(fakeRun('3', 'finished'), fakeRun('7', 'finished'), fakeRun('5', 'stopped'));
    expect(ids(runs)).toEqual(['7', '5', '3']);
    client.emit('run', { run: fakeRun('6', 'queued') });
    client.emit('run', { run: fakeRun('9', 'queued') });
    client.emit('run', { run: fakeRun('1', 'queued') });
    client.emit('run', { run: fakeRun('5', 'training') });
    expect(ids(runs)).toEqual(['9', '7', '6', '5', '3', '1']);
    client.emit('runRemoved', { run: '6' });
    expect(ids(runs)).toEqual(['9', '7', '5', '3', '1']);
  });

  it('keeps what was said while it was on its way', async () => {
    const { client, runs, fake } = await load(fakeRun('3', 'training'), fakeRun('4', 'finished'));
    fake.runs.set('3', fakeRun('3', 'training'));
    const loading = runs.load();
    client.emit('run', { run: fakeRun('3', 'finished') });
    client.emit('runRemoved', { run: '4' });
    await loading;
    expect(ids(runs)).toEqual(['3']);
    expect(runs.get('3')?.state).toBe('finished');
  });

  it('shows the run that trains until somebody chooses, else the newest, and a new one where there is none', async () => {
    const { runs, client } = await load(fakeRun('3', 'training'), fakeRun('7', 'finished'));
    expect(runs.shown?.id).toBe('3');
    client.emit('run', { run: fakeRun('3', 'finished') });
    expect(runs.shown?.id).toBe('7');
    runs.chosen = '3';
    expect(runs.shown?.id).toBe('3');
    client.emit('runRemoved', { run: '3' });
    expect(runs.shown?.id).toBe('7');
    runs.chosen = null;
    expect(runs.shown).toBeNull();
    expect((await load()).runs.shown).toBeNull();
  });

  it('says a change of state once, and none where only the progress moved', async () => {
    const { runs, client } = await load(fakeRun('3', 'training'));
    client.emit('run', { run: fakeRun('3', 'training', { epoch: 2 }) });
    expect(runs.change).toBeNull();
    client.emit('run', { run: fakeRun('3', 'paused', { epoch: 2 }) });
    expect(runs.change?.state).toBe('paused');
    client.emit('run', { run: fakeRun('4', 'queued') });
    expect(runs.change?.id).toBe('3');
  });

  it('knows which runs were interrupted', async () => {
    const { runs, client } = await load(fakeRun('3', 'interrupted', { epoch: 4 }), fakeRun('4', 'finished'));
    expect(runs.interrupted.map(({ id }) => id)).toEqual(['3']);
    client.emit('run', { run: fakeRun('3', 'training') });
    expect(runs.interrupted).toEqual([]);
  });
});

describe('what one does with a run', () => {
  async function begin(...given: RunInfo[]) {
    const fake = new FakeRuns(given);
    const client = new FakeClient('lenet', {}, fake.answers);
    fake.client = client;
    const session = new Session(client);
    await session.begin();
    const runs = new Runs(client);
    await runs.load();
    const actions = new RunActions(session, runs, new Evaluations(client, session.status, runs));
    client.calls.length = 0;
    return { fake, client, session, runs, actions };
  }

  it('may be done as its state allows', () => {
    const allowed = (
      ['queued', 'reading', 'training', 'paused', 'stopped', 'interrupted', 'diverged', 'failed', 'finished'] as const
    ).map((state) => {
      const run = fakeRun('1', state);
      return [canPause, canGoOn, canStop, canTrainLonger, canRemove].map((can) => (can(run) ? 1 : 0)).join('');
    });
    expect(allowed).toEqual(['00100', '10100', '10100', '01100', '01001', '01001', '00001', '01001', '00011']);
  });

  it('pauses, lets go on, stops and resumes by the engine’s own word', async () => {
    const { fake, client, runs, actions } = await begin(fakeRun('1', 'training'));
    const run = (): RunInfo => runs.get('1') as RunInfo;
    await actions.pause(run());
    expect(run().state).toBe('paused');
    await actions.goOn(run());
    await actions.stop(run());
    expect(run().state).toBe('stopped');
    await actions.goOn(run());
    fake.stop('1', 'finished');
    await actions.trainLonger(run(), 25);
    fake.stop('1', 'finished');
    expect(client.calls.map(({ method }) => method)).toEqual([
      'pauseRun',
      'continueRun',
      'stopRun',
      'resumeRun',
      'resumeRun',
    ]);
    expect(client.calls[4].params).toEqual({ run: '1', epochs: 25 });
  });

  it('says that a run stops while it has not yet', async () => {
    const { fake, session, runs, actions } = await begin(fakeRun('1', 'training'), fakeRun('2', 'queued'));
    await actions.stop(runs.get('2') as RunInfo);
    expect(session.status.notice).toBeNull();
    fake.answers.stopRun = () => fakeRun('1', 'training');
    await actions.stop(runs.get('1') as RunInfo);
    expect(session.status.said).toMatchObject({ key: 'run.stopping' });
    fake.stop('1', 'stopped');
    expect(session.status.said).toBeNull();
  });

  it('removes a run, and takes it back', async () => {
    const { session, runs, actions } = await begin(fakeRun('3', 'finished'), fakeRun('7', 'finished'));
    expect(await actions.remove(runs.get('3') as RunInfo)).toBe(true);
    expect(runs.get('3')).toBeNull();
    const notice = session.status.notice;
    expect(notice).toMatchObject({ key: 'run.removed', action: { key: 'run.undo' } });
    notice?.action?.act();
    await settle();
    expect(runs.list?.map(({ id }) => id)).toEqual(['7', '3']);
    expect(runs.shown?.id).toBe('3');
  });

  it('says what went wrong and leaves the list as it is', async () => {
    const { session, runs, actions, fake } = await begin(fakeRun('3', 'finished'));
    const run = runs.get('3') as RunInfo;
    fake.runs.delete('3');
    expect(await actions.remove(run)).toBe(false);
    expect(runs.get('3')).not.toBeNull();
    expect(session.status.notice).toMatchObject({ failure: { code: 'run.invalid' } });
  });
});

describe('filters of the first layer', () => {
  it('are those that a run keeps, asked for once, and the newest while it trains', async () => {
    const run = fakeRun('1', 'finished');
    const client: FakeClient = new FakeClient('lenet', {}, new FakeRuns([run]).answers);
    const runs = new Runs(client);
    expect(runs.filtersOf(run)).toBeNull();
    await settle();
    const kept = runs.filtersOf(run)!;
    expect(kept.step).toBe(400);
    expect(client.calls.filter(({ method }) => method === 'runFilters')).toHaveLength(1);
    const newest = { ...kept, step: 450 };
    client.emit('filters', { run: '1', filters: newest });
    expect(runs.filtersOf({ ...run, state: 'training' })).toBe(newest);
    expect(runs.filtersOf(run)).toBe(kept);
    expect(runs.filtersOf(fakeRun('2', 'queued'))).toBeNull();
  });
});

it('a list that cannot be read says why, and is there once it can', async () => {
  const fake = new FakeRuns([fakeRun('1', 'finished')]);
  let broken = true;
  const list = (): RunInfo[] => {
    if (broken) throw new FailureError('file.unreadable', { file: 'runs', reason: messageOf('not a directory') });
    return [...fake.runs.values()];
  };
  const runs = new Runs(new FakeClient('lenet', {}, { ...fake.answers, runs: list }));
  await runs.load();
  expect([runs.list, runs.failure?.message]).toEqual([null, "'runs' cannot be read: not a directory"]);
  broken = false;
  await runs.load();
  expect([runs.list?.length, runs.failure]).toEqual([1, null]);
});

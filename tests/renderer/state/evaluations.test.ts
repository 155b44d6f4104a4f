import { describe, expect, it } from 'vitest';
import { messageOf, say } from '../../../src/words';
import { FailureError } from '../../../src/shared/failures';
import type { Contender } from '../../../src/shared/evaluation';
import { Evaluations, type EvaluationJob } from '../../../src/renderer/src/state/evaluations.svelte';
import { Runs } from '../../../src/renderer/src/state/runs.svelte';
import { Status } from '../../../src/renderer/src/state/status.svelte';
import { FakeEvaluation, runOf } from '../fake-evaluation';

const run = (id: string): Contender => ({ kind: 'run', id });

async function begin(options: { slow?: number } = {}) {
  const engine = new FakeEvaluation(
    [runOf('cnn', 0.95), runOf('dnn', 0.8), runOf('cats', 0.9, { labels: ['cat'] })],
    options,
  );
  const runs = new Runs(engine.client);
  await runs.load();
  const status = new Status();
  return { engine, runs, status, evaluations: new Evaluations(engine.client, status, runs) };
}
const disagreements = (job: EvaluationJob) => job.pictures({ kind: 'disagree' }, 0, 5);

describe('evaluations', () => {
  it('are one and the same for the same question, and others for another order or data set', async () => {
    const { evaluations } = await begin();
    const job = evaluations.job({ contenders: [run('cnn'), run('dnn')], data: null });
    expect(evaluations.job({ contenders: [run('cnn'), run('dnn')], data: null })).toBe(job);
    expect(evaluations.job({ contenders: [run('dnn'), run('cnn')], data: null })).not.toBe(job);
    expect(evaluations.job({ contenders: [run('cnn'), run('dnn')], data: 'data-1' })).not.toBe(job);
    expect(evaluations.job({ contenders: [{ kind: 'bundled', id: 'cnn' }, run('dnn')], data: null })).not.toBe(job);
  });

  it('tell how far they are, and end with the figures', async () => {
    const { engine, status, evaluations } = await begin({ slow: 20 });
    const job = evaluations.job({ contenders: [run('cnn'), run('dnn')], data: null });
    const started = job.start();
    expect(job.progress).toEqual({ done: 0, total: 0, secondsLeft: null });
    expect(status.busy).toBe(true);
    // A second start meanwhile waits for the first.
    await Promise.all([started, job.start()]);
    expect(engine.evaluated).toBe(1);
    expect(job.progress).toBeNull();
    expect(status.busy).toBe(false);
    expect(job.evaluation?.contenders.map(({ title }) => title)).toEqual(['cnn', 'dnn']);
    expect(evaluations.of(job.evaluation!)).toBe(job);
  });

  it('can be cancelled, which is no failure, and begun again', async () => {
    const { engine, evaluations } = await begin({ slow: 200 });
    const job = evaluations.job({ contenders: [run('cnn'), run('dnn')], data: null });
    const started = job.start();
    await job.cancel();
    await started;
    expect([job.cancelled, job.failure, job.evaluation, job.progress]).toEqual([true, null, null, null]);
    expect(engine.evaluated).toBe(0);
    await job.start();
    expect([job.cancelled, job.evaluation?.images]).toEqual([false, 600]);
  });

  it('keep why they failed', async () => {
    const { evaluations } = await begin();
    const job = evaluations.job({ contenders: [run('cnn'), run('cats')], data: null });
    await job.start();
    expect(job.evaluation).toBeNull();
    expect(job.failure).toMatchObject({ code: 'data.invalid', values: { file: 'cats' } });
  });

  it('are made again by themselves when the engine has let them go, once for all who ask', async () => {
    const { engine, evaluations } = await begin();
    const job = evaluations.job({ contenders: [run('cnn'), run('dnn')], data: null });
    await job.start();
    const before = job.evaluation!;
    engine.forget();
    const asked = disagreements(job);
    const [pictures, image] = await Promise.all([asked.promise, job.image(0)]);
    expect(asked.failure).toBeNull();
    expect(pictures?.total).toBe(before.disagreements);
    expect(image).toMatchObject({ kind: 'pixels', name: 'picture 0' });
    expect(engine.evaluated).toBe(2);
    expect(job.evaluation).not.toBe(before);
    expect(job.again).toBe(false);
    // What still holds the old figures reaches the same job.
    expect(evaluations.of(before)).toBe(job);
  });

  it('do not trust an old handle after the engine was started anew: it may name another evaluation', async () => {
    const { engine, evaluations } = await begin();
    const job = evaluations.job({ contenders: [run('cnn'), run('dnn')], data: null });
    await job.start();
    engine.client.emit('restarted', { reason: say('engine.closed') });
    const handle = job.evaluation!.evaluation;
    engine.client.calls.length = 0;
    await disagreements(job).promise;
    expect(engine.client.calls.map(({ method }) => method).filter((method) => method.startsWith('eval'))).toEqual([
      'evaluate',
      'evaluatedPictures',
    ]);
    expect(job.evaluation!.evaluation).not.toBe(handle);
  });

  it('ask for the same pictures once', async () => {
    const { engine, evaluations } = await begin();
    const job = evaluations.job({ contenders: [run('cnn'), run('dnn')], data: null });
    await job.start();
    await Promise.all([disagreements(job).promise, disagreements(job).promise]);
    expect(engine.client.calls.filter(({ method }) => method === 'evaluatedPictures')).toHaveLength(1);
  });

  it('hand on why pictures do not come', async () => {
    const { engine, evaluations } = await begin();
    const job = evaluations.job({ contenders: [run('cnn'), run('dnn')], data: null });
    await job.start();
    engine.client.failing.evaluatedPictures = new FailureError('data.invalid', {
      file: 'x',
      reason: messageOf('gone'),
    });
    const asked = disagreements(job);
    await asked.promise;
    expect(asked.failure).toMatchObject({ code: 'data.invalid' });
    expect(engine.evaluated).toBe(1);
  });

  it('are out of date once a run keeps other weights', async () => {
    const { engine, runs, evaluations } = await begin();
    const job = evaluations.job({ contenders: [run('cnn'), run('dnn')], data: null });
    expect(job.outdated).toBe(false);
    await job.start();
    engine.client.emit('run', { run: { ...runs.get('cnn')!, epoch: 40 } });
    expect(job.outdated).toBe(false);
    engine.client.emit('run', { run: { ...runs.get('cnn')!, bestEpoch: 31 } });
    expect(job.outdated).toBe(true);
    await job.start();
    expect(job.outdated).toBe(false);
  });
});

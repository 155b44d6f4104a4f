import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sentence } from '../../../src/words';
import { quietTrain } from './helpers';
import { bytes, linesOf, makeSpots, options, recordOf, spotRuns, timeless } from './spot-runs';

const { root, data, spec, fresh, begin } = spotRuns();

describe('resuming', () => {
  /** Aborts after `updates` updates. */
  async function leave(updates: number, more: Partial<Parameters<typeof quietTrain>[0]> = {}): Promise<string> {
    const out = fresh();
    const abort = new AbortController();
    let seen = 0;
    const { end } = await quietTrain(
      { out, data, model: spec, options: { ...options, logEvery: 1 }, ...more },
      {
        signal: {
          get aborted() {
            return ++seen > updates || abort.signal.aborted;
          },
          throwIfAborted: () => undefined,
        } as AbortSignal,
      },
    );
    expect(end).toBe('stopped');
    return out;
  }

  it('ends with the same bits, wherever it was left', async () => {
    const whole = await begin({ options: { ...options, logEvery: 1 } });
    for (const updates of [1, 7, 12, 13, 14, 15, 30]) {
      const run = await leave(updates);
      expect(recordOf(run).state).toBe('stopped');
      const { end } = await quietTrain({ out: run, resume: true });
      expect(end).toBe('finished');
      for (const file of ['model.onnx', 'checkpoint.safetensors'])
        expect(bytes(run, file).equals(bytes(whole, file)), `${updates} ${file}`).toBe(true);
      expect(timeless(linesOf(run))).toEqual(timeless(linesOf(whole)));
    }
  });

  it('cuts lines after the checkpoint and a half-written one, and removes half-written files', async () => {
    const whole = await begin({ options: { ...options, logEvery: 1 } });
    const run = await leave(20);
    const text = bytes(run, 'metrics.jsonl').toString();
    const later = linesOf(whole)
      .filter(({ step }) => (step as number) > 20)
      .slice(0, 3)
      .map((line) => `${JSON.stringify(line)}\n`)
      .join('');
    writeFileSync(join(run, 'metrics.jsonl'), `${text}${later}{"type":"step","epo`);
    writeFileSync(join(run, '.checkpoint.safetensors.0123abcd.tmp'), 'half');
    await quietTrain({ out: run, resume: true });
    expect(timeless(linesOf(run))).toEqual(timeless(linesOf(whole)));
    expect(readdirSync(run).length).toBe(4);
  });

  it('leaves a finished run as it is', async () => {
    const run = await begin();
    const before = readdirSync(run).map((file) => bytes(run, file));
    const { end, record } = await quietTrain({ out: run, resume: true, data, model: spec, options, threads: 2 });
    expect(end).toBe('untouched');
    expect(record.result).toEqual(recordOf(run).result);
    readdirSync(run).forEach((file, i) => expect(bytes(run, file).equals(before[i]), file).toBe(true));
    const others = join(root, 'others');
    makeSpots(others, (label) => 2 - label);
    await expect(quietTrain({ out: run, resume: true, data: others })).rejects.toThrow('data is different');
  });

  it('says that all epochs are through where a run was left before its last look at the splits', async () => {
    const run = await begin({ options: { ...options, epochs: 1 } });
    writeFileSync(join(run, 'run.json'), JSON.stringify({ ...recordOf(run), state: 'stopped', result: null }));
    const lines: string[] = [];
    const { end } = await quietTrain({ out: run, resume: true }, { say: (message) => lines.push(sentence(message)) });
    expect([end, lines.at(-2)]).toEqual(['finished', 'resumes after update 12 (all epochs are done)']);
  });

  it('goes on for more epochs', async () => {
    const run = await begin({ options: { ...options, epochs: 2 } });
    await quietTrain({ out: run, resume: true, options: { epochs: 4 }, threads: 2 });
    const whole = await begin();
    expect(recordOf(run).result!.epochs).toBe(4);
    expect(bytes(run, 'model.onnx').equals(bytes(whole, 'model.onnx'))).toBe(true);
  });

  it('begins a run that was left while its data was read, with what it was asked', async () => {
    const killed = fresh();
    // Said of the data: nothing is trained by then.
    const say = (): void => {
      if (!existsSync(killed)) cpSync(out, killed, { recursive: true, filter: (path) => !path.endsWith('.lock') });
    };
    const out = fresh();
    await quietTrain({ out, data, model: spec, options }, { say });
    expect(readdirSync(killed)).toEqual(['asked.json']);
    const refused = (more: Partial<Parameters<typeof quietTrain>[0]>): Promise<string> =>
      quietTrain({ out: killed, resume: true, ...more }).then(
        () => 'resumed',
        (error: Error) => error.message,
      );
    expect(await refused({ options: { lr: 0.5 } })).toContain('lr 0.5 contradicts 0.01,');
    expect(await refused({ fit: 'stretch' })).toContain('fit stretch contradicts none,');
    expect(await refused({ data: root })).toContain('data ');
    expect(await refused({ data })).toBe('resumed');
    expect(readdirSync(killed).sort()).toEqual(readdirSync(out).sort());
    expect(bytes(killed, 'model.onnx').equals(bytes(out, 'model.onnx'))).toBe(true);

    const stopped = fresh();
    const larger = join(root, 'larger.json');
    writeFileSync(larger, readFileSync(spec, 'utf8').replace('"height":8,"width":8', '"height":9,"width":9'));
    const asked = { out: stopped, data, model: larger, options: { ...options, epochs: 1 } };
    await expect(quietTrain(asked, { signal: AbortSignal.abort() })).rejects.toThrow('aborted');
    expect(readdirSync(stopped)).toEqual(['asked.json']);
    expect((await quietTrain({ out: stopped, resume: true })).end).toBe('finished');
    // What failed would fail again.
    const failed = fresh();
    await expect(quietTrain({ out: failed, data: join(root, 'absent'), model: spec, options })).rejects.toThrow();
    expect(existsSync(failed)).toBe(false);
  });

  it('refuses settings, data or an architecture that contradict', async () => {
    const run = await leave(5);
    const refused = (more: Partial<Parameters<typeof quietTrain>[0]>): Promise<string> =>
      quietTrain({ out: run, resume: true, ...more }).then(
        () => 'resumed',
        (error: Error) => error.message,
      );
    expect(await refused({ options: { lr: 0.5 } })).toContain('lr 0.5 contradicts 0.01,');
    expect(await refused({ options: { optimizer: 'sgd' } })).toContain('optimizer sgd contradicts adam,');
    expect(await refused({ options: { weightDecay: 0.1 } })).toContain('weight-decay 0.1 contradicts 0,');
    expect(await refused({ options: { schedule: { kind: 'cosine' } } })).toContain(
      'schedule cosine contradicts constant,',
    );
    expect(await refused({ options: { augment: { flip: 'horizontal' } } })).toContain(
      'augment flip=horizontal contradicts shift=1,',
    );
    expect(await refused({ options: { epochs: 2 } })).toContain('epochs 2 contradicts 4');
    expect(await refused({ options: { seed: 9 } })).toContain('seed 9 contradicts 1,');
    const others = join(root, 'contradicting');
    makeSpots(others, (label) => 2 - label);
    expect(await refused({ data: others })).toContain('data is different');
    expect(await refused({ fit: 'stretch' })).toContain('fit stretch contradicts');
    const other = join(root, 'other.json');
    writeFileSync(other, readFileSync(spec, 'utf8').replace('"filters":4', '"filters":5'));
    expect(await refused({ model: other })).toMatch(/model \S+ contradicts/);
    // Of the same name as what it began with, and another one by now.
    const before = readFileSync(spec);
    writeFileSync(spec, readFileSync(other));
    expect(await refused({ model: spec }).finally(() => writeFileSync(spec, before))).toMatch(/model \S+ contradicts/);
    expect(await refused({ title: 'Other' })).toContain('title Other contradicts none,');
    expect(await refused({ labels: ['a', 'b', 'c'] })).toContain('labels a,b,c contradicts 0,1,2,');
    const copy = join(root, 'copy.json');
    writeFileSync(copy, readFileSync(spec));
    expect(await refused({ model: copy, options: { lr: 0.01 } })).toBe('resumed');
  });

  it('notices data that changed', async () => {
    const changing = join(root, 'changing');
    makeSpots(changing);
    const run = await leave(5, { data: changing });
    makeSpots(changing, (label) => label, 1);
    await expect(quietTrain({ out: run, resume: true })).rejects.toThrow('has changed since the run was started');
  });

  it('starts anew without a checkpoint, and needs to be told what where there is no run', async () => {
    const run = await leave(15);
    const { rmSync } = await import('node:fs');
    rmSync(join(run, 'checkpoint.safetensors'));
    await quietTrain({ out: run, resume: true });
    const whole = await begin({ options: { ...options, logEvery: 1 } });
    expect(bytes(run, 'model.onnx').equals(bytes(whole, 'model.onnx'))).toBe(true);
    expect(timeless(linesOf(run))).toEqual(timeless(linesOf(whole)));
    await expect(quietTrain({ out: fresh(), resume: true })).rejects.toThrow(
      'holds no run to resume; to start one, give data, model',
    );
    const out = fresh();
    expect((await quietTrain({ out, resume: true, data, model: spec, options })).end).toBe('finished');
  });

  it('refuses a checkpoint that is damaged or belongs to another network', async () => {
    const run = await leave(5);
    const checkpoint = join(run, 'checkpoint.safetensors');
    const sound = readFileSync(checkpoint);
    writeFileSync(checkpoint, sound.subarray(0, sound.length - 40));
    await expect(quietTrain({ out: run, resume: true })).rejects.toThrow('not a valid checkpoint');
    writeFileSync(checkpoint, 'x');
    await expect(quietTrain({ out: run, resume: true })).rejects.toThrow('not a valid checkpoint');
  });
});

import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { splitStratified } from '../../../src/core/data/split';
import { channelStatistics } from '../../../src/core/data/statistics';
import { readModel } from '../../../src/core/onnx/read';
import { loadData } from '../../../src/engine/data/load';
import { decodeSafeTensors, encodeSafeTensors } from '../../../src/engine/train/safetensors';
import type { RunRecord } from '../../../src/engine/train/run-record';
import { sentence } from '../../../src/words';
import { idx, npy, npz } from '../data/make';
import { quietTrain, scratch } from './helpers';

const root = scratch();
const data = join(root, 'data');
const spec = join(root, 'tiny.json');

beforeAll(() => {
  process.env.CONVSCOPE_CACHE = join(root, 'cache');
  makeData(data);
  const layers = [
    { kind: 'conv', filters: 4, kernel: 3 },
    { kind: 'batchnorm' },
    { kind: 'relu' },
    { kind: 'maxpool', size: 2 },
    { kind: 'flatten' },
    { kind: 'dropout', rate: 0.1 },
    { kind: 'dense', units: 7 },
  ];
  writeFileSync(spec, JSON.stringify({ input: { height: 8, width: 8, channels: 1 }, layers }));
});

/** Bright spots on noise: the class is the quarter that the spot is in. */
function makeData(folder: string, testLabels = (label: number): number => label, lift = 0): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, count] of [
    ['train', 210],
    ['t10k', 60],
  ] as const) {
    const pixels = new Uint8Array(count * 64);
    const labels = Array.from({ length: count }, (_, i) => i % 3);
    for (let i = 0; i < count; i++) {
      for (let p = 0; p < 64; p++) pixels[i * 64 + p] = (i * 73 + p * 151 + ((i * p) % 13) * 17) % 90;
      const place = (labels[i] >> 1) * 4 * 8 + (labels[i] & 1) * 4 + 9 + ((i >> 2) % 2);
      for (const step of [0, 1, 8, 9]) pixels[i * 64 + place + step] = 110 + ((i * 37) % 140);
      if (name === 't10k') for (let p = 0; p < 64; p++) pixels[i * 64 + p] = Math.min(255, pixels[i * 64 + p] + lift);
    }
    const given = name === 't10k' ? labels.map(testLabels) : labels;
    writeFileSync(join(folder, `${name}-images-idx3-ubyte`), idx([count, 8, 8], pixels));
    writeFileSync(join(folder, `${name}-labels-idx1-ubyte`), idx([count], given));
  }
}

const options = { epochs: 4, batch: 16, lr: 0.01, logEvery: 5, augment: { shift: 1 } };
const bytes = (run: string, file: string): Buffer => readFileSync(join(run, file));
const recordOf = (run: string): RunRecord => JSON.parse(bytes(run, 'run.json').toString()) as RunRecord;
const linesOf = (run: string): Record<string, unknown>[] =>
  bytes(run, 'metrics.jsonl')
    .toString()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
const timeless = (lines: Record<string, unknown>[]): unknown[] =>
  lines.map(
    ({ seconds, imagesPerSecond, ...rest }) => (
      expect([typeof seconds, typeof imagesPerSecond]).toEqual(['number', 'number']),
      rest
    ),
  );

let counter = 0;
const fresh = (): string => join(root, `run-${counter++}`);

async function begin(more: Partial<Parameters<typeof quietTrain>[0]> = {}): Promise<string> {
  const out = fresh();
  await quietTrain({ out, data, model: spec, options, ...more });
  return out;
}

describe('a run', () => {
  it('learns, and leaves its record, metrics, checkpoint and best model', async () => {
    const run = await begin();
    expect(readdirSync(run).sort()).toEqual(['checkpoint.safetensors', 'metrics.jsonl', 'model.onnx', 'run.json']);
    const { result, state, data: described, settings } = recordOf(run);
    expect(state).toBe('finished');
    expect(result!.accuracy.test).toBeGreaterThan(0.9);
    expect(described.samples).toEqual({ train: 189, validation: 21, test: 60 });
    expect(settings.learningRate).toBe(0.01);
    expect(result).toMatchObject({ epochs: 4, parameters: 4 * 10 + 16 + 36 * 3 + 3 });

    const model = readModel(bytes(run, 'model.onnx'));
    expect(model.metadata.labels).toEqual(['0', '1', '2']);
    expect(model.graph.layers.slice(-2).map(({ kind, outputShape }) => [kind, outputShape])).toEqual([
      ['dense', [3]],
      ['softmax', [3]],
    ]);
    expect(model.metadata.training?.accuracy).toEqual(result!.accuracy);
    expect(model.metadata.training).toMatchObject({
      epochs: 4,
      batch: 16,
      optimizer: 'adam',
      seed: 1,
      augmentation: ['shift=1'],
      samples: described.samples,
    });

    const lines = linesOf(run);
    const epochs = lines.filter(({ type }) => type === 'epoch');
    expect(epochs.map(({ epoch, step }) => [epoch, step])).toEqual([
      [1, 12],
      [2, 24],
      [3, 36],
      [4, 48],
    ]);
    const best = epochs.reduce((a, b) =>
      (b.validation as { loss: number }).loss < (a.validation as { loss: number }).loss ? b : a,
    );
    expect(result!.bestEpoch).toBe(best.epoch);
    expect(result!.loss.validation).toBeCloseTo((best.validation as { loss: number }).loss, 10);
    const steps = lines.filter(({ type }) => type === 'step');
    expect(steps.map(({ step }) => step)).toEqual([5, 10, 15, 20, 25, 30, 35, 40, 45]);
    const layers = steps[3].layers as Record<string, number>[];
    expect(layers.map(({ layer }) => layer)).toEqual(['conv1', 'batchnorm1', 'dense1']);
    for (const layer of layers) {
      for (const figure of ['gradientNorm', 'weightNorm', 'updateRatio', 'activationDeviation'])
        expect(layer[figure]).toBeGreaterThan(0);
      expect(layer.zeroFraction).toBeGreaterThanOrEqual(0);
    }

    const { tensors, metadata } = decodeSafeTensors(bytes(run, 'checkpoint.safetensors'));
    expect([...tensors.keys()]).toEqual(
      expect.arrayContaining([
        'conv1.weight',
        'batchnorm1.mean',
        'conv1.weight/mean',
        'dense1.bias/square',
        'best/conv1.weight',
      ]),
    );
    expect(tensors.get('conv1.weight')!.shape).toEqual([4, 3, 3, 1]);
    expect(JSON.parse(metadata.generator)).toEqual({ seed: 1, epoch: 4, step: 0, update: 48 });
    expect(model.params.get('conv1.weight')).toEqual(tensors.get('best/conv1.weight')!.data);
  });

  it('gives the same bytes again, with other threads, from another folder, however often it is saved', async () => {
    const moved = join(root, 'somewhere', 'else');
    cpSync(data, moved, { recursive: true });
    const runs = [
      await begin(),
      await begin({ threads: 2 }),
      await begin({ data: moved }),
      await begin({ checkpointEvery: 0 }),
    ];
    for (const run of runs.slice(1)) {
      for (const file of ['model.onnx', 'checkpoint.safetensors'])
        expect(bytes(run, file).equals(bytes(runs[0], file)), `${run} ${file}`).toBe(true);
      expect(timeless(linesOf(run))).toEqual(timeless(linesOf(runs[0])));
    }
    const text = bytes(runs[2], 'model.onnx').toString('latin1');
    expect(text).not.toContain('somewhere');
    expect(text).not.toContain(root);
    expect(
      (await begin({ options: { ...options, seed: 2 } })) &&
        bytes(`${root}/run-${counter - 1}`, 'model.onnx').equals(bytes(runs[0], 'model.onnx')),
    ).toBe(false);
  });

  it('is not moved by its test split', async () => {
    const other = join(root, 'other-test');
    makeData(other, (label) => (label + 1) % 3, 60);
    const [a, b] = [await begin(), await begin({ data: other })];
    expect(bytes(a, 'checkpoint.safetensors').equals(bytes(b, 'checkpoint.safetensors'))).toBe(true);
    const models = [a, b].map((run) => readModel(bytes(run, 'model.onnx')));
    expect(models[1].params).toEqual(models[0].params);
    expect(models[1].metadata.preprocessing).toEqual(models[0].metadata.preprocessing);
    expect(models[1].metadata.training!.accuracy.test).toBeLessThan(0.5);
  });

  it('takes mean and deviation from the training split alone, or pixels ÷ 255', async () => {
    const loaded = await loadData(data, { height: 8, width: 8, channels: 1, fit: 'crop', resize: 'linear' });
    const { rest } = splitStratified(loaded.train, 3, 0.1, 1);
    const { mean, deviation } = channelStatistics(rest);
    expect(channelStatistics(loaded.train).mean).not.toEqual(mean);
    expect(readModel(bytes(await begin(), 'model.onnx')).metadata.preprocessing).toMatchObject({
      scale: 1 / 255,
      mean,
      deviation,
    });
    const unit = await begin({ options: { ...options, epochs: 1, normalize: 'unit' } });
    expect(readModel(bytes(unit, 'model.onnx')).metadata.preprocessing).toMatchObject({
      scale: 1 / 255,
      mean: [0],
      deviation: [1],
    });
  });

  it('says where the validation split is no share: every class of two gives one', async () => {
    const lines: string[] = [];
    const images = { train: Uint8Array.from({ length: 6 * 4 }, (_, i) => i), labels: [0, 1, 2, 0, 1, 2] };
    const file = join(fresh(), 'six.npz');
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(
      file,
      npz({ x: npy('|u1', [6, 2, 2], images.train), y: npy('|u1', [6], Uint8Array.from(images.labels)) }),
    );
    await quietTrain(
      { out: fresh(), data: file, model: spec, options: { ...options, epochs: 1 } },
      { say: (message) => lines.push(sentence(message)) },
    );
    expect(lines.join('\n')).toContain(
      '3 images for training, 3 for validation (one or more of each class), 0 for testing',
    );
  });

  it('says which batch norm cannot learn from batches of one', async () => {
    const lines: string[] = [];
    const kinds = ['conv', 'batchnorm', 'flatten', 'dense', 'batchnorm'];
    const sizes: Record<string, object> = { conv: { filters: 2, kernel: 3 }, dense: { units: 3 } };
    const file = join(root, 'norms.json');
    const layers = kinds.map((kind) => ({ kind, ...sizes[kind] }));
    writeFileSync(file, JSON.stringify({ input: { height: 8, width: 8, channels: 1 }, layers }));
    for (const batch of [1, 2])
      await quietTrain(
        { out: fresh(), data, model: file, options: { ...options, epochs: 1, batch } },
        { say: (message) => lines.push(sentence(message)) },
      );
    expect(lines.filter((line) => line.includes('batches of one picture'))).toEqual([
      "layer 'batchnorm2' makes all values equal in batches of one picture; use batches of 2 or more",
    ]);
    // Nor from a last batch of one.
    expect(lines.filter((line) => line.includes('each epoch'))).toEqual([
      'one of 189 images, chosen at random, is left out of each epoch: otherwise the last batch would have one image only',
    ]);
  });

  it('says what it changed in the architecture, and names classes as told', async () => {
    const lines: string[] = [];
    const out = fresh();
    await quietTrain(
      { out, data, model: spec, labels: ['one', 'two', 'three'], title: 'Spots', options: { ...options, epochs: 1 } },
      { say: (message) => lines.push(sentence(message)) },
    );
    expect(lines.join('\n')).toContain("dense layer 'dense1' has 3 units instead of 7, one per class");
    expect(lines.join('\n')).toContain(
      '189 images for training, 21 for validation (a tenth of the training split), 60 for testing',
    );
    expect(readModel(bytes(out, 'model.onnx')).metadata).toMatchObject({
      labels: ['one', 'two', 'three'],
      title: 'Spots',
    });
    await expect(quietTrain({ out: fresh(), data, model: spec, labels: ['one'], options })).rejects.toThrow(
      'found 1 name (one), expected 3',
    );
  });

  it('starts from weights of a file, and says what stayed fresh', async () => {
    const first = await begin();
    const lines: string[] = [];
    const out = fresh();
    await quietTrain(
      { out, data, model: spec, init: join(first, 'model.onnx'), options: { ...options, epochs: 1, lr: 1e-12 } },
      { say: (message) => lines.push(sentence(message)) },
    );
    expect(lines.join('\n')).not.toContain('fresh');
    expect(recordOf(out).result!.accuracy.train).toBeGreaterThan(0.9);
    const wider = join(root, 'wider.json');
    writeFileSync(
      wider,
      readFileSync(spec, 'utf8').replace(
        '"dropout","rate":0.1}',
        '"dropout","rate":0.1},{"kind":"dense","units":5,"name":"extra"}',
      ),
    );
    await quietTrain(
      { out: fresh(), data, model: wider, init: join(first, 'model.onnx'), options: { ...options, epochs: 1 } },
      { say: (message) => lines.push(sentence(message)) },
    );
    expect(lines.join('\n')).toMatch(/new initial weights for extra, dense1/);
  });

  it('stops early, and says so', async () => {
    const run = await begin({ options: { ...options, epochs: 60, patience: 2, lr: 0.05 } });
    const { result } = recordOf(run);
    expect(result!.epochs).toBeLessThan(60);
    expect(result!.epochs).toBe(result!.bestEpoch + 2);
    const model = bytes(run, 'model.onnx');
    expect((await quietTrain({ out: run, resume: true, options: { epochs: 70 } })).end).toBe('finished');
    expect(recordOf(run).result).toEqual({ ...result, seconds: expect.any(Number) as number });
    expect(bytes(run, 'model.onnx').equals(model)).toBe(true);
  });

  it.each(['sgd', 'momentum', 'nesterov', 'adagrad', 'rmsprop', 'adam', 'adamw'])(
    'learns with %s',
    async (optimizer) => {
      const lr = { sgd: 0.1, momentum: 0.02, nesterov: 0.02, adagrad: 0.05, rmsprop: 0.003, adam: 0.01, adamw: 0.01 }[
        optimizer
      ];
      const run = await begin({
        options: {
          ...options,
          epochs: 6,
          optimizer,
          lr,
          weightDecay: 1e-4,
          clip: 5,
          schedule: { kind: 'cosine' },
          warmup: 0.5,
        },
      });
      expect(recordOf(run).result!.accuracy.test).toBeGreaterThan(0.8);
    },
  );
});

describe('a run that diverges', () => {
  it('names the step, the layer and what to try, and keeps what was written', async () => {
    const out = fresh();
    const failed = quietTrain({
      out,
      data,
      model: spec,
      options: { ...options, optimizer: 'sgd', lr: 1000, augment: {}, normalize: 'unit' },
    });
    await expect(failed).rejects.toThrow(
      /^step \d+ \(epoch \d\): the (training|validation) loss became (NaN|infinite), first in layer '(conv1|batchnorm1|relu1|dense1)'; try a learning rate ten times smaller \(100\), clipped gradients \(1\), warm-up \(1 epoch\)/,
    );
    expect(recordOf(out)).toMatchObject({
      state: 'diverged',
      result: null,
      failure: { code: 'train.diverged', message: expect.stringContaining('became') },
    });
  });
});

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
    makeData(others, (label) => 2 - label);
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
    makeData(others, (label) => 2 - label);
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
    makeData(changing);
    const run = await leave(5, { data: changing });
    makeData(changing, (label) => label, 1);
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

describe('folders', () => {
  it('writes over a run only when asked to, and not before its data is read', async () => {
    const run = await begin({ options: { ...options, epochs: 1 } });
    const before = bytes(run, 'model.onnx');
    await expect(quietTrain({ out: run, data, model: spec, options })).rejects.toThrow('already holds a run');
    await expect(quietTrain({ out: run, data: join(root, 'absent'), model: spec, overwrite: true })).rejects.toThrow(
      'no such file',
    );
    await expect(quietTrain({ out: run, data, model: 'absent.json', overwrite: true })).rejects.toThrow('no such file');
    expect(bytes(run, 'model.onnx').equals(before)).toBe(true);
    await quietTrain({ out: run, data, model: spec, options: { ...options, epochs: 2 }, overwrite: true });
    expect(recordOf(run).result!.epochs).toBe(2);
  });

  it('refuses a file in place of a folder, and a folder of other things', async () => {
    const file = join(root, 'in-the-way');
    writeFileSync(file, 'x');
    await expect(quietTrain({ out: file, data, model: spec, options })).rejects.toThrow('is a file, expected a folder');
    await expect(quietTrain({ out: join(file, 'run'), data, model: spec, options })).rejects.toThrow(/in-the-way/);
    await expect(quietTrain({ out: data, data, model: spec, options })).rejects.toThrow('holds other things');
    expect(existsSync(join(data, 'run.json'))).toBe(false);
  });

  it.runIf(process.platform === 'linux')('refuses a folder that nobody can make, at once', async () => {
    const out = '/proc/convscope/run';
    await expect(quietTrain({ out, data, model: spec, options })).rejects.toThrow(out);
  });

  it('refuses a record, request or checkpoint with a wrong field, and names file and field', async () => {
    const run = await begin({ options: { ...options, epochs: 1 } });
    const record = recordOf(run);
    const resumed = (): Promise<unknown> => quietTrain({ out: run, resume: true, options: { epochs: 2 } });
    const wrong: [Partial<Record<keyof RunRecord, unknown>>, string][] = [
      [{ state: 'asleep' }, 'state: found "asleep"'],
      [{ labels: 'a, b' }, 'labels: found "a, b"'],
      [{ data: { ...record.data, samples: { train: -1, validation: 0, test: 0 } } }, 'data.samples.train: found -1'],
      [{ settings: { ...record.settings, epochs: 'many' } }, 'settings.epochs: found "many"'],
      [{ preprocessing: { ...record.preprocessing, mean: [0, 0, 0, 0] } }, 'preprocessing.mean'],
      [{ spec: { ...record.spec, layers: {} } }, 'spec.layers: found {}'],
    ];
    for (const [fields, told] of wrong) {
      writeFileSync(join(run, 'run.json'), JSON.stringify({ ...record, ...fields }));
      const refusal = await resumed().catch((error: Error) => error.message);
      expect(refusal).toContain(join(run, 'run.json'));
      expect(refusal).toContain(told);
    }
    writeFileSync(join(run, 'run.json'), JSON.stringify(record));

    const checkpoint = decodeSafeTensors(bytes(run, 'checkpoint.safetensors'));
    const state = { ...JSON.parse(checkpoint.metadata.state), epoch: 'first' };
    const metadata = { ...checkpoint.metadata, state: JSON.stringify(state) };
    writeFileSync(join(run, 'checkpoint.safetensors'), Buffer.concat(encodeSafeTensors({ ...checkpoint, metadata })));
    await expect(resumed()).rejects.toThrow(/checkpoint\.safetensors.*state\.epoch: found "first"/);

    const asked = fresh();
    mkdirSync(asked);
    writeFileSync(join(asked, 'asked.json'), JSON.stringify({ data, model: 7, options }));
    await expect(quietTrain({ out: asked, resume: true })).rejects.toThrow(/asked\.json.*model: found 7/);
  });

  it('refuses a run.json that is none', async () => {
    const out = fresh();
    mkdirSync(out);
    writeFileSync(join(out, 'run.json'), '{"format": 7}');
    await expect(quietTrain({ out, resume: true })).rejects.toThrow(/run\.json.*format: found 7, expected/);
  });
});

import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { splitStratified } from '../../../src/core/data/split';
import { channelStatistics } from '../../../src/core/data/statistics';
import { readModel } from '../../../src/core/onnx/read';
import { loadData } from '../../../src/engine/data/load';
import { decodeSafeTensors } from '../../../src/engine/train/safetensors';
import { sentence } from '../../../src/words';
import { npy, npz } from '../data/make';
import { quietTrain } from './helpers';
import { bytes, linesOf, makeSpots, options, recordOf, spotRuns, timeless } from './spot-runs';

const { root, data, spec, fresh, begin } = spotRuns();

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
    const other = await begin({ options: { ...options, seed: 2 } });
    expect(bytes(other, 'model.onnx').equals(bytes(runs[0], 'model.onnx'))).toBe(false);
  });

  it('is not moved by its test split', async () => {
    const other = join(root, 'other-test');
    makeSpots(other, (label) => (label + 1) % 3, 60);
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

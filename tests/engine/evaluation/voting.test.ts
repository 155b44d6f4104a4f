/** Several networks that vote: the average of their probabilities, and which may vote together. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../../src/cli/index';
import { buildGraph } from '../../../src/core/model/build';
import type { Graph } from '../../../src/core/model/graph';
import { initParams } from '../../../src/core/model/init';
import type { Model, Preprocessing } from '../../../src/core/model/model';
import { writeModel } from '../../../src/core/onnx/write';
import { ReferenceExecutor } from '../../../src/core/backends/reference/executor';
import { evaluate, evaluateTogether } from '../../../src/engine/train/evaluate';
import { idx } from '../data/make';
import { scratch } from '../train/helpers';

const root = scratch();
const data = join(root, 'data');
const COUNT = 150; // More than two batches of 64.
const CLASSES = ['0', '1', '2'];

/** 6 × 6 pixels of test picture i, and its class. */
const pixel = (i: number, place: number): number => (i * 31 + place * 53 + ((i * place) % 11) * 13) % 256;
const labelOf = (i: number): number => (i * 7) % 3;

beforeAll(() => {
  process.env.CONVSCOPE_CACHE = join(root, 'cache');
  mkdirSync(data, { recursive: true });
  for (const [name, count] of [
    ['train', 6],
    ['t10k', COUNT],
  ] as const) {
    const pixels = Uint8Array.from({ length: count * 36 }, (_, p) => pixel(Math.floor(p / 36), p % 36));
    writeFileSync(join(data, `${name}-images-idx3-ubyte`), idx([count, 6, 6], pixels));
    writeFileSync(
      join(data, `${name}-labels-idx1-ubyte`),
      idx(
        [count],
        Array.from({ length: count }, (_, i) => labelOf(i)),
      ),
    );
  }
});

const graphOf = (classes: number): Graph =>
  buildGraph({
    input: { height: 6, width: 6, channels: 1 },
    layers: [
      { kind: 'conv', filters: 3, kernel: 3 },
      { kind: 'relu' },
      { kind: 'flatten' },
      { kind: 'dense', units: classes },
      { kind: 'softmax' },
    ],
  });

/** A network that was never trained: as good as any for averages. */
function network(seed: number, labels = CLASSES): Model {
  const graph = graphOf(labels.length);
  const params = initParams(graph, seed);
  params.get('dense1.bias')!.set(labels.map((_, c) => 0.3 * c * seed));
  const preprocessing: Preprocessing = {
    colour: 'grey',
    height: 6,
    width: 6,
    fit: 'crop',
    resize: 'linear',
    scale: 1 / 255,
    mean: [0.1 * seed],
    deviation: [0.5],
    ground: 'mixed',
  };
  return { graph, params, metadata: { labels, preprocessing, training: null } };
}

/** The same network with its classes in another order. */
function permuted(model: Model, order: number[]): Model {
  const params = new Map(model.params);
  const inputs = model.params.get('dense1.weight')!.length / CLASSES.length;
  const [weight, bias] = ['dense1.weight', 'dense1.bias'].map((key) => model.params.get(key)!);
  params.set(
    'dense1.weight',
    Float32Array.from(weight, (_, i) => weight[order[Math.floor(i / inputs)] * inputs + (i % inputs)]),
  );
  params.set(
    'dense1.bias',
    Float32Array.from(bias, (_, i) => bias[order[i]]),
  );
  const labels = order.map((c) => model.metadata.labels[c]);
  return { ...model, params, metadata: { ...model.metadata, labels } };
}

/** Softmax of the reference executor's output for one picture, in doubles. */
function probabilities(model: Model, i: number): number[] {
  const { mean, deviation, scale } = model.metadata.preprocessing;
  const input = Float64Array.from({ length: 36 }, (_, p) => (pixel(i, p) * scale - mean[0]) / deviation[0]);
  const executor = new ReferenceExecutor(model.graph);
  executor.setParams(model.params);
  executor.forward(input, 1);
  return Array.from(executor.activation(model.graph.layers.length - 1));
}

/** Accuracy and loss of the average, counted by hand. */
function byHand(models: Model[]): { accuracy: number; loss: number } {
  let [hits, loss] = [0, 0];
  for (let i = 0; i < COUNT; i++) {
    const each = models.map((model) => probabilities(model, i));
    const mean = CLASSES.map((_, c) => each.reduce((sum, p) => sum + p[c], 0) / models.length);
    if (mean.indexOf(Math.max(...mean)) === labelOf(i)) hits++;
    loss -= Math.log(mean[labelOf(i)]) / COUNT;
  }
  return { accuracy: hits / COUNT, loss };
}

const named = (models: Model[]): { model: Model; id: string }[] =>
  models.map((model, i) => ({ model, id: `net${i + 1}` }));

describe.each(['core', 'onnxruntime'] as const)('several networks in %s', (engine) => {
  const options = { engine, threads: 1 };

  it('average their probabilities, each with its own normalization', async () => {
    const models = [network(1), network(2), network(3)];
    const { accuracy, loss, images, split, confusion } = await evaluateTogether(named(models), data, options);
    const expected = byHand(models);
    expect([accuracy, images, split]).toEqual([expected.accuracy, COUNT, 'test']);
    expect(loss).toBeCloseTo(expected.loss, 5);
    expect(confusion.reduce((sum, row, c) => sum + row[c], 0)).toBe(Math.round(expected.accuracy * COUNT));
    // The average is none of them, and not the mean of their losses.
    const alone = await Promise.all(models.map((model, i) => evaluate(model, `net${i}`, data, options)));
    alone.forEach((one, i) => expect(one.loss).toBeCloseTo(byHand([models[i]]).loss, 5));
    expect(loss).toBeLessThan(alone.reduce((sum, one) => sum + one.loss!, 0) / 3 - 1e-3);
  });

  it('of one network alone, or of the same twice, are what that network is', async () => {
    const one = await evaluate(network(2), 'net', data, options);
    const twice = await evaluateTogether(named([network(2), network(2)]), data, options);
    expect(twice.confusion).toEqual(one.confusion);
    expect(twice.loss).toBeCloseTo(one.loss!, 9);
  });

  it('find each other’s classes by name, in whatever order', async () => {
    const models = [network(1), network(2)];
    const straight = await evaluateTogether(named(models), data, options);
    const crossed = await evaluateTogether(named([models[0], permuted(models[1], [2, 0, 1])]), data, options);
    expect(crossed.confusion).toEqual(straight.confusion);
    expect(crossed.loss).toBeCloseTo(straight.loss!, 6);
  });
});

describe('networks that do not go together', () => {
  it.each([
    [['0', '1'], "'net2': knows 2 classes (0, 1), 'net1' 3 others (0, 1, 2): they cannot vote together"],
    [['a', 'b', 'c'], "'net2': knows 3 classes (a, b, c), 'net1' 3 others"],
  ])('are refused by name: %j', async (labels, message) => {
    const models = named([network(1), network(2, labels)]);
    await expect(evaluateTogether(models, data, { engine: 'core', threads: 1 })).rejects.toThrow(message);
  });
});

describe('convscope evaluate', () => {
  const evaluated = async (...words: string[]): Promise<{ code: number; out: string[]; err: string[] }> => {
    const [out, err]: string[][] = [[], []];
    const io = {
      print: (line: string) => out.push(line),
      warn: (line: string) => err.push(line),
      setExitCode: () => undefined,
    };
    const code = await main(['evaluate', '--data', data, '--threads', '1', ...words], io);
    return { code, out, err };
  };
  const file = (name: string, model: Model): string => {
    writeFileSync(join(root, name), writeModel(model));
    return join(root, name);
  };

  it('takes --model again and again, or several after one; with one its JSON stays as it was', async () => {
    const [a, b] = [file('a.onnx', network(1)), file('b.onnx', network(2))];
    const first = await evaluated('--model', a, '--model', b, '--json');
    expect(first.code, first.err.join()).toBe(0);
    const together = JSON.parse(first.out[0]) as Record<string, unknown>;
    expect(Object.keys(together)).toEqual([
      'models',
      'accuracy',
      'loss',
      'perClass',
      'confusion',
      'part',
      'images',
      'engine',
      'suspicion',
      'learned',
      'inverted',
      'metrics',
    ]);
    expect(together.models).toEqual([a, b]);
    expect(together.accuracy).toBe(byHand([network(1), network(2)]).accuracy);
    expect((await evaluated('--json', '--model', a, b)).out).toEqual(first.out);
    const [alone] = (await evaluated('--model', a, '--json')).out;
    expect(Object.keys(JSON.parse(alone) as object)).toEqual([
      'accuracy',
      'loss',
      'perClass',
      'confusion',
      'part',
      'images',
      'engine',
      'suspicion',
      'learned',
      'inverted',
      'metrics',
    ]);
    expect((await evaluated('--model', a, '--model', b)).out[0]).toMatch(
      /^2 networks together: \d+\.\d % of 150 images right/,
    );
  });

  it('names the one that knows other classes', async () => {
    const [a, c] = [file('a.onnx', network(1)), file('c.onnx', network(2, ['x', 'y', 'z']))];
    const { code, out, err } = await evaluated('--model', a, '--model', c);
    expect([code, out.length, err.length]).toEqual([1, 0, 1]);
    expect(err[0]).toContain(`'${c}': knows 3 classes (x, y, z), '${a}' 3 others`);
  });
});

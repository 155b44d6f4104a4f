import { describe, expect, it } from 'vitest';
import { nets } from '../../../../src/cli/bench/nets';
import type { OptimizerSettings } from '../../../../src/core/backends/executor';
import { buildGraph } from '../../../../src/core/model/build';
import type { Graph } from '../../../../src/core/model/graph';
import { createWasmExecutor, type WasmExecutor } from '../../../../src/core/backends/wasm/create';
import { ReferenceExecutor } from '../../../../src/core/backends/reference/executor';
import { sizeOf } from '../../../../src/core/tensor';
import { countCorrect, softmaxCrossEntropy } from '../../../../src/core/train/losses';
import {
  clipGradients,
  optimizerDefaults,
  optimizerSlots,
  updateParameter,
} from '../../../../src/core/train/optimizers';
import { loadKernels } from '../../../../src/engine/runtime/kernels';
import { differing, graphOf, randomFloats, randomParams, relativeError } from './helpers';

/** A convolution, batch norm, a dense layer large enough to be shared out by panels and one small enough not to be. */
const network = graphOf(
  [12, 12, 3],
  [
    // Without a bias: before batch norm its gradient is zero but for rounding, which adaptive steps blow up.
    { kind: 'conv', filters: 16, kernel: 3, padding: 'same', bias: false },
    { kind: 'batchnorm' },
    { kind: 'relu' },
    { kind: 'conv', filters: 16, kernel: 3 },
    { kind: 'relu' },
    { kind: 'maxpool', size: 2 },
    { kind: 'flatten' },
    { kind: 'dense', units: 24 },
    { kind: 'relu' },
    { kind: 'dropout', rate: 0.25 },
    { kind: 'dense', units: 5 },
    { kind: 'softmax' },
  ],
);

const trainer = (graph: Graph, optimizer: OptimizerSettings, maxBatch = 16): Promise<WasmExecutor> =>
  createWasmExecutor(graph, { maxBatch, kernels: loadKernels(), keep: 'training', optimizer });

interface Batch {
  input: Float32Array;
  labels: Int32Array;
  n: number;
  draw: { seed: number; epoch: number; samples: number[] };
}

function batchOf(graph: Graph, n: number, seed: number): Batch {
  const classes = sizeOf(graph.layers[graph.layers.length - 1].outputShape);
  return {
    n,
    input: randomFloats(n * sizeOf(graph.inputShape), seed),
    labels: Int32Array.from({ length: n }, (_, i) => (i * 7 + seed) % classes),
    draw: { seed: 5, epoch: 1, samples: Array.from({ length: n }, (_, i) => i + 50 * seed) },
  };
}

/** The same step in plain TypeScript. */
class ReferenceTrainer {
  readonly executor: ReferenceExecutor;
  readonly slots = new Map<string, Float32Array[]>();
  gradients = new Map<string, Float32Array>();
  before = new Map<string, Float32Array>();

  constructor(
    private readonly graph: Graph,
    private readonly settings: OptimizerSettings,
    params: ReadonlyMap<string, Float32Array>,
  ) {
    this.executor = new ReferenceExecutor(graph, 64);
    this.executor.setParams(params);
  }

  step({ input, labels, n, draw }: Batch, rate: number, step: number): { loss: number; correct: number } {
    const { executor, graph, settings } = this;
    executor.forward(input, n, true, draw);
    const logits = graph.layers.length - 2;
    const classes = sizeOf(graph.layers[logits].outputShape);
    const { loss, dx } = softmaxCrossEntropy(executor.activation(logits), labels, n, classes);
    executor.backward(Float32Array.from(dx), logits);
    this.gradients = executor.gradients();
    const clipped = new Map([...this.gradients].map(([key, gradient]) => [key, gradient.slice()]));
    clipGradients(clipped.values(), settings.clipNorm);
    const params = executor.getParams();
    this.before = new Map([...params].map(([key, values]) => [key, values.slice()]));
    for (const layer of graph.layers) {
      for (const spec of layer.params.filter((each) => each.trainable)) {
        const key = `${layer.name}.${spec.name}`;
        const [w, g] = [params.get(key), clipped.get(key)];
        if (!w || !g) throw new Error(key);
        const slots = this.slots.get(key) ?? optimizerSlots[settings.kind].map(() => new Float32Array(w.length));
        this.slots.set(key, slots);
        updateParameter(settings, w, g, slots, rate, step, spec.decay);
      }
    }
    executor.setParams(params);
    return { loss: loss[0], correct: countCorrect(executor.activation(logits), labels, n, classes) };
  }
}

const norm = (arrays: Iterable<Float32Array>): number =>
  Math.sqrt([...arrays].reduce((sum, each) => sum + each.reduce((s, x) => s + x * x, 0), 0));

const variants: [string, OptimizerSettings][] = (
  ['sgd', 'momentum', 'nesterov', 'adagrad', 'rmsprop', 'adam', 'adamw'] as const
).flatMap((kind) => [
  [kind, { kind, ...optimizerDefaults }] as [string, OptimizerSettings],
  [`${kind} with decay`, { kind, ...optimizerDefaults, weightDecay: 0.05 }],
  [`${kind} with decay and clipping`, { kind, ...optimizerDefaults, weightDecay: 0.05, clipNorm: 0.3 }],
]);

describe.each(variants)('%s', (_, settings) => {
  it('takes the reference formula’s steps, and watches them', async () => {
    const executor = await trainer(network, settings);
    const params = randomParams(network);
    executor.setParams(params);
    const reference = new ReferenceTrainer(network, settings, params);
    const rate = ['adagrad', 'rmsprop', 'adam', 'adamw'].includes(settings.kind) ? 0.003 : 0.02;
    // The last batch of an epoch is smaller.
    for (const [index, n] of [16, 16, 11].entries()) {
      const batch = batchOf(network, n, index + 1);
      const found = executor.trainStep(batch.input, batch.labels, n, batch.draw, rate, index + 1);
      const expected = reference.step(batch, rate, index + 1);
      expect(found.loss).toBeCloseTo(expected.loss, 4);
      expect(found.correct).toBe(expected.correct);
    }
    const after = reference.executor.getParams();
    for (const [key, values] of executor.getParams()) {
      // Adaptive steps divide by the gradient's size, and so blow its rounding up where it is next to nothing.
      expect(relativeError(values, after.get(key) ?? []), key).toBeLessThan(2e-3);
    }
    for (const [key, values] of executor.optimizerState()) {
      const [param, slot] = key.split('/');
      const expected = reference.slots.get(param)?.[optimizerSlots[settings.kind].indexOf(slot)];
      expect(relativeError(values, expected ?? [], 1e-4), key).toBeLessThan(2e-3);
    }
    const watched = executor.watch();
    expect(watched.map((each) => each.layer)).toEqual(
      network.layers.filter((each) => each.params.length > 0).map((each) => each.name),
    );
    for (const each of watched) {
      const own = <T>(map: ReadonlyMap<string, T>): T[] =>
        [...map].flatMap(([key, value]) =>
          key.startsWith(`${each.layer}.`) && reference.gradients.has(key) ? [value] : [],
        );
      const updates = own(reference.before).map((before, i) => before.map((w, j) => w - own(after)[i][j]));
      expect(each.gradientNorm / norm(own(reference.gradients))).toBeCloseTo(1, 2);
      expect(each.weightNorm / norm(own(after))).toBeCloseTo(1, 3);
      expect(each.updateRatio / (norm(updates) / norm(own(after)))).toBeCloseTo(1, 1);
      const layer = network.layers.findIndex(({ name }) => name === each.layer);
      const shown = network.layers[layer + 1].kind === 'relu' ? layer + 1 : layer;
      const values = reference.executor.activation(shown);
      const mean = values.reduce((a, b) => a + b, 0) / values.length;
      const deviation = Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length);
      expect(each.activationMean).toBeCloseTo(mean, 3);
      expect(each.activationDeviation).toBeCloseTo(deviation, 3);
      expect(each.zeroFraction).toBeCloseTo(values.filter((value) => value === 0).length / values.length, 2);
    }
    executor.dispose();
  });
});

describe('training', () => {
  const adam: OptimizerSettings = { kind: 'adam', ...optimizerDefaults };

  it('goes on from parameters and optimizer state to the same bits', async () => {
    const one = await trainer(network, adam);
    one.setParams(randomParams(network));
    const step = (executor: WasmExecutor, index: number): void => {
      const { input, labels, n, draw } = batchOf(network, 16, index);
      executor.trainStep(input, labels, n, draw, 0.01, index);
    };
    step(one, 1);
    step(one, 2);
    const two = await trainer(network, adam);
    two.setParams(one.getParams());
    two.setOptimizerState(one.optimizerState());
    step(one, 3);
    step(two, 3);
    expect(differing(two.getParams(), one.getParams())).toEqual([]);
    expect(differing(two.optimizerState(), one.optimizerState())).toEqual([]);
  });

  it('is not disturbed by looking: evaluation, watching, reading, backward in between', async () => {
    const [one, two] = [await trainer(network, adam), await trainer(network, adam)];
    for (const each of [one, two]) each.setParams(randomParams(network));
    for (let index = 1; index <= 3; index++) {
      const { input, labels, n, draw } = batchOf(network, 16, index);
      for (const each of [one, two]) each.trainStep(input, labels, n, draw, 0.01, index);
      one.watch();
      one.firstNonFinite();
      one.evaluateStep(input, labels, 7);
      one.forward(input, 9);
      one.backward(randomFloats(9 * 5, 1), network.layers.length - 2);
      one.gradients();
    }
    expect(differing(one.getParams(), two.getParams())).toEqual([]);
  });

  it('evaluates with running statistics and without dropout', async () => {
    const executor = await trainer(network, adam);
    const params = randomParams(network);
    executor.setParams(params);
    const reference = new ReferenceExecutor(network, 16);
    reference.setParams(params);
    const { input, labels, n } = batchOf(network, 13, 4);
    reference.forward(input, n);
    const logits = reference.activation(network.layers.length - 2);
    const { loss } = softmaxCrossEntropy(logits, labels, n, 5);
    const found = executor.evaluateStep(input, labels, n);
    expect(found.loss).toBeCloseTo(loss[0], 5);
    expect(found.correct).toBe(countCorrect(logits, labels, n, 5));
    expect(differing(executor.getParams(), params)).toEqual([]);
  });

  it('names the first layer that holds NaN or infinity', async () => {
    const executor = await trainer(network, adam);
    const { input, labels, n, draw } = batchOf(network, 8, 1);
    executor.setParams(randomParams(network));
    executor.trainStep(input, labels, n, draw, 0.01, 1);
    expect(executor.firstNonFinite()).toBeNull();
    const params = randomParams(network);
    params.get('conv2.weight')?.fill(NaN, 5, 6);
    executor.setParams(params);
    expect(executor.trainStep(input, labels, n, draw, 0.01, 2).loss).toBeNaN();
    expect(executor.firstNonFinite()).toBe('conv2');
    const huge = randomParams(network);
    huge.get('dense1.weight')?.fill(3e38);
    executor.setParams(huge);
    executor.trainStep(input, labels, n, draw, 0.01, 3);
    expect(executor.firstNonFinite()).toBe('dense1');
  });

  it('refuses what does not fit, by name', async () => {
    const executor = await trainer(network, adam, 4);
    const { input, labels, draw } = batchOf(network, 5, 1);
    expect(() => executor.setParams(new Map())).toThrow("parameter 'conv1.weight': found nothing, expected 432 values");
    expect(() => executor.trainStep(input, labels, 5, draw, 0.1, 1)).toThrow('batch: found 5, expected 1 to 4');
    expect(() => executor.trainStep(input, Int32Array.of(0, 5), 2, draw, 0.1, 1)).toThrow(
      'label 1: found 5, expected a class from 0 to 4',
    );
    expect(() => executor.forward(input.subarray(1), 5)).toThrow('batch');
    expect(() => executor.forward(input.subarray(0, 9), 1)).toThrow('input: found 9 values, expected 1 × 432');
    expect(() => executor.setOptimizerState(new Map())).toThrow("optimizer state 'conv1.");
    executor.forward(input, 4);
    expect(() => executor.gradient(-1)).toThrow('found no backward pass');
    expect(() => executor.backward(new Float32Array(4 * 144 * 16), 0)).not.toThrow();
    expect(() => executor.gradient(-1)).toThrow(
      "gradient of 'input': it is not kept here; ask for it by keepGradients",
    );
    expect(() => executor.backward(new Float32Array(3), network.layers.length - 2)).toThrow(
      'found 3 values, expected 20',
    );
    expect(() => executor.backward(new Float32Array(4 * 100 * 16), 3)).toThrow('fused');
  });

  it('starts as it always did: the first ten losses of LeNet-5', async () => {
    const graph = buildGraph(nets.lenet5);
    const executor = await trainer(graph, { kind: 'momentum', ...optimizerDefaults }, 32);
    executor.setParams(randomParams(graph));
    const { input, labels, n, draw } = batchOf(graph, 32, 3);
    const losses = Array.from({ length: 10 }, (_, i) => executor.trainStep(input, labels, n, draw, 0.01, i + 1).loss);
    expect(losses.map((loss) => Number(loss.toFixed(4)))).toMatchInlineSnapshot(`
      [
        3.9343,
        2.8423,
        2.5759,
        2.474,
        2.357,
        2.2372,
        2.1415,
        2.0584,
        1.9867,
        1.9011,
      ]
    `);
  });
});

it('activations and gradients too small to multiply with become 0 on the way, in both directions', async () => {
  const executor = await createWasmExecutor(network, {
    maxBatch: 4,
    kernels: loadKernels(),
    keep: 'all',
    optimizer: { kind: 'sgd', ...optimizerDefaults },
  });
  const shrunk = new Map(
    [...randomParams(network)].map(([key, values]) => [
      key,
      key.endsWith('weight') ? values.map((v) => v * 1e-14) : values,
    ]),
  );
  executor.setParams(new Map([...shrunk].map(([key, v]) => [key, key.endsWith('bias') ? v.map(() => 0) : v])));
  const { input, n } = batchOf(network, 4, 1);
  executor.forward(input, n);
  const allowed = (value: number): boolean => value === 0 || Math.abs(value) >= 2 ** -60;
  // Without its statistics batch norm keeps small values small.
  const outputs = network.layers.map((_, i) => executor.activation(i));
  expect(outputs[0].some((v) => v !== 0)).toBe(true);
  for (const output of outputs) expect(output.every(allowed)).toBe(true);
  executor.backward(new Float32Array(4 * 5).fill(1e-3), network.layers.length - 2);
  expect(executor.gradient(-1).every(allowed)).toBe(true);
  executor.dispose();
});

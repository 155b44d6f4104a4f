import { describe, expect, it } from 'vitest';
import type { Executor } from '../../../src/core/backends/executor';
import { initParams } from '../../../src/core/model/init';
import { ReferenceExecutor } from '../../../src/core/backends/reference/executor';
import { softmaxCrossEntropy } from '../../../src/core/train/losses';
import { Generator } from '../../../src/core/random';
import { awayFromKinks, graphOf, maxDifference, randomParams, small } from '../helpers';

const pixels = small.height * small.width * small.channels;

describe('the reference executor', () => {
  const graph = graphOf([
    { kind: 'conv', filters: 4, kernel: 3, padding: 1 },
    { kind: 'batchnorm' },
    { kind: 'relu' },
    { kind: 'dropout', rate: 0.4 },
    { kind: 'maxpool', size: 2 },
    { kind: 'flatten' },
    { kind: 'dense', units: 3 },
    { kind: 'softmax' },
  ]);
  const params = randomParams(graph, 1);
  const x = awayFromKinks(4 * pixels, 2);

  it('is an Executor', () => {
    const executor = new ReferenceExecutor<Float32Array>(graph) satisfies Executor;
    executor.setParams(params);
    executor.forward(x, 4);
    expect(executor.activation(-1)).toEqual(x);
    expect(executor.activation(7)).toHaveLength(12);
    expect(executor.getParams()).toEqual(params);
  });

  it('gives each sample the same at inference, whatever the batch', () => {
    const executor = new ReferenceExecutor(graph);
    executor.setParams(params);
    executor.forward(x, 4);
    const together = executor.activation(7);
    for (let k = 0; k < 4; k++) {
      executor.forward(x.slice(k * pixels, (k + 1) * pixels), 1);
      expect(executor.activation(7)).toEqual(together.slice(k * 3, (k + 1) * 3));
    }
  });

  it('moves running statistics in training only: momentum · running + (1 − momentum) · batch, population variance', () => {
    const norm = graphOf([{ kind: 'batchnorm', momentum: 0.75 }], { height: 1, width: 2, channels: 1 });
    const executor = new ReferenceExecutor(norm);
    executor.setParams(
      new Map(
        Object.entries({ scale: 1, shift: 0, mean: 8, variance: 4 }).map(([key, value]) => [
          `batchnorm1.${key}`,
          Float32Array.of(value),
        ]),
      ),
    );
    const input = Float32Array.of(1, 3, 5, 7);
    executor.forward(input, 2);
    expect(executor.getParams().get('batchnorm1.mean')).toEqual(Float32Array.of(8));
    executor.forward(input, 2, true, { seed: 0, epoch: 0, samples: [0, 1] });
    expect(executor.getParams().get('batchnorm1.mean')).toEqual(Float32Array.of(0.75 * 8 + 0.25 * 4));
    expect(executor.getParams().get('batchnorm1.variance')).toEqual(Float32Array.of(0.75 * 4 + 0.25 * 5));
    expect(executor.activation(0)[0]).toBeCloseTo(-3 / Math.sqrt(5), 5);
  });

  it('normalizes a batch without any spread to its shift', () => {
    const norm = graphOf([{ kind: 'flatten' }, { kind: 'batchnorm' }], { height: 1, width: 1, channels: 2 });
    const executor = new ReferenceExecutor(norm);
    executor.setParams(randomParams(norm, 3));
    executor.forward(Float32Array.of(3, 4), 1, true);
    expect(executor.activation(1)).toEqual(executor.getParams().get('batchnorm1.shift'));
  });

  it('accumulates nothing from one backward pass to the next', () => {
    const executor = new ReferenceExecutor(graph);
    executor.setParams(params);
    const error = awayFromKinks(12, 4);
    const pass = (): unknown[] => {
      executor.forward(x, 4);
      executor.backward(error);
      return [executor.gradients(), executor.gradient(-1)];
    };
    expect(pass()).toEqual(pass());
  });

  it('starts at the logits when asked to: softmax cross-entropy passes the softmax by', () => {
    const executor = new ReferenceExecutor(graph, 4, Float64Array);
    executor.setParams(params);
    executor.forward(Float64Array.from(x), 4);
    const labels = [2, 0, 1, 1];
    const { dx } = softmaxCrossEntropy(executor.activation(6), labels, 4, 3);
    executor.backward(dx, 6);
    const direct = executor.gradients();
    const shares = executor.activation(7);
    executor.backward(shares.map((share, i) => (labels[Math.floor(i / 3)] === i % 3 ? -1 / share / 4 : 0)));
    for (const [key, gradient] of executor.gradients())
      expect(maxDifference(gradient, direct.get(key)!), key).toBeLessThan(1e-12);
  });

  it('says what is wrong with what it is given', () => {
    const executor = new ReferenceExecutor(graph, 4);
    expect(() => executor.setParams(new Map())).toThrow("parameter 'conv1.weight': found nothing, expected 108 values");
    expect(() => executor.setParams(new Map([...params, ['dense1.bias', new Float32Array(2)]]))).toThrow(
      "parameter 'dense1.bias': found 2 values, expected 3 values",
    );
    expect(() => executor.backward(new Float32Array(12))).toThrow('found no forward pass');
    expect(() => executor.forward(x, 5)).toThrow('batch: found 5, expected 1 to 4');
    expect(() => executor.forward(x, 3)).toThrow(`input: found ${4 * pixels} values, expected 3 × ${pixels}`);
    executor.forward(x, 4);
    expect(() => executor.backward(new Float32Array(3))).toThrow('gradient: found 3 values, expected 12');
    expect(() => executor.forward(x, 4, true)).toThrow('dropout in training needs seed, epoch and samples');
  });
});

describe('dropout', () => {
  const graph = graphOf(
    [
      { kind: 'dropout', rate: 0.25 },
      { kind: 'dropout', rate: 0.25 },
    ],
    { height: 20, width: 20, channels: 5 },
  );
  const ones = new Float32Array(3 * 2000).fill(1);
  const run = (samples: number[], epoch = 1, seed = 1): [Float32Array, Float32Array] => {
    const executor = new ReferenceExecutor(graph);
    executor.forward(ones.subarray(0, samples.length * 2000), samples.length, true, { seed, epoch, samples });
    return [executor.activation(0), executor.activation(1)];
  };

  it('drops its rate and keeps the mean', () => {
    const [y] = run([0, 1, 2]);
    const dropped = y.filter((value) => value === 0).length / y.length;
    expect(Math.abs(dropped - 0.25)).toBeLessThan(0.03);
    expect(new Set(y)).toEqual(new Set([0, Math.fround(1 / 0.75)]));
  });

  it('draws by seed, epoch, sample and layer, not by place in the batch', () => {
    const [all, second] = run([7, 8, 9]);
    expect(run([9])[0]).toEqual(all.slice(4000));
    expect(run([8, 7])[0].slice(2000)).toEqual(all.slice(0, 2000));
    expect(all.slice(0, 2000)).not.toEqual(all.slice(2000, 4000));
    expect(run([7, 8, 9], 2)[0]).not.toEqual(all);
    expect(run([7, 8, 9], 1, 2)[0]).not.toEqual(all);
    expect(second.map((value) => Math.sign(value))).not.toEqual(all.map((value) => Math.sign(value)));
  });
});

it('learns: a residual network with batch norm and dropout tells stripes apart', () => {
  const graph = graphOf(
    [
      { kind: 'conv', filters: 4, kernel: 3, padding: 1 },
      { kind: 'batchnorm' },
      { kind: 'relu' },
      { kind: 'conv', filters: 4, kernel: 3, padding: 1, name: 'inner' },
      { kind: 'add', inputs: ['relu1', 'inner'] },
      { kind: 'maxpool', size: 2 },
      { kind: 'flatten' },
      { kind: 'dropout', rate: 0.2 },
      { kind: 'dense', units: 2 },
      { kind: 'softmax' },
    ],
    { height: 6, width: 6, channels: 1 },
  );
  const generator = new Generator(1);
  const batch = 16;
  const sample = (): { x: Float32Array; labels: number[] } => {
    const labels = Array.from({ length: batch }, () => generator.integer(2));
    const x = new Float32Array(batch * 36).map((_, i) => {
      const [row, column] = [Math.floor(i / 6) % 6, i % 6];
      return ((labels[Math.floor(i / 36)] === 0 ? row : column) % 2) + 0.5 * generator.normal();
    });
    return { x, labels };
  };
  const executor = new ReferenceExecutor(graph);
  const params = initParams(graph, 3, 'he');
  executor.setParams(params);
  const losses: number[] = [];
  for (let step = 0; step < 60; step++) {
    const { x, labels } = sample();
    executor.forward(x, batch, true, { seed: 1, epoch: step, samples: labels.map((_, i) => i) });
    const { loss, dx } = softmaxCrossEntropy(executor.activation(8), labels, batch, 2);
    losses.push(loss[0]);
    executor.backward(Float32Array.from(dx), 8);
    const values = executor.getParams();
    for (const [key, gradient] of executor.gradients())
      values.get(key)!.forEach((value, i, data) => (data[i] = value - 0.1 * gradient[i]));
    executor.setParams(values);
  }
  const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  expect(mean(losses.slice(0, 3))).toBeGreaterThan(0.4);
  expect(mean(losses.slice(-10))).toBeLessThan(0.1);
  const { x, labels } = sample();
  executor.forward(x, batch);
  const right = labels.filter((label, k) => executor.activation(9)[k * 2 + label] > 0.5).length;
  expect(right).toBeGreaterThanOrEqual(15);
});

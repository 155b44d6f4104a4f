import { afterAll, describe, expect, it } from 'vitest';
import type { Graph } from '../../src/core/model/graph';
import { createWasmExecutor, type WasmExecutor } from '../../src/core/program/executor';
import type { Keep } from '../../src/core/program/fuse';
import { ReferenceExecutor } from '../../src/core/reference-executor';
import { sizeOf } from '../../src/core/tensor';
import { loadKernels } from '../../src/engine/kernels';
import { graphOf, nets, randomFloats, randomParams, relativeError } from './helpers';

const executors: WasmExecutor[] = [];
afterAll(() => executors.forEach((each) => each.dispose()));

/** Forward and backward of both executors on the same numbers; every output and every gradient compared. */
async function compare(graph: Graph, n: number, { keep = 'all' as Keep, training = true, maxBatch = n, bound = 2e-5 } = {}): Promise<void> {
  const executor = await createWasmExecutor(graph, { maxBatch, kernels: loadKernels(), keep });
  executors.push(executor);
  const reference = new ReferenceExecutor(graph, n);
  const params = randomParams(graph);
  executor.setParams(params);
  reference.setParams(params);
  const input = randomFloats(n * sizeOf(graph.inputShape), 7);
  const draw = { seed: 3, epoch: 2, samples: Array.from({ length: n }, (_, i) => 100 + i) };
  reference.forward(input, n, training, draw);
  executor.forward(input, n, training, draw);
  for (const [index, layer] of graph.layers.entries()) {
    expect(relativeError(executor.activation(index), reference.activation(index)), `output of ${layer.name}`).toBeLessThan(bound);
  }
  expect(executor.activation(-1)).toEqual(input);
  const last = graph.layers.length - 1;
  const from = graph.layers[last].kind === 'softmax' ? graph.layers[last].inputs[0] : last;
  const error = randomFloats(n * sizeOf(graph.layers[from].outputShape), 9);
  reference.backward(error, from);
  // Twice: the second must not see what the first left.
  executor.backward(error, from);
  executor.backward(error, from);
  const expected = reference.gradients();
  const found = executor.gradients();
  expect([...found.keys()]).toEqual([...expected.keys()]);
  for (const [key, gradient] of expected) {
    expect(relativeError(found.get(key) ?? [], gradient), `gradient of ${key}`).toBeLessThan(bound);
  }
  if (keep === 'all') {
    expect(relativeError(executor.inputGradient(), reference.inputGradient()), 'gradient of the input').toBeLessThan(bound);
  }
  for (const [key, values] of reference.getParams()) {
    expect(relativeError(executor.getParams().get(key) ?? [], values), key).toBeLessThan(bound);
  }
}

describe('the benchmark networks', () => {
  for (const [name, { input, layers }] of Object.entries(nets)) {
    for (const keep of ['all', 'training'] as const) {
      it(`${name}, keep ${keep}`, async () => {
        await compare(graphOf(input, layers), name === 'cifar-like' ? 3 : 5, { keep, maxBatch: 6 });
      });
    }
  }
});

import { beforeAll, describe, expect, it } from 'vitest';
import type { OptimizerSettings } from '../../../../src/core/backends/executor';
import type { Graph } from '../../../../src/core/model/graph';
import { createWasmExecutor, type WasmExecutor } from '../../../../src/core/backends/wasm/create';
import { ReferenceTrainer } from '../../../../src/core/backends/reference/trainer';
import type { LossSettings } from '../../../../src/core/train/class-loss';
import { sizeOf } from '../../../../src/core/tensor';
import { optimizerDefaults } from '../../../../src/core/train/optimizers';
import { Control } from '../../../../src/core/backends/wasm/control';
import { createThreads, loadKernels } from '../../../../src/engine/runtime/kernels';
import { branching, chains } from './graphs';
import { differing, graphOf, randomFloats, randomParams } from './helpers';

beforeAll(async () => {
  // Threads run the built script.
  const { ensureBuilt } = (await import('../../../../scripts/lib/built.mjs' as string)) as {
    ensureBuilt(): Promise<void>;
  };
  await ensureBuilt();
}, 300_000);

const optimizers: Record<string, OptimizerSettings> = {
  sgd: { kind: 'sgd', ...optimizerDefaults, weightDecay: 0.01 },
  'adam with clipping': { kind: 'adam', ...optimizerDefaults, clipNorm: 0.5 },
};

interface Outcome {
  params: Map<string, Float32Array>;
  state: Map<string, Float32Array>;
  losses: number[];
  evaluation: number;
}

/** Batches of which the last is smaller; one has fewer images than there are shards, one as many as leave some uneven. */
const UNEVEN = [21, 21, 3, 18, 13];

/** A short run. */
async function train(
  graph: Graph,
  optimizer: OptimizerSettings,
  threads: number,
  batches: readonly number[] = UNEVEN,
  loss?: LossSettings,
): Promise<Outcome> {
  const pool = threads > 1 ? createThreads(threads) : undefined;
  const executor: WasmExecutor = await createWasmExecutor(graph, {
    maxBatch: Math.max(...batches),
    kernels: loadKernels(),
    keep: 'training',
    optimizer,
    loss,
    ...(pool && { threads: pool }),
  });
  executor.setParams(randomParams(graph));
  const classes = sizeOf(graph.layers[graph.layers.length - 1].outputShape);
  const losses = batches.map((n, index) => {
    const labels = Int32Array.from({ length: n }, (_, i) => (i * 3 + index) % classes);
    const draw = { seed: 11, epoch: index, samples: Array.from({ length: n }, (_, i) => i * 5 + index) };
    const others = labels.map((label) => (label + 1) % classes);
    const mixed = loss && { others, shares: Float32Array.from(others, (_, i) => 1 - (i % 4) / 4) };
    const input = randomFloats(n * sizeOf(graph.inputShape), index);
    return executor.trainStep(input, labels, n, draw, 0.02, index + 1, mixed).loss;
  });
  const input = randomFloats(10 * sizeOf(graph.inputShape), 77);
  const evaluation = executor.evaluateStep(input, new Int32Array(10), 10).loss;
  const outcome = { params: executor.getParams(), state: executor.optimizerState(), losses, evaluation };
  executor.dispose();
  await pool?.ended();
  return outcome;
}

const graphs = {
  'dropout and batch norm': chains['dropout and batch norm, on maps and on features'],
  'a residual block': branching['a residual block'],
  'an inception block': branching['an inception block'],
  'every activation, some without kernels of their own': chains['every activation'],
  'large dense layers': branching['large dense layers that share their input'],
};

describe.each(Object.entries(graphs))('%s', (_, { input, layers }) => {
  it.each(Object.entries(optimizers))(
    'trains to the same bits with 1, 2, 3 and 4 threads and on a second run: %s',
    async (_name, optimizer) => {
      const graph = graphOf(input, layers);
      const expected = await train(graph, optimizer, 1);
      expect(expected.losses.every(Number.isFinite)).toBe(true);
      for (const threads of [1, 2, 3, 4, 4]) {
        const found = await train(graph, optimizer, threads);
        expect(found.losses).toEqual(expected.losses);
        expect(found.evaluation).toBe(expected.evaluation);
        expect(differing(found.params, expected.params)).toEqual([]);
        expect(differing(found.state, expected.state)).toEqual([]);
      }
    },
  );
});

it('trains to the same bits where the threads share out several groups of a shard', async () => {
  const { input, layers } = graphs['dropout and batch norm'];
  const graph = graphOf(input, layers);
  const batches = [100, 67, 100, 40, 100, 100];
  const expected = await train(graph, optimizers.sgd, 1, batches);
  for (const threads of [2, 3, 4, 2]) {
    const found = await train(graph, optimizers.sgd, threads, batches);
    expect(found.losses).toEqual(expected.losses);
    expect(differing(found.params, expected.params)).toEqual([]);
  }
}, 60_000);

it('trains by another loss, on mixed pictures, as the reference does, to the same bits with any threads', async () => {
  const { input, layers } = graphs['large dense layers'];
  const graph = graphOf(input, layers);
  const classes = sizeOf(graph.layers[graph.layers.length - 1].outputShape);
  const weights = Array.from({ length: classes }, (_, i) => 0.5 + (i % 3));
  const loss = { kind: 'focal', smoothing: 0, gamma: 1.5, weights } as const;
  const expected = await train(graph, optimizers.sgd, 1, UNEVEN, loss);
  for (const threads of [2, 3]) {
    const found = await train(graph, optimizers.sgd, threads, UNEVEN, loss);
    expect(found.losses).toEqual(expected.losses);
    expect(differing(found.params, expected.params)).toEqual([]);
  }
  const [n, labels] = [6, Int32Array.from({ length: 6 }, (_, i) => i % classes)];
  const mixed = { others: labels.map((label) => (label + 1) % classes), shares: new Float32Array(n).fill(0.25) };
  const draw = { seed: 1, epoch: 0, samples: labels };
  const fast = await createWasmExecutor(graph, {
    maxBatch: n,
    kernels: loadKernels(),
    keep: 'training',
    optimizer: optimizers.sgd,
    loss,
  });
  const [one, other] = [fast, new ReferenceTrainer(graph, n, optimizers.sgd, loss)].map((executor) => {
    executor.setParams(randomParams(graph));
    const result = executor.trainStep(randomFloats(n * sizeOf(graph.inputShape), 5), labels, n, draw, 0.02, 1, mixed);
    return { ...result, params: executor.getParams() };
  });
  expect(one.loss).toBeCloseTo(other.loss, 5);
  expect(one.correct).toBe(other.correct);
  for (const [key, values] of other.params)
    values.forEach((value, i) => expect(one.params.get(key)![i]).toBeCloseTo(value, 5));
  fast.dispose();
}, 60_000);

describe('a thread that fails', () => {
  const graph = graphOf([4, 4, 2], [{ kind: 'dropout', rate: 0.5 }, { kind: 'flatten' }, { kind: 'dense', units: 3 }]);

  it('at its start: creation fails with its reason', async () => {
    const pool = createThreads(2, '/no/such/script.js');
    await expect(
      createWasmExecutor(graph, { maxBatch: 4, kernels: loadKernels(), keep: 'training', threads: pool }),
    ).rejects.toThrow('script.js');
    await pool.ended();
  });

  it('later: the others are freed, and say why', () => {
    const control = new Control(2);
    control.fail('no more memory');
    expect(() => control.barrier()).toThrow('a kernel thread failed: no more memory');
    expect(() => control.barrier()).toThrow('no more memory');
  });

  it('does not come of a call without what it needs, and dispose ends all threads', async () => {
    const pool = createThreads(2);
    const executor = await createWasmExecutor(graph, {
      maxBatch: 4,
      kernels: loadKernels(),
      keep: 'training',
      threads: pool,
    });
    executor.setParams(randomParams(graph));
    const input = randomFloats(4 * 32, 1);
    expect(() => executor.forward(input, 4, true)).toThrow("layer 'dropout1'");
    executor.forward(input, 4, true, { seed: 1, epoch: 1, samples: [1, 2, 3, 4] });
    executor.dispose();
    await pool.ended();
    expect(() => executor.forward(input, 4)).toThrow('disposed');
  });
});

import { describe, expect, it } from 'vitest';
import { createWasmExecutor } from '../../../../src/core/backends/wasm/create';
import { loadKernels } from '../../../../src/engine/runtime/kernels';
import { nets } from '../../../../src/cli/bench/nets';
import { buildGraph } from '../../../../src/core/model/build';
import type { ModelSpec } from '../../../../src/core/model/spec';
import { branching, chains, conv } from './graphs';
import { expectLikeReference, graphOf } from './helpers';

describe('the benchmark networks', () => {
  // The reference takes too long for the largest of them.
  for (const name of ['lenet5', 'keras-like', 'cifar-like', 'tiny'] as const) {
    const spec = nets[name];
    it(name, async () => {
      const graph = buildGraph(spec);
      await expectLikeReference(graph, 1, { keep: 'all', maxBatch: 2, training: false });
      // Batch norm over two samples would leave nothing but rounding.
      await expectLikeReference(graph, name === 'tiny' ? 7 : 2, { keep: 'training', maxBatch: 7 });
    });
  }
});

describe.each([
  ['branches', branching],
  ['chains', chains],
])('%s', (_, graphs) => {
  for (const [name, { input, layers }] of Object.entries(graphs)) {
    for (const keep of ['all', 'training'] as const) {
      it(`${name}, keep ${keep}`, async () => {
        const graph = graphOf(input, layers);
        const macs = graph.layers.reduce((sum, layer) => sum + layer.macs, 0);
        // Several groups and shards of different size (where the reference is not too slow for it); fewer images than shards; one.
        if (macs < 100_000) await expectLikeReference(graph, 37, { keep, maxBatch: 40, bound: 5e-5 });
        await expectLikeReference(graph, 3, { keep, maxBatch: 9, training: macs >= 100_000 });
        await expectLikeReference(graph, 1, { keep, training: false });
      });
    }
    it(`${name}, keep training and gradients of some values`, async () => {
      const graph = graphOf(input, layers);
      const all = [-1, ...graph.layers.keys()];
      for (const third of [0, 1, 2]) {
        const keepGradients = all.filter((index) => (index + 1) % 3 === third);
        await expectLikeReference(graph, 3, { keep: 'training', keepGradients, training: false });
      }
      await expectLikeReference(graph, 9, { keep: 'training', keepGradients: all, bound: 5e-5 });
    });
  }
});

/** A signal runs on the kernels as a map of one row; convolution and pooling of a volume run as their reference does. */
const otherAxes: Record<string, ModelSpec> = {
  signal: {
    input: { length: 21, channels: 3 },
    layers: [
      conv(8, 5, { padding: 'same' }),
      { kind: 'relu' },
      { kind: 'maxpool', size: 2 },
      conv(12, [3], { stride: 2, dilation: 2, padding: [3, 2] }),
      { kind: 'batchnorm' },
      { kind: 'relu' },
      { kind: 'avgpool', size: 3, stride: 1, padding: 1, countPadding: true },
      conv(12, 3, { groups: 12 }),
      { kind: 'globalmaxpool' },
      { kind: 'flatten' },
      { kind: 'dense', units: 4 },
    ],
  },
  volume: {
    input: { depth: 6, height: 5, width: 7, channels: 2 },
    layers: [
      conv(6, 3, { padding: 'same', name: 'stem' }),
      { kind: 'relu', name: 'in' },
      conv(6, [1, 3, 2], { padding: 'same' }),
      { kind: 'batchnorm' },
      { kind: 'add', inputs: ['batchnorm1', 'in'] },
      { kind: 'relu' },
      { kind: 'maxpool', size: 2, ceil: true },
      conv(5, 2),
      { kind: 'prelu' },
      { kind: 'avgpool', size: [2, 1, 2], stride: 1 },
      { kind: 'flatten' },
      { kind: 'dense', units: 4 },
      { kind: 'softmax' },
    ],
  },
};

describe.each(Object.entries(otherAxes))('a %s', (_, spec) => {
  it.each(['all', 'training'] as const)('keep %s', async (keep) => {
    await expectLikeReference(buildGraph(spec), 19, { keep, maxBatch: 20, bound: 5e-5 });
    await expectLikeReference(buildGraph(spec), 1, { keep, training: false });
  });
});

it('computes the same with the plain SIMD kernels', async () => {
  for (const { input, layers } of [
    branching['an inception block'],
    chains['strides, dilations, groups and depthwise'],
  ]) {
    await expectLikeReference(graphOf(input, layers), 5, { kernels: loadKernels('simd') });
  }
});

it('reaches memory above 2 GiB, where addresses are negative for WebAssembly', async () => {
  const { input, layers } = branching['an inception block'];
  const graph = graphOf(input, layers);
  // Only what is written takes memory.
  const executor = await createWasmExecutor(graph, { maxBatch: 20_000, kernels: loadKernels(), keep: 'all' });
  expect(executor.memoryBytes).toBeGreaterThan(2.5 * 2 ** 30);
  await expectLikeReference(graph, 5, { maxBatch: 20_000 });
});

it('refuses a batch for which 4 GiB do not suffice', async () => {
  const { input, layers } = branching['an inception block'];
  const options = { maxBatch: 100_000, kernels: loadKernels(), keep: 'all' } as const;
  await expect(createWasmExecutor(graphOf(input, layers), options)).rejects.toThrow(
    /needs \d+ bytes of memory, WebAssembly has 4294967296/,
  );
});

import { expect } from 'vitest';
import { buildGraph } from '../../../../src/core/model/build';
import { logitsOf, paramKey, type Graph } from '../../../../src/core/model/graph';
import type { LayerSpec } from '../../../../src/core/model/spec';
import { createWasmExecutor } from '../../../../src/core/backends/wasm/create';
import type { CompiledKernels } from '../../../../src/core/kernels/wasm/instance';
import type { Keep } from '../../../../src/core/backends/wasm/fuse';
import { mix } from '../../../../src/core/random';
import { ReferenceExecutor } from '../../../../src/core/backends/reference/executor';
import { sizeOf } from '../../../../src/core/tensor';
import { loadKernels } from '../../../../src/engine/runtime/kernels';

/** Numbers from −1 to 1, the same for the same seed. */
export function randomFloats(count: number, seed: number): Float32Array {
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) values[i] = mix(mix(i + 1) ^ mix(seed + 0x5bd1e995)) / 2 ** 31 - 1;
  return values;
}

export function graphOf(input: readonly [height: number, width: number, channels: number], layers: LayerSpec[]): Graph {
  const [height, width, channels] = input;
  return buildGraph({ input: { height, width, channels }, layers });
}

/** Weights of a sensible size (He), small biases, positive variances. */
export function randomParams(graph: Graph, seed = 1): Map<string, Float32Array> {
  const params = new Map<string, Float32Array>();
  for (const layer of graph.layers) {
    for (const spec of layer.params) {
      const values = randomFloats(sizeOf(spec.shape), seed + params.size);
      const scale = spec.name === 'weight' ? Math.sqrt(6 / spec.fanIn) : 0.1;
      const shift = spec.name === 'scale' || spec.name === 'variance' ? 1 : 0;
      params.set(
        paramKey(layer.name, spec.name),
        values.map((value) => value * scale + shift),
      );
    }
  }
  return params;
}

/** Largest difference, as a share of the largest expected value (of `floor` where that is smaller: sums that cancel). */
export function relativeError(found: ArrayLike<number>, expected: ArrayLike<number>, floor = 0.1): number {
  if (found.length !== expected.length) throw new Error(`${found.length} values, expected ${expected.length}`);
  let [difference, largest] = [0, floor];
  for (let i = 0; i < expected.length; i++) {
    const each = Math.abs(found[i] - expected[i]);
    // NaN on one side only is as wrong as can be.
    if (Number.isNaN(each) && Number.isNaN(found[i]) !== Number.isNaN(expected[i])) return Infinity;
    difference = Math.max(difference, each || 0);
    largest = Math.max(largest, Math.abs(expected[i]));
  }
  return difference / largest;
}

/** The keys whose arrays differ in a single bit, or that only one has. (Vitest's own comparison is slow on millions of numbers.) */
export function differing(
  found: ReadonlyMap<string, Float32Array>,
  expected: ReadonlyMap<string, Float32Array>,
): string[] {
  const bits = (map: ReadonlyMap<string, Float32Array>, key: string): Buffer => {
    const { buffer, byteOffset, byteLength } = map.get(key) ?? new Float32Array(0);
    return Buffer.from(buffer, byteOffset, byteLength);
  };
  return [...new Set([...found.keys(), ...expected.keys()])].filter(
    (key) => !bits(found, key).equals(bits(expected, key)),
  );
}

interface Comparison {
  keep?: Keep;
  keepGradients?: readonly number[];
  training?: boolean;
  maxBatch?: number;
  bound?: number;
  kernels?: CompiledKernels;
}

/** Forward and backward of the WASM and the reference executor on the same numbers: every output, every gradient, every parameter. */
export async function expectLikeReference(graph: Graph, n: number, options: Comparison = {}): Promise<void> {
  const {
    keep = 'all',
    keepGradients = [],
    training = true,
    maxBatch = n,
    bound = 2e-5,
    kernels = loadKernels(),
  } = options;
  const executor = await createWasmExecutor(graph, { maxBatch, kernels, keep, keepGradients });
  const reference = new ReferenceExecutor(graph, n);
  const params = randomParams(graph);
  executor.setParams(params);
  reference.setParams(params);
  expect(differing(executor.getParams(), reference.getParams())).toEqual([]);
  const input = randomFloats(n * sizeOf(graph.inputShape), 7);
  const draw = { seed: 3, epoch: 2, samples: Array.from({ length: n }, (_, i) => 100 + i) };
  reference.forward(input, n, training, draw);
  executor.forward(input, n, training, draw);
  const what = (name: string): string =>
    `${name} of ${JSON.stringify(graph.spec)}, batch ${n}, keep ${keep} and gradients of [${keepGradients.join()}], training ${training}`;
  for (const [index, layer] of graph.layers.entries()) {
    // What is computed again for a look, from running statistics and without dropout, is not this pass's.
    if (keep === 'training' && training && ['batchnorm', 'dropout'].includes(layer.kind)) continue;
    expect(
      relativeError(executor.activation(index), reference.activation(index)),
      what(`output of ${layer.name}`),
    ).toBeLessThan(bound);
  }
  expect(differing(new Map([['input', executor.activation(-1)]]), new Map([['input', input]]))).toEqual([]);
  const from = logitsOf(graph);
  const error = randomFloats(n * sizeOf(graph.layers[from].outputShape), 9);
  reference.backward(error, from);
  // Twice: the second must not see what the first left.
  executor.backward(error, from);
  executor.backward(error, from);
  const expected = reference.gradients();
  const found = executor.gradients();
  expect([...found.keys()]).toEqual([...expected.keys()]);
  for (const [key, gradient] of expected) {
    expect(relativeError(found.get(key) ?? [], gradient), what(`gradient of ${key}`)).toBeLessThan(bound);
  }
  for (const index of keep === 'all' ? [-1, ...graph.layers.keys()] : keepGradients) {
    const name = index < 0 ? 'the input' : graph.layers[index].name;
    expect(
      relativeError(executor.gradient(index), reference.gradient(index)),
      what(`gradient of the output of ${name}`),
    ).toBeLessThan(bound);
  }
  const after = executor.getParams();
  for (const [key, values] of reference.getParams())
    expect(relativeError(after.get(key) ?? [], values), what(key)).toBeLessThan(bound);
  executor.dispose();
}

import { buildGraph } from '../../src/core/model/build';
import type { Graph } from '../../src/core/model/graph';
import { paramKey } from '../../src/core/model/graph';
import type { LayerSpec, ModelSpec } from '../../src/core/model/spec';
import { sizeOf } from '../../src/core/tensor';
import { mix } from '../../src/core/random';

/** Numbers from −1 to 1, the same for the same seed. */
export function randomFloats(count: number, seed: number): Float32Array {
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) values[i] = mix(mix(i + 1) ^ mix(seed + 0x5bd1e995)) / 2 ** 31 - 1;
  return values;
}

export function graphOf(input: [number, number, number], layers: LayerSpec[]): Graph {
  const [height, width, channels] = input;
  return buildGraph({ input: { height, width, channels }, layers } satisfies ModelSpec);
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

const conv = (filters: number, kernel: number, padding: LayerSpec['padding'] = 'valid'): LayerSpec => ({
  kind: 'conv',
  filters,
  kernel,
  padding,
});
const relu: LayerSpec = { kind: 'relu' };
const pool: LayerSpec = { kind: 'maxpool', size: 2 };
const dense = (units: number): LayerSpec => ({ kind: 'dense', units });
const flatten: LayerSpec = { kind: 'flatten' };
const softmax: LayerSpec = { kind: 'softmax' };

/** The networks of the benchmark. */
export const nets: Record<string, { input: [number, number, number]; layers: LayerSpec[] }> = {
  lenet5: {
    input: [28, 28, 1],
    layers: [conv(6, 5, 2), relu, pool, conv(16, 5), relu, pool, flatten, dense(120), relu, dense(84), relu, dense(10), softmax],
  },
  'keras-like': {
    input: [28, 28, 1],
    layers: [conv(30, 3), relu, pool, conv(60, 3, 'same'), relu, pool, flatten, dense(500), relu, dense(10), softmax],
  },
  'cifar-like': {
    input: [32, 32, 3],
    layers: [
      ...[conv(32, 3, 'same'), relu, conv(32, 3), relu, pool],
      ...[conv(64, 3, 'same'), relu, conv(64, 3), relu, pool],
      ...[flatten, dense(512), relu, dense(10), softmax],
    ],
  },
  tiny: {
    input: [28, 28, 3],
    layers: [
      ...[conv(2, 1), relu, pool, conv(3, 3), relu, pool, flatten],
      ...[dense(32), { kind: 'batchnorm' }, relu, dense(6), softmax],
    ],
  },
};

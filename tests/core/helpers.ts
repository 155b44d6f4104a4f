import { buildGraph } from '../../src/core/model/build';
import { paramKey, type Graph } from '../../src/core/model/graph';
import type { LayerSpec, ModelSpec } from '../../src/core/model/spec';
import { Generator } from '../../src/core/random';
import { sizeOf, type FloatArray } from '../../src/core/tensor';

export const small = { height: 5, width: 6, channels: 3 };

export function graphOf(layers: LayerSpec[], input: ModelSpec['input'] = small): Graph {
  return buildGraph({ input, layers });
}

/** Values between −1 and 1, float32, at least 0.01 from zero and from each other up to 60 of them: no kink or tie within a difference quotient. */
export function awayFromKinks(length: number, seed: number): Float32Array {
  const order = new Generator(seed).shuffle(Uint32Array.from({ length }, (_, i) => i));
  return Float32Array.from(order, (place) => ((place + 0.5) / length) * 2 - 1).map(
    (value) => value + (value < 0 ? -0.01 : 0.01),
  );
}

/** Random parameters, none at its constant start; variances between 0.5 and 1.5. */
export function randomParams(graph: Graph, seed: number): Map<string, Float32Array> {
  const generator = new Generator(seed);
  const params = new Map<string, Float32Array>();
  for (const layer of graph.layers) {
    for (const { name, shape } of layer.params) {
      const next = name === 'variance' ? () => 0.5 + generator.uniform() : () => generator.normal() * 0.5;
      params.set(paramKey(layer.name, name), new Float32Array(sizeOf(shape)).map(next));
    }
  }
  return params;
}

export function maxDifference(a: FloatArray, b: FloatArray): number {
  if (a.length !== b.length) return Infinity;
  let most = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = a[i] === b[i] ? 0 : Math.abs(a[i] - b[i]);
    // NaN counts as the largest.
    if (!(difference <= most)) most = difference;
  }
  return most;
}

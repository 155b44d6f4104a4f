import type { ParamSpec } from '../layers/layer';
import { Generator, stream } from '../random';
import { sizeOf } from '../tensor';
import { paramKey, type Graph } from './graph';

export const initializers = ['he', 'glorot', 'normal', 'uniform', 'zeros'] as const;
export type Initializer = (typeof initializers)[number];

/**
 * New initial parameters. Kernels and dense weights take the initializer, the others their constant (biases 0, scales 1
 * …). Each parameter draws from a stream of its own, (seed, layer, parameter), so that changing one layer does not
 * change the others' draws.
 * - `he` (MSRA): normal, standard deviation √(2 ÷ fan in). He et al. 2015.
 * - `glorot` (Xavier): uniform, ±√(6 ÷ (fan in + fan out)). Glorot & Bengio 2010.
 * - `normal`: normal, standard deviation 0.05. `uniform`: uniform, ±0.05. `zeros`: all zero.
 */
export function initParams(graph: Graph, seed: number, initializer: Initializer = 'he'): Map<string, Float32Array> {
  const params = new Map<string, Float32Array>();
  graph.layers.forEach((layer, layerIndex) => {
    layer.params.forEach((param, paramIndex) => {
      const generator = new Generator(seed, stream.initializer, layerIndex, paramIndex);
      params.set(paramKey(layer.name, param.name), freshParam(param, initializer, generator));
    });
  });
  return params;
}

function freshParam(param: ParamSpec, initializer: Initializer, generator: Generator): Float32Array {
  const data = new Float32Array(sizeOf(param.shape));
  if (param.init !== 'weight') return data.fill(param.init);
  const next = sampler(initializer, param, generator);
  return data.map(next);
}

function sampler(initializer: Initializer, { fanIn, fanOut }: ParamSpec, generator: Generator): () => number {
  const uniform = (limit: number) => () => (2 * generator.uniform() - 1) * limit;
  switch (initializer) {
    case 'he':
      return () => generator.normal() * Math.sqrt(2 / fanIn);
    case 'glorot':
      return uniform(Math.sqrt(6 / (fanIn + fanOut)));
    case 'normal':
      return () => generator.normal() * 0.05;
    case 'uniform':
      return uniform(0.05);
    case 'zeros':
      return () => 0;
  }
}

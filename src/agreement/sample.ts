import type { Draw } from '../core/backends/executor';
import { paramKey, type Graph } from '../core/model/graph';
import { sizeOf } from '../core/tensor';
import { Dice } from './dice';

/** Numbers to put through a network. */
export interface Sample {
  readonly n: number;
  readonly training: boolean;
  readonly input: Float32Array;
  readonly draw: Draw;
}

/** He-sized weights; every other parameter near its initial value but never exactly on it. */
export function drawParams(graph: Graph, seed: number): Map<string, Float32Array> {
  const params = new Map<string, Float32Array>();
  const dice = new Dice(seed, 1);
  for (const layer of graph.layers) {
    for (const { name, shape, fanIn } of layer.params) {
      const reach = name === 'weight' ? Math.sqrt(6 / fanIn) : name === 'variance' ? 0.5 : 0.3;
      const middle = name === 'scale' || name === 'variance' ? 1 : 0;
      params.set(paramKey(layer.name, name), dice.floats(sizeOf(shape), middle - reach, middle + reach));
    }
  }
  return params;
}

export function drawSample(graph: Graph, n: number, training: boolean, seed: number): Sample {
  const dice = new Dice(seed, 2, n, training ? 1 : 0);
  const draw = { seed: dice.from(0, 1e6), epoch: dice.from(0, 9), samples: Array.from({ length: n }, (_, i) => i * 3) };
  return { n, training, input: dice.floats(n * sizeOf(graph.inputShape), -1, 1), draw };
}

import type { Graph, ParamSet } from '../../core/model/graph';
import type { FirstFilters } from '../../shared/runs';
import { nodesOf, weightsOf } from '../inspect/core-network';
import { kernelsOf } from '../inspect/kernel-views';

/** Outputs that are shown, at most, and numbers in all: a dense layer on a large picture shows fewer. */
const MOST_OUTPUTS = 64;
const MOST_NUMBERS = 2 ** 18;

/** The first convolution's or dense layer's weights, `[O, I, KH, KW]`, see FirstFilters. Null where there is no such layer. */
export function firstFilters(graph: Graph, params: ParamSet, step: number): FirstFilters | null {
  const index = graph.layers.findIndex(({ traits }) => traits.weights !== null);
  if (index < 0) return null;
  const layer = graph.layers[index];
  const { shape: own } = weightsOf({ graph, params }, index)!.weight;
  const [outputs, ...kernel] = own;
  const size = kernel.reduce((product, side) => product * side, 1);
  const shown = Math.max(1, Math.min(outputs, MOST_OUTPUTS, Math.floor(MOST_NUMBERS / size)));
  const looked = { ...nodesOf(graph), weights: (value: number) => weightsOf({ graph, params }, value) };
  const { shape, data, absMax } = kernelsOf(looked, index, 0, shown);
  // A weight of NaN becomes 0, as typed arrays convert it.
  const bytes = new Int8Array(data.length);
  if (absMax > 0) for (let i = 0; i < bytes.length; i++) bytes[i] = Math.round((127 / absMax) * data[i]);
  return { layer: layer.name, shape, data: bytes, absMax, step };
}

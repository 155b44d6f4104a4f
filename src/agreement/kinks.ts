import { channelsOf } from '../core/geometry';
import { eachWindow } from '../core/kernels/reference/windows';
import { globalmaxpool } from '../core/layers/globalmaxpool';
import { hardsigmoid } from '../core/layers/hardsigmoid';
import { maxpool } from '../core/layers/maxpool';
import { configOf, isOf, type Graph, type GraphLayer } from '../core/model/graph';
import { sizeOf } from '../core/tensor';
import type { Expected } from './difference';

const BENDS_AT_ZERO = new Set(['relu', 'leakyrelu', 'prelu', 'elu', 'selu']);

/** Where an activation function bends, in x. */
function bends(layer: GraphLayer): number[] {
  if (BENDS_AT_ZERO.has(layer.kind)) return [0];
  if (!isOf(layer, hardsigmoid)) return [];
  const { alpha, beta } = configOf(layer, hardsigmoid);
  return [-beta / alpha, (1 - beta) / alpha];
}

/**
 * Layers whose output can be exactly 0 (or exactly equal to another value) by construction, not by chance: because the
 * input was, or because they make it so.
 */
const SETTLED = new Set([
  'relu',
  'leakyrelu',
  'prelu',
  'maxpool',
  'globalmaxpool',
  'dropout',
  'concat',
  'flatten',
  'reshape',
]);

/** Per sample, whether rounding of its input can change the side on which layer `index` decides. */
export function tooNear(graph: Graph, index: number, input: Expected, n: number): boolean[] {
  const layer = graph.layers[index];
  const size = sizeOf(layer.inputShapes[0]);
  const near = (image: number): boolean => {
    const x = input.values.subarray(image * size, (image + 1) * size);
    const settled = isSettled(graph, layer.inputs[0]);
    if (isOf(layer, maxpool) || isOf(layer, globalmaxpool)) return hasTie(layer, x, input.bound, settled);
    const all = bends(layer);
    return all.length > 0 && x.some((value) => all.some((bend) => isNear(value, bend, input.bound, settled)));
  };
  return Array.from({ length: n }, (_, image) => near(image));
}

const isNear = (value: number, bend: number, bound: number, settled: boolean): boolean =>
  Math.abs(value - bend) <= bound && !(settled && value === 0);

/** Whether equal values in this layer's output are equal by construction, in any precision. */
function isSettled(graph: Graph, index: number): boolean {
  return index >= 0 && SETTLED.has(graph.layers[index].kind);
}

/** Whether two cells of one window could both be its largest. Both exactly 0: the gradient dies in the layer that made the zeros. */
function hasTie(
  { name, window, inputShapes: [input], outputShape: output }: GraphLayer,
  x: Float64Array,
  bound: number,
  settled: boolean,
): boolean {
  if (!window) throw new Error(`layer '${name}' has no window`);
  const channels = channelsOf(input);
  let found = false;
  eachWindow({ window, n: 1, input, output }, (_out, _first, cells) => {
    for (let c = 0; c < channels && !found; c++) {
      let [first, second] = [-Infinity, -Infinity];
      for (let i = 0; i < cells.count; i++) {
        const value = x[cells.places[i] * channels + c];
        if (value > first) [first, second] = [value, first];
        else if (value > second) second = value;
      }
      found = first - second <= 2 * bound && !(settled && first === second);
    }
  });
  return found;
}

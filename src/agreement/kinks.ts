import { channelsOf, unravel } from '../core/geometry';
import { eachWindow } from '../core/kernels/reference/windows';
import { globalmaxpool } from '../core/layers/globalmaxpool';
import { hardsigmoid } from '../core/layers/hardsigmoid';
import { hardswish } from '../core/layers/hardswish';
import { maxout } from '../core/layers/maxout';
import { maxpool } from '../core/layers/maxpool';
import { relu6 } from '../core/layers/relu6';
import { spatialpyramid, unitOf } from '../core/layers/spatialpyramid';
import { configOf, isOf, type Graph, type GraphLayer } from '../core/model/graph';
import { sizeOf } from '../core/tensor';
import type { Expected } from './difference';

const BENDS_AT_ZERO = new Set(['relu', 'leakyrelu', 'prelu', 'elu', 'selu', 'rrelu']);

/** Where an activation function bends, in x. */
function bends(layer: GraphLayer): number[] {
  if (BENDS_AT_ZERO.has(layer.kind)) return [0];
  if (isOf(layer, relu6)) return [0, 6];
  if (isOf(layer, hardswish)) return [-3, 3];
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
  'rrelu',
  'relu6',
  'maxpool',
  'globalmaxpool',
  'maxout',
  'spatialpyramid',
  'dropout',
  'concat',
  'zeropadding',
  'cropping',
  'upsample',
  'depthtospace',
  'channelshuffle',
  'channelslice',
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
    if (isOf(layer, maxout) || isOf(layer, spatialpyramid)) return hasTieAmong(rivals(layer), x, input.bound, settled);
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

/** Per unit of a layer that takes a largest value, the places in its input of those that it takes it of. */
function rivals(layer: GraphLayer): number[][] {
  const [input] = layer.inputShapes;
  const channels = channelsOf(input);
  if (isOf(layer, maxout)) {
    const { pieces } = configOf(layer, maxout);
    const own = channels / pieces;
    return Array.from({ length: sizeOf(layer.outputShape) }, (_, unit) => {
      const first = Math.floor(unit / own) * channels + (unit % own);
      return Array.from({ length: pieces }, (_each, piece) => first + piece * own);
    });
  }
  const { levels } = configOf(layer, spatialpyramid);
  return Array.from({ length: sizeOf(layer.outputShape) }, (_, unit) => {
    const { channel } = unitOf(levels, input, unit);
    const { start, end } = layer.reads({ start: [], end: [], first: unit, last: unit }, 0)!;
    const lengths = start.map((from, axis) => end[axis] - from + 1);
    return Array.from({ length: sizeOf(lengths) }, (_each, cell) => {
      const at = unravel(cell, lengths).map((each, axis) => start[axis] + each);
      return at.reduce((index, each, axis) => index * input[axis] + each, 0) * channels + channel;
    });
  });
}

/** Whether two of the places among which a unit takes its largest value could both be it. */
function hasTieAmong(all: readonly number[][], x: Float64Array, bound: number, settled: boolean): boolean {
  return all.some((places) => {
    if (places.length < 2) return false;
    const [second, first] = places
      .map((place) => x[place])
      .sort((a, b) => a - b)
      .slice(-2);
    return first - second <= 2 * bound && !(settled && first === second);
  });
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

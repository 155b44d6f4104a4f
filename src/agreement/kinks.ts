import { asMap } from '../core/geometry';
import { hardsigmoid } from '../core/layers/hardsigmoid';
import { configOf, type Graph, type GraphLayer } from '../core/model/graph';
import { sizeOf } from '../core/tensor';
import type { Expected } from './difference';

/** Where an activation function bends, in x. */
function bends(layer: GraphLayer): number[] {
  const { kind } = layer;
  if (['relu', 'leakyrelu', 'prelu', 'elu', 'selu'].includes(kind)) return [0];
  if (kind !== 'hardsigmoid') return [];
  const { alpha, beta } = configOf(layer, hardsigmoid);
  return [-beta / alpha, (1 - beta) / alpha];
}

/** Layers whose output can be exactly 0 (or exactly equal to another) because the input was, or because they made it so: not by chance. */
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

/** Per sample whether layer `index` decides between two sides that rounding of its input can exchange. */
export function tooNear(graph: Graph, index: number, input: Expected, n: number): boolean[] {
  const layer = graph.layers[index];
  const size = sizeOf(layer.inputShapes[0]);
  const near = (image: number): boolean => {
    const x = input.values.subarray(image * size, (image + 1) * size);
    const settled = isSettled(graph, layer.inputs[0]);
    if (layer.kind === 'maxpool' || layer.kind === 'globalmaxpool') return hasTie(layer, x, input.bound, settled);
    const all = bends(layer);
    return all.length > 0 && x.some((value) => all.some((bend) => isNear(value, bend, input.bound, settled)));
  };
  return Array.from({ length: n }, (_, image) => near(image));
}

const isNear = (value: number, bend: number, bound: number, settled: boolean): boolean =>
  Math.abs(value - bend) <= bound && !(settled && value === 0);

/** Whether equal numbers in this layer's output are equal by the way they came about, in any precision. */
function isSettled(graph: Graph, index: number): boolean {
  return index >= 0 && SETTLED.has(graph.layers[index].kind);
}

/** Whether two cells of one window could both be its largest. Both exactly 0: the gradient dies in the layer that made the zeros. */
function hasTie(layer: GraphLayer, x: Float64Array, bound: number, settled: boolean): boolean {
  if (!layer.window) throw new Error(`layer '${layer.name}' has no window`);
  const [height, width, channels] = asMap(layer.inputShapes[0]);
  const [outHeight, outWidth] = asMap(layer.outputShape);
  const { kernel, stride, dilation, pad } = layer.window;
  for (let oy = 0; oy < outHeight; oy++) {
    for (let ox = 0; ox < outWidth; ox++) {
      for (let c = 0; c < channels; c++) {
        let [first, second] = [-Infinity, -Infinity];
        for (let ky = 0; ky < kernel[0]; ky++) {
          const y = oy * stride[0] - pad[0] + ky * dilation[0];
          if (y < 0 || y >= height) continue;
          for (let kx = 0; kx < kernel[1]; kx++) {
            const column = ox * stride[1] - pad[1] + kx * dilation[1];
            if (column < 0 || column >= width) continue;
            const value = x[(y * width + column) * channels + c];
            if (value > first) [first, second] = [value, first];
            else if (value > second) second = value;
          }
        }
        if (first - second <= 2 * bound && !(settled && first === second)) return true;
      }
    }
  }
  return false;
}

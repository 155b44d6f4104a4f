import { mapSizes } from '../../shared/axes';
import { FailureError } from '../../shared/failures';
import type { Kernels, Result } from '../../shared/protocol';
import { say } from '../../words';
import { makerOf, valueAt, type InspectableNetwork, type NodeWeights } from './network';
import { denseStrides, floats, type Tensor } from './tensor';

/** What kernels are looked at of: weights, and what the node reads. */
export type Weighted = Pick<InspectableNetwork, 'inputs' | 'values' | 'nodes' | 'weights'>;

/** Weights `[O, I, KH, KW]` as they are looked at: one small picture per output and input channel. */
interface View extends Pick<NodeWeights, 'bias'> {
  weight: Tensor;
  /** Channels of the layer before: as many as inputs, or with groups more. */
  channels: number;
  /** First input channel that output `o` reads. */
  start(o: number): number;
}

/** @throws FailureError `internal` for a layer without kernels. */
function viewOf(network: Weighted, value: number): View {
  const node = makerOf(network, value);
  const weights = network.weights(value);
  if (!node || !weights)
    throw new FailureError('internal', {
      reason: say('view.no-kernels', { layer: valueAt(network, value).name, kind: node?.kind ?? '' }),
    });
  const { weight, bias } = weights;
  if (node.traits.weights === 'matrix') {
    const [channels, ...map] = foldedMap(network, node.inputs[0], weight.shape[1]);
    const [outputs] = weight.shape;
    // Features are in the order C, H, W of the map that was flattened.
    const [perOutput, perFeature] = weight.strides;
    const strides = denseStrides([channels, ...map]).map((stride) => stride * perFeature);
    const folded = { ...weight, shape: [outputs, channels, ...map], strides: [perOutput, ...strides] };
    return { weight: folded, bias, channels, start: () => 0 };
  }
  const planar = asPlanes(weight);
  const [outputs, inputs] = planar.shape;
  const { groups } = node.traits;
  const perGroup = outputs / groups;
  return { weight: planar, bias, channels: inputs * groups, start: (o) => Math.floor(o / perGroup) * inputs };
}

/** A kernel of one axis as one row, one of three as slices below each other. */
function asPlanes(weight: Tensor): Tensor {
  const [o, i, ...kernel] = weight.shape;
  const [so, si, ...strides] = weight.strides;
  if (kernel.length === 2) return weight;
  if (kernel.length < 2) {
    const [width = 1] = kernel;
    return { ...weight, shape: [o, i, 1, width], strides: [so, si, 0, strides[0] ?? 0] };
  }
  const width = kernel[kernel.length - 1];
  const height = kernel.slice(0, -1).reduce((a, b) => a * b, 1);
  return {
    ...weight,
    shape: [o, i, height, width],
    strides: [so, si, strides[strides.length - 2], strides[strides.length - 1]],
  };
}

/** Maps, rows and columns of what was flattened into so many features: back through nodes that copy. */
function foldedMap(network: Weighted, from: number, features: number): [number, number, number] {
  let value = from;
  for (let node = makerOf(network, value); node?.traits.copies; node = makerOf(network, value)) [value] = node.inputs;
  const { dims, axes } = valueAt(network, value);
  const sizes = mapSizes(dims ?? [], axes);
  return sizes[0] * sizes[1] * sizes[2] === features ? sizes : [features, 1, 1];
}

/** Copies kernel (o, i), row by row, into `out` at `at`. */
function copyKernel(
  { weight }: View,
  data: ArrayLike<number>,
  o: number,
  i: number,
  out: Float32Array,
  at: number,
): void {
  const [, , height, width] = weight.shape;
  const [so, si, sy, sx] = weight.strides;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) out[at + y * width + x] = data[o * so + i * si + y * sy + x * sx];
}

/** Kernels of the output channels `first` … `first + count − 1`, cut to those that exist. */
export function kernelsOf(network: Weighted, layer: number, first: number, count: number): Kernels {
  const view = viewOf(network, layer);
  const [outputs, inputs, height, width] = view.weight.shape;
  const numbers = floats(view.weight) ?? new Float32Array(0);
  const from = Math.min(first, outputs);
  const shown = Math.min(count, outputs - from);
  const area = height * width;
  const data = new Float32Array(shown * inputs * area);
  for (let o = 0; o < shown; o++) {
    for (let i = 0; i < inputs; i++) copyKernel(view, numbers, from + o, i, data, (o * inputs + i) * area);
  }
  let absMax = 0;
  for (const weight of numbers) if (Math.abs(weight) > absMax) absMax = Math.abs(weight);
  return {
    layer,
    shape: [shown, inputs, height, width],
    first: from,
    data,
    bias: view.bias && view.bias.slice(from, from + shown),
    absMax,
    groupStart: Int32Array.from({ length: shown }, (_, o) => view.start(from + o)),
  };
}

/** Frobenius norm of each kernel, `[O, I]` over all channels of the layer before: 0 where groups keep apart. */
export function kernelNormsOf(network: Weighted, layer: number): Result<'kernelNorms'> {
  const view = viewOf(network, layer);
  const [outputs, inputs, height, width] = view.weight.shape;
  const numbers = floats(view.weight) ?? new Float32Array(0);
  const kernel = new Float32Array(height * width);
  const norms = new Float32Array(outputs * view.channels);
  for (let o = 0; o < outputs; o++) {
    for (let i = 0; i < inputs; i++) {
      copyKernel(view, numbers, o, i, kernel, 0);
      let squares = 0;
      for (const weight of kernel) squares += weight * weight;
      norms[o * view.channels + view.start(o) + i] = Math.sqrt(squares);
    }
  }
  return { outputs, inputs: view.channels, norms };
}

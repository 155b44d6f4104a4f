import { say } from '../../words';
import { asMap } from '../../core/geometry';
import { paramKey, type GraphLayer } from '../../core/model/graph';
import type { Model as WholeModel } from '../../core/model/model';
import { FailureError } from '../../shared/failures';
import type { Kernels, Result } from '../../shared/protocol';

type Model = Pick<WholeModel, 'graph' | 'params'>;

/** Weights `[O, I, KH, KW]` as they are looked at: one small picture per output and input channel. */
interface Weights {
  outputs: number;
  /** Input channels that one output reads: with groups, its group's. */
  inputs: number;
  height: number;
  width: number;
  /** First input channel that output `o` reads. */
  start(o: number): number;
  /** Input channels of the layer before. */
  channels: number;
  /** Copies kernel (o, i), row by row, into `out` at `at`. */
  copy(o: number, i: number, out: Float32Array, at: number): void;
  data: Float32Array;
  bias: Float32Array | null;
}

/** @throws FailureError `internal` for a layer without kernels. */
function weightsOf(model: Model, index: number): Weights {
  const layer = model.graph.layers[index];
  const data = model.params.get(paramKey(layer.name, 'weight'));
  const bias = model.params.get(paramKey(layer.name, 'bias')) ?? null;
  const { weights } = layer.traits;
  if (data && weights === 'kernel') return convWeights(layer, data, bias);
  if (data && weights === 'matrix') return denseWeights(model, layer, data, bias);
  throw new FailureError('internal', { reason: say('view.no-kernels', { layer: layer.name, kind: layer.kind }) });
}

/** From `[O, KH, KW, C ÷ groups]`, a volume's slices below each other. */
function convWeights(layer: GraphLayer, data: Float32Array, bias: Float32Array | null): Weights {
  const [outputs, ...kernel] = layer.params[0].shape;
  const [height, width, inputs] = asMap(kernel);
  const channels = asMap(layer.inputShapes[0])[2];
  const perGroup = outputs / (channels / inputs);
  return {
    outputs,
    inputs,
    height,
    width,
    channels,
    start: (o) => Math.floor(o / perGroup) * inputs,
    copy(o, i, out, at) {
      const first = o * height * width * inputs + i;
      for (let k = 0; k < height * width; k++) out[at + k] = data[first + k * inputs];
    },
    data,
    bias,
  };
}

/** From `[O, I]`, folded back to the shape of the map that was flattened, whose order is C, H, W. */
function denseWeights(model: Model, layer: GraphLayer, data: Float32Array, bias: Float32Array | null): Weights {
  const [outputs, features] = layer.params[0].shape;
  let source = layer.inputs[0];
  const copies = ({ traits }: GraphLayer): boolean => traits.copies;
  while (source >= 0 && copies(model.graph.layers[source])) source = model.graph.layers[source].inputs[0];
  const [height, width, channels] = asMap(source < 0 ? model.graph.inputShape : model.graph.layers[source].outputShape);
  const area = height * width;
  return {
    outputs,
    inputs: channels,
    height,
    width,
    channels,
    start: () => 0,
    copy: (o, i, out, at) => out.set(data.subarray(o * features + i * area, o * features + (i + 1) * area), at),
    data,
    bias,
  };
}

/** Kernels of the output channels `first` … `first + count − 1`, cut to those that exist. */
export function kernelsOf(model: Model, layer: number, first: number, count: number): Kernels {
  const weights = weightsOf(model, layer);
  const { outputs, inputs, height, width } = weights;
  const from = Math.min(first, outputs);
  const shown = Math.min(count, outputs - from);
  const area = height * width;
  const data = new Float32Array(shown * inputs * area);
  for (let o = 0; o < shown; o++) {
    for (let i = 0; i < inputs; i++) weights.copy(from + o, i, data, (o * inputs + i) * area);
  }
  let absMax = 0;
  for (const weight of weights.data) if (Math.abs(weight) > absMax) absMax = Math.abs(weight);
  return {
    layer,
    shape: [shown, inputs, height, width],
    first: from,
    data,
    bias: weights.bias && weights.bias.slice(from, from + shown),
    absMax,
    groupStart: Int32Array.from({ length: shown }, (_, o) => weights.start(from + o)),
  };
}

/** Frobenius norm of each kernel, `[O, I]` over all channels of the layer before: 0 where groups keep apart. */
export function kernelNormsOf(model: Model, layer: number): Result<'kernelNorms'> {
  const weights = weightsOf(model, layer);
  const { outputs, inputs, channels } = weights;
  const kernel = new Float32Array(weights.height * weights.width);
  const norms = new Float32Array(outputs * channels);
  for (let o = 0; o < outputs; o++) {
    for (let i = 0; i < inputs; i++) {
      weights.copy(o, i, kernel, 0);
      let squares = 0;
      for (const weight of kernel) squares += weight * weight;
      norms[o * channels + weights.start(o) + i] = Math.sqrt(squares);
    }
  }
  return { outputs, inputs: channels, norms };
}

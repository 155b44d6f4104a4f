import type { Executor } from '../core/backends/executor';
import { buildGraph } from '../core/model/build';
import { paramKey, type Graph } from '../core/model/graph';
import { INPUT, type LayerSpec, type ModelSpec } from '../core/model/spec';
import type { Reduction } from '../core/train/losses';
import { sizeOf, type FeatureShape } from '../core/tensor';

export interface LossCall {
  /** `[rows, classes]`. */
  x: Float32Array;
  labels: readonly number[];
  rows: number;
  classes: number;
  weights: Float32Array | null;
  ignoreIndex: number | undefined;
  reduction: Reduction;
}

/** One update of one parameter, in place, as ONNX's training operators have it: `decay` is their norm_coefficient. */
export interface UpdateCall {
  w: Float32Array;
  g: Float32Array;
  slots: Float32Array[];
  rate: number;
  decay: number;
}

/** The core under test: the reference or the WASM kernels. */
export interface Core {
  readonly name: string;
  executor(graph: Graph, maxBatch: number): Executor | Promise<Executor>;
  /** The loss, one value or (without reduction) one a row. */
  softmaxCrossEntropy(call: LossCall): Float64Array;
  negativeLogLikelihood(call: LossCall): Float64Array;
  adam(call: UpdateCall, step: number, settings: { beta1: number; beta2: number; epsilon: number }): void;
  adagrad(call: UpdateCall, settings: { epsilon: number }): void;
  momentum(call: UpdateCall, settings: { momentum: number; nesterov: boolean; share: number }): void;
}

export interface Run {
  layers: LayerSpec[];
  /** By `layer.param`, canonical layout. */
  params?: ReadonlyMap<string, Float32Array>;
  training?: boolean;
}

export interface RunResult {
  output: Float32Array;
  feature: FeatureShape;
  params: Map<string, Float32Array>;
}

/**
 * Runs layers on `n` samples through an executor of the core, as a model runs. Flat features come in as a map of
 * one place, for a model's input is an image, and a flatten layer that changes nothing.
 */
export async function runLayers(
  core: Core,
  input: Float32Array,
  n: number,
  feature: FeatureShape,
  run: Run,
): Promise<RunResult> {
  const graph = buildGraph(modelOf(feature, run.layers));
  const executor = await core.executor(graph, n);
  try {
    await executor.setParams(run.params ?? new Map());
    const samples = Array.from({ length: n }, (_, i) => i);
    await executor.forward(input, n, run.training ?? false, { seed: 1, epoch: 0, samples });
    const last = graph.layers.length - 1;
    return {
      output: await executor.activation(last),
      feature: graph.layers[last].outputShape,
      params: await executor.getParams(),
    };
  } finally {
    executor.dispose();
  }
}

/**
 * More channels than a model's input may have are placed side by side as columns instead; for a flatten layer that is
 * the same.
 */
const MOST_CHANNELS = 4096;

function modelOf(feature: FeatureShape, layers: LayerSpec[]): ModelSpec {
  if (feature.length === 2) return { input: { length: feature[0], channels: feature[1] }, layers };
  if (feature.length === 3) {
    const [height, width, channels] = feature;
    return { input: { height, width, channels }, layers };
  }
  if (feature.length === 4) {
    const [depth, height, width, channels] = feature;
    return { input: { depth, height, width, channels }, layers };
  }
  const [size] = feature;
  const input =
    size <= MOST_CHANNELS ? { height: 1, width: 1, channels: size } : { height: 1, width: size, channels: 1 };
  return { input, layers: [{ kind: 'flatten', name: 'flat', inputs: [INPUT] }, ...layers] };
}

/** The layer under test is called `it`. */
export const IT = 'it';

/** Parameters of the layer `it`. */
export function paramsOfIt(params: Record<string, Float32Array | null>): Map<string, Float32Array> {
  const given = Object.entries(params).filter((entry): entry is [string, Float32Array] => entry[1] !== null);
  return new Map(given.map(([name, data]) => [paramKey(IT, name), data]));
}

/** One input of a layer that joins: its own height and width, or 1 where it is repeated. */
export interface Part {
  data: Float32Array;
  feature: FeatureShape;
}

/**
 * Runs a layer that joins several inputs. A model has one input, so all lie in it side by side as channels (repeated over the
 * map where they are smaller) and are taken apart again by 1 × 1 convolutions with ones and zeros, and by max pooling where
 * they were repeated: exact, for finite numbers.
 */
export async function runJoin(core: Core, kind: string, parts: readonly Part[], n: number): Promise<RunResult> {
  const height = Math.max(...parts.map(({ feature }) => feature[0]));
  const width = Math.max(...parts.map(({ feature }) => feature[1]));
  const total = parts.reduce((sum, { feature }) => sum + feature[2], 0);
  const input = new Float32Array(n * height * width * total);
  const layers: LayerSpec[] = [];
  const params = new Map<string, Float32Array>();
  let first = 0;
  parts.forEach((part, index) => {
    const [ownHeight, ownWidth, channels] = part.feature;
    for (let place = 0; place < n * height * width; place++) {
      const x = ownWidth === 1 ? 0 : place % width;
      const y = ownHeight === 1 ? 0 : Math.floor(place / width) % height;
      const own = ((Math.floor(place / (width * height)) * ownHeight + y) * ownWidth + x) * channels;
      for (let c = 0; c < channels; c++) input[place * total + first + c] = part.data[own + c];
    }
    const weight = new Float32Array(channels * total);
    for (let c = 0; c < channels; c++) weight[c * total + first + c] = 1;
    params.set(paramKey(`part${index}`, 'weight'), weight);
    layers.push({ kind: 'conv', name: `part${index}`, inputs: [INPUT], filters: channels, kernel: 1, bias: false });
    if (ownHeight !== height || ownWidth !== width) {
      const size = [height / ownHeight, width / ownWidth];
      layers.push({ kind: 'maxpool', name: `small${index}`, inputs: [`part${index}`], size });
    }
    first += channels;
  });
  const inputs = parts.map(
    (_, index) => (layers.some(({ name }) => name === `small${index}`) ? 'small' : 'part') + index,
  );
  layers.push({ kind, name: IT, inputs });
  return runLayers(core, input, n, [height, width, total], { layers, params });
}

/** Whether there is anything to run: a model does not take empty samples. */
export const isEmpty = (shape: readonly number[]): boolean => sizeOf(shape) === 0;

import { asMap, spatialOf } from '../../core/geometry';
import type { Explanation, ExplanationBody, Quantized } from '../../core/explain/types';
import type { ExplainInput, LayerDefinition } from '../../core/layers/layer';
import { registry } from '../../core/layers/registry';
import { Settings } from '../../core/layers/settings';
import { settingsOf } from '../../core/model/build';
import { paramKey } from '../../core/model/graph';
import type { GraphNode } from '../../core/onnx-graph/network';
import { takeNode } from '../../core/onnx-graph/take-in/take-in';
import { Obstacle, Taking } from '../../core/onnx-graph/take-in/taking';
import { constantOf, featuresOf, placesOf, type Features, type Held } from '../../core/onnx-graph/take-in/values';
import { valueOfTensor } from '../../core/onnx/tensor-data';
import { sizeOf, type FeatureShape } from '../../core/tensor';
import type { Unit } from '../inspect/network';
import type { Tensor } from '../inspect/tensor';
import { explainBlocks } from './explain-blocks';
import { explainDynamic } from './explain-dynamic';
import { explainFunction } from './explain-function';
import { explainMove } from './explain-move';
import { explainQuantized } from './explain-quantized';
import { explainReduction } from './explain-reduce';
import { explainResize } from './explain-resize';
import { numberAt, numbersIn, type NodeInput } from './node-input';
import { indexOf, unitOf } from './units';

type Told = { value: number; body: ExplanationBody };

/** A value of one sample, as a layer of ours would have it. */
interface Source {
  features: Features;
  input: NodeInput;
  values: Float32Array;
}

/**
 * How one number of a node's output came about, recomputed in doubles by the layer that the node would be taken in as, from what it read.
 * @param output which of the node's outputs, and its tensor. @returns null where no layer of ours computes the operator.
 */
export function explainNode(
  node: GraphNode,
  opset: number,
  inputs: readonly (NodeInput | null)[],
  output: { at: number; value: number; tensor: Tensor },
  unit: Unit,
): Explanation | null {
  const index = indexOf(output.tensor, unit);
  if (!index) return null;
  const shown = numberAt(output.tensor, index);
  const plain = (own: GraphNode, version: number, read: readonly (NodeInput | null)[]): Told | null =>
    explainFunction(own, version, read, index) ??
    explainMove(own, version, read, { at: output.at, shape: output.tensor.shape }, index) ??
    explainLayer(own, version, read, output, index) ??
    explainReduction(own, version, read, index) ??
    explainResize(own, version, read, output.tensor.shape, index);
  const told: (Told & { quantized?: Quantized }) | null =
    explainQuantized(node, opset, inputs, output.tensor, index, plain) ??
    explainDynamic(node, inputs, output.at, index) ??
    explainBlocks(node, inputs, index) ??
    plain(node, opset, inputs);
  if (!told) return null;
  const { value: recomputed, body, quantized } = told;
  const difference = shown === recomputed ? 0 : shown - recomputed;
  const receptiveField = { top: 0, left: 0, bottom: -1, right: -1, height: 0, width: 0 };
  return {
    layer: output.value,
    ...unit,
    shown,
    recomputed,
    difference,
    receptiveField,
    body,
    ...(quantized && { quantized }),
  };
}

function explainLayer(
  node: GraphNode,
  opset: number,
  inputs: readonly (NodeInput | null)[],
  output: { at: number; tensor: Tensor },
  index: readonly number[],
): Told | null {
  const batch = output.tensor.shape[0] ?? 1;
  const [sample, ...rest] = index;
  const taking = new Taking(opset, batch);
  const held = new Map<string, Held>();
  const sources = new Map<string, Source>();
  for (const input of inputs) {
    if (!input || held.has(input.name)) continue;
    if (input.constant) {
      held.set(input.name, constantOf(input.tensor.shape, numbersIn(input.tensor), input.tensor.type));
      continue;
    }
    const source = sourceOf(input, `x${sources.size}`, sample);
    if (!source || input.tensor.shape[0] !== batch) return null;
    sources.set(source.features.layer, source);
    held.set(input.name, source.features);
  }
  const found = takeNode(node, taking, held, valueOfTensor);
  if (found instanceof Obstacle) return null;
  const made = found[output.at];
  if (made?.is !== 'features' || made.pad) return null;
  const flat = rest.reduce((sum, at, axis) => sum * output.tensor.shape[axis + 1] + at, 0);
  const place = placesOf(made)[flat];
  const unit = unitAt(made.shape, place);
  const [layer, ...others] = taking.layers;
  if (others.length > 0 || layer?.name !== made.layer) return null;
  const read = layer.inputs.map((name) => sources.get(name)!);
  const definition = registry.get(layer.kind) as LayerDefinition;
  const shapes = read.map(({ features }) => features.shape);
  const { name } = layer;
  const config = definition.parse(new Settings(settingsOf(layer), name, spatialOf(shapes[0]).length || 2), name);
  const told = definition.explain(config, {
    inputs: read.map(({ features: { shape }, values }, i): ExplainInput => ({
      layer: i,
      shape,
      values,
      origin: { layer: i, shape },
    })),
    outputShape: made.shape,
    params: definition.params(config, shapes).map((param) => taking.params.get(paramKey(name, param.name))!),
    ...unit,
  });
  return { value: told.value, body: translated(told.body, read, sample) };
}

const known = new WeakMap<Tensor, Map<number, Float32Array>>();

/** One sample of a value, channels last; null for what has no batch, or no numbers. */
function sourceOf(input: NodeInput, layer: string, sample: number): Source | null {
  const { tensor } = input;
  const { shape, type } = tensor;
  if (type === 'string' || input.value === null || shape.length < 2 || shape.length > 5) return null;
  const [batch, channels, ...spatial] = shape;
  const features = featuresOf(layer, [...spatial, channels], batch);
  // Explaining one unit after another reads the same tensor each time.
  let samples = known.get(tensor);
  if (!samples) known.set(tensor, (samples = new Map()));
  let values = samples.get(sample);
  if (!values) samples.set(sample, (values = channelsLast(tensor, sample)));
  return { features, input, values };
}

function channelsLast(tensor: Tensor, sample: number): Float32Array {
  const { shape, strides } = tensor;
  const numbers = numbersIn(tensor);
  const [, channels, ...spatial] = shape;
  const values = new Float32Array(channels * spatial.reduce((product, size) => product * size, 1));
  const at = spatial.map(() => 0);
  let place = sample * strides[0];
  for (let to = 0; to < values.length; to += channels) {
    for (let c = 0; c < channels; c++) values[to + c] = numbers[place + c * strides[1]];
    for (let axis = at.length - 1; axis >= 0; axis--) {
      place += strides[axis + 2];
      if (++at[axis] < spatial[axis]) break;
      place -= strides[axis + 2] * spatial[axis];
      at[axis] = 0;
    }
  }
  return values;
}

/** Channel, row and column in `asMap` of a number of one sample, channels last. */
function unitAt(shape: FeatureShape, place: number): Unit {
  const [, width, channels] = asMap(shape);
  const cell = Math.floor(place / channels);
  return { channel: place % channels, y: Math.floor(cell / width), x: cell % width };
}

/** A unit of a source as the file's tensor is looked at. */
function inFile({ features: { shape }, input: { tensor } }: Source, sample: number, { channel, y, x }: Unit): Unit {
  const width = asMap(shape)[1];
  let left = y * width + x;
  const spatial = spatialOf(shape).map(() => 0);
  for (let axis = spatial.length - 1; axis >= 0; axis--) {
    spatial[axis] = left % shape[axis];
    left = Math.floor(left / shape[axis]);
  }
  return unitOf(tensor, [sample, channel, ...spatial]);
}

/** Whether a source is looked at as a map of ours is. */
const alike = (source: Source, sample: number): boolean => {
  const { shape } = source.features;
  const last = unitAt(shape, sizeOf(shape) - 1);
  const found = inFile(source, sample, last);
  return found.channel === last.channel && found.y === last.y && found.x === last.x;
};

/** The body by the file's values; a window over what is not looked at as maps is told as a sum of its terms. */
function translated(body: ExplanationBody, read: readonly Source[], sample: number): ExplanationBody {
  const valueOf = (layer: number): number => read[layer].input.value!;
  if (body.kind === 'join')
    return { ...body, sources: body.sources.map(({ layer, value }) => ({ layer: valueOf(layer), value })) };
  const source = read[body.source];
  const moved = { source: valueOf(body.source) };
  const file = (unit: Unit): Unit => inFile(source, sample, unit);
  switch (body.kind) {
    case 'copy':
      return { ...body, ...moved, ...file(body) };
    case 'sum': {
      const largest = body.largest.map((term) => ({ ...term, ...file(term) }));
      if (!alike(source, sample)) return { ...body, ...moved, window: null, planes: null, largest };
      return { ...body, ...moved, window: body.window && { ...body.window, ...moved } };
    }
    case 'pick':
      if (alike(source, sample)) return { ...body, ...moved, window: { ...body.window, ...moved } };
      return { kind: 'copy', ...moved, ...file({ channel: body.plane.channel, ...body.winner }) };
    case 'mean': {
      if (alike(source, sample)) return { ...body, ...moved, window: { ...body.window, ...moved } };
      const { plane, window, divisor } = body;
      const terms = Array.from(plane.values, (value, i) => {
        const y = window.top + Math.floor(i / window.width) * window.dilation[0];
        const x = window.left + (i % window.width) * window.dilation[1];
        return { value, weight: 1 / divisor, product: value / divisor, unit: { channel: plane.channel, y, x } };
      }).filter((_, i) => plane.inside[i] === 1);
      const positive = terms.reduce((sum, { product }) => sum + Math.max(0, product), 0);
      const negative = terms.reduce((sum, { product }) => sum + Math.min(0, product), 0);
      const shown = [...terms].sort((a, b) => Math.abs(b.product) - Math.abs(a.product)).slice(0, 32);
      const rest = positive + negative - shown.reduce((sum, { product }) => sum + product, 0);
      const largest = shown.map(({ unit, ...term }) => ({ ...term, ...file(unit) }));
      return {
        kind: 'sum',
        ...moved,
        window: null,
        planes: null,
        bias: 0,
        terms: terms.length,
        largest,
        positive,
        negative,
        rest,
      };
    }
    default:
      return { ...body, ...moved };
  }
}

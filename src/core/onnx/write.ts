import type { OnnxNodeSpec } from '../layers/layer';
import { type Graph, type GraphLayer, type ParamSet, paramKey } from '../model/graph';
import type { Model } from '../model/model';
import { INPUT } from '../model/spec';
import { channelsFirst } from '../tensor';
import { digestsEntry } from './digests';
import { encodeModel, floatTensor, integerTensor } from './encode';
import { encodeMetadata } from './metadata';
import {
  ElementType,
  type OnnxAttribute,
  type OnnxGraph,
  type OnnxModel,
  type OnnxNode,
  type OnnxValue,
} from './proto';

/** The file's `producer_name`. */
export const PRODUCER = 'convscope';
/** The operator set of a file for which none was chosen. */
export const OPSET = 17;
/** Those that can be chosen: the newest is the newest that onnxruntime 1.30 runs. */
export const OLDEST_OPSET = 13;
export const NEWEST_OPSET = 26;

/** The IR version that came with an operator set, or an older one that may go with it. */
const irVersionOf = (opset: number): number => (opset <= 18 ? 8 : opset <= 20 ? 9 : 10);

export interface WriteOptions {
  /** Whether every layer's output is an output of the graph, after the last layer's: for comparing layer by layer. */
  allOutputs?: boolean;
  /** The operator set, for `writeModel`: OPSET. */
  opset?: number;
}

/**
 * The model as an ONNX file: standard operators, input `input` of `[N, C, H, W]` with a symbolic batch, the
 * last layer's output as first output. Values carry the layers' names, initializers are named `layer.param`; what ONNX
 * has no place for is in the metadata. The same model gives the same bytes: no clock, host or path goes in.
 */
export function writeModel(model: Model, options: WriteOptions = {}): Uint8Array {
  const { opset = OPSET } = options;
  const graph = onnxGraph(model.graph, model.params, options);
  return encodeModel(fileOf(graph, encodeMetadata(model.graph.spec, model.metadata), opset));
}

/** A file of ours with this graph and these entries, and their digests. */
export function fileOf(graph: OnnxGraph, metadata: [key: string, value: string][], opset: number): OnnxModel {
  const head = headOf(opset);
  return { ...head, metadata: [digestsEntry({ ...head, metadata, graph }), ...metadata], graph };
}

/** What a file of ours says of itself outside its graph and its metadata. */
export const headOf = (opset: number): Omit<OnnxModel, 'graph' | 'metadata'> => ({
  irVersion: irVersionOf(opset),
  producerName: PRODUCER,
  producerVersion: '',
  opsets: [{ domain: '', version: opset }],
});

/** The graph of the file, from each layer's ONNX nodes. */
export function onnxGraph(graph: Graph, params: ParamSet, options: WriteOptions = {}): OnnxGraph {
  const last = graph.layers[graph.layers.length - 1];
  const others = graph.layers.slice(0, -1).map(layerValue);
  const onnx: OnnxGraph = {
    name: PRODUCER,
    nodes: [],
    initializers: [],
    inputs: [floatValue(INPUT, ['N', ...channelsFirst(graph.inputShape)])],
    outputs: [layerValue(last), ...(options.allOutputs ? others : [])],
    valueInfo: options.allOutputs ? [] : others,
  };
  for (const layer of graph.layers) addLayer(onnx, graph, layer, params);
  checkNames(onnx);
  return onnx;
}

function addLayer(onnx: OnnxGraph, graph: Graph, layer: GraphLayer, params: ParamSet): void {
  const { name } = layer;
  const nodes = layer.toOnnx({
    name,
    inputs: layer.inputs.map((index) => (index < 0 ? INPUT : graph.layers[index].name)),
    params: layer.params.map((param) => {
      const data = params.get(paramKey(name, param.name));
      if (!data) throw new Error(`parameter '${paramKey(name, param.name)}': found nothing, expected its values`);
      return data;
    }),
    initializer(param, shape, data) {
      const key = paramKey(name, param);
      onnx.initializers.push(floatTensor(key, shape, data));
      return key;
    },
    integers(param, data) {
      const key = paramKey(name, param);
      onnx.initializers.push(integerTensor(key, data));
      return key;
    },
  });
  onnx.nodes.push(...nodes.map((node, place) => nodeOf(node, nodes.length === 1 ? name : `${name}/${place}`)));
}

/** Attributes that are always floats: a JavaScript 1 does not say whether it is 1.0. */
const FLOAT_ATTRIBUTES = new Set(['alpha', 'beta', 'bias', 'cubic_coeff_a', 'epsilon', 'gamma', 'momentum', 'ratio']);

/** A node of this name. */
export function nodeOf(spec: OnnxNodeSpec, name: string): OnnxNode {
  const attributes = Object.entries(spec.attributes ?? {}).map(([attribute, value]): OnnxAttribute => {
    if (typeof value === 'string') return { name: attribute, type: 'string', value };
    if (typeof value === 'number') {
      return { name: attribute, type: FLOAT_ATTRIBUTES.has(attribute) ? 'float' : 'int', value };
    }
    return { name: attribute, type: 'ints', value };
  });
  return { name, opType: spec.opType, domain: '', inputs: spec.inputs, outputs: spec.outputs, attributes };
}

/** A layer's output as the graph declares it. */
export const layerValue = (layer: GraphLayer): OnnxValue =>
  floatValue(layer.name, ['N', ...channelsFirst(layer.outputShape)]);

/** A float32 value as a graph declares it. */
export function floatValue(name: string, dims: (number | string)[]): OnnxValue {
  return { name, elementType: ElementType.float32, dims };
}

/** ONNX requires unique names of values and nodes; a layer named `conv1.weight` would break that. */
function checkNames(onnx: OnnxGraph): void {
  const names = [
    INPUT,
    ...onnx.initializers.map((tensor) => tensor.name),
    ...onnx.nodes.flatMap((node) => node.outputs),
  ];
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) throw new Error(`value '${name}': found twice in the graph, expected once`);
    seen.add(name);
  }
}

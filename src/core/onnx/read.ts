import { reasonOf, say, type Message, type Value } from '../../words';
import { asMap } from '../geometry';
import { toChannelsLast } from '../layers/layout';
import { buildGraph } from '../model/build';
import { paramKey, type Graph, type GraphLayer } from '../model/graph';
import type { Model } from '../model/model';
import { SpecError, type ModelSpec } from '../model/spec';
import { sameBytes, sizeOf } from '../tensor';
import { decodeModel } from './decode';
import { oneLine, OnnxError } from './error';
import { KEYS, decodeMetadata, parseEntry } from './metadata';
import { elementTypeName, ElementType, type OnnxGraph, type OnnxModel, type OnnxNode, type OnnxTensor } from './proto';
import { NEWEST_OPSET, OLDEST_OPSET, onnxGraph, PRODUCER } from './write';

/**
 * Limits on the memory that a file can require: its bytes (reading needs about three times as much) and the values of
 * one sample.
 */
const MAX_FILE = 256 * 2 ** 20;
const MAX_ACTIVATIONS = 64 * 2 ** 20;

/**
 * Reads a file written by Convscope. Redundant information must agree: the weights' shapes with the spec in the
 * metadata, and the nodes with what the spec's layers would write.
 *
 * @throws OnnxError, and nothing else, for any bytes.
 */
export function readModel(bytes: Uint8Array): Model {
  try {
    return read(bytes);
  } catch (error) {
    if (error instanceof OnnxError) throw error;
    // A file can state lengths beyond what an array or a text can hold.
    const reason = reasonOf(error);
    throw new OnnxError(
      'invalid',
      error instanceof RangeError ? say('onnx.beyond', { reason }) : say('onnx.unread', { reason }),
    );
  }
}

function read(bytes: Uint8Array): Model {
  if (bytes.length > MAX_FILE)
    throw new OnnxError('invalid', say('onnx.size', { size: bytes.length, limit: MAX_FILE }));
  const file = decodeModel(bytes);
  const entries = new Map(file.metadata);
  if (!isOurs(file)) throw new OnnxError('foreign', say('onnx.foreign'), producer(file));
  if (entries.size !== file.metadata.length) throw new OnnxError('invalid', say('onnx.metadata-twice'));
  const graph = graphOf(parseEntry(entries, KEYS.spec));
  const outputShape = graph.layers[graph.layers.length - 1].outputShape;
  const [expectedHeight, expectedWidth, channels] = asMap(graph.inputShape);
  const metadata = decodeMetadata(entries, channels, sizeOf(outputShape));
  const { height, width } = metadata.preprocessing;
  if (height !== expectedHeight || width !== expectedWidth) {
    const reason = say('onnx.metadata-field', {
      key: KEYS.preprocessing,
      field: say('onnx.height-and-width'),
      found: say('onnx.pixels', { height, width }),
      expected: say('onnx.pixels-expected', { height: expectedHeight, width: expectedWidth }),
    });
    throw new OnnxError('invalid', reason);
  }
  const opset = file.opsets.find(({ domain }) => domain === '')?.version;
  if (opset === undefined || !(opset >= OLDEST_OPSET && opset <= NEWEST_OPSET)) {
    const expected = say('export.from-to', { from: OLDEST_OPSET, to: NEWEST_OPSET });
    throw new OnnxError('invalid', say('onnx.opset', { found: opset ?? say('onnx.nothing'), expected }));
  }
  const params = paramsOf(graph, file.graph);
  compareGraphs(file.graph, onnxGraph(graph, params));
  return { graph, params, metadata };
}

/** Whether Convscope wrote a file, as far as it says so itself. */
export const isOurs = ({ producerName, metadata }: OnnxModel): boolean =>
  producerName === PRODUCER && metadata.some(([key]) => key === KEYS.spec);

function producer(file: OnnxModel): Value {
  // The name is ours: another program has rewritten the file since.
  if (file.producerName === PRODUCER) return say('onnx.stripped', { key: KEYS.spec });
  return oneLine(`${file.producerName} ${file.producerVersion}`).trim() || say('onnx.unnamed');
}

function graphOf(spec: unknown): Graph {
  let graph: Graph;
  try {
    graph = buildGraph(spec as ModelSpec);
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    throw new OnnxError('invalid', say('onnx.metadata', { key: KEYS.spec, reason: reasonOf(error) }));
  }
  let activations = sizeOf(graph.inputShape);
  for (const layer of graph.layers) {
    activations += sizeOf(layer.outputShape);
    // Written so that NaN and Infinity, from absurd sizes, fail too.
    if (!(activations <= MAX_ACTIVATIONS)) {
      const values = { name: layer.name, size: activations, limit: MAX_ACTIVATIONS };
      throw new OnnxError('invalid', say('onnx.feature-maps', values));
    }
  }
  return graph;
}

/** The weights in canonical layout, allocated only after checking that the bytes exist. */
function paramsOf(graph: Graph, file: OnnxGraph): Map<string, Float32Array> {
  const tensors = new Map(file.initializers.map((tensor) => [tensor.name, tensor]));
  if (tensors.size !== file.initializers.length) {
    throw new OnnxError('invalid', say('onnx.initializer-twice'));
  }
  const params = new Map<string, Float32Array>();
  for (const layer of graph.layers) {
    for (const param of layer.params) {
      const key = paramKey(layer.name, param.name);
      const { inFile } = layer.definition;
      const size = inFile?.size?.(layer.config, param.name, layer.inputShapes) ?? sizeOf(param.shape);
      const data = floatsOf(tensors.get(key), key, size);
      const own = inFile?.read(layer.config, param.name, data, layer.inputShapes);
      params.set(key, own ?? fromOnnxLayout(layer, param.shape, data));
    }
  }
  return params;
}

/** A parameter from ONNX's layout, which is PyTorch's too: kernels are `[O, H, W, C]` inside, per-unit slopes `[H, W, C]`; matrices and vectors are the same in both. */
export function fromOnnxLayout({ traits }: GraphLayer, shape: readonly number[], data: Float32Array): Float32Array {
  if (shape.length === 1 || traits.weights === 'matrix') return data;
  if (traits.weights === 'kernel') return toChannelsLast(data, shape[0], shape.slice(1));
  return toChannelsLast(data, 1, shape);
}

function floatsOf(tensor: OnnxTensor | undefined, key: string, size: number): Float32Array {
  const fail = (found: Value, expected: Value): OnnxError => {
    return new OnnxError('invalid', say('onnx.tensor', { name: key, found, expected }));
  };
  if (!tensor) throw fail(say('onnx.nothing'), say('onnx.floats-expected', { count: size }));
  if (tensor.elementType !== ElementType.float32) throw fail(elementTypeName(tensor.elementType), 'float32');
  if (tensor.external || !tensor.raw) throw fail(say('onnx.no-raw'), say('onnx.raw-expected', { size: size * 4 }));
  const dims = tensor.dims.join(', ');
  if (sizeOf(tensor.dims) !== size) {
    throw fail(say('onnx.shape', { dims }), say('onnx.values-expected', { count: size }));
  }
  if (tensor.raw.length !== size * 4) {
    throw fail(say('onnx.bytes', { size: tensor.raw.length }), say('onnx.bytes-expected', { size: size * 4, dims }));
  }
  const data = new Float32Array(size);
  new Uint8Array(data.buffer).set(tensor.raw);
  return data;
}

/** The file's graph must be the one that the spec's layers write; outputs of single layers may be added. */
function compareGraphs(found: OnnxGraph, expected: OnnxGraph): void {
  const check = (place: Message, a: unknown, b: unknown): void => {
    const [left, right] = [JSON.stringify(a), JSON.stringify(b)] as (string | undefined)[];
    if (left === right) return;
    const nothing = say('onnx.nothing');
    throw new OnnxError('invalid', say('onnx.differs', { place, found: left ?? nothing, expected: right ?? nothing }));
  };
  check(say('onnx.inputs'), found.inputs, expected.inputs);
  check(say('onnx.first-output'), found.outputs[0], expected.outputs[0]);
  const known = new Map([...expected.outputs, ...expected.valueInfo].map((value) => [value.name, value]));
  for (const value of [...found.outputs, ...found.valueInfo]) {
    check(say('onnx.value', { name: value.name }), value, known.get(value.name) ?? null);
  }
  check(say('onnx.node-count'), found.nodes.length, expected.nodes.length);
  expected.nodes.forEach((node, i) => {
    const [left, right] = [partsOf(found.nodes[i]), partsOf(node)];
    for (const part of new Set([...left.keys(), ...right.keys()]))
      check(say('onnx.node-part', { name: node.name, part }), left.get(part), right.get(part));
    // Attributes in another order, or one of them twice.
    check(say('onnx.node', { name: node.name }), attributeNames(found.nodes[i]), attributeNames(node));
  });
  check(say('onnx.initializer-count'), found.initializers.length, expected.initializers.length);
  expected.initializers.forEach((tensor, i) => {
    const { name } = tensor;
    const other = found.initializers[i];
    check(say('onnx.initializer', { index: i }), other.name, name);
    check(say('onnx.tensor-shape', { name }), other.dims, tensor.dims);
    check(say('onnx.tensor-type', { name }), elementTypeName(other.elementType), elementTypeName(tensor.elementType));
    if (!other.raw || !tensor.raw || !sameBytes(other.raw, tensor.raw)) {
      throw new OnnxError('invalid', say('onnx.tensor-values', { name }));
    }
  });
}

/** A node's attributes by ONNX's names, as they read after a round trip: floats at the file's precision. */
function partsOf({ name, opType, domain, inputs, outputs, attributes }: OnnxNode): Map<string, unknown> {
  return new Map<string, unknown>([
    ['name', name],
    ['op_type', opType],
    ['domain', domain],
    ['input', inputs],
    ['output', outputs],
    ...attributes.map(({ name, type, value }): [string, unknown] => [
      `attribute ${name}`,
      { type, value: type === 'float' ? Math.fround(value) : value },
    ]),
  ]);
}

const attributeNames = ({ attributes }: OnnxNode): string[] => attributes.map(({ name }) => name);

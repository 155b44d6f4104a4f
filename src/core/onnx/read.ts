import { toChannelsLast } from '../layers/layout';
import { buildGraph } from '../model/build';
import { paramKey, type Graph } from '../model/graph';
import type { Model } from '../model/model';
import { SpecError, type ModelSpec } from '../model/spec';
import { sizeOf } from '../tensor';
import { decodeModel } from './decode';
import { OnnxError } from './error';
import { KEYS, decodeMetadata, parseEntry } from './metadata';
import { elementTypeName, ElementType, type OnnxGraph, type OnnxModel, type OnnxNode, type OnnxTensor } from './proto';
import { onnxGraph, OPSET, PRODUCER } from './write';

/** Bounds on the memory that a file can ask for: its bytes (reading holds about three times as much), the values of one sample. */
const MAX_FILE = 256 * 2 ** 20;
const MAX_ACTIVATIONS = 64 * 2 ** 20;

/**
 * Reads a file that this project wrote. Everything that it says twice has to agree: the weights' shapes with the spec
 * in the metadata, the nodes with what the spec's layers would write.
 *
 * @throws OnnxError, and nothing else, whatever the bytes are.
 */
export function readModel(bytes: Uint8Array): Model {
  if (bytes.length > MAX_FILE) {
    throw new OnnxError('invalid', `found ${bytes.length} bytes, expected at most ${MAX_FILE}`);
  }
  const file = decodeModel(bytes);
  const entries = new Map(file.metadata);
  if (file.producerName !== PRODUCER || !entries.has(KEYS.spec)) {
    throw new OnnxError('foreign', 'it was not written by Convscope', producer(file));
  }
  const graph = graphOf(parseEntry(entries, KEYS.spec));
  const outputShape = graph.layers[graph.layers.length - 1].outputShape;
  const metadata = decodeMetadata(entries, graph.inputShape[2], sizeOf(outputShape));
  const { height, width } = metadata.preprocessing;
  if (height !== graph.inputShape[0] || width !== graph.inputShape[1]) {
    const expected = `${graph.inputShape[0]} × ${graph.inputShape[1]} as in the spec`;
    throw new OnnxError(
      'invalid',
      `metadata '${KEYS.preprocessing}', height and width: found ${height} × ${width}, expected ${expected}`,
    );
  }
  const opset = file.opsets.find(({ domain }) => domain === '')?.version;
  if (opset !== OPSET) throw new OnnxError('invalid', `opset: found ${opset ?? 'none'}, expected ${OPSET}`);
  const params = paramsOf(graph, file.graph);
  compareGraphs(file.graph, onnxGraph(graph, params));
  return { graph, params, metadata };
}

function producer(file: OnnxModel): string {
  const name = `${file.producerName} ${file.producerVersion}`.trim();
  return name.length > 60 ? `${name.slice(0, 60)}…` : name || 'an unnamed program';
}

function graphOf(spec: unknown): Graph {
  let graph: Graph;
  try {
    graph = buildGraph(spec as ModelSpec);
  } catch (error) {
    if (error instanceof SpecError) throw new OnnxError('invalid', `metadata '${KEYS.spec}': ${error.message}`);
    throw error;
  }
  let activations = sizeOf(graph.inputShape);
  for (const layer of graph.layers) {
    activations += sizeOf(layer.outputShape);
    // Written so that NaN and Infinity, from sizes beyond any number, fail too.
    if (!(activations <= MAX_ACTIVATIONS)) {
      throw new OnnxError(
        'invalid',
        `layer '${layer.name}': found feature maps of ${activations} values up to here, expected at most ${MAX_ACTIVATIONS}`,
      );
    }
  }
  return graph;
}

/** The weights in canonical layout, allocated only after the bytes were found to be there. */
function paramsOf(graph: Graph, file: OnnxGraph): Map<string, Float32Array> {
  const tensors = new Map(file.initializers.map((tensor) => [tensor.name, tensor]));
  if (tensors.size !== file.initializers.length) {
    throw new OnnxError('invalid', 'initializers: found a name twice, expected each once');
  }
  const params = new Map<string, Float32Array>();
  for (const layer of graph.layers) {
    for (const param of layer.params) {
      const key = paramKey(layer.name, param.name);
      const data = floatsOf(tensors.get(key), key, sizeOf(param.shape));
      params.set(key, canonical(param.shape, data));
    }
  }
  return params;
}

/** From ONNX's layout: kernels are `[O, H, W, C]` inside, per-unit slopes `[H, W, C]`; everything else is the same in both. */
function canonical(shape: readonly number[], data: Float32Array): Float32Array {
  if (shape.length === 4) return toChannelsLast(data, shape[0], shape[1], shape[2], shape[3]);
  if (shape.length === 3) return toChannelsLast(data, 1, shape[0], shape[1], shape[2]);
  return data;
}

function floatsOf(tensor: OnnxTensor | undefined, key: string, size: number): Float32Array {
  const fail = (found: string, expected: string): OnnxError => {
    return new OnnxError('invalid', `tensor '${key}': found ${found}, expected ${expected}`);
  };
  if (!tensor) throw fail('nothing', `${size} float32 values`);
  if (tensor.elementType !== ElementType.float32) throw fail(elementTypeName(tensor.elementType), 'float32');
  if (tensor.external || !tensor.raw) throw fail('no raw data', `${size * 4} bytes of it`);
  if (sizeOf(tensor.dims) !== size) throw fail(`shape [${tensor.dims.join(', ')}]`, `${size} values as in the spec`);
  if (tensor.raw.length !== size * 4) {
    throw fail(`${tensor.raw.length} bytes`, `${size * 4} for shape [${tensor.dims.join(', ')}]`);
  }
  const data = new Float32Array(size);
  new Uint8Array(data.buffer).set(tensor.raw);
  return data;
}

/** The file's graph has to be the one that the spec's layers write; the outputs of single layers may be added to it. */
function compareGraphs(found: OnnxGraph, expected: OnnxGraph): void {
  const check = (place: string, a: unknown, b: unknown): void => {
    const [left, right] = [JSON.stringify(a), JSON.stringify(b)];
    if (left !== right) throw new OnnxError('invalid', `${place}: found ${left ?? 'nothing'}, expected ${right}`);
  };
  check('inputs', found.inputs, expected.inputs);
  check('first output', found.outputs[0], expected.outputs[0]);
  const known = new Map([...expected.outputs, ...expected.valueInfo].map((value) => [value.name, value]));
  for (const value of [...found.outputs, ...found.valueInfo]) {
    check(`value '${value.name}'`, value, known.get(value.name) ?? null);
  }
  check('number of nodes', found.nodes.length, expected.nodes.length);
  expected.nodes.forEach((node, i) => check(`node '${node.name}'`, comparable(found.nodes[i]), comparable(node)));
  check('number of initializers', found.initializers.length, expected.initializers.length);
  expected.initializers.forEach((tensor, i) => {
    const other = found.initializers[i];
    check(`initializer ${i}`, other.name, tensor.name);
    check(`tensor '${tensor.name}', shape`, other.dims, tensor.dims);
    check(`tensor '${tensor.name}', type`, elementTypeName(other.elementType), elementTypeName(tensor.elementType));
    if (!sameBytes(other.raw, tensor.raw)) {
      throw new OnnxError('invalid', `tensor '${tensor.name}': found other values than the spec's layers write`);
    }
  });
}

/** A node as it reads after a round trip: floats at the file's precision. */
function comparable(node: OnnxNode): unknown {
  const attributes = node.attributes.map((attribute) =>
    attribute.type === 'float' ? { ...attribute, value: Math.fround(attribute.value) } : attribute,
  );
  return { ...node, attributes };
}

function sameBytes(a: Uint8Array | null, b: Uint8Array | null): boolean {
  if (!a || !b || a.length !== b.length) return a === b;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

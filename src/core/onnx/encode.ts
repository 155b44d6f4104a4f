import protobuf from 'protobufjs/minimal.js';
import {
  ElementType,
  plainTensor,
  type OnnxAttribute,
  type OnnxGraph,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValue,
} from './proto';

type Writer = protobuf.Writer;

/** A field's tag before a varint, bytes (also text and messages), or four bytes. */
const varint = (field: number): number => field << 3;
const bytes = (field: number): number => (field << 3) | 2;
const fixed32 = (field: number): number => (field << 3) | 5;

/**
 * The bytes of an ONNX file. The same model gives the same bytes: fields in the order of their numbers (a tensor's name
 * before its data), lists in the order given.
 */
export function encodeModel(model: OnnxModel): Uint8Array {
  // Not `Writer.create()`: in Node that uses pooled Buffers, while a file should be a plain array.
  const writer = new protobuf.Writer();
  writer.uint32(varint(1)).int64(model.irVersion);
  text(writer, 2, model.producerName);
  text(writer, 3, model.producerVersion);
  message(writer, 7, () => encodeGraph(writer, model.graph));
  for (const { domain, version } of model.opsets) {
    message(writer, 8, () => {
      // The default domain is written explicitly, as an empty string: onnx's checker requires the field.
      writer.uint32(bytes(1)).string(domain);
      writer.uint32(varint(2)).int64(version);
    });
  }
  for (const [key, value] of model.metadata) {
    message(writer, 14, () => {
      writer.uint32(bytes(1)).string(key);
      writer.uint32(bytes(2)).string(value);
    });
  }
  return writer.finish();
}

/**
 * Bytes that, appended to a file, make `values` outputs of its graph too. Protocol Buffers merge a message that occurs
 * twice, so the file itself need not be rewritten. (Protocol Buffers, Encoding, "Last One Wins".)
 */
export function encodeMoreOutputs(values: readonly OnnxValue[]): Uint8Array {
  const writer = new protobuf.Writer();
  message(writer, 7, () => {
    for (const value of values) message(writer, 12, () => encodeValue(writer, value));
  });
  return writer.finish();
}

/** The fields of a graph alone, to be put among others (`onnx-graph/rewrite`). */
export function graphFields(graph: Partial<OnnxGraph>): Uint8Array {
  const writer = new protobuf.Writer();
  encodeGraph(writer, { name: '', nodes: [], initializers: [], inputs: [], outputs: [], valueInfo: [], ...graph });
  return writer.finish();
}

function encodeGraph(writer: Writer, graph: OnnxGraph): void {
  for (const node of graph.nodes) message(writer, 1, () => encodeNode(writer, node));
  text(writer, 2, graph.name);
  for (const tensor of graph.initializers) message(writer, 5, () => encodeTensor(writer, tensor));
  for (const value of graph.inputs) message(writer, 11, () => encodeValue(writer, value));
  for (const value of graph.outputs) message(writer, 12, () => encodeValue(writer, value));
  for (const value of graph.valueInfo) message(writer, 13, () => encodeValue(writer, value));
}

function message(writer: Writer, field: number, body: () => void): void {
  writer.uint32(bytes(field)).fork();
  body();
  writer.ldelim();
}

function text(writer: Writer, field: number, value: string): void {
  if (value !== '') writer.uint32(bytes(field)).string(value);
}

function encodeNode(writer: Writer, node: OnnxNode): void {
  for (const input of node.inputs) writer.uint32(bytes(1)).string(input);
  for (const output of node.outputs) writer.uint32(bytes(2)).string(output);
  text(writer, 3, node.name);
  text(writer, 4, node.opType);
  for (const attribute of node.attributes) message(writer, 5, () => encodeAttribute(writer, attribute));
  text(writer, 7, node.domain);
}

function encodeAttribute(writer: Writer, attribute: OnnxAttribute): void {
  text(writer, 1, attribute.name);
  switch (attribute.type) {
    case 'float':
      writer.uint32(fixed32(2)).float(attribute.value);
      return void writer.uint32(varint(20)).int32(1);
    case 'int':
      writer.uint32(varint(3)).int64(attribute.value);
      return void writer.uint32(varint(20)).int32(2);
    case 'string':
      writer.uint32(bytes(4)).string(attribute.value);
      return void writer.uint32(varint(20)).int32(3);
    case 'floats':
      for (const value of attribute.value) writer.uint32(fixed32(7)).float(value);
      return void writer.uint32(varint(20)).int32(6);
    case 'ints':
      for (const value of attribute.value) writer.uint32(varint(8)).int64(value);
      return void writer.uint32(varint(20)).int32(7);
    default:
      throw new Error(`attribute '${attribute.name}': found type ${attribute.type}, which no layer writes`);
  }
}

function encodeTensor(writer: Writer, tensor: OnnxTensor): void {
  if (!tensor.raw) throw new Error(`tensor '${tensor.name}': found no raw data, expected it`);
  for (const dimension of tensor.dims) writer.uint32(varint(1)).int64(dimension);
  writer.uint32(varint(2)).int32(tensor.elementType);
  text(writer, 8, tensor.name);
  writer.uint32(bytes(9)).bytes(tensor.raw);
}

function encodeValue(writer: Writer, value: OnnxValue): void {
  text(writer, 1, value.name);
  if (value.elementType === 0) return;
  message(writer, 2, () =>
    message(writer, 1, () => {
      writer.uint32(varint(1)).int32(value.elementType);
      if (!value.dims) return;
      const { dims } = value;
      message(writer, 2, () => {
        for (const dimension of dims) {
          message(writer, 1, () => {
            if (typeof dimension === 'number') writer.uint32(varint(1)).int64(dimension);
            else if (dimension !== null) text(writer, 2, dimension);
          });
        }
      });
    }),
  );
}

/** A float32 tensor; its bytes are a view of `data`. ONNX is little-endian, as is every machine that WebAssembly runs on. */
export function floatTensor(name: string, dims: readonly number[], data: Float32Array): OnnxTensor {
  const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return plainTensor(name, [...dims], ElementType.float32, raw);
}

/** A one-dimensional int64 tensor, for shapes. */
export function integerTensor(name: string, data: readonly number[]): OnnxTensor {
  const raw = new Uint8Array(BigInt64Array.from(data, (value) => BigInt(value)).buffer);
  return plainTensor(name, [data.length], ElementType.int64, raw);
}

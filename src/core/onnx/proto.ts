/**
 * The part of ONNX's protocol buffer messages that this project reads and writes, as plain data. Field numbers are in
 * the decoder and encoder; source: onnx/onnx.proto3, IR version 8.
 */

export interface OnnxModel {
  irVersion: number;
  producerName: string;
  producerVersion: string;
  opsets: OnnxOpset[];
  /** In the order of the file. */
  metadata: [key: string, value: string][];
  graph: OnnxGraph;
  /** Functions that the file brings along (IR version 8); none in our own files. */
  functions?: OnnxFunction[];
}

/** A node's operator as a graph of other nodes. Its values have no types of their own. */
export interface OnnxFunction {
  domain: string;
  name: string;
  /** Tells functions of one name apart; '' mostly. */
  overload: string;
  inputs: string[];
  outputs: string[];
  /** Names of the attributes that a node gives; those with defaults are not among them. */
  attributes: string[];
  nodes: OnnxNode[];
  opsets: OnnxOpset[];
}

export interface OnnxOpset {
  /** '' is ai.onnx. */
  domain: string;
  version: number;
}

export interface OnnxGraph {
  name: string;
  nodes: OnnxNode[];
  initializers: OnnxTensor[];
  inputs: OnnxValue[];
  outputs: OnnxValue[];
  valueInfo: OnnxValue[];
  /** Weights of which only those that are not 0 are kept. */
  sparseInitializers?: OnnxSparseTensor[];
}

export interface OnnxNode {
  name: string;
  opType: string;
  domain: string;
  /** An empty name is an optional input left out. */
  inputs: string[];
  outputs: string[];
  attributes: OnnxAttribute[];
  overload?: string;
  /** An exporter's metadata about a node: PyTorch's names the modules that it came from. */
  metadata?: [key: string, value: string][];
}

export type OnnxAttribute = {
  name: string;
  /** In a function's node: the attribute of the function that gives the value. */
  from?: string;
} & (
  | { type: 'float' | 'int'; value: number }
  | { type: 'string'; value: string }
  | { type: 'floats' | 'ints'; value: number[] }
  | { type: 'strings'; value: string[] }
  | { type: 'tensor'; value: OnnxTensor }
  | { type: 'tensors'; value: OnnxTensor[] }
  /** The body of an If, Loop or Scan. */
  | { type: 'graph'; value: OnnxGraph }
  | { type: 'graphs'; value: OnnxGraph[] }
  | { type: 'sparse'; value: OnnxSparseTensor }
  /** Sparse tensors, a type, or nothing where a function's attribute gives it: kept by name only. */
  | { type: 'other'; value: null }
);

/** Element types by ONNX's numbers. */
export const ElementType = {
  float32: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  float16: 10,
  float64: 11,
  uint32: 12,
  uint64: 13,
  complex64: 14,
  complex128: 15,
  bfloat16: 16,
  float8e4m3fn: 17,
  float8e4m3fnuz: 18,
  float8e5m2: 19,
  float8e5m2fnuz: 20,
  uint4: 21,
  int4: 22,
  float4e2m1: 23,
  float8e8m0: 24,
  uint2: 25,
  int2: 26,
} as const;

export type ElementTypeName = keyof typeof ElementType;

/** The name of an element type, for messages. */
export function elementTypeName(type: number): string {
  return Object.entries(ElementType).find(([, number]) => number === type)?.[0] ?? `element type ${type}`;
}

/** A tensor as the file has it: one of the data fields is filled, `raw` (little-endian bytes) in most files. */
export interface OnnxTensor {
  name: string;
  dims: number[];
  elementType: number;
  raw: Uint8Array | null;
  floats: Float32Array;
  int32s: number[];
  int64s: bigint[];
  doubles: Float64Array;
  uint64s: bigint[];
  /** The bytes from the file, mostly UTF-8. */
  strings: Uint8Array[];
  /** The data is in another file. */
  external: boolean;
  /** Where: `location` (a path beside the model's file), `offset`, `length`; empty for data that is here. */
  location: [key: string, value: string][];
}

/** A tensor of these dimensions that is 0 but at `indices`, numbered row by row or given axis by axis. */
export interface OnnxSparseTensor {
  values: OnnxTensor;
  indices: OnnxTensor;
  dims: number[];
}

/** A tensor with data in `raw`, or without any yet. */
export function plainTensor(name: string, dims: number[], elementType: number, raw: Uint8Array | null): OnnxTensor {
  const none = { floats: new Float32Array(), int32s: [], int64s: [], doubles: new Float64Array(), uint64s: [] };
  return { name, dims, elementType, raw, ...none, strings: [], external: false, location: [] };
}

export interface OnnxValue {
  name: string;
  /** 0 for what is no tensor (a sequence, a map) and for what has no type. */
  elementType: number;
  /** Number, symbol, or null where the file leaves it open; null as a whole where no shape is given. */
  dims: (number | string | null)[] | null;
  /** What it is where it is no tensor. */
  holds?: 'sequence' | 'map' | 'optional' | 'sparse' | 'opaque';
}

/**
 * The part of ONNX's protocol buffer messages that this project reads and writes, as plain data.
 * Field numbers stand where they are decoded and encoded; source: onnx/onnx.proto3, IR version 8.
 */

export interface OnnxModel {
  irVersion: number;
  producerName: string;
  producerVersion: string;
  opsets: OnnxOpset[];
  /** In the order of the file. */
  metadata: [key: string, value: string][];
  graph: OnnxGraph;
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
}

export interface OnnxNode {
  name: string;
  opType: string;
  domain: string;
  /** An empty name is an optional input left out. */
  inputs: string[];
  outputs: string[];
  attributes: OnnxAttribute[];
}

export type OnnxAttribute = { name: string } & (
  | { type: 'float' | 'int'; value: number }
  | { type: 'string'; value: string }
  | { type: 'floats' | 'ints'; value: number[] }
  | { type: 'strings'; value: string[] }
  | { type: 'tensor'; value: OnnxTensor }
  /** A graph, a sparse tensor or a type: kept by name only. */
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
} as const;

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
  floats: number[];
  int32s: number[];
  int64s: number[];
  /** The data lies in another file. */
  external: boolean;
}

export interface OnnxValue {
  name: string;
  /** 0 for what is no tensor (a sequence, a map). */
  elementType: number;
  /** Number, symbol, or null where the file leaves it open; null as a whole where no shape is given. */
  dims: (number | string | null)[] | null;
}

import protobuf from 'protobufjs/minimal.js';
import { graphFields } from '../onnx/encode';
import type { OnnxGraph, OnnxNode } from '../onnx/proto';
import { fieldsOf, textsOf } from './edit';

/** What a copy of a file keeps of its graph, and what it gets besides. */
export interface Rewriting {
  /** A node by what it makes (names of outputs that are not left out). Left out: every node stays. */
  keepsNode?(outputs: readonly string[]): boolean;
  keepsInitializer?(name: string): boolean;
  keepsInput?(name: string): boolean;
  /** Nodes before the file's own: a node comes after what it reads. */
  before?: OnnxNode[];
  /** Behind the file's own. Outputs, where there are any, take the place of the file's, whose notes on types and shapes go with them. */
  behind?: Partial<Pick<OnnxGraph, 'nodes' | 'initializers' | 'outputs'>>;
  /** Takes the place of the entries with the same keys, and of every entry that `drops` names. */
  metadata?: readonly [key: string, value: string][];
  dropsMetadata?(key: string): boolean;
}

/** Fields of ModelProto and of GraphProto (onnx.proto3). */
const MODEL = { irVersion: 1, graph: 7, metadata: 14 };
const GRAPH = { node: 1, initializer: 5, input: 11, output: 12, valueInfo: 13, sparse: 15 };
/** Before this version of the format every initializer had to be an input, too. */
const FREE_INITIALIZERS = 4;

/**
 * A copy of any ONNX file with another graph. What stays is copied byte by byte, so that operators, functions and types that this
 * project does not know stay what they are. The graph is one message in the copy, whatever it was in the file.
 * @param file a file that `decodeModel` reads.
 */
export function rewriteFile(file: Uint8Array, rewriting: Rewriting): Uint8Array {
  const { metadata = [], dropsMetadata } = rewriting;
  const given = new Set(metadata.map(([key]) => key));
  const parts: Uint8Array[] = [];
  const graphs: Uint8Array[] = [];
  for (const { field, whole, content } of fieldsOf(file)) {
    if (field === MODEL.graph) graphs.push(content);
    else if (field === MODEL.irVersion) parts.push(irVersion(whole));
    else if (field === MODEL.metadata) {
      const [key = ''] = textsOf(content, 1);
      if (!given.has(key) && !dropsMetadata?.(key)) parts.push(whole);
    } else parts.push(whole);
  }
  const graph = joined(graphParts(graphs, rewriting));
  const head = new protobuf.Writer().uint32((MODEL.graph << 3) | 2).uint32(graph.length);
  const entries = new protobuf.Writer();
  for (const [key, value] of metadata) {
    entries.uint32((MODEL.metadata << 3) | 2).fork();
    entries.uint32(10).string(key).uint32(18).string(value);
    entries.ldelim();
  }
  return joined([...parts, head.finish(), graph, entries.finish()]);
}

function graphParts(graphs: readonly Uint8Array[], rewriting: Rewriting): Uint8Array[] {
  const { keepsNode, keepsInitializer, keepsInput, before = [], behind = {} } = rewriting;
  const newOutputs = (behind.outputs ?? []).length > 0;
  const kept = graphs.flatMap(fieldsOf).filter(({ field, content }) => {
    switch (field) {
      case GRAPH.node:
        return keepsNode?.(textsOf(content, 2).filter(Boolean)) ?? true;
      case GRAPH.initializer:
        return keepsInitializer?.(textsOf(content, 8)[0] ?? '') ?? true;
      case GRAPH.sparse:
        return keepsInitializer?.(sparseName(content)) ?? true;
      case GRAPH.input:
        return keepsInput?.(textsOf(content, 1)[0] ?? '') ?? true;
      case GRAPH.output:
      case GRAPH.valueInfo:
        return !newOutputs;
      default:
        return true;
    }
  });
  return [graphFields({ nodes: before }), ...kept.map(({ whole }) => whole), graphFields(behind)];
}

/** A sparse tensor goes by the name of its values. */
function sparseName(tensor: Uint8Array): string {
  const values = fieldsOf(tensor).find(({ field }) => field === 1)?.content;
  return values ? (textsOf(values, 8)[0] ?? '') : '';
}

function irVersion(whole: Uint8Array): Uint8Array {
  const reader = new protobuf.Reader(whole);
  reader.uint32();
  const version = Number(reader.int64());
  if (version >= FREE_INITIALIZERS) return whole;
  return new protobuf.Writer()
    .uint32(MODEL.irVersion << 3)
    .int64(FREE_INITIALIZERS)
    .finish();
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

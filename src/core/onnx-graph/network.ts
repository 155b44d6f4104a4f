import { say, type Message } from '../../words';
import { decodeModel } from '../onnx/decode';
import {
  elementTypeName,
  type OnnxAttribute,
  type OnnxFunction,
  type OnnxGraph,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValue,
} from '../onnx/proto';

/** A value of a graph: what flows along its edges. */
export interface GraphValue {
  name: string;
  /**
   * - `input`: given from outside; `initializer`: a weight in the file (also where the file lists it among the inputs, as IR version 3 does)
   * - `node`: made by a node; `outer`: of the graph around this body; `missing`: no node makes it, the file is broken there
   */
  from: 'input' | 'initializer' | 'node' | 'outer' | 'missing';
  /** Index of the node that makes it, in `nodes`; -1 where none does. */
  producer: number;
  /** Indices of the nodes that read it, their bodies included, each once. */
  consumers: number[];
  /** Name of its element type as far as the file says (`float32`), null where it does not. */
  type: string | null;
  /** Number, symbol, or null where the file leaves a dimension open; null as a whole where it gives no shape. */
  dims: readonly (number | string | null)[] | null;
  /** What it is where it is no tensor. */
  holds: OnnxValue['holds'] | null;
  isOutput: boolean;
}

export interface GraphNode {
  /** Place in `nodes`. */
  index: number;
  /** The file's name for it, or what it makes; people find it by that in other programs, too. */
  name: string;
  opType: string;
  /** '' is ai.onnx. */
  domain: string;
  /** Values by name; '' is an optional one that is left out. */
  inputs: readonly string[];
  outputs: readonly string[];
  attributes: readonly OnnxAttribute[];
  /** The bodies of an If, Loop or Scan, by attribute. */
  bodies: readonly { attribute: string; graph: NetworkGraph }[];
  /** The modules that it came from, outermost first: by the exporter's metadata, else by `/` or `.` in its name. */
  scope: readonly string[];
  /** Whether it is no operator of ONNX but a function that the file brings along. */
  isFunction: boolean;
}

export interface NetworkGraph {
  name: string;
  /** In an order in which each comes after what it reads; nodes of a circle at the end. */
  nodes: readonly GraphNode[];
  /** Names of what is given from outside, without weights. */
  inputs: readonly string[];
  outputs: readonly string[];
  values: ReadonlyMap<string, GraphValue>;
  initializers: ReadonlyMap<string, OnnxTensor>;
}

/** Any ONNX file, as a graph to show and to run. */
export interface OnnxNetwork {
  irVersion: number;
  producer: string;
  opsets: readonly { domain: string; version: number }[];
  metadata: ReadonlyMap<string, string>;
  graph: NetworkGraph;
  functions: readonly OnnxFunction[];
  /** What is wrong with the graph; it can be shown all the same. */
  problems: readonly Message[];
}

/** Problems that are told of; a broken file has thousands of one kind. */
const MOST_PROBLEMS = 20;

/**
 * Reads any ONNX file, from any exporter. Weights are views into `file`.
 * @throws OnnxError where it is no ONNX, is damaged, or holds more than any real model. What is wrong with its graph alone
 * (a circle, a value that no node makes) is among `problems`.
 */
export function readNetwork(file: Uint8Array): OnnxNetwork {
  const model = decodeModel(file);
  const problems = new Problems();
  const functions = model.functions ?? [];
  const known = new Set(functions.map(({ domain, name }) => `${domain}:${name}`));
  return {
    irVersion: model.irVersion,
    producer: [model.producerName, model.producerVersion].filter(Boolean).join(' '),
    opsets: model.opsets,
    metadata: new Map(model.metadata),
    graph: graphOf(model.graph, new Set(), { problems, known }),
    functions,
    problems: problems.list,
  };
}

/** How people are told of a node: its name, and its operator. */
export const nodeLabel = ({ name, opType, domain }: Pick<GraphNode, 'name' | 'opType' | 'domain'>): Message =>
  say('foreign.node', { name, operator: domain === '' ? opType : `${domain}:${opType}` });

class Problems {
  readonly list: Message[] = [];
  add(problem: Message): void {
    if (this.list.length < MOST_PROBLEMS) this.list.push(problem);
  }
}

interface Context {
  problems: Problems;
  /** Functions of the file, as `domain:name`. */
  known: ReadonlySet<string>;
}

/** @param around names of the values that a body may read from the graphs around it. */
function graphOf(graph: OnnxGraph, around: ReadonlySet<string>, context: Context): NetworkGraph {
  const { problems } = context;
  const initializers = new Map(graph.initializers.map((tensor) => [tensor.name, tensor]));
  for (const { values, dims } of graph.sparseInitializers ?? [])
    initializers.set(values.name, { ...values, dims: [...dims], raw: null });
  const values = new Map<string, GraphValue>();
  const add = (name: string, from: GraphValue['from'], described: OnnxValue | null = null): GraphValue => {
    const value: GraphValue = { name, from, producer: -1, consumers: [], ...describedAs(described), isOutput: false };
    values.set(name, value);
    return value;
  };
  for (const input of graph.inputs) if (!initializers.has(input.name)) add(input.name, 'input', input);
  for (const [name, { elementType, dims }] of initializers) add(name, 'initializer', { name, elementType, dims });
  const described = new Map([...graph.valueInfo, ...graph.outputs].map((value) => [value.name, value]));

  const makers = new Map<string, number>();
  graph.nodes.forEach((node, index) => {
    for (const output of node.outputs) {
      if (output === '') continue;
      if (makers.has(output) || values.has(output))
        problems.add(say('foreign.made-twice', { node: labelOf(node, index), value: output }));
      else makers.set(output, index);
    }
  });
  for (const [name] of makers) add(name, 'node', described.get(name));

  const inner = new Set([...around, ...values.keys()]);
  const bodiesOf = graph.nodes.map((node) => bodies(node, inner, context));
  const reads = graph.nodes.map((node, index) => [
    ...new Set([...node.inputs.filter(Boolean), ...bodiesOf[index].flatMap(({ graph: body }) => outerReads(body))]),
  ]);
  for (const [index, names] of reads.entries()) {
    for (const name of names) {
      if (values.has(name)) continue;
      if (around.has(name)) add(name, 'outer');
      else {
        add(name, 'missing');
        problems.add(say('foreign.nobody', { node: labelOf(graph.nodes[index], index), value: name }));
      }
    }
  }
  const order = ordered(reads, makers, (index) => labelOf(graph.nodes[index], index), problems);
  const nodes = order.map((at, index): GraphNode => {
    const node = graph.nodes[at];
    for (const name of reads[at]) values.get(name)!.consumers.push(index);
    for (const name of node.outputs) if (makers.get(name) === at) values.get(name)!.producer = index;
    return {
      index,
      name: nameOf(node, at),
      opType: node.opType,
      domain: node.domain,
      inputs: node.inputs,
      outputs: node.outputs,
      attributes: node.attributes,
      bodies: bodiesOf[at],
      scope: scopeOf(node),
      isFunction: context.known.has(`${node.domain}:${node.opType}`),
    };
  });
  for (const { name } of graph.outputs) {
    const value = values.get(name) ?? (around.has(name) ? add(name, 'outer') : null);
    if (value) value.isOutput = true;
    else {
      add(name, 'missing').isOutput = true;
      problems.add(say('foreign.no-output', { value: name }));
    }
  }
  return {
    name: graph.name,
    nodes,
    inputs: graph.inputs.map(({ name }) => name).filter((name) => !initializers.has(name)),
    outputs: graph.outputs.map(({ name }) => name),
    values,
    initializers,
  };
}

const describedAs = (value: OnnxValue | null): Pick<GraphValue, 'type' | 'dims' | 'holds'> => ({
  type: value && value.elementType !== 0 ? elementTypeName(value.elementType) : null,
  dims: value?.dims ?? null,
  holds: value?.holds ?? null,
});

function bodies(node: OnnxNode, around: ReadonlySet<string>, context: Context): GraphNode['bodies'] {
  return node.attributes.flatMap((attribute) => {
    const { name, type, value } = attribute;
    const graphs = type === 'graph' ? [value] : type === 'graphs' ? value : [];
    return graphs.map((graph) => ({ attribute: name, graph: graphOf(graph, around, context) }));
  });
}

const outerReads = (body: NetworkGraph): string[] =>
  [...body.values.values()].filter(({ from }) => from === 'outer').map(({ name }) => name);

/** Kahn's algorithm, keeping the file's order where it is one; nodes of circles, and those behind them, come last. */
function ordered(
  reads: readonly (readonly string[])[],
  makers: ReadonlyMap<string, number>,
  label: (index: number) => Message,
  problems: Problems,
): number[] {
  const before = reads.map((names) => [...new Set(names.flatMap((name) => makers.get(name) ?? []))]);
  if (before.every((indices, index) => indices.every((maker) => maker < index))) return before.map((_, index) => index);
  const waits = before.map(({ length }) => length);
  const after: number[][] = reads.map(() => []);
  before.forEach((indices, index) => indices.forEach((maker) => after[maker].push(index)));
  const order: number[] = [];
  const ready = waits.flatMap((count, index) => (count === 0 ? [index] : []));
  for (let at = 0; at < ready.length; at++) {
    order.push(ready[at]);
    for (const next of after[ready[at]]) if (--waits[next] === 0) ready.push(next);
  }
  if (order.length === reads.length) return order;
  const stuck = waits.flatMap((count, index) => (count > 0 ? [index] : []));
  problems.add(say('foreign.circle', { node: label(inCircle(stuck[0], before, waits)) }));
  return [...order, ...stuck];
}

/** A node of a circle: found by going back from a stuck node to stuck nodes until one repeats. */
function inCircle(start: number, before: readonly (readonly number[])[], waits: readonly number[]): number {
  const seen = new Set<number>();
  let at = start;
  while (!seen.has(at)) {
    seen.add(at);
    at = before[at].find((maker) => waits[maker] > 0)!;
  }
  return at;
}

const nameOf = ({ name, outputs, opType }: OnnxNode, index: number): string =>
  name || outputs.find(Boolean) || `${opType} ${index}`;

const labelOf = (node: OnnxNode, index: number): Message => nodeLabel({ ...node, name: nameOf(node, index) });

/** PyTorch's exporter lists the modules a node came from in its metadata, older ones put them into the name. */
function scopeOf({ name, metadata }: OnnxNode): string[] {
  const listed = metadata?.find(([key]) => key === 'pkg.torch.onnx.name_scopes')?.[1];
  if (listed !== undefined) {
    const scopes = [...listed.matchAll(/'([^']*)'|"([^"]*)"/g)].map(([, one, other]) => one ?? other).filter(Boolean);
    // Each scope begins with the one around it; the last is the node itself.
    return scopes.slice(0, -1).map((scope, i) => (i > 0 ? scope.slice(scopes[i - 1].length + 1) || scope : scope));
  }
  const parts = name.includes('/') ? name.split('/') : name.split('.');
  return parts.slice(0, -1).filter(Boolean);
}

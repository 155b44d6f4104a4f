import { ElementType, type OnnxGraph, type OnnxNode } from '../onnx/proto';
import { onnxGraph } from '../onnx/write';
import { INPUT } from '../model/spec';
import type { Graph, ParamSet } from '../model/graph';
import { constantNodes } from './fold';
import type { GraphNode, NetworkGraph } from './network';
import { rewriteFile } from './rewrite';

/** What has to happen to a tensor before a head reads it. */
export interface Tail {
  /** Maps of more than one cell: each becomes its mean. */
  pooled: boolean;
  /** It is no float32. */
  cast: boolean;
}

/** The output of a body's file that stands for what a head reads. */
const FEATURES = 'convscope/features';

/**
 * What feeds the last dense layer (a Gemm, or a MatMul with a weight), going back from the first output; of a network without
 * one what feeds its last convolution. Null for a graph without either.
 */
export function proposedTensor(graph: NetworkGraph): string | null {
  const constant = constantNodes(graph);
  const isWeight = (name: string | undefined): boolean => {
    const value = graph.values.get(name ?? '');
    return value?.from === 'initializer' || (value !== undefined && constant.has(value.producer));
  };
  const before = ancestors(graph, graph.outputs[0]).map((index) => graph.nodes[index]);
  const weighted = before.filter(({ inputs, domain }) => domain === '' && isWeight(inputs[1]) && !isWeight(inputs[0]));
  const last = (...operators: string[]): GraphNode | undefined =>
    weighted.findLast(({ opType }) => operators.includes(opType));
  return (last('Gemm', 'MatMul') ?? last('Conv'))?.inputs[0] ?? null;
}

/** How many numbers of a value a dense layer reads, by its weight; null where none reads it. */
export function widthOf(graph: NetworkGraph, tensor: string): number | null {
  const reader = graph.nodes.find(({ opType, inputs }) => ['Gemm', 'MatMul'].includes(opType) && inputs[0] === tensor);
  const dims = graph.initializers.get(reader?.inputs[1] ?? '')?.dims;
  if (!reader || dims?.length !== 2) return null;
  const transposed = reader.attributes.find(({ name }) => name === 'transB');
  return dims[transposed?.type === 'int' && Number(transposed.value) === 1 ? 1 : 0];
}

/** The nodes that a value is made of, in the order of the graph, those that bodies of control flow read among them. */
function ancestors(graph: NetworkGraph, value: string): number[] {
  const reads: string[][] = graph.nodes.map(() => []);
  for (const { name, consumers } of graph.values.values()) for (const index of consumers) reads[index].push(name);
  const found = new Set<number>();
  const next = [value];
  for (let name = next.pop(); name !== undefined; name = next.pop()) {
    const producer = graph.values.get(name)?.producer ?? -1;
    if (producer < 0 || found.has(producer)) continue;
    found.add(producer);
    next.push(...reads[producer]);
  }
  return [...found].sort((a, b) => a - b);
}

/** The names of the inputs that a value is made of. */
export function inputsOf(graph: NetworkGraph, value: string): string[] {
  const nodes = new Set(ancestors(graph, value));
  return graph.inputs.filter(
    (name) => name === value || graph.values.get(name)!.consumers.some((index) => nodes.has(index)),
  );
}

/** How many weights a value is made with. */
export function parametersUpTo(graph: NetworkGraph, value: string): number {
  const nodes = new Set(ancestors(graph, value));
  const used = [...graph.initializers.values()].filter(({ name }) =>
    graph.values.get(name)?.consumers.some((index) => nodes.has(index)),
  );
  return used.reduce((sum, { dims }) => sum + dims.reduce((a, b) => a * b, 1), 0);
}

/** A file up to a tensor, which is its only output, as `FEATURES` where it goes through a tail. */
export function bodyFile(file: Uint8Array, graph: NetworkGraph, tensor: string, tail: Tail | null): Uint8Array {
  const { nodes, value } = tailOf(tensor, tail ?? { pooled: false, cast: false }, FEATURES);
  const outputs = [{ name: value, elementType: 0, dims: null }];
  return cut(file, graph, tensor, { nodes, outputs });
}

/**
 * One file of a body, up to a tensor, and a head of our own layers behind it. The head's values are called `head/…`.
 * @param head reads `[N, 1, 1, F]`. @param metadata takes the place of all that Convscope wrote into the body's file.
 */
export function withHead(
  file: Uint8Array,
  graph: NetworkGraph,
  tensor: string,
  tail: Tail,
  head: { graph: Graph; params: ParamSet },
  metadata: readonly [key: string, value: string][],
): Uint8Array {
  const names = [...graph.values.keys(), ...graph.nodes.map(({ name }) => name)];
  let prefix = 'head/';
  for (let number = 2; names.some((name) => name.startsWith(prefix)); number++) prefix = `head${number}/`;
  const { nodes, value } = tailOf(tensor, tail, `${prefix}pooled`);
  const own = onnxGraph(head.graph, head.params);
  const named = (name: string): string => (name === INPUT ? value : prefix + name);
  return cut(
    file,
    graph,
    tensor,
    {
      nodes: [
        ...nodes,
        ...own.nodes.map((node) => ({
          ...node,
          name: prefix + node.name,
          inputs: node.inputs.map(named),
          outputs: node.outputs.map(named),
        })),
      ],
      initializers: own.initializers.map((tensor) => ({ ...tensor, name: named(tensor.name) })),
      outputs: own.outputs.map((output) => ({ ...output, name: named(output.name) })),
    },
    metadata,
  );
}

function tailOf(tensor: string, { pooled, cast }: Tail, name: string): { nodes: OnnxNode[]; value: string } {
  const nodes: OnnxNode[] = [];
  let value = tensor;
  const add = (opType: string, attributes: OnnxNode['attributes']): void => {
    const output = `${name}${nodes.length > 0 ? `-${opType}` : ''}`;
    nodes.push({ name: output, opType, domain: '', inputs: [value], outputs: [output], attributes });
    value = output;
  };
  if (cast) add('Cast', [{ name: 'to', type: 'int', value: ElementType.float32 }]);
  if (pooled) add('GlobalAveragePool', []);
  return { nodes, value };
}

function cut(
  file: Uint8Array,
  graph: NetworkGraph,
  tensor: string,
  behind: Partial<OnnxGraph>,
  metadata?: readonly [key: string, value: string][],
): Uint8Array {
  const kept = ancestors(graph, tensor);
  const indices = new Set(kept);
  const made = new Set(kept.flatMap((index) => graph.nodes[index].outputs));
  const isRead = (name: string): boolean =>
    name === tensor || graph.values.get(name)?.consumers.some((index) => indices.has(index)) === true;
  return rewriteFile(file, {
    keepsNode: (outputs) => outputs.some((output) => made.has(output)),
    keepsInitializer: isRead,
    keepsInput: isRead,
    behind,
    ...(metadata && { metadata, dropsMetadata: (key) => key.startsWith('convscope.') }),
  });
}

import type { GraphNode, NetworkGraph, OnnxNetwork } from './network';

/** A shape with numbers only, or null where not all of them are known. */
export type KnownShape = readonly number[] | null;

/** What a node costs. */
export interface NodeCost {
  /** Numbers in its weights; a weight of several nodes counts with the first. */
  params: number;
  /** Multiply-adds; 0 for operators that multiply no weights or maps, null where a shape is not known. */
  macs: number | null;
}

/** Types of weights: whole numbers of 32 and 64 bits, truth values and texts are shapes, indices and labels. */
const isWeight = (type: string | null): boolean => type !== null && !/^(u?int(32|64)|bool|string)$/.test(type);

/**
 * Parameters and multiply-adds of every node of a graph, by its index; those of bodies are not counted.
 * @param shapeOf the shape of a value by name; of weights it is asked too.
 */
export function nodeCosts({ graph }: OnnxNetwork, shapeOf: (name: string) => KnownShape): NodeCost[] {
  const counted = new Set<string>();
  return graph.nodes.map((node) => ({
    params: paramsOf(node, graph, counted),
    macs: macsOf(node, shapeOf),
  }));
}

function paramsOf(node: GraphNode, graph: NetworkGraph, counted: Set<string>): number {
  let params = 0;
  for (const name of node.inputs) {
    if (counted.has(name)) continue;
    const dims = weightDims(name, graph);
    if (!dims) continue;
    counted.add(name);
    params += dims.reduce((product, dim) => product * dim, 1);
  }
  return params;
}

/** The shape of a weight: an initializer, or what a Constant node holds; null for what is none. */
function weightDims(name: string, graph: NetworkGraph): readonly number[] | null {
  const value = graph.values.get(name);
  if (value?.from === 'initializer') return isWeight(value.type) ? graph.initializers.get(name)!.dims : null;
  const maker = graph.nodes[value?.producer ?? -1];
  if (maker?.opType !== 'Constant') return null;
  const [attribute] = maker.attributes;
  if (attribute?.type !== 'tensor' || attribute.value.dims.length === 0) return null;
  return attribute.value.elementType === 1 || attribute.value.elementType === 10 ? attribute.value.dims : null;
}

const product = (dims: readonly number[]): number => dims.reduce((all, dim) => all * dim, 1);

/**
 * Multiply-adds: a convolution's are those of one output × the outputs, a matrix product's rows × inner × columns.
 * The operands' places differ where scales and zero points stand between them.
 */
function macsOf(
  { opType, inputs, outputs, attributes }: GraphNode,
  shapeOf: (name: string) => KnownShape,
): number | null {
  const operand = (at: number): KnownShape => shapeOf(inputs[at] ?? '');
  const result = shapeOf(outputs[0] ?? '');
  switch (opType) {
    case 'Conv':
    case 'ConvInteger':
    case 'QLinearConv': {
      const kernel = operand(opType === 'QLinearConv' ? 3 : 1);
      return kernel && result && product(result) * product(kernel.slice(1));
    }
    case 'ConvTranspose': {
      const [input, kernel] = [operand(0), operand(1)];
      return input && kernel && product(input) * product(kernel.slice(1));
    }
    case 'Gemm': {
      const left = operand(0);
      const transposed = attributes.some(({ name, value }) => name === 'transA' && value === 1);
      return left && result && product(result) * left[transposed ? 0 : 1];
    }
    case 'MatMul':
    case 'MatMulInteger':
    case 'QLinearMatMul': {
      const left = operand(0);
      return left && result && left.length > 0 ? product(result) * left[left.length - 1] : null;
    }
    default:
      return 0;
  }
}

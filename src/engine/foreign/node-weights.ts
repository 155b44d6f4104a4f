import type { Traits } from '../../core/layers/traits';
import { valueOfTensor } from '../../core/onnx/tensor-data';
import type { OnnxTensor } from '../../core/onnx/proto';
import { intOf } from '../../core/onnx-graph/attributes';
import type { GraphNode, NetworkGraph } from '../../core/onnx-graph/network';
import { denseStrides, floats } from '../inspect/tensor';
import type { NodeWeights } from '../inspect/network';

/** Operators with kernels or a matrix, by domain: as what they are looked at, and which inputs they and their biases are. */
const KINDS: Readonly<
  Record<string, Readonly<Record<string, { as: 'kernel' | 'matrix'; weight: number; bias: number | null }>>>
> = {
  '': {
    Conv: { as: 'kernel', weight: 1, bias: 2 },
    ConvInteger: { as: 'kernel', weight: 1, bias: null },
    // Whole numbers of 32 bits, in other steps than the weights.
    QLinearConv: { as: 'kernel', weight: 3, bias: null },
    Gemm: { as: 'matrix', weight: 1, bias: 2 },
    MatMul: { as: 'matrix', weight: 1, bias: null },
    MatMulInteger: { as: 'matrix', weight: 1, bias: null },
    QLinearMatMul: { as: 'matrix', weight: 3, bias: null },
  },
  'com.microsoft': {
    QGemm: { as: 'matrix', weight: 3, bias: null },
    MatMulIntegerToFloat: { as: 'matrix', weight: 1, bias: null },
    DynamicQuantizeMatMul: { as: 'matrix', weight: 1, bias: null },
  },
};

const kindOf = ({ domain, opType }: GraphNode) => {
  const kinds = Object.hasOwn(KINDS, domain) ? KINDS[domain] : {};
  return Object.hasOwn(kinds, opType) ? kinds[opType] : null;
};

/** The weight that lies in the file; null for one that is computed, or in another file. */
function weightIn(node: GraphNode, { initializers }: NetworkGraph): OnnxTensor | null {
  const kind = kindOf(node);
  const tensor = kind && initializers.get(node.inputs[kind.weight] ?? '');
  if (!tensor || tensor.external) return null;
  return (kind.as === 'matrix' ? tensor.dims.length === 2 : tensor.dims.length > 2) ? tensor : null;
}

/** What a node's weights are looked at as. */
export const weightKind = (node: GraphNode, graph: NetworkGraph): Traits['weights'] =>
  weightIn(node, graph) ? kindOf(node)!.as : null;

/** Kernels as the file has them, `[O, I ÷ groups, …kernel]`; matrices as `[O, I]` whichever way they lie. */
export function weightsOf(node: GraphNode, graph: NetworkGraph): NodeWeights | null {
  const tensor = weightIn(node, graph);
  if (!tensor) return null;
  const value = valueOfTensor(tensor);
  const kind = kindOf(node)!;
  const added = kind.bias === null ? undefined : graph.initializers.get(node.inputs[kind.bias] ?? '');
  const numbers = added && !added.external ? floats(valueOfTensor(added)) : null;
  const axes = value.shape.map(() => 'other' as const);
  const strides = denseStrides(value.shape);
  const turned = kind.as === 'matrix' && intOf(node, 'transB', 0) !== 1;
  const weight = {
    ...value,
    shape: turned ? [...value.shape].reverse() : value.shape,
    strides: turned ? strides.reverse() : strides,
    axes,
  };
  const bias = numbers && numbers.length === weight.shape[0] ? Float32Array.from(numbers) : null;
  return { weight, bias };
}

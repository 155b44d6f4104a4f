import type { ExplanationBody } from '../../core/explain/types';
import { intOf } from '../../core/onnx-graph/attributes';
import type { GraphNode } from '../../core/onnx-graph/network';
import { sumOf } from './explain-reduce';
import { numberAt, numbersIn, broadcastIndex, type NodeInput } from './node-input';

/**
 * A product with a matrix of few bits: Σ a[…, k] · (q[n, k] − zero) · scale over K numbers, each block of k with its own scale and zero
 * point, packed from the lowest bits of a byte on. Null for any other operator, and for bits that cross bytes.
 * Source: onnxruntime's contributed operators, com.microsoft.MatMulNBits.
 */
export function explainBlocks(
  node: GraphNode,
  [a, packed, scales, zeros, groups, bias]: readonly (NodeInput | null)[],
  index: readonly number[],
): { value: number; body: ExplanationBody } | null {
  if (node.domain !== 'com.microsoft' || node.opType !== 'MatMulNBits') return null;
  const [length, bits, size] = ['K', 'bits', 'block_size'].map((name) => intOf(node, name, name === 'bits' ? 4 : 0));
  if (!a || a.value === null || !packed || !scales || groups || ![2, 4, 8].includes(bits) || size < 1) return null;
  // Zero points are packed like the numbers, or floats.
  if (zeros && zeros.tensor.type !== 'uint8') return null;
  const column = index[index.length - 1];
  const blocks = Math.ceil(length / size);
  const perByte = 8 / bits;
  const bitsAt = (bytes: ArrayLike<number>, row: number, place: number): number =>
    (bytes[row + Math.floor(place / perByte)] >> (bits * (place % perByte))) & (2 ** bits - 1);
  const bytes = numbersIn(packed.tensor);
  const perBlock = Math.ceil(size / perByte);
  const weightAt = (k: number): number => {
    const block = Math.floor(k / size);
    const q = bitsAt(bytes, (column * blocks + block) * perBlock, k % size);
    const zero = zeros ? bitsAt(numbersIn(zeros.tensor), column * Math.ceil(blocks / perByte), block) : 2 ** (bits - 1);
    return (q - zero) * numbersIn(scales.tensor)[column * blocks + block];
  };
  const added = bias ? numberAt(bias.tensor, broadcastIndex(bias.tensor, index)) : 0;
  return sumOf(a, length, (k) => ({ index: [...index.slice(0, -1), k], weight: weightAt(k) }), added);
}

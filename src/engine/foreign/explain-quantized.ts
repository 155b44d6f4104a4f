import type { ExplanationBody, Quantized, QuantizedRead } from '../../core/explain/types';
import { floatOf, intOf } from '../../core/onnx-graph/attributes';
import type { GraphNode } from '../../core/onnx-graph/network';
import type { Tensor } from '../inspect/tensor';
import { broadcastIndex, numberAt, numbersIn, scalarOf, type NodeInput } from './node-input';
import { RANGES, requantized } from './rounding';

type Inputs = readonly (NodeInput | null)[];
type Told = { value: number; body: ExplanationBody };

/** Explains a plain operator that stands for a quantized one, by what it reads. */
export type ExplainPlain = (node: GraphNode, opset: number, inputs: Inputs) => Told | null;

/** An operand with its scale and zero point. */
interface Operand {
  input: NodeInput;
  /** Null where the operator has none. */
  scale: NodeInput | null;
  zero: NodeInput | null;
}

/** What a quantized operator is made of. */
interface Parts {
  /** The plain operator that does its arithmetic. */
  operator: string;
  operands: Operand[];
  /** Products of whole numbers, whose scales are multiplied behind the sum; of other operators the numbers are made real before. */
  product: boolean;
  /** Whole numbers that are added to the sum. */
  bias?: NodeInput | null;
  /** Numbers that are added behind the scales. */
  shift?: NodeInput | null;
  /** Null where the result is not quantized again. */
  output: { scale: NodeInput; zero: NodeInput | null } | null;
}

const operand = (inputs: Inputs, input: number, scale: number | null, zero: number): Operand | null =>
  inputs[input]
    ? { input: inputs[input], scale: scale === null ? null : (inputs[scale] ?? null), zero: inputs[zero] ?? null }
    : null;

/** What stands at these places; null where a needed input is left out. */
function parts(
  operator: string,
  operands: (Operand | null)[],
  output: [scale: NodeInput | null | undefined, zero: NodeInput | null | undefined] | null,
  more: Partial<Parts> = {},
): Parts | null {
  if (operands.some((each) => each === null) || (output && !output[0])) return null;
  return {
    operator,
    operands: operands as Operand[],
    product: false,
    output: output && { scale: output[0]!, zero: output[1] ?? null },
    ...more,
  };
}

type PartsOf = (inputs: Inputs, node: GraphNode) => Parts | null;

/** One operand, made real, through a plain operator, and quantized again: x, its scale and zero point, those of y. */
const single =
  (operator: string): PartsOf =>
  (inputs) =>
    parts(operator, [operand(inputs, 0, 1, 2)], [inputs[3], inputs[4]]);

const pair =
  (operator: string, product = false): PartsOf =>
  (inputs) =>
    parts(operator, [operand(inputs, 0, 1, 2), operand(inputs, 3, 4, 5)], [inputs[6], inputs[7]], { product });

const wholeProduct =
  (operator: string): PartsOf =>
  (inputs) =>
    parts(operator, [operand(inputs, 0, null, 2), operand(inputs, 1, null, 3)], null, { product: true });

/** Source: ONNX operators of these names. */
const OPERATORS: Readonly<Record<string, PartsOf>> = {
  ConvInteger: wholeProduct('Conv'),
  MatMulInteger: wholeProduct('MatMul'),
  QLinearConv: (inputs) =>
    parts('Conv', [operand(inputs, 0, 1, 2), operand(inputs, 3, 4, 5)], [inputs[6], inputs[7]], {
      product: true,
      bias: inputs[8],
    }),
  QLinearMatMul: pair('MatMul', true),
};

/** Source: onnxruntime's contributed operators, domain com.microsoft. */
const MICROSOFT: Readonly<Record<string, PartsOf>> = {
  QLinearAdd: pair('Add'),
  QLinearMul: pair('Mul'),
  QLinearSigmoid: single('Sigmoid'),
  QLinearLeakyRelu: single('LeakyRelu'),
  QLinearSoftmax: single('Softmax'),
  QLinearAveragePool: (inputs, node) => (channelsLast(node) ? null : single('AveragePool')(inputs, node)),
  QLinearGlobalAveragePool: (inputs, node) => (channelsLast(node) ? null : single('GlobalAveragePool')(inputs, node)),
  QLinearReduceMean: single('ReduceMean'),
  QLinearConv: (inputs, node) => (channelsLast(node) ? null : OPERATORS.QLinearConv(inputs, node)),
  QLinearConcat(inputs) {
    const [scale, zero, ...rest] = inputs;
    const operands = Array.from({ length: Math.floor(rest.length / 3) }, (_, i) =>
      operand(rest, 3 * i, 3 * i + 1, 3 * i + 2),
    );
    return parts('Concat', operands, [scale, zero]);
  },
  QGemm: (inputs) =>
    parts('Gemm', [operand(inputs, 0, 1, 2), operand(inputs, 3, 4, 5)], inputs[7] ? [inputs[7], inputs[8]] : null, {
      product: true,
      bias: inputs[6],
    }),
  MatMulIntegerToFloat: (inputs) =>
    parts('MatMul', [operand(inputs, 0, 2, 4), operand(inputs, 1, 3, 5)], null, { product: true, shift: inputs[6] }),
};

const channelsLast = (node: GraphNode): boolean => intOf(node, 'channels_last', 0) === 1;

/**
 * How one number of a quantized operator came about: products of whole numbers (q − zero point) are added up by the plain operator,
 * then scaled and rounded; what is no product is made real first.
 * @param index of the number in the output. @param plain explains the plain operator. @returns null for any other operator, and for
 * scales that differ along the axis that is added up.
 */
export function explainQuantized(
  node: GraphNode,
  opset: number,
  inputs: Inputs,
  output: Tensor,
  index: readonly number[],
  plain: ExplainPlain,
): (Told & { quantized: Quantized }) | null {
  const known = node.domain === '' ? OPERATORS : node.domain === 'com.microsoft' ? MICROSOFT : {};
  const found = Object.hasOwn(known, node.opType) ? known[node.opType](inputs, node) : null;
  if (!found) return null;
  const { operator, operands, product, bias = null, shift = null, output: end } = found;
  const range = RANGES[output.type];
  if (end && !range) return null;
  // The scales of a second factor may differ from filter to filter, or from column to column.
  const along = operator === 'Conv' ? index[1] : index[index.length - 1];
  const reads: QuantizedRead[] = [];
  const plainInputs: NodeInput[] = [];
  for (const [i, each] of operands.entries()) {
    const listed = product && i === 1;
    const read = readingOf(each, listed ? along : null);
    const input = shifted(each, !product, listed ? filterAxis(operator, node, each.input.tensor.shape.length) : null);
    if (!read || !input) return null;
    reads.push(read);
    // One tensor may be read twice, with other scales.
    plainInputs.push({ ...input, name: `operand ${i}` });
  }
  // The factor that a matrix product has anyway comes behind the sum.
  const attributes = node.attributes.filter(({ name }) => operator !== 'Gemm' || name !== 'alpha');
  const told = plain(
    { ...node, opType: operator, domain: '', attributes, inputs: plainInputs.map(({ name }) => name) },
    intOf(node, 'opset', opset),
    plainInputs,
  );
  if (!told) return null;
  const added = bias ? alongOutput(bias, index, operator) : 0;
  const { body } = told;
  const scales = reads.reduce(
    (all, { scale }) => all * (scale ?? 1),
    operator === 'Gemm' ? floatOf(node, 'alpha', 1) : 1,
  );
  const quantized: Quantized = {
    reads,
    real: !product,
    sum: told.value + added,
    factor: product ? scales : 1,
    shift: shift ? alongOutput(shift, index, operator) : 0,
    output: end && { scale: scalarOf(end.scale)!, zero: scalarOf(end.zero) ?? 0, low: range[0], high: range[1] },
  };
  return {
    value: requantized(quantized),
    body: body.kind === 'sum' ? { ...body, bias: body.bias + added } : body,
    quantized,
  };
}

/** How an operand is read. @param place along the axis in which a list of scales differs; null where there must be a single one. */
function readingOf({ input, scale, zero }: Operand, place: number | null): QuantizedRead | null {
  const at = (given: NodeInput): number | null => {
    const numbers = numbersIn(given.tensor);
    return numbers.length === 1 ? numbers[0] : place === null ? null : (numbers[place] ?? null);
  };
  const [factor, from] = [scale && at(scale), zero ? at(zero) : 0];
  if ((scale && factor === null) || from === null) return null;
  return { name: input.name, scale: factor, zero: from };
}

/** The axis of a second factor that becomes the output's channels, or columns. */
const filterAxis = (operator: string, node: GraphNode, rank: number): number =>
  operator === 'Conv' || (operator === 'Gemm' && intOf(node, 'transB', 0) === 1) ? 0 : rank - 1;

const made = new WeakMap<Tensor, Map<string, Tensor>>();

/**
 * An operand as floats, q − zero, or where `real` what that stands for; null for zero points that differ along another axis.
 * @param axis along which zero points may differ.
 */
function shifted({ input, zero, scale }: Operand, real: boolean, axis: number | null): NodeInput | null {
  const { tensor } = input;
  const { shape } = tensor;
  const zeros = zero ? numbersIn(zero.tensor) : Float64Array.of(0);
  const factor = real && scale ? numbersIn(scale.tensor)[0] : 1;
  if (zeros.length > 1 && (axis === null || zeros.length !== shape[axis])) return null;
  const key = `${zeros.join(' ')} ${factor}`;
  let known = made.get(tensor);
  if (!known) made.set(tensor, (known = new Map()));
  let result = known.get(key);
  if (!result) {
    const inner = axis === null ? 1 : tensor.strides[axis];
    const numbers = numbersIn(tensor);
    const data = Float32Array.from(numbers, (value, i) => {
      const from = zeros.length > 1 ? zeros[Math.floor(i / inner) % zeros.length] : zeros[0];
      return (value - from) * factor;
    });
    result = { ...tensor, type: 'float32', data };
    known.set(key, result);
  }
  return { ...input, tensor: result };
}

/** What is added: one number for each channel of a convolution, else broadcast. */
function alongOutput({ tensor }: NodeInput, index: readonly number[], operator: string): number {
  if (operator === 'Conv') return numbersIn(tensor)[index[1]];
  return numberAt(tensor, broadcastIndex(tensor, index));
}

import { curveAround } from '../../core/explain/curve';
import type { ExplanationBody } from '../../core/explain/types';
import { intOf } from '../../core/onnx-graph/attributes';
import type { GraphNode } from '../../core/onnx-graph/network';
import { erf } from '../../core/layers/gelu';
import { broadcastIndex, numberAt, numbersIn, scalarOf, type NodeInput } from './node-input';
import { even, quantize, RANGES } from './rounding';

type Told = { value: number; body: ExplanationBody };
type Constants = readonly { name: string; value: number }[];

/** With one other number of the node, which is broadcast: its formula in x and the constant b. */
const PAIRS: Readonly<Record<string, { formula: string; reversed: string; of: (a: number, b: number) => number }>> = {
  Add: { formula: 'x + b', reversed: 'b + x', of: (a, b) => a + b },
  Sub: { formula: 'x − b', reversed: 'b − x', of: (a, b) => a - b },
  Mul: { formula: 'x · b', reversed: 'b · x', of: (a, b) => a * b },
  Div: { formula: 'x ÷ b', reversed: 'b ÷ x', of: (a, b) => a / b },
  Pow: { formula: 'x^b', reversed: 'b^x', of: (a, b) => a ** b },
  Min: { formula: 'min(x, b)', reversed: 'min(b, x)', of: Math.min },
  Max: { formula: 'max(x, b)', reversed: 'max(b, x)', of: Math.max },
  Equal: test('=', (a, b) => a === b),
  Greater: test('>', (a, b) => a > b),
  GreaterOrEqual: test('≥', (a, b) => a >= b),
  Less: test('<', (a, b) => a < b),
  LessOrEqual: test('≤', (a, b) => a <= b),
  And: test('∧', (a, b) => a !== 0 && b !== 0),
  Or: test('∨', (a, b) => a !== 0 || b !== 0),
  Xor: test('⊻', (a, b) => (a !== 0) !== (b !== 0)),
};

/** 1 where it holds, 0 where it does not. */
function test(sign: string, holds: (a: number, b: number) => boolean): (typeof PAIRS)[string] {
  return { formula: `x ${sign} b`, reversed: `b ${sign} x`, of: (a, b) => (holds(a, b) ? 1 : 0) };
}

const SINGLE: Readonly<Record<string, { formula: string; of: (x: number) => number }>> = {
  Neg: { formula: '−x', of: (x) => -x },
  Abs: { formula: '|x|', of: Math.abs },
  Exp: { formula: 'e^x', of: Math.exp },
  Log: { formula: 'ln x', of: Math.log },
  Sqrt: { formula: '√x', of: Math.sqrt },
  Reciprocal: { formula: '1 ÷ x', of: (x) => 1 / x },
  Erf: { formula: 'erf x', of: erf },
  Sign: { formula: 'sign x', of: Math.sign },
  Floor: { formula: '⌊x⌋', of: Math.floor },
  Ceil: { formula: '⌈x⌉', of: Math.ceil },
  Round: { formula: 'round(x)', of: even },
  Sin: { formula: 'sin x', of: Math.sin },
  Cos: { formula: 'cos x', of: Math.cos },
  Tan: { formula: 'tan x', of: Math.tan },
  Atan: { formula: 'arctan x', of: Math.atan },
  Softsign: { formula: 'x ÷ (1 + |x|)', of: (x) => x / (1 + Math.abs(x)) },
  Not: { formula: '¬x', of: (x) => (x === 0 ? 1 : 0) },
};

type By = Extract<ExplanationBody, { kind: 'join' }>['by'];
const JOINS: Readonly<Record<string, By>> = { Add: 'sum', Sum: 'sum', Mul: 'product', Max: 'largest' };
const JOINED: Readonly<Record<By, (values: readonly number[]) => number>> = {
  sum: (values) => values.reduce((a, b) => a + b),
  product: (values) => values.reduce((a, b) => a * b),
  largest: (values) => Math.max(...values),
};

/** Operators of single numbers, with broadcasting and scales and zero points; null for any other. */
export function explainFunction(
  node: GraphNode,
  opset: number,
  inputs: readonly (NodeInput | null)[],
  index: readonly number[],
): Told | null {
  const [first, second] = inputs;
  if (!first || node.domain !== '') return null;
  const at = (input: NodeInput | null | undefined): number =>
    numberAt(input!.tensor, broadcastIndex(input!.tensor, index));
  const by = Object.hasOwn(JOINS, node.opType) ? JOINS[node.opType] : null;
  if (by && inputs.length > 1 && inputs.every((input) => input && !input.constant)) {
    const sources = inputs.map((input) => ({ layer: input!.value!, value: at(input) }));
    const values = sources.map(({ value }) => value);
    return { value: JOINED[by](values), body: { kind: 'join', by, sources } };
  }
  const pair = Object.hasOwn(PAIRS, node.opType) ? PAIRS[node.opType] : null;
  if (pair && second && inputs.length === 2 && !(first.constant && second.constant)) {
    const reversed = first.constant;
    const [x, b] = reversed ? [second, first] : [first, second];
    const of = (value: number): number => (reversed ? pair.of(at(b), value) : pair.of(value, at(b)));
    return told(x, at(x), reversed ? pair.reversed : pair.formula, [{ name: 'b', value: at(b) }], of);
  }
  if (first.value === null) return null;
  if (Object.hasOwn(SINGLE, node.opType)) {
    const { formula, of } = SINGLE[node.opType];
    return told(first, at(first), formula, [], of);
  }
  if (node.opType === 'Cast') return cast(node, first, at(first));
  if (node.opType === 'Clip') return clipped(node, opset, inputs, first, at(first));
  if (node.opType === 'QuantizeLinear' || node.opType === 'DequantizeLinear')
    return quantized(node, inputs, index, at(first));
  return null;
}

/** Types by their numbers in ONNX: floats of any width, truth values; any other is whole. */
const FLOATS = [1, 10, 11, 16];
const BOOL = 9;

function cast(node: GraphNode, first: NodeInput, x: number): Told {
  const to = intOf(node, 'to', 1);
  if (FLOATS.includes(to)) return told(first, x, 'x', [], (value) => value);
  if (to === BOOL) return told(first, x, 'x ≠ 0', [], (value) => (value === 0 ? 0 : 1));
  return told(first, x, 'trunc(x)', [], Math.trunc);
}

function clipped(
  { attributes }: GraphNode,
  opset: number,
  inputs: readonly (NodeInput | null)[],
  first: NodeInput,
  x: number,
): Told {
  const limit = (name: string, at: number, preset: number): number => {
    const given = inputs[at];
    if (opset >= 11) return scalarOf(given) ?? preset;
    return Number(attributes.find((each) => each.name === name)?.value ?? preset);
  };
  const [min, max] = [limit('min', 1, -Infinity), limit('max', 2, Infinity)];
  const constants = [
    { name: 'low', value: min },
    { name: 'high', value: max },
  ];
  return told(first, x, 'max(low, min(high, x))', constants, (value) => Math.max(min, Math.min(max, value)));
}

/** y = clamp(round(x ÷ scale) + zero point), halves to even; and back, (x − zero point) · scale. Source: ONNX QuantizeLinear 21. */
function quantized(
  node: GraphNode,
  inputs: readonly (NodeInput | null)[],
  index: readonly number[],
  x: number,
): Told | null {
  const [first, scales, zeros] = inputs;
  if (!scales) return null;
  const given = intOf(node, 'axis', 1);
  const axis = given < 0 ? given + index.length : given;
  const block = intOf(node, 'block_size', 0);
  const along = ({ tensor }: NodeInput): number =>
    block > 0
      ? numberAt(tensor, index.with(axis, Math.floor(index[axis] / block)))
      : numbersIn(tensor)[numbersIn(tensor).length > 1 ? index[axis] : 0];
  const [scale, zero] = [along(scales), zeros ? along(zeros) : 0];
  const constants = [
    { name: 'scale', value: scale },
    { name: 'zero', value: zero },
  ];
  if (node.opType === 'DequantizeLinear')
    return told(first!, x, '(x − zero) · scale', constants, (value) => (value - zero) * scale);
  const range = RANGES[zeros?.tensor.type ?? 'uint8'];
  if (!range) return null;
  const [low, high] = range;
  const of = (value: number): number => quantize(value, { scale, zero, low, high });
  return told(first!, x, `clamp(round(x ÷ scale) + zero, ${low}, ${high})`, constants, of);
}

const told = (
  source: NodeInput,
  input: number,
  formula: string,
  constants: Constants,
  of: (x: number) => number,
): Told => ({
  value: of(input),
  body: {
    kind: 'function',
    source: source.value!,
    input,
    formula,
    constants: [...constants],
    curve: curveAround(of, input),
  },
});

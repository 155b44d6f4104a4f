import { largestTerms, parts } from '../../core/explain/terms';
import type { ExplanationBody } from '../../core/explain/types';
import { floatOf, intOf, intsOf, textOf } from '../../core/onnx-graph/attributes';
import type { GraphNode } from '../../core/onnx-graph/network';
import { broadcastIndex, indexIn, numberAt, numbersIn, offsetOf, placeIn, type NodeInput } from './node-input';
import { unitOf } from './units';

type Inputs = readonly (NodeInput | null)[];
type Told = { value: number; body: ExplanationBody };

/**
 * Operators that add up or compare numbers along axes, for tensors of any rank: products of matrices, of which both may be computed,
 * means, sums, the largest, layer normalization, shares of one. Null for any other. Source: ONNX operators of the same names.
 */
export function explainReduction(
  node: GraphNode,
  opset: number,
  inputs: Inputs,
  index: readonly number[],
): Told | null {
  if (node.domain !== '' || !inputs[0] || inputs[0].value === null) return null;
  switch (node.opType) {
    case 'MatMul':
      return matMul(inputs, index);
    case 'Gemm':
      return gemm(node, inputs, index);
    case 'ReduceMean':
    case 'ReduceSum':
    case 'ReduceSumSquare':
    case 'ReduceL1':
    case 'ReduceMax':
    case 'ReduceMin':
      return reduced(node, inputs, index);
    case 'CumSum':
      return cumulated(node, inputs, index);
    case 'Einsum':
      return einsum(node, inputs, index);
    case 'LayerNormalization':
      return layerNorm(node, inputs, index);
    case 'Softmax':
    case 'LogSoftmax':
      return share(node, opset, inputs[0], index);
    default:
      return null;
  }
}

/** Σ a[…, k] · weight, told as a sum over the values of `a`. */
export function sumOf(
  a: NodeInput,
  length: number,
  of: (k: number) => { index: number[]; weight: number },
  bias = 0,
): Told {
  const factors = Array.from({ length }, (_, k) => of(k));
  const numbers = numbersIn(a.tensor);
  const values = Float64Array.from(factors, ({ index }) => numbers[offsetOf(a.tensor, index)]);
  const products = values.map((value, k) => value * factors[k].weight);
  const largest = largestTerms(products, (k) => ({
    ...unitOf(a.tensor, factors[k].index),
    value: values[k],
    weight: factors[k].weight,
    product: products[k],
  }));
  const value = products.reduce((sum, product) => sum + product, bias);
  const body = { window: null, planes: null, bias, largest, ...parts(products, largest) };
  return { value, body: { kind: 'sum', source: a.value!, ...body } };
}

function matMul([a, b]: Inputs, index: readonly number[]): Told | null {
  if (!a || !b || a.tensor.shape.length < 2 || b.tensor.shape.length < 2) return null;
  const outer = index.slice(0, -2);
  const [row, column] = index.slice(-2);
  const lead = ({ tensor: { shape } }: NodeInput): number[] => broadcastIndex({ shape: shape.slice(0, -2) }, outer);
  const [left, right] = [lead(a), lead(b)];
  return sumOf(a, a.tensor.shape[a.tensor.shape.length - 1], (k) => ({
    index: [...left, row, k],
    weight: numberAt(b.tensor, [...right, k, column]),
  }));
}

function gemm(node: GraphNode, [a, b, c]: Inputs, [row, column]: readonly number[]): Told | null {
  if (!a || !b) return null;
  const across = intOf(node, 'transA', 0) === 1;
  const turned = intOf(node, 'transB', 0) === 1;
  const alpha = floatOf(node, 'alpha', 1);
  const bias = c ? floatOf(node, 'beta', 1) * numberAt(c.tensor, broadcastIndex(c.tensor, [row, column])) : 0;
  return sumOf(
    a,
    a.tensor.shape[across ? 0 : 1],
    (k) => ({
      index: across ? [k, row] : [row, k],
      weight: alpha * numberAt(b.tensor, turned ? [column, k] : [k, column]),
    }),
    bias,
  );
}

/** What each number weighs in a sum, of the value and of how many there are. */
const WEIGHTS: Readonly<Record<string, (value: number, count: number) => number>> = {
  ReduceMean: (_, count) => 1 / count,
  ReduceSum: () => 1,
  ReduceSumSquare: (value) => value,
  ReduceL1: Math.sign,
};

function reduced(node: GraphNode, [a, listed]: Inputs, index: readonly number[]): Told | null {
  const { tensor } = a!;
  const { shape } = tensor;
  const given = listed ? Array.from(numbersIn(listed.tensor)) : intsOf(node, 'axes');
  if (!given?.length && intOf(node, 'noop_with_empty_axes', 0) === 1) return null;
  const axes = given?.length ? given.map((axis) => (axis + shape.length) % shape.length) : shape.map((_, axis) => axis);
  const kept = intOf(node, 'keepdims', 1) === 1;
  const at = [...index];
  const own = shape.map((_, axis) => (axes.includes(axis) ? (kept && at.shift(), 0) : at.shift()!));
  const sizes = axes.map((axis) => shape[axis]);
  const count = sizes.reduce((product, size) => product * size, 1);
  const placeOf = (k: number): number[] => {
    const inside = indexIn(sizes, k);
    const place = [...own];
    axes.forEach((axis, i) => (place[axis] = inside[i]));
    return place;
  };
  const weigh = Object.hasOwn(WEIGHTS, node.opType) ? WEIGHTS[node.opType] : null;
  if (!weigh) return picked(a!, count, placeOf, node.opType === 'ReduceMax');
  return sumOf(a!, count, (k) => {
    const place = placeOf(k);
    return { index: place, weight: weigh(numberAt(tensor, place), count) };
  });
}

/** The largest or smallest, which comes unchanged from its place. */
function picked(
  { tensor, value: source }: NodeInput,
  count: number,
  placeOf: (k: number) => number[],
  largest: boolean,
): Told {
  let [best, place] = [NaN, placeOf(0)];
  for (let k = 0; k < count; k++) {
    const at = placeOf(k);
    const value = numberAt(tensor, at);
    if (k === 0 || (largest ? value > best : value < best)) [best, place] = [value, at];
  }
  return { value: best, body: { kind: 'copy', source: source!, ...unitOf(tensor, place) } };
}

/** Σ of what is before along an axis, itself included unless `exclusive`; from the end where `reverse`. */
function cumulated(node: GraphNode, [a, along]: Inputs, index: readonly number[]): Told | null {
  if (!along) return null;
  const { shape } = a!.tensor;
  const axis = (numbersIn(along.tensor)[0] + shape.length) % shape.length;
  const own = intOf(node, 'exclusive', 0) === 1 ? 0 : 1;
  const reverse = intOf(node, 'reverse', 0) === 1;
  const count = (reverse ? shape[axis] - 1 - index[axis] : index[axis]) + own;
  const first = reverse ? shape[axis] - count : 0;
  return sumOf(a!, count, (k) => ({ index: index.with(axis, first + k), weight: 1 }));
}

/** Σ of products over the letters that the output has not, of two operands in which no letter comes twice. Source: ONNX Einsum. */
function einsum(node: GraphNode, [a, b, c]: Inputs, index: readonly number[]): Told | null {
  const found = /^([a-zA-Z]+),([a-zA-Z]+)->([a-zA-Z]*)$/.exec(textOf(node, 'equation', '').replace(/\s/g, ''));
  if (!found || !a || !b || c) return null;
  const [left, right, out] = found.slice(1).map((letters) => [...letters]);
  if ([left, right].some((letters) => new Set(letters).size !== letters.length)) return null;
  const sizes = new Map([
    ...right.map((letter, axis) => [letter, b.tensor.shape[axis]] as const),
    ...left.map((letter, axis) => [letter, a.tensor.shape[axis]] as const),
  ]);
  const summed = [...sizes.keys()].filter((letter) => !out.includes(letter));
  const over = summed.map((letter) => sizes.get(letter)!);
  const count = over.reduce((product, size) => product * size, 1);
  return sumOf(a, count, (k) => {
    const inside = indexIn(over, k);
    const at = (letter: string): number =>
      out.includes(letter) ? index[out.indexOf(letter)] : inside[summed.indexOf(letter)];
    return { index: left.map(at), weight: numberAt(b.tensor, right.map(at)) };
  });
}

/** (x − mean) ÷ √(variance + epsilon) · scale + shift, over all axes from `axis` on. */
function layerNorm(node: GraphNode, [a, scales, shifts]: Inputs, index: readonly number[]): Told | null {
  if (!scales) return null;
  const { tensor, value: source } = a!;
  const { shape } = tensor;
  const given = intOf(node, 'axis', -1);
  const axis = given < 0 ? given + shape.length : given;
  const inner = shape.slice(axis);
  const count = inner.reduce((product, size) => product * size, 1);
  const numbers = Float64Array.from({ length: count }, (_, k) =>
    numberAt(tensor, [...index.slice(0, axis), ...indexIn(inner, k)]),
  );
  const mean = numbers.reduce((sum, x) => sum + x, 0) / count;
  const variance = numbers.reduce((sum, x) => sum + (x - mean) ** 2, 0) / count;
  const epsilon = floatOf(node, 'epsilon', 1e-5);
  const of = (each: NodeInput): number => numberAt(each.tensor, broadcastIndex(each.tensor, index));
  const [scale, shift] = [of(scales), shifts ? of(shifts) : 0];
  const input = numbers[placeIn(inner, index.slice(axis))];
  const value = ((input - mean) / Math.sqrt(variance + epsilon)) * scale + shift;
  const moments = { mean, variance, epsilon, scale, shift };
  return { value, body: { kind: 'normalize', by: 'layer', count, source: source!, input, ...moments } };
}

/** Along one axis; up to opset 12 over all axes from `axis` (1) on together. */
function share(node: GraphNode, opset: number, { tensor, value: source }: NodeInput, index: readonly number[]): Told {
  const given = intOf(node, 'axis', opset < 13 ? 1 : -1);
  const axis = given < 0 ? given + index.length : given;
  const end = opset < 13 ? index.length : axis + 1;
  const sizes = tensor.shape.slice(axis, end);
  const own = placeIn(sizes, index.slice(axis, end));
  const logits = Float64Array.from({ length: sizes.reduce((product, size) => product * size, 1) }, (_, k) =>
    numberAt(tensor, [...index.slice(0, axis), ...indexIn(sizes, k), ...index.slice(end)]),
  );
  const log = node.opType === 'LogSoftmax';
  const maximum = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  const exponentials = logits.map((logit) => Math.exp(logit - maximum));
  const sum = exponentials.reduce((a, b) => a + b, 0);
  const value = log ? logits[own] - maximum - Math.log(sum) : exponentials[own] / sum;
  return { value, body: { kind: 'share', source: source!, logits, own, maximum, exponentials, sum, log } };
}

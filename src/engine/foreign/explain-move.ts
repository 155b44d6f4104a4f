import type { ExplanationBody } from '../../core/explain/types';
import { intOf, intsOf, textOf } from '../../core/onnx-graph/attributes';
import type { GraphNode } from '../../core/onnx-graph/network';
import { broadcastIndex, indexIn, numberAt, numbersIn, placeIn, scalarOf, type NodeInput } from './node-input';
import { unitOf } from './units';

type Inputs = readonly (NodeInput | null)[];

/** Where a number comes from unchanged: one of the inputs, or a number that is filled in. */
type From = { input: NodeInput; index: number[] } | { filled: number };

interface Move {
  node: GraphNode;
  opset: number;
  inputs: Inputs;
  first: NodeInput;
  /** Of the output: its shape and the number's index. */
  shape: readonly number[];
  index: readonly number[];
  /** Which of the node's outputs it is. */
  at: number;
}

/** Operators that only move numbers, for tensors of any rank; null where the operator is another. Source: ONNX operators of the same names. */
export function explainMove(
  node: GraphNode,
  opset: number,
  inputs: Inputs,
  output: { at: number; shape: readonly number[] },
  index: readonly number[],
): { value: number; body: ExplanationBody } | null {
  const [first] = inputs;
  if (!first || node.domain !== '' || !Object.hasOwn(MOVES, node.opType)) return null;
  const from = MOVES[node.opType]({ node, opset, inputs, first, shape: output.shape, index, at: output.at });
  if (!from) return null;
  if ('input' in from && from.input.value !== null) {
    const { input } = from;
    const value = numberAt(input.tensor, from.index);
    return { value, body: { kind: 'copy', source: input.value!, ...unitOf(input.tensor, from.index) } };
  }
  // A number of the file, not of the network: a sum of that alone.
  const value = 'filled' in from ? from.filled : numberAt(from.input.tensor, from.index);
  const source = inputs.find((each) => each && each.value !== null)?.value;
  if (source === null || source === undefined) return null;
  const nothing = { terms: 0, largest: [], positive: 0, negative: 0, rest: 0 };
  return { value, body: { kind: 'sum', source, window: null, planes: null, bias: value, ...nothing } };
}

const counted = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);

/** Whole numbers of an input of newer operator sets, or of an attribute of older ones. */
const listOf = ({ node, inputs }: Move, name: string, at: number): number[] | null =>
  inputs[at] ? Array.from(numbersIn(inputs[at].tensor)) : intsOf(node, name);

const same = ({ first, index }: Move): From => ({ input: first, index: [...index] });

/** The same numbers in the same order. */
const reshaped = ({ first, shape, index }: Move): From => ({
  input: first,
  index: indexIn(first.tensor.shape, placeIn(shape, index)),
});

function transpose({ node, first, index }: Move): From {
  const rank = index.length;
  const order = intsOf(node, 'perm') ?? index.map((_, axis) => rank - 1 - axis);
  const from = Array<number>(rank).fill(0);
  order.forEach((axis, at) => (from[axis] = index[at]));
  return { input: first, index: from };
}

function slice(move: Move): From {
  const { first, index } = move;
  const { shape } = first.tensor;
  const starts = listOf(move, 'starts', 1) ?? [];
  const axes = listOf(move, 'axes', 3) ?? starts.map((_, i) => i);
  const steps = move.inputs[4] ? Array.from(numbersIn(move.inputs[4].tensor)) : [];
  const from = [...index];
  axes.forEach((given, i) => {
    const axis = counted(given, shape.length);
    const size = shape[axis];
    const step = steps[i] ?? 1;
    const start = starts[i] < 0 ? starts[i] + size : starts[i];
    from[axis] = Math.max(0, Math.min(step > 0 ? size : size - 1, start)) + index[axis] * step;
  });
  return { input: first, index: from };
}

function split(move: Move): From {
  const { node, first, shape, index, at } = move;
  const rank = index.length;
  const axis = counted(intOf(node, 'axis', 0), rank);
  const sizes = listOf(move, 'split', 1);
  const each = Math.ceil(first.tensor.shape[axis] / node.outputs.length);
  const before = sizes ? sizes.slice(0, at).reduce((sum, size) => sum + size, 0) : at * each;
  return { input: first, index: index.with(axis, before + (shape[axis] > 0 ? index[axis] : 0)) };
}

function concat({ node, inputs, index }: Move): From | null {
  const axis = counted(intOf(node, 'axis', 1), index.length);
  let before = 0;
  for (const input of inputs) {
    const size = input!.tensor.shape[axis];
    if (index[axis] < before + size) return { input: input!, index: index.with(axis, index[axis] - before) };
    before += size;
  }
  return null;
}

function pad(move: Move): From | null {
  const { node, opset, inputs, first, index } = move;
  const { shape } = first.tensor;
  const amounts = listOf(move, opset < 2 ? 'paddings' : 'pads', 1);
  if (!amounts) return null;
  const axes = inputs[3] ? Array.from(numbersIn(inputs[3].tensor)) : shape.map((_, axis) => axis);
  const mode = textOf(node, 'mode', 'constant');
  const from = [...index];
  let outside = false;
  axes.forEach((given, i) => {
    const axis = counted(given, shape.length);
    const size = shape[axis];
    const place = index[axis] - amounts[i];
    outside ||= place < 0 || place >= size;
    from[axis] = INTO[mode]?.(place, size) ?? place;
  });
  if (!outside || mode !== 'constant') return INTO[mode] || !outside ? { input: first, index: from } : null;
  const value = node.attributes.find(({ name }) => name === 'value')?.value;
  return { filled: opset < 11 ? Number(value ?? 0) : (scalarOf(inputs[2]) ?? 0) };
}

/** How each mode of Pad comes by a place outside. */
const INTO: Readonly<Record<string, (place: number, size: number) => number>> = {
  edge: (place, size) => Math.max(0, Math.min(size - 1, place)),
  wrap: (place, size) => ((place % size) + size) % size,
  reflect(place, size) {
    if (size === 1) return 0;
    const period = 2 * (size - 1);
    const at = ((place % period) + period) % period;
    return at < size ? at : period - at;
  },
};

const expand = ({ first, index }: Move): From => ({ input: first, index: broadcastIndex(first.tensor, index) });

const tile = ({ first, index }: Move): From => ({
  input: first,
  index: index.map((at, axis) => at % first.tensor.shape[axis]),
});

function gather({ node, inputs, first, index }: Move): From | null {
  const indices = inputs[1]?.tensor;
  if (!indices) return null;
  const { shape } = first.tensor;
  const axis = counted(intOf(node, 'axis', 0), shape.length);
  const many = indices.shape.length;
  const chosen = counted(numberAt(indices, index.slice(axis, axis + many)), shape[axis]);
  return { input: first, index: [...index.slice(0, axis), chosen, ...index.slice(axis + many)] };
}

function gatherElements({ node, inputs, first, index }: Move): From | null {
  const indices = inputs[1]?.tensor;
  if (!indices) return null;
  const axis = counted(intOf(node, 'axis', 0), index.length);
  return { input: first, index: index.with(axis, counted(numberAt(indices, index), first.tensor.shape[axis])) };
}

function where({ inputs, index }: Move): From | null {
  const [condition, yes, no] = inputs;
  if (!condition || !yes || !no) return null;
  const input = numberAt(condition.tensor, broadcastIndex(condition.tensor, index)) !== 0 ? yes : no;
  return { input, index: broadcastIndex(input.tensor, index) };
}

function depthToSpace({ node, first, shape, index }: Move): From {
  const block = intOf(node, 'blocksize', 1);
  const [n, c, y, x] = index;
  const cell = (y % block) * block + (x % block);
  const channel = textOf(node, 'mode', 'DCR') === 'CRD' ? c * block ** 2 + cell : cell * shape[1] + c;
  return { input: first, index: [n, channel, Math.floor(y / block), Math.floor(x / block)] };
}

function spaceToDepth({ node, first, index }: Move): From {
  const block = intOf(node, 'blocksize', 1);
  const [n, c, y, x] = index;
  const channels = first.tensor.shape[1];
  const cell = Math.floor(c / channels);
  return {
    input: first,
    index: [n, c % channels, y * block + Math.floor(cell / block), x * block + (cell % block)],
  };
}

/** The k-th largest or smallest along an axis; of equal ones the first. The second output is its place, which comes from nowhere. */
function topK({ node, first, index, at }: Move): From | null {
  if (at !== 0 || intOf(node, 'sorted', 1) === 0) return null;
  const axis = counted(intOf(node, 'axis', -1), index.length);
  const sign = intOf(node, 'largest', 1) === 1 ? 1 : -1;
  const values = Array.from({ length: first.tensor.shape[axis] }, (_, k) =>
    numberAt(first.tensor, index.with(axis, k)),
  );
  const order = values.map((_, k) => k).sort((a, b) => sign * (values[b] - values[a]) || a - b);
  return { input: first, index: index.with(axis, order[index[axis]]) };
}

function trilu({ node, inputs, first, index }: Move): From {
  const [row, column] = index.slice(-2);
  const away = column - row - (scalarOf(inputs[1]) ?? 0);
  const kept = intOf(node, 'upper', 1) === 1 ? away >= 0 : away <= 0;
  return kept ? { input: first, index: [...index] } : { filled: 0 };
}

const MOVES: Readonly<Record<string, (move: Move) => From | null>> = {
  Identity: same,
  Dropout: (move) => (move.at === 0 ? same(move) : null),
  Reshape: reshaped,
  Flatten: reshaped,
  Squeeze: reshaped,
  Unsqueeze: reshaped,
  Transpose: transpose,
  Slice: slice,
  Split: split,
  Concat: concat,
  Pad: pad,
  Expand: expand,
  Tile: tile,
  Gather: gather,
  GatherElements: gatherElements,
  Where: where,
  DepthToSpace: depthToSpace,
  SpaceToDepth: spaceToDepth,
  TopK: topK,
  Trilu: trilu,
};

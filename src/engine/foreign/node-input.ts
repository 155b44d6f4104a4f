import { floats, type Tensor } from '../inspect/tensor';
import type { FloatArray } from '../../core/tensor';

/** What a node reads: a value of the network by its number, or a constant. */
export interface NodeInput {
  name: string;
  /** The value's number; null for a weight. */
  value: number | null;
  tensor: Tensor;
  constant: boolean;
}

const known = new WeakMap<Tensor, FloatArray>();

/** A tensor's elements as numbers, worked out once; none of texts. */
export function numbersIn(tensor: Tensor): FloatArray {
  let numbers = known.get(tensor);
  if (!numbers) known.set(tensor, (numbers = floats(tensor) ?? new Float64Array(0)));
  return numbers;
}

export const offsetOf = ({ strides }: Pick<Tensor, 'strides'>, index: readonly number[]): number =>
  index.reduce((sum, at, axis) => sum + at * strides[axis], 0);

/** The number at an index. */
export const numberAt = (tensor: Tensor, index: readonly number[]): number =>
  numbersIn(tensor)[offsetOf(tensor, index)];

/** The index that is broadcast to another one: axes are aligned at the end, those of size one are repeated. */
export const broadcastIndex = ({ shape }: Pick<Tensor, 'shape'>, index: readonly number[]): number[] =>
  index.slice(index.length - shape.length).map((at, axis) => (shape[axis] === 1 ? 0 : at));

/** The first number of an input; null for one that is left out. */
export const scalarOf = (input: NodeInput | null | undefined): number | null =>
  input ? (numbersIn(input.tensor)[0] ?? null) : null;

/** The index of number `place`, row-major. */
export function indexIn(shape: readonly number[], place: number): number[] {
  const index = shape.map(() => 0);
  for (let axis = shape.length - 1, left = place; axis >= 0; axis--) {
    index[axis] = left % shape[axis];
    left = Math.floor(left / shape[axis]);
  }
  return index;
}

/** Row-major place of an index. */
export const placeIn = (shape: readonly number[], index: readonly number[]): number =>
  index.reduce((sum, at, axis) => sum * shape[axis] + at, 0);

/** Computing what is the same in every run: shapes that exporters reckon with, weights that nodes make. */
import { say } from '../../../words';
import { elementTypeName, type ElementTypeName, type OnnxTensor } from '../../onnx/proto';
import { numbersOf, type TensorValue } from '../../onnx/tensor-data';
import { sizeOf, type FloatArray } from '../../tensor';
import type { NodeCall } from './call';
import { broadcast, commonShape, gathered, resolvedShape, squeezed, unsqueezed } from './shapes';
import { constantOf, type Constant } from './values';

/** Numbers that a constant may come to: as many as a layer's parameter may have. */
const MOST = 2 ** 27;

export type TensorOf = (tensor: OnnxTensor) => TensorValue;

/** A tensor of the file. Its data is read when it is first needed. */
export function constantTensor(tensor: OnnxTensor, tensorOf: TensorOf): Constant {
  let known: FloatArray | null = null;
  return {
    is: 'constant',
    type: elementTypeName(tensor.elementType) as ElementTypeName,
    shape: tensor.dims,
    numbers: () => {
      if (known) return known;
      const value = tensorOf(tensor);
      known = value.type === 'float32' ? (value.data as Float32Array) : (numbersOf(value) ?? new Float64Array(0));
      return known;
    },
  };
}

type FoldNode = (call: NodeCall, tensorOf: TensorOf) => Constant;

const stridesOf = (shape: readonly number[]): number[] => shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
const positive = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);

function limited(call: NodeCall, shape: readonly number[]): readonly number[] {
  if (!(sizeOf(shape) <= MOST) || shape.some((size) => !(size >= 0)))
    call.refuse(say('take.constant-size', { shape: shape.join(' × '), limit: MOST }));
  return shape;
}

const WHOLE: ReadonlySet<string> = new Set(['int64', 'int32', 'int16', 'int8', 'uint64', 'uint32', 'uint16', 'uint8']);

/** With one operator on two numbers. Whole numbers are divided as such. */
const pairwise =
  (of: (a: number, b: number, whole: boolean) => number): FoldNode =>
  (call) => {
    const [a, b] = [call.needed(0), call.needed(1)];
    const shape =
      commonShape(a.shape, b.shape) ??
      call.refuse(say('take.broadcast', { constant: a.shape.join(' × '), shape: b.shape.join(' × ') }));
    limited(call, shape);
    const whole = WHOLE.has(a.type);
    const [left, right] = [broadcast(a.numbers(), a.shape, shape), broadcast(b.numbers(), b.shape, shape)];
    return constantOf(
      shape,
      Float64Array.from(left, (value, i) => of(value, right[i], whole)),
      a.type,
    );
  };

const single =
  (of: (value: number) => number): FoldNode =>
  (call) => {
    const { shape, type, numbers } = call.needed(0);
    return constantOf(shape, Float64Array.from(numbers(), of), type);
  };

const shapedAs =
  (to: (call: NodeCall, dims: readonly number[]) => readonly number[]): FoldNode =>
  (call) => ({ ...call.needed(0), shape: to(call, call.needed(0).shape) });

const constant: FoldNode = ({ node }, tensorOf) => {
  const [attribute] = node.attributes;
  if (attribute?.type === 'tensor') return constantTensor(attribute.value, tensorOf);
  if (attribute?.type === 'float') return constantOf([], [attribute.value]);
  if (attribute?.type === 'floats') return constantOf([attribute.value.length], attribute.value);
  if (attribute?.type === 'int') return constantOf([], [attribute.value], 'int64');
  if (attribute?.type === 'ints') return constantOf([attribute.value.length], attribute.value, 'int64');
  return constantOf([0], []);
};

const constantOfShape: FoldNode = (call, tensorOf) => {
  const shape = limited(call, Array.from(call.needed(0).numbers()));
  const [attribute] = call.node.attributes;
  const made = attribute?.type === 'tensor' ? constantTensor(attribute.value, tensorOf) : null;
  const value = made?.numbers()[0] ?? 0;
  let known: FloatArray | null = null;
  const numbers = (): FloatArray => (known ??= new Float32Array(sizeOf(shape)).fill(value));
  return { is: 'constant', type: made?.type ?? 'float32', shape, numbers };
};

const cast: FoldNode = (call) => {
  const from = call.needed(0);
  const type = elementTypeName(call.int('to', 1)) as ElementTypeName;
  if (!WHOLE.has(type) || WHOLE.has(from.type)) return { ...from, type };
  return constantOf(from.shape, Float64Array.from(from.numbers(), Math.trunc), type);
};

const gather: FoldNode = (call) => {
  const [from, indices] = [call.needed(0), call.needed(1)];
  const axis = positive(call.int('axis', 0), from.shape.length);
  const [outer, inner] = [sizeOf(from.shape.slice(0, axis)), sizeOf(from.shape.slice(axis + 1))];
  const wanted = Array.from(indices.numbers(), (index) => positive(index, from.shape[axis]));
  const numbers = from.numbers();
  const data = new Float64Array(outer * wanted.length * inner);
  let at = 0;
  for (let o = 0; o < outer; o++)
    for (const index of wanted)
      for (let i = 0; i < inner; i++) data[at++] = numbers[(o * from.shape[axis] + index) * inner + i];
  return constantOf([...from.shape.slice(0, axis), ...indices.shape, ...from.shape.slice(axis + 1)], data, from.type);
};

const concat: FoldNode = (call) => {
  const parts = call.node.inputs.map((_, at) => call.needed(at));
  const [first] = parts;
  const axis = positive(call.int('axis', 0), first.shape.length);
  const total = parts.reduce((sum, { shape }) => sum + shape[axis], 0);
  const shape = first.shape.with(axis, total);
  const inner = sizeOf(shape.slice(axis + 1));
  const data = new Float64Array(sizeOf(limited(call, shape)));
  let start = 0;
  for (const part of parts) {
    const block = part.shape[axis] * inner;
    part.numbers().forEach((value, i) => (data[Math.floor(i / block) * total * inner + start + (i % block)] = value));
    start += block;
  }
  return constantOf(shape, data, first.type);
};

const slice: FoldNode = (call) => {
  const from = call.needed(0);
  const rank = from.shape.length;
  const [starts, ends] = [call.numbers('starts', 1) ?? [], call.numbers('ends', 2) ?? []];
  const axes = (call.numbers('axes', 3) ?? starts.map((_, i) => i)).map((axis) => positive(axis, rank));
  const steps = call.constant(4)?.numbers();
  const [shape, strides] = [[...from.shape], stridesOf(from.shape)];
  let start = 0;
  axes.forEach((axis, i) => {
    const size = from.shape[axis];
    const step = steps?.[i] ?? 1;
    const within = (index: number, least: number, most: number): number =>
      Math.min(most, Math.max(least, index < 0 ? index + size : index));
    const [first, end] =
      step > 0
        ? [within(starts[i], 0, size), within(ends[i], 0, size)]
        : [within(starts[i], 0, size - 1), within(ends[i], -1, size - 1)];
    shape[axis] = Math.max(0, Math.ceil((end - first) / step));
    start += first * strides[axis];
    strides[axis] *= step;
  });
  return constantOf(shape, gathered(from.numbers(), shape, strides, start), from.type);
};

const transpose: FoldNode = (call) => {
  const from = call.needed(0);
  const order = call.ints('perm') ?? from.shape.map((_, axis) => from.shape.length - 1 - axis);
  const strides = stridesOf(from.shape);
  const shape = order.map((axis) => from.shape[axis]);
  return constantOf(
    shape,
    gathered(
      from.numbers(),
      shape,
      order.map((axis) => strides[axis]),
      0,
    ),
    from.type,
  );
};

const expand: FoldNode = (call) => {
  const from = call.needed(0);
  const to = Array.from(call.needed(1).numbers());
  const shape = limited(call, commonShape(from.shape, to) ?? to);
  return constantOf(shape, broadcast(from.numbers(), from.shape, shape), from.type);
};

/** Weights that are kept as whole numbers: (x − zero point) · scale. */
const dequantizeLinear: FoldNode = (call) => {
  const [from, scale, zero] = [call.needed(0), call.needed(1), call.constant(2)];
  const axis = positive(call.int('axis', 1), from.shape.length);
  const along = from.shape.map((size, each) =>
    each === axis && scale.shape.length > 0 && sizeOf(scale.shape) > 1 ? size : 1,
  );
  if (sizeOf(along) !== sizeOf(scale.shape)) call.refuse(say('take.constant-operator', { operator: call.node.opType }));
  const over = (given: Constant): FloatArray => broadcast(given.numbers(), along, from.shape);
  const [scales, zeros] = [over(scale), zero && over(zero)];
  const data = Float32Array.from(from.numbers(), (value, i) => (value - (zeros ? zeros[i] : 0)) * scales[i]);
  return constantOf(from.shape, data, scale.type);
};

const identity: FoldNode = (call) => call.needed(0);

/** What is computed of constants alone, by operator. */
export const constants: Readonly<Record<string, FoldNode>> = {
  Constant: constant,
  ConstantOfShape: constantOfShape,
  Identity: identity,
  Dropout: identity,
  Cast: cast,
  Shape: (call) => constantOf([call.needed(0).shape.length], [...call.needed(0).shape], 'int64'),
  Size: (call) => constantOf([], [sizeOf(call.needed(0).shape)], 'int64'),
  Gather: gather,
  Concat: concat,
  Slice: slice,
  Transpose: transpose,
  Expand: expand,
  DequantizeLinear: dequantizeLinear,
  Reshape: shapedAs((call, dims) =>
    resolvedShape(dims, call.numbers('shape', 1) ?? [], call.int('allowzero', 0) === 1),
  ),
  Flatten: shapedAs((call, dims) => {
    const axis = positive(call.int('axis', 1), dims.length);
    return [sizeOf(dims.slice(0, axis)), sizeOf(dims.slice(axis))];
  }),
  Squeeze: shapedAs((call, dims) => squeezed(dims, call.numbers('axes', 1))),
  Unsqueeze: shapedAs((call, dims) => unsqueezed(dims, call.numbers('axes', 1) ?? [])),
  Add: pairwise((a, b) => a + b),
  Sub: pairwise((a, b) => a - b),
  Mul: pairwise((a, b) => a * b),
  Div: pairwise((a, b, whole) => (whole ? Math.trunc(a / b) : a / b)),
  Pow: pairwise((a, b) => a ** b),
  Mod: pairwise((a, b) => a - Math.floor(a / b) * b),
  Min: pairwise((a, b) => Math.min(a, b)),
  Max: pairwise((a, b) => Math.max(a, b)),
  Neg: single((value) => -value),
  Abs: single(Math.abs),
  Sqrt: single(Math.sqrt),
  Exp: single(Math.exp),
  Reciprocal: single((value) => 1 / value),
  Floor: single(Math.floor),
  Ceil: single(Math.ceil),
};

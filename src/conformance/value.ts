import { elementTypeName, ElementType, type OnnxTensor } from '../core/onnx/proto';
import { sizeOf } from '../core/tensor';
import { NotKnown } from './not-known';

/** A float32 tensor in ONNX's own order: row-major, `[N, C, ...]`. */
export interface FloatValue {
  kind: 'float';
  shape: readonly number[];
  data: Float32Array;
}

/** int64 and int32: labels and shapes. */
export interface IntegerValue {
  kind: 'integer';
  shape: readonly number[];
  data: readonly number[];
}

/** A switch, like the training mode of Dropout. */
export interface BooleanValue {
  kind: 'boolean';
  shape: readonly number[];
  data: readonly boolean[];
}

/** Values that the core does not compute with. */
export interface ForeignValue {
  kind: 'foreign';
  type: string;
}

export type Value = FloatValue | IntegerValue | BooleanValue | ForeignValue;

export const floats = (shape: readonly number[], data: Float32Array): FloatValue => ({ kind: 'float', shape, data });

/** Throws NotKnown for anything but float32. */
export function expectFloats(value: Value, name: string): FloatValue {
  if (value.kind === 'float') return value;
  throw new NotKnown(`element type ${typeOf(value)} of '${name}'`);
}

export function expectIntegers(value: Value, name: string): IntegerValue {
  if (value.kind === 'integer') return value;
  throw new NotKnown(`element type ${typeOf(value)} of '${name}'`);
}

function typeOf(value: Value): string {
  if (value.kind === 'foreign') return value.type;
  return { float: 'float32', integer: 'int64', boolean: 'bool' }[value.kind];
}

/** The values of a tensor as a file has them. Throws where shape and data disagree. */
export function valueOf(tensor: OnnxTensor): Value {
  const { dims, raw, elementType } = tensor;
  const size = sizeOf(dims);
  const check = <A extends { length: number }>(data: A): A => {
    if (data.length === size) return data;
    throw new Error(`tensor '${tensor.name}': found ${data.length} values, expected ${size} for [${dims.join(', ')}]`);
  };
  // Typed arrays need aligned bytes, hence the copy.
  const bytes = (): ArrayBuffer => Uint8Array.from(raw ?? []).buffer;
  switch (elementType) {
    case ElementType.float32:
      return floats(dims, check(raw ? new Float32Array(bytes()) : tensor.floats));
    case ElementType.int64: {
      const data = Array.from(raw ? new BigInt64Array(bytes()) : tensor.int64s, Number);
      return { kind: 'integer', shape: dims, data: check(data) };
    }
    case ElementType.int32: {
      const data = raw ? Array.from(new Int32Array(bytes())) : tensor.int32s;
      return { kind: 'integer', shape: dims, data: check(data) };
    }
    case ElementType.bool: {
      const data = raw ? Array.from(raw) : tensor.int32s;
      return { kind: 'boolean', shape: dims, data: check(data).map((value) => value !== 0) };
    }
    default:
      return { kind: 'foreign', type: elementTypeName(elementType) };
  }
}

/** The same numbers in another shape. */
export function reshaped(value: FloatValue, shape: readonly number[]): FloatValue {
  return floats(shape, value.data);
}

/** Axis `i` of the result is axis `axes[i]` of the value. */
export function permuted(value: FloatValue, axes: readonly number[]): FloatValue {
  const shape = axes.map((axis) => value.shape[axis]);
  const strides = stridesOf(value.shape);
  return gathered(
    value,
    shape,
    axes.map((axis) => strides[axis]),
  );
}

/** Repeated along dimensions of 1 to `shape`, aligned at the end as numpy has it. Throws where it does not fit. */
export function expanded(value: FloatValue, shape: readonly number[]): FloatValue {
  const missing = shape.length - value.shape.length;
  const strides = stridesOf(value.shape);
  const steps = shape.map((size, axis) => {
    const own = axis < missing ? 1 : value.shape[axis - missing];
    if (own !== size && own !== 1)
      throw new Error(`[${value.shape.join(', ')}] does not expand to [${shape.join(', ')}]`);
    return axis < missing || own === 1 ? 0 : strides[axis - missing];
  });
  if (missing < 0) throw new Error(`[${value.shape.join(', ')}] has more dimensions than [${shape.join(', ')}]`);
  return gathered(value, shape, steps);
}

/** The shape that both expand to. */
export function broadcastShape(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const left = a[axis - rank + a.length] ?? 1;
    const right = b[axis - rank + b.length] ?? 1;
    return left === 1 ? right : left;
  });
}

function stridesOf(shape: readonly number[]): number[] {
  const strides = Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1] * shape[axis + 1];
  return strides;
}

function gathered(value: FloatValue, shape: readonly number[], steps: readonly number[]): FloatValue {
  const data = new Float32Array(sizeOf(shape));
  const place = Array<number>(shape.length).fill(0);
  let source = 0;
  for (let i = 0; i < data.length; i++) {
    data[i] = value.data[source];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      source += steps[axis];
      if (++place[axis] < shape[axis]) break;
      source -= steps[axis] * shape[axis];
      place[axis] = 0;
    }
  }
  return floats(shape, data);
}

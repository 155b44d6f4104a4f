import protobuf from 'protobufjs/minimal.js';
import { say } from '../../words';
import { OnnxError } from './error';
import { ElementType, elementTypeName, type ElementTypeName, type OnnxTensor } from './proto';

/**
 * A tensor's elements, one each, in the type nearest to their own: float16, bfloat16 and float8 as their bits, two- and four-bit
 * integers widened to 8 bits, complex numbers as real and imaginary part in turn, truth values as 0 and 1.
 */
export type TensorData =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | string[];

export interface TensorValue {
  type: ElementTypeName;
  shape: readonly number[];
  data: TensorData;
}

/** Bits that an element takes in a file; 0 for texts. */
export const BITS: Readonly<Record<ElementTypeName, number>> = {
  float32: 32,
  uint8: 8,
  int8: 8,
  uint16: 16,
  int16: 16,
  int32: 32,
  int64: 64,
  string: 0,
  bool: 8,
  float16: 16,
  float64: 64,
  uint32: 32,
  uint64: 64,
  complex64: 64,
  complex128: 128,
  bfloat16: 16,
  float8e4m3fn: 8,
  float8e4m3fnuz: 8,
  float8e5m2: 8,
  float8e5m2fnuz: 8,
  uint4: 4,
  int4: 4,
  float4e2m1: 4,
  float8e8m0: 8,
  uint2: 2,
  int2: 2,
};

/** Elements of one tensor that are read: no typed array holds more. */
const MOST = 2 ** 32;

/**
 * The number of elements of a shape, 1 for a scalar's.
 * @throws OnnxError for negative dimensions and for more than a machine can hold.
 */
function countOf(name: string, dims: readonly number[]): number {
  const count = dims.reduce((product, dimension) => product * dimension, 1);
  if (dims.some((dimension) => dimension < 0 || !Number.isSafeInteger(dimension)) || count > MOST)
    throw new OnnxError('invalid', say('onnx.tensor-size', { name, dims: dims.join(', '), limit: MOST }));
  return count;
}

/**
 * What a tensor of a file holds.
 * @param bytes its data where that lies in another file, else its own.
 * @throws OnnxError where type, shape and data do not fit each other.
 */
export function valueOfTensor(tensor: OnnxTensor, bytes: Uint8Array | null = tensor.raw): TensorValue {
  const { name, dims, elementType } = tensor;
  const type = elementTypeName(elementType);
  if (!isElementType(type)) throw new OnnxError('invalid', say('onnx.tensor-unknown', { name, type }));
  const count = countOf(name, dims);
  const data = bytes ? fromBytes(tensor, type, count, bytes) : fromLists(tensor, type);
  const found = type.startsWith('complex') ? data.length / 2 : data.length;
  if (found === count) return { type, shape: dims, data };
  const shape = say('onnx.values-for', { count, dims: dims.join(', ') });
  throw new OnnxError(
    'invalid',
    say('onnx.tensor', { name, found: say('onnx.values', { count: found }), expected: shape }),
  );
}

const isElementType = (type: string): type is ElementTypeName => Object.hasOwn(ElementType, type);

function fromBytes(tensor: OnnxTensor, type: ElementTypeName, count: number, bytes: Uint8Array): TensorData {
  const { name, dims } = tensor;
  const size = Math.ceil((count * BITS[type]) / 8);
  if (type === 'string' || bytes.length !== size) {
    const found = say('onnx.bytes', { size: bytes.length });
    throw new OnnxError(
      'invalid',
      say('onnx.tensor', { name, found, expected: say('onnx.bytes-expected', { size, dims: dims.join(', ') }) }),
    );
  }
  if (BITS[type] < 8) return unpacked(type, count, bytes);
  // Typed arrays need aligned bytes, so they are copied.
  return elementsOf(type, Uint8Array.from(bytes).buffer);
}

/** Numbers of two or four bits, the lowest bits first. */
function unpacked(type: ElementTypeName, count: number, bytes: Uint8Array): TensorData {
  const width = BITS[type];
  const signed = type.startsWith('int');
  const data = signed ? new Int8Array(count) : new Uint8Array(count);
  const each = 8 / width;
  for (let i = 0; i < count; i++) {
    const bits = (bytes[Math.floor(i / each)] >> (width * (i % each))) & (2 ** width - 1);
    data[i] = signed && bits >= 2 ** (width - 1) ? bits - 2 ** width : bits;
  }
  return data;
}

/** Bytes as elements of a type of eight bits or more: float16 and bfloat16 as their bits, complex numbers as pairs. */
export function elementsOf(type: ElementTypeName, buffer: ArrayBuffer): Exclude<TensorData, string[]> {
  switch (type) {
    case 'float32':
    case 'complex64':
      return new Float32Array(buffer);
    case 'float64':
    case 'complex128':
      return new Float64Array(buffer);
    case 'int8':
      return new Int8Array(buffer);
    case 'int16':
      return new Int16Array(buffer);
    case 'uint16':
    case 'float16':
    case 'bfloat16':
      return new Uint16Array(buffer);
    case 'int32':
      return new Int32Array(buffer);
    case 'uint32':
      return new Uint32Array(buffer);
    case 'int64':
      return new BigInt64Array(buffer);
    case 'uint64':
      return new BigUint64Array(buffer);
    default:
      return new Uint8Array(buffer);
  }
}

/** Which list of a TensorProto holds elements of which type: onnx.proto3, TensorProto. */
function fromLists(tensor: OnnxTensor, type: ElementTypeName): TensorData {
  switch (type) {
    case 'float32':
    case 'complex64':
      return tensor.floats;
    case 'float64':
    case 'complex128':
      return tensor.doubles;
    case 'int64':
      return BigInt64Array.from(tensor.int64s);
    case 'uint64':
      return BigUint64Array.from(tensor.uint64s);
    case 'uint32':
      return Uint32Array.from(tensor.uint64s, Number);
    case 'string':
      return tensor.strings.map((bytes) => protobuf.util.utf8.read(bytes, 0, bytes.length));
    case 'int8':
      return Int8Array.from(tensor.int32s);
    case 'int16':
      return Int16Array.from(tensor.int32s);
    case 'int32':
      return Int32Array.from(tensor.int32s);
    case 'uint16':
    case 'float16':
    case 'bfloat16':
      return Uint16Array.from(tensor.int32s);
    default: {
      if (BITS[type] >= 8) return Uint8Array.from(tensor.int32s);
      // Packed in bytes, one byte an entry.
      const packed = Uint8Array.from(tensor.int32s);
      const count = Math.min(countOf(tensor.name, tensor.dims), packed.length * (8 / BITS[type]));
      return unpacked(type, count, packed);
    }
  }
}

/**
 * Elements as numbers, for statistics and pictures: whole numbers of 64 bits to a double's precision, float16, bfloat16, float8 and
 * float4 by their meaning, complex numbers by their size; null for texts.
 */
export function numbersOf({ type, data }: TensorValue): Float64Array | null {
  if (Array.isArray(data)) return null;
  if (data instanceof BigInt64Array || data instanceof BigUint64Array)
    return Float64Array.from({ length: data.length }, (_, i) => Number(data[i]));
  if (type.startsWith('complex'))
    return Float64Array.from({ length: data.length / 2 }, (_, i) => Math.hypot(data[2 * i], data[2 * i + 1]));
  const decode = SMALL_FLOATS[type];
  if (!decode) return Float64Array.from(data);
  // At most 65,536 bit patterns: each is worked out once.
  const known = Float64Array.from({ length: 2 ** BITS[type] }, (_, bits) => decode(bits));
  return Float64Array.from(data, (bits) => known[bits]);
}

/** Floats of 16 bits and fewer, by their bits. */
const SMALL_FLOATS: Partial<Record<ElementTypeName, (bits: number) => number>> = {
  float16: (bits) => ieee(bits, 5, 10, 15, 'ieee'),
  bfloat16: (bits) => ieee(bits, 8, 7, 127, 'ieee'),
  float8e5m2: (bits) => ieee(bits, 5, 2, 15, 'ieee'),
  float8e4m3fn: (bits) => ieee(bits, 4, 3, 7, 'last'),
  float8e4m3fnuz: (bits) => ieee(bits, 4, 3, 8, 'zero'),
  float8e5m2fnuz: (bits) => ieee(bits, 5, 2, 16, 'zero'),
  float4e2m1: (bits) => ieee(bits, 2, 1, 1, 'none'),
  float8e8m0: (bits) => (bits === 255 ? NaN : 2 ** (bits - 127)),
};

/**
 * A float by its bits. @param special what is no number: as IEEE 754 has it, only the last pattern (`fn`), only minus zero (`fnuz`), or
 * nothing. Source: ONNX, "Float stored in 8 bits".
 */
function ieee(
  bits: number,
  exponentBits: number,
  fractionBits: number,
  bias: number,
  special: 'ieee' | 'last' | 'zero' | 'none',
): number {
  const scale = 2 ** fractionBits;
  const fraction = bits % scale;
  const highest = 2 ** exponentBits - 1;
  const exponent = Math.floor(bits / scale) % (highest + 1);
  const negative = bits >= scale * (highest + 1);
  if (special === 'zero' && negative && exponent === 0 && fraction === 0) return NaN;
  if (special === 'last' && exponent === highest && fraction === scale - 1) return NaN;
  if (special === 'ieee' && exponent === highest) return fraction === 0 ? (negative ? -Infinity : Infinity) : NaN;
  const size = exponent === 0 ? (fraction / scale) * 2 ** (1 - bias) : (1 + fraction / scale) * 2 ** (exponent - bias);
  return negative ? -size : size;
}

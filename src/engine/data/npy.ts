import { dataFailure } from './failure';

/** A decoded `.npy` array: numbers, or strings for names of classes. */
export interface NpyArray {
  shape: number[];
  /** NumPy's type string without byte order, `u1`, `f4`, `U7`. */
  type: string;
  data: NumericArray | string[];
}

export type NumericArray =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | BigUint64Array
  | BigInt64Array
  | Float32Array
  | Float64Array;

type Numeric = new (buffer: ArrayBuffer) => NumericArray;

const TYPES: Record<string, Numeric> = {
  u1: Uint8Array,
  b1: Uint8Array,
  i1: Int8Array,
  u2: Uint16Array,
  i2: Int16Array,
  u4: Uint32Array,
  i4: Int32Array,
  u8: BigUint64Array,
  i8: BigInt64Array,
  /** By their bits; see `halfToNumber`. */
  f2: Uint16Array,
  f4: Float32Array,
  f8: Float64Array,
};

/**
 * Decodes NumPy's array format, versions 1 to 3 (numpy.lib.format), to C order. Half floats become single ones.
 * @param name what to call the array in errors: file and member.
 * @throws FailureError for object arrays and a header that lies about the size.
 */
export function decodeNpy(bytes: Uint8Array, file: string, name: string): NpyArray {
  const fail = (reason: string): never => {
    throw dataFailure(file, `array '${name}' ${reason}`);
  };
  if (bytes.length < 12 || String.fromCharCode(...bytes.subarray(1, 6)) !== 'NUMPY' || bytes[0] !== 0x93)
    fail('is no .npy array');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const major = bytes[6];
  const headerStart = major === 1 ? 10 : 12;
  const headerLength = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (headerStart + headerLength > bytes.length) fail('is cut short inside its header');
  const header = new TextDecoder('latin1').decode(bytes.subarray(headerStart, headerStart + headerLength));
  const descr = /'descr':\s*'([^']+)'/.exec(header)?.[1];
  const shapeText = /'shape':\s*\(([^)]*)\)/.exec(header)?.[1];
  if (descr === undefined || shapeText === undefined)
    return fail('is of a structured or object type, expected numbers');
  const shape = shapeText
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(Number);
  if (shape.some((dimension) => !Number.isSafeInteger(dimension) || dimension < 0))
    fail(`has the shape (${shapeText}), expected whole numbers`);
  const count = shape.reduce((product, dimension) => product * dimension, 1);
  const type = descr.replace(/^[<|=>]/, '');

  const letters = /^([US])(\d+)$/.exec(type);
  const Elements = TYPES[type];
  if (!letters && !Elements) {
    const objects = type === 'O' ? ' (Python objects: pictures of several sizes?)' : '';
    fail(`has elements of type '${descr}'${objects}, expected numbers`);
  }
  const elementBytes = letters ? Number(letters[2]) * (letters[1] === 'U' ? 4 : 1) : Number(type.slice(1));
  const start = headerStart + headerLength;
  if (bytes.length - start !== count * elementBytes) {
    fail(`has ${bytes.length - start} bytes of elements, its header promises ${count} × ${elementBytes}`);
  }
  const content = new Uint8Array(bytes.subarray(start));
  if (descr.startsWith('>')) swapBytes(content, letters ? (letters[1] === 'U' ? 4 : 1) : elementBytes);
  if (letters) return { shape, type, data: decodeStrings(content, count, elementBytes, letters[1] === 'U') };
  const stored = new Elements(content.buffer);
  const data = type === 'f2' ? Float32Array.from(stored as Uint16Array, halfToNumber) : stored;
  return { shape, type, data: /'fortran_order':\s*True/.test(header) ? rowsFirst(data, shape) : data };
}

/** Big-endian elements to little-endian ones, in place. */
function swapBytes(bytes: Uint8Array, width: number): void {
  if (width > 1) for (let at = 0; at < bytes.length; at += width) bytes.subarray(at, at + width).reverse();
}

/** A half-precision float (IEEE 754 binary16) by its bits. */
function halfToNumber(bits: number): number {
  const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
  const size =
    exponent === 0
      ? fraction * 2 ** -24
      : exponent === 31
        ? fraction === 0
          ? Infinity
          : NaN
        : (1 + fraction / 1024) * 2 ** (exponent - 15);
  return bits & 0x8000 ? -size : size;
}

/** From Fortran order, where the first dimension runs fastest, to C order, where the last one does. */
function rowsFirst(data: NumericArray, shape: readonly number[]): NumericArray {
  const strides = shape.map((_, d) => shape.slice(0, d).reduce((product, dimension) => product * dimension, 1));
  const result = data.slice();
  const place = shape.map(() => 0);
  for (let to = 0, from = 0; to < result.length; to++) {
    result[to] = data[from];
    for (let d = shape.length - 1; d >= 0; d--) {
      from += strides[d];
      if (++place[d] < shape[d]) break;
      from -= shape[d] * strides[d];
      place[d] = 0;
    }
  }
  return result;
}

/** Fixed-width strings, padded with zeros: UTF-32 (`U`) or bytes (`S`). */
function decodeStrings(content: Uint8Array, count: number, width: number, wide: boolean): string[] {
  return Array.from({ length: count }, (_, i) => {
    const cell = content.slice(i * width, (i + 1) * width);
    const codes = wide ? Array.from(new Uint32Array(cell.buffer)) : Array.from(cell);
    return String.fromCodePoint(...codes.filter((code) => code > 0 && code <= 0x10ffff));
  });
}

import type { ElementTypeName } from '../../core/onnx/proto';
import { say, type Message } from '../../words';

/** The header before an array's elements. */
export interface NpyHeader {
  /** Where the elements begin. */
  start: number;
  shape: number[];
  /** NumPy's type string as it stands there: `<f4`. */
  descr: string;
  /** The same without byte order: `u1`, `f4`, `U7`. */
  type: string;
  bigEndian: boolean;
  /** Whether the first dimension runs fastest, as in Fortran; else the last. */
  fortran: boolean;
  count: number;
  elementBytes: number;
}

/** NumPy's type strings (NEP 1) of the element types that NumPy knows. */
export const DESCR: Partial<Record<ElementTypeName, string>> = {
  float32: '<f4',
  float64: '<f8',
  float16: '<f2',
  int8: '|i1',
  uint8: '|u1',
  int16: '<i2',
  uint16: '<u2',
  int32: '<i4',
  uint32: '<u4',
  int64: '<i8',
  uint64: '<u8',
  bool: '|b1',
  complex64: '<c8',
  complex128: '<c16',
};

/** The header of a NumPy array file, format 1.0, C order (NEP 1; numpy.lib.format). */
export function npyPreamble(descr: string, shape: readonly number[]): Uint8Array {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const description = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }`;
  // Magic, version and length take 10 bytes; the header ends in a newline at a multiple of 64.
  const padding = 64 - ((10 + description.length + 1) % 64);
  const header = Buffer.from(`${description}${' '.repeat(padding % 64)}\n`, 'latin1');
  const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length & 255, header.length >> 8];
  return Uint8Array.of(...magic, ...header);
}

/** NumPy itself refuses longer ones (`max_header_size`), by far. */
const LONGEST = 2 ** 16;
const NUMBERS = /^(b1|[ui][1248]|f[248])$/;
const TEXTS = /^([US])(\d{1,10})$/;
/** Letters of a label; a longer one is damage. */
const LONGEST_TEXT = 1000;

/**
 * Reads the header of NumPy's array format, versions 1 to 3 (numpy.lib.format).
 * @param bytes from the beginning, at least as many as `headerNeeds` says.
 * @returns the header, or in words why it is none that can be read.
 */
export function npyHeader(bytes: Uint8Array): NpyHeader | Message {
  if (bytes.length < 10 || String.fromCharCode(...bytes.subarray(0, 6)) !== '\x93NUMPY') return say('data.npy.magic');
  const start = headerEnd(bytes);
  if (start === null) return say('data.npy.header-long', { limit: LONGEST });
  if (start > bytes.length) return say('data.npy.header-short');
  const fields = dictionary(new TextDecoder('latin1').decode(bytes.subarray(bytes[6] === 1 ? 10 : 12, start)));
  if (!fields) return say('data.npy.header');
  const { descr, fortran_order: fortran, shape } = fields;
  if (descr === OTHER) return say('data.npy.structured');
  if (typeof descr !== 'string' || typeof fortran !== 'boolean' || !Array.isArray(shape)) return say('data.npy.header');
  const type = descr.replace(/^[<|=>]/, '');
  const letters = TEXTS.exec(type);
  if (!letters && !NUMBERS.test(type))
    return type === 'O' ? say('data.npy.objects') : say('data.npy.type', { type: descr });
  const elementBytes = letters ? Number(letters[2]) * (letters[1] === 'U' ? 4 : 1) : Number(type[1]);
  if (letters && (elementBytes === 0 || Number(letters[2]) > LONGEST_TEXT))
    return say('data.npy.text', { type: descr, limit: LONGEST_TEXT });
  const count = shape.reduce((product, dimension) => product * dimension, 1);
  if (shape.length > 32 || !Number.isSafeInteger(count * elementBytes))
    return say('data.npy.shape', { shape: shape.slice(0, 8).join(', ') });
  return { start, shape, descr, type, bigEndian: descr[0] === '>', fortran, count, elementBytes };
}

/** How many bytes have to be there before `npyHeader` can read it. */
export function headerNeeds(bytes: Uint8Array): number {
  return bytes.length < 12 ? 12 : (headerEnd(bytes) ?? 12);
}

function headerEnd(bytes: Uint8Array): number | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [start, length] =
    bytes[6] === 1 || bytes.length < 12 ? [10, view.getUint16(8, true)] : [12, view.getUint32(8, true)];
  return length > LONGEST ? null : start + length;
}

/** A value of another type than those that are needed. */
const OTHER = Symbol('other');
type Literal = string | boolean | number[] | typeof OTHER;

/**
 * Reads a dictionary as Python writes it: texts, True and False, tuples of whole numbers. One pass, however it is made.
 * @returns null where it is none.
 */
function dictionary(text: string): Record<string, Literal> | null {
  let at = 0;
  const space = (): void => {
    while (at < text.length && ' \t\r\n'.includes(text[at])) at++;
  };
  /** Whether that comes next; passes over it. */
  const next = (token: string): boolean => {
    space();
    if (!text.startsWith(token, at)) return false;
    at += token.length;
    return true;
  };
  const quoted = (): string | null => {
    space();
    const quote = text[at];
    if (quote !== "'" && quote !== '"') return null;
    const end = text.indexOf(quote, at + 1);
    if (end < 0) return null;
    const inside = text.slice(at + 1, end);
    at = end + 1;
    return inside;
  };
  const tuple = (): number[] | null => {
    const values: number[] = [];
    while (!next(')')) {
      const begin = at;
      while (text[at] >= '0' && text[at] <= '9') at++;
      if (at === begin || at - begin > 20) return null;
      values.push(Number(text.slice(begin, at)));
      next('L');
      if (!next(',')) return next(')') ? values : null;
    }
    return values;
  };
  const value = (): Literal | null => {
    if (next('True')) return true;
    if (next('False')) return false;
    if (next('(')) return tuple();
    // The fields of a structured type; what they are does not matter, they are not read.
    if (next('[')) {
      for (let depth = 1; depth > 0; at++) {
        if (at >= text.length) return null;
        depth += text[at] === '[' ? 1 : text[at] === ']' ? -1 : 0;
      }
      return OTHER;
    }
    return quoted();
  };
  const fields = Object.create(null) as Record<string, Literal>;
  if (!next('{')) return null;
  while (!next('}')) {
    const key = quoted();
    if (key === null || !next(':')) return null;
    const found = value();
    if (found === null) return null;
    fields[key] = found;
    if (!next(',')) return next('}') ? fields : null;
  }
  return fields;
}

import type { ElementTypeName } from '../../core/onnx/proto';
import type { TensorValue } from '../../core/onnx/tensor-data';
import { sizeOf } from '../../core/tensor';
import { dense, floats, type Tensor } from './tensor';

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

/** What stands before the elements of a NumPy array file, format 1.0, C order (NEP 1; numpy.lib.format). */
function npyPreamble(descr: string, shape: readonly number[]): Uint8Array {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const description = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }`;
  // Magic, version and length take 10 bytes; the header ends in a newline at a multiple of 64.
  const padding = 64 - ((10 + description.length + 1) % 64);
  const header = Buffer.from(`${description}${' '.repeat(padding % 64)}\n`, 'latin1');
  const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length & 255, header.length >> 8];
  return Uint8Array.of(...magic, ...header);
}

/** A tensor as a `.npy` file in its own type, in pieces; null for texts and types that NumPy does not have. */
export function encodeTensorNpy({ type, shape, data }: TensorValue): Uint8Array[] | null {
  const descr = DESCR[type];
  if (descr === undefined || Array.isArray(data)) return null;
  return [npyPreamble(descr, shape), new Uint8Array(data.buffer, data.byteOffset, data.byteLength)];
}

/** The same of a tensor in any layout; numbers of types that NumPy does not have become float64. Null for texts. */
export function encodeNpy(tensor: Tensor): Uint8Array | null {
  const { type, shape } = tensor;
  const ordered: TensorValue = { type, shape, data: dense(tensor) };
  const data = DESCR[type] ? null : floats(ordered);
  const pieces = encodeTensorNpy(data ? { type: 'float64', shape, data } : ordered);
  return pieces && new Uint8Array(Buffer.concat(pieces));
}

/** The values of what `encodeNpy` made of a float32 tensor of this shape: they are its end. */
export function npyValues(npy: Uint8Array, shape: readonly number[]): Float32Array {
  const values = new Float32Array(sizeOf(shape));
  const view = new DataView(npy.buffer, npy.byteOffset + npy.byteLength - values.byteLength);
  for (let i = 0; i < values.length; i++) values[i] = view.getFloat32(i * 4, true);
  return values;
}

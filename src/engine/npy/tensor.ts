import type { ElementTypeName } from '../../core/onnx/proto';
import { elementsOf, type TensorValue } from '../../core/onnx/tensor-data';
import { sizeOf } from '../../core/tensor';
import { say } from '../../words';
import { dataFailure } from '../data/failure';
import { dense, floats, type Tensor } from '../inspect/tensor';
import { DESCR, npyHeader, npyPreamble } from './header';
import { checkLength, placesOf, swapBytes } from './read';

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

/**
 * Reads a `.npy` file in its own type; the result is in C order.
 * @param file what to call it. @throws FailureError `data.invalid` for what is none, and for texts and other types.
 */
export function decodeTensorNpy(file: string, bytes: Uint8Array): TensorValue {
  const header = npyHeader(bytes);
  if ('code' in header) throw dataFailure(file, say('data.npy', { name: file, reason: header }));
  const { type: short, shape, start, elementBytes, bigEndian } = header;
  const type = (Object.keys(DESCR) as ElementTypeName[]).find((name) => DESCR[name]!.slice(1) === short);
  if (type === undefined) throw dataFailure(file, say('foreign.npy-type', { type: short }));
  checkLength(file, file, header, bytes.length - start);
  const own = Uint8Array.from(bytes.subarray(start));
  if (bigEndian) swapBytes(own, elementBytes);
  const data = elementsOf(type, own.buffer);
  if (!header.fortran || shape.length < 2) return { type, shape, data };
  const place = placesOf(
    header,
    shape.map((_, axis) => sizeOf(shape.slice(axis + 1))),
  );
  const inOrder = data.slice();
  for (let i = 0; i < sizeOf(shape); i++) inOrder[place()] = data[i];
  return { type, shape, data: inOrder };
}

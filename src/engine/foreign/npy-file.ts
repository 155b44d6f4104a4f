import type { ElementTypeName } from '../../core/onnx/proto';
import type { TensorData, TensorValue } from '../../core/onnx/tensor-data';
import { sizeOf } from '../../core/tensor';
import { say } from '../../words';
import { dataFailure } from '../data/failure';
import { checkLength, placesOf } from '../data/npy';
import { npyHeader } from '../data/npy-header';
import { DESCR } from '../inspect/npy';

/**
 * Reads a `.npy` file in its own type, C order whatever order it has.
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
  if (bigEndian) for (let at = 0; at < own.length; at += elementBytes) own.subarray(at, at + elementBytes).reverse();
  const data = elementsOf(type, own);
  if (!header.fortran || shape.length < 2) return { type, shape, data };
  const place = placesOf(
    header,
    shape.map((_, axis) => sizeOf(shape.slice(axis + 1))),
  );
  const inOrder = data.slice();
  for (let i = 0; i < sizeOf(shape); i++) inOrder[place()] = data[i];
  return { type, shape, data: inOrder };
}

type Numbers = Exclude<TensorData, string[]>;

function elementsOf(type: ElementTypeName, { buffer }: Uint8Array<ArrayBuffer>): Numbers {
  switch (type) {
    case 'int64':
      return new BigInt64Array(buffer);
    case 'uint64':
      return new BigUint64Array(buffer);
    case 'float16':
      return new Uint16Array(buffer);
    case 'float32':
      return new Float32Array(buffer);
    case 'float64':
      return new Float64Array(buffer);
    case 'int8':
      return new Int8Array(buffer);
    case 'int16':
      return new Int16Array(buffer);
    case 'uint16':
      return new Uint16Array(buffer);
    case 'int32':
      return new Int32Array(buffer);
    case 'uint32':
      return new Uint32Array(buffer);
    default:
      return new Uint8Array(buffer);
  }
}

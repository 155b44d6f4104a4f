import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';

/** An idx file: header and elements. */
export function idx(shape: number[], data: ArrayLike<number>, type = 0x08): Buffer {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header[2] = type;
  header[3] = shape.length;
  shape.forEach((dimension, i) => header.writeUInt32BE(dimension, 4 + 4 * i));
  return Buffer.concat([header, Buffer.from(Uint8Array.from(data))]);
}

export const gz = (bytes: Uint8Array): Buffer => gzipSync(bytes);

/** `count` bytes that differ from place to place, the same every time. */
export const pattern = (count: number, seed = 1): Uint8Array =>
  Uint8Array.from({ length: count }, (_, i) => (i * 31 + seed * 17 + (i >> 3)) & 255);

/** A `.npy` array, version 1. */
export function npy(descr: string, shape: number[], data: Uint8Array, fortran = false): Uint8Array {
  const text = `{'descr': '${descr}', 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': (${shape.join(', ')}${shape.length === 1 ? ',' : ''}), }`;
  const length = Math.ceil((10 + text.length + 1) / 64) * 64;
  const header = Buffer.alloc(length, ' ');
  header.write('\x93NUMPY\x01\x00', 'latin1');
  header.writeUInt16LE(length - 10, 8);
  header.write(text, 10, 'latin1');
  header[length - 1] = 10;
  return Buffer.concat([header, data]);
}

export const npz = (arrays: Record<string, Uint8Array>): Uint8Array =>
  zipSync(Object.fromEntries(Object.entries(arrays).map(([name, bytes]) => [`${name}.npy`, bytes])));

/** One record of CIFAR-10's binary version. */
export const cifarRecord = (label: number, pixel: (channel: number, place: number) => number): Uint8Array =>
  Uint8Array.from({ length: 3073 }, (_, i) => (i === 0 ? label : pixel(Math.floor((i - 1) / 1024), (i - 1) % 1024)));

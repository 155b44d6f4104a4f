import { sizeOf } from '../../core/tensor';

/**
 * A NumPy array file, format 1.0, float32, C order (NEP 1; numpy.lib.format): `numpy.load` reads it.
 * @param shape of `data`, row-major.
 */
export function encodeNpy(data: Float32Array, shape: readonly number[]): Uint8Array {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const description = `{'descr': '<f4', 'fortran_order': False, 'shape': ${tuple}, }`;
  // Magic, version and length take 10 bytes; the header ends in a newline at a multiple of 64.
  const padding = 64 - ((10 + description.length + 1) % 64);
  const header = Buffer.from(`${description}${' '.repeat(padding % 64)}\n`, 'latin1');
  const out = new Uint8Array(10 + header.length + data.length * 4);
  out.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length & 255, header.length >> 8]);
  out.set(header, 10);
  const view = new DataView(out.buffer, 10 + header.length);
  for (let i = 0; i < data.length; i++) view.setFloat32(i * 4, data[i], true);
  return out;
}

/** The values of what `encodeNpy` made of a tensor of this shape: they are its end. */
export function npyValues(npy: Uint8Array, shape: readonly number[]): Float32Array {
  const values = new Float32Array(sizeOf(shape));
  const view = new DataView(npy.buffer, npy.byteOffset + npy.byteLength - values.byteLength);
  for (let i = 0; i < values.length; i++) values[i] = view.getFloat32(i * 4, true);
  return values;
}

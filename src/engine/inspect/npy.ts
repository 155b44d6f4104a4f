import { sizeOf } from '../../core/tensor';

/**
 * What stands before the elements of a NumPy array file, format 1.0, C order (NEP 1; numpy.lib.format).
 * @param descr NumPy's type string, as `<f4`.
 */
export function npyPreamble(descr: string, shape: readonly number[]): Uint8Array {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const description = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }`;
  // Magic, version and length take 10 bytes; the header ends in a newline at a multiple of 64.
  const padding = 64 - ((10 + description.length + 1) % 64);
  const header = Buffer.from(`${description}${' '.repeat(padding % 64)}\n`, 'latin1');
  const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length & 255, header.length >> 8];
  return Uint8Array.of(...magic, ...header);
}

/**
 * A NumPy array file, float32: `numpy.load` reads it.
 * @param shape of `data`, row-major.
 */
export function encodeNpy(data: Float32Array, shape: readonly number[]): Uint8Array {
  const preamble = npyPreamble('<f4', shape);
  const out = new Uint8Array(preamble.length + data.length * 4);
  out.set(preamble);
  const view = new DataView(out.buffer, preamble.length);
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

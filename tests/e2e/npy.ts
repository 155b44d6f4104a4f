import { readFileSync } from 'node:fs';

/** Reads a float32 `.npy` of version 1.0, C order, as NumPy's format says. Throws for anything else. */
export function readNpy(path: string): { shape: number[]; data: Float32Array } {
  const bytes = readFileSync(path);
  if (bytes.subarray(0, 8).toString('latin1') !== '\x93NUMPY\x01\x00')
    throw new Error(`${path} is no .npy of version 1.0`);
  const length = bytes.readUInt16LE(8);
  const header = bytes.subarray(10, 10 + length).toString('latin1');
  if (!header.includes("'descr': '<f4'") || !header.includes("'fortran_order': False")) throw new Error(header);
  const shape = /'shape': \(([^)]*)\)/
    .exec(header)![1]
    .split(',')
    .filter((word) => word.trim())
    .map(Number);
  const data = new Float32Array(
    bytes.buffer.slice(bytes.byteOffset + 10 + length, bytes.byteOffset + bytes.byteLength),
  );
  if (data.length !== shape.reduce((a, b) => a * b, 1)) throw new Error(`${shape} and ${data.length} values`);
  return { shape, data };
}

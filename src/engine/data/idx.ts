import { readWhole } from './bytes';
import { dataFailure } from './failure';

/** An array of bytes from a file in the format of MNIST (http://yann.lecun.com/exdb/mnist). */
export interface IdxArray {
  shape: number[];
  data: Uint8Array;
}

const ELEMENT_TYPES: Record<number, string> = {
  0x08: 'unsigned byte',
  0x09: 'signed byte',
  0x0b: '16-bit integer',
  0x0c: '32-bit integer',
  0x0d: '32-bit float',
  0x0e: '64-bit float',
};

/**
 * Reads an idx file: two zero bytes, the element type, the number of dimensions, each dimension as a big-endian 32-bit
 * integer, the elements. `.gz` too.
 * @throws FailureError where the header does not hold what it says, or elements are no unsigned bytes.
 */
export async function readIdx(path: string): Promise<IdxArray> {
  let shape: number[] = [];
  const whole = await readWhole(path, 8, (header) => {
    if (header[0] !== 0 || header[1] !== 0 || !(header[2] in ELEMENT_TYPES)) {
      const found = Array.from(header.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
      throw dataFailure(path, `is no idx file: it begins with ${found}, expected 00 00 08 01 … 04`);
    }
    if (header[2] !== 0x08)
      throw dataFailure(path, `holds elements of type ${ELEMENT_TYPES[header[2]]}, expected unsigned byte`);
    const rank = header[3];
    if (rank < 1 || rank > 4) throw dataFailure(path, `its header says ${rank} dimensions, expected 1 to 4`);
    if (header.length < 4 + 4 * rank)
      throw dataFailure(path, `is cut short inside its header (${header.length} bytes)`);
    const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
    shape = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i));
    return 4 + 4 * rank + shape.reduce((product, dimension) => product * dimension, 1);
  });
  return { shape, data: whole.subarray(4 + 4 * shape.length) };
}

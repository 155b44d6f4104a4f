import { say } from '../../words';
import { readWhole, withContent, type Reading } from './bytes';
import { foundIn } from './content';
import { dataFailure } from './failure';

/** An array of bytes from a file in the format of MNIST (http://yann.lecun.com/exdb/mnist). */
export interface IdxArray {
  shape: number[];
  data: Uint8Array;
}

/** What NumPy calls the types that an idx file may have. */
const ELEMENT_TYPES: Record<number, string> = {
  0x08: 'uint8',
  0x09: 'int8',
  0x0b: 'int16',
  0x0c: 'int32',
  0x0d: 'float32',
  0x0e: 'float64',
};

/**
 * Reads an idx file, packed by gzip or not: two zero bytes, the element type, the number of dimensions, each dimension as a
 * big-endian 32-bit integer, the elements.
 * @throws FailureError where the file does not hold what its header says, or elements are no unsigned bytes.
 */
export async function readIdx(path: string, reading: Reading): Promise<IdxArray> {
  let shape: number[] = [];
  const sizeFrom = (header: Uint8Array): number => {
    shape = shapeFrom(path, header);
    return bytesOf(shape);
  };
  const whole = await readWhole(path, 8, sizeFrom, reading);
  return { shape, data: whole.subarray(4 + 4 * shape.length) };
}

/** Bytes of the whole file, header included. */
const bytesOf = (shape: readonly number[]): number =>
  4 + 4 * shape.length + shape.reduce((product, dimension) => product * dimension, 1);

/** The shape alone, by the header. @throws FailureError for what is no idx file of unsigned bytes. */
export async function idxShape(path: string, reading: Reading): Promise<number[]> {
  return withContent(path, { ...reading, note: () => undefined }, async ({ size, packed, pieces }) => {
    for await (const piece of pieces) {
      const shape = shapeFrom(path, piece);
      const promised = bytesOf(shape);
      if (!packed && promised !== size) throw dataFailure(path, say('data.size', { size: promised, found: size }));
      return shape;
    }
    throw dataFailure(path, say('data.short', { size: 0, needed: 8 }));
  });
}

function shapeFrom(path: string, header: Uint8Array): number[] {
  if (header[0] !== 0 || header[1] !== 0 || !(header[2] in ELEMENT_TYPES)) {
    const found = foundIn(header.subarray(0, 512));
    if (found) throw dataFailure(path, say('data.idx.other', { found }));
    const bytes = Array.from(header.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
    throw dataFailure(path, say('data.idx.magic', { bytes }));
  }
  if (header[2] !== 0x08) throw dataFailure(path, say('data.idx.type', { type: ELEMENT_TYPES[header[2]] }));
  const rank = header[3];
  if (rank < 1 || rank > 4) throw dataFailure(path, say('data.idx.rank', { rank }));
  if (header.length < 4 + 4 * rank)
    throw dataFailure(path, say('data.short', { size: header.length, needed: 4 + 4 * rank }));
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  return Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i));
}

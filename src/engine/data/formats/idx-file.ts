import { basename } from 'node:path';
import { say } from '../../../words';
import { readWhole, withContent, type Reading } from '../bytes';
import { foundIn } from '../content';
import { dataFailure } from '../failure';
import { labelOf } from '../labels';

/** An array of bytes from a file in the format of MNIST (http://yann.lecun.com/exdb/mnist). */
export interface IdxArray {
  shape: number[];
  data: Uint8Array;
}

/** The types that an idx file may have, as NumPy calls them, and how one element is read. */
const ELEMENTS: Record<number, { name: string; bytes: number; read: (view: DataView, at: number) => number }> = {
  0x08: { name: 'uint8', bytes: 1, read: (view, at) => view.getUint8(at) },
  0x09: { name: 'int8', bytes: 1, read: (view, at) => view.getInt8(at) },
  0x0b: { name: 'int16', bytes: 2, read: (view, at) => view.getInt16(at) },
  0x0c: { name: 'int32', bytes: 4, read: (view, at) => view.getInt32(at) },
  0x0d: { name: 'float32', bytes: 4, read: (view, at) => view.getFloat32(at) },
  0x0e: { name: 'float64', bytes: 8, read: (view, at) => view.getFloat64(at) },
};

interface IdxHeader {
  shape: number[];
  element: (typeof ELEMENTS)[number];
}

/**
 * Reads an idx file of bytes, packed by gzip or not: two zero bytes, the element type, the number of dimensions, each dimension as
 * a big-endian 32-bit integer, the elements.
 * @throws FailureError where the file does not hold what its header says, or elements are no unsigned bytes.
 */
export async function readIdx(path: string, reading: Reading): Promise<IdxArray> {
  const { header, data } = await readElements(path, reading, (found) => bytesOnly(path, found));
  return { shape: header.shape, data };
}

/** Reads labels, of any type that an idx file may have. @throws FailureError as `readIdx`, and for what is no class's number. */
export async function readIdxLabels(path: string, reading: Reading): Promise<Int32Array> {
  const { header, data } = await readElements(path, reading, () => undefined);
  const { bytes, read } = header.element;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const name = basename(path);
  return Int32Array.from({ length: data.length / bytes }, (_, i) => labelOf(path, name, read(view, i * bytes), i));
}

async function readElements(
  path: string,
  reading: Reading,
  check: (header: IdxHeader) => void,
): Promise<{ header: IdxHeader; data: Uint8Array }> {
  let header: IdxHeader | null = null;
  const sizeFrom = (head: Uint8Array): number => {
    header = headerFrom(path, head);
    check(header);
    return bytesOf(header);
  };
  const whole = await readWhole(path, 8, sizeFrom, reading);
  return { header: header!, data: whole.subarray(4 + 4 * header!.shape.length) };
}

/** Bytes of the whole file, header included. */
const bytesOf = ({ shape, element }: IdxHeader): number =>
  4 + 4 * shape.length + shape.reduce((product, dimension) => product * dimension, element.bytes);

/** Pixels of another type would need a scale that nothing tells. */
function bytesOnly(path: string, { element }: IdxHeader): void {
  if (element.name !== 'uint8') throw dataFailure(path, say('data.idx.type', { type: element.name }));
}

/** The shape alone, by the header. @throws FailureError for what is not an idx file; for `pixels` that are no unsigned bytes. */
export async function idxShape(path: string, what: 'pixels' | 'labels', reading: Reading): Promise<number[]> {
  return withContent(path, { ...reading, note: () => undefined }, async ({ size, packed, pieces }) => {
    for await (const piece of pieces) {
      const header = headerFrom(path, piece);
      if (what === 'pixels') bytesOnly(path, header);
      const promised = bytesOf(header);
      if (!packed && promised !== size) throw dataFailure(path, say('data.size', { size: promised, found: size }));
      return header.shape;
    }
    throw dataFailure(path, say('data.short', { size: 0, needed: 8 }));
  });
}

function headerFrom(path: string, header: Uint8Array): IdxHeader {
  if (header[0] !== 0 || header[1] !== 0 || !(header[2] in ELEMENTS)) {
    const found = foundIn(header.subarray(0, 512));
    if (found) throw dataFailure(path, say('data.idx.other', { found }));
    const bytes = Array.from(header.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
    throw dataFailure(path, say('data.idx.magic', { bytes }));
  }
  const rank = header[3];
  if (rank < 1 || rank > 4) throw dataFailure(path, say('data.idx.rank', { rank }));
  if (header.length < 4 + 4 * rank)
    throw dataFailure(path, say('data.short', { size: header.length, needed: 4 + 4 * rank }));
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  const shape = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i));
  return { shape, element: ELEMENTS[header[2]] };
}

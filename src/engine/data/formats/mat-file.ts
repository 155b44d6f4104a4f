import { createInflate } from 'node:zlib';
import { say } from '../../../words';
import { readFrom, throughZlib, zlibFault, zlibReason, type Reading } from '../bytes';
import { dataFailure } from '../failure';
import { checkSize, THE_FILE } from '../limits';
import { openRegular } from '../open';

/** A numeric array of a MAT-file: elements in MATLAB's order, the first dimension fastest. */
export interface MatArray {
  name: string;
  shape: number[];
  data: Uint8Array | Float64Array | Int32Array | Uint16Array | Int16Array;
}

/** What a file is made of (MAT-File Format, MathWorks, "Level 5 MAT-File Format"). */
const HEADER = 128;
const TAG = 8;
const [MATRIX, COMPRESSED] = [14, 15];
/** A matrix's own head, flags, dimensions and name, is never longer. */
const LONGEST_HEAD = 512;
const MOST_DIMENSIONS = 8;

/** How elements of a type are taken: bytes each. Types by their numbers in the file. */
const ELEMENTS: Record<number, { bytes: number; of: (bytes: ArrayBuffer) => MatArray['data'] }> = {
  2: { bytes: 1, of: (bytes) => new Uint8Array(bytes) },
  3: { bytes: 2, of: (bytes) => new Int16Array(bytes) },
  4: { bytes: 2, of: (bytes) => new Uint16Array(bytes) },
  5: { bytes: 4, of: (bytes) => new Int32Array(bytes) },
  9: { bytes: 8, of: (bytes) => new Float64Array(bytes) },
};

/**
 * Reads the numeric arrays of a MAT-file of version 5, compressed or not.
 * @param wanted names of those that are read; of the others only the name is.
 * @returns `found` has the names of all.
 * @throws FailureError for another version (7.3 is HDF5), what is cut short, and a wanted array of another type.
 */
export async function readMat(
  path: string,
  wanted: readonly string[],
  { signal }: Reading,
): Promise<{ arrays: Map<string, MatArray>; found: string[] }> {
  const { handle, size } = await openRegular(path);
  try {
    const head = Buffer.alloc(HEADER);
    const { bytesRead } = await handle.read(head, 0, HEADER, 0);
    if (
      bytesRead < HEADER ||
      !head.toString('latin1').startsWith('MATLAB 5.0') ||
      head.toString('latin1', 126) !== 'IM'
    )
      throw dataFailure(path, say('data.mat.version'));
    const arrays = new Map<string, MatArray>();
    const found: string[] = [];
    for (let at = HEADER; at + TAG <= size;) {
      const tag = Buffer.alloc(TAG);
      await handle.read(tag, 0, TAG, at);
      const [type, length] = [tag.readUInt32LE(0), tag.readUInt32LE(4)];
      at += TAG;
      if (at + length > size) throw dataFailure(path, say('data.mat.short'));
      const bytes = readFrom(handle, at, length, signal);
      if (type === COMPRESSED) {
        try {
          await readMatrix(path, wanted, inflated(bytes), length, arrays, found);
        } catch (error) {
          throw zlibFault(error) ? dataFailure(path, say('data.mat.damaged', { reason: zlibReason(error) })) : error;
        }
      } else if (type === MATRIX) await readMatrix(path, wanted, bytes, null, arrays, found);
      at += length;
    }
    return { arrays, found };
  } finally {
    await handle.close();
  }
}

/** A compressed element holds a matrix with its tag. */
async function* inflated(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  let skip = TAG;
  for await (const piece of throughZlib(createInflate(), bytes)) {
    const from = Math.min(skip, piece.length);
    skip -= from;
    yield piece.subarray(from);
  }
}

async function readMatrix(
  path: string,
  wanted: readonly string[],
  pieces: AsyncIterable<Uint8Array>,
  packed: number | null,
  arrays: Map<string, MatArray>,
  found: string[],
): Promise<void> {
  let begun: Uint8Array = new Uint8Array(0);
  let matrix: MatrixHead | null = null;
  let data = new Uint8Array(0);
  let filled = 0;
  const take = (bytes: Uint8Array): void => {
    const part = bytes.subarray(0, data.length - filled);
    data.set(part, filled);
    filled += part.length;
  };
  for await (const piece of pieces) {
    if (matrix) take(piece);
    else {
      begun = Buffer.concat([begun, piece]);
      matrix = headOf(path, begun);
      if (!matrix) continue;
      found.push(matrix.name);
      if (!wanted.includes(matrix.name)) return;
      checkSize(path, THE_FILE, matrix.length, packed);
      data = new Uint8Array(matrix.length);
      take(begun.subarray(matrix.start));
    }
    if (filled === data.length) break;
  }
  if (!matrix || filled < data.length) throw dataFailure(path, say('data.mat.short'));
  const { name, shape, type, length } = matrix;
  const element = ELEMENTS[type];
  const count = shape.reduce((product, side) => product * side, 1);
  if (!element || length !== count * element.bytes) throw dataFailure(path, say('data.mat.type', { name }));
  arrays.set(name, { name, shape, data: element.of(data.buffer) });
}

interface MatrixHead {
  name: string;
  shape: number[];
  /** Of the elements, as the file numbers types. */
  type: number;
  /** Bytes of the elements, and where they begin. */
  length: number;
  start: number;
}

/** Flags, dimensions, name and the tag of the elements. @returns null where more bytes are needed. */
function headOf(path: string, bytes: Uint8Array): MatrixHead | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: { type: number; length: number; start: number }[] = [];
  let at = 0;
  for (let part = 0; part < 4; part++) {
    if (at + TAG > bytes.length) {
      if (at > LONGEST_HEAD) throw dataFailure(path, say('data.mat.short'));
      return null;
    }
    const [type, length] = [view.getUint32(at, true), view.getUint32(at + 4, true)];
    // Up to four bytes may stand in the tag itself: their number is in its upper half.
    const small = type >>> 16 !== 0;
    const own = small ? { type: type & 0xffff, length: type >>> 16, start: at + 4 } : { type, length, start: at + TAG };
    parts.push(own);
    at = small ? at + TAG : at + TAG + Math.ceil(length / 8) * 8;
  }
  const [, dimensions, name, elements] = parts;
  if (dimensions.length > 4 * MOST_DIMENSIONS || name.length > LONGEST_HEAD / 2)
    throw dataFailure(path, say('data.mat.short'));
  const shape = Array.from({ length: dimensions.length / 4 }, (_, i) => view.getInt32(dimensions.start + 4 * i, true));
  const text = Buffer.from(bytes.subarray(name.start, name.start + name.length)).toString('latin1');
  return { name: text, shape, type: elements.type, length: elements.length, start: elements.start };
}

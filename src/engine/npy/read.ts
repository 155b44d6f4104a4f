import { say } from '../../words';
import { dataFailure } from '../data/failure';
import { headerNeeds, npyHeader, type NpyHeader } from './header';

/** Bytes of elements that are looked at in one go, about. */
const BLOCK = 2 ** 18;

/**
 * Reads a `.npy` array as it comes, without keeping it.
 * @param name what to call the array in errors. @param pieces its content; left where `begin` says that it is enough.
 * @param begin told the header; returns what takes the elements, whole ones, block after block, or null to read none.
 * A block is good until the next, and begins at the beginning of its buffer.
 * @throws FailureError for a header that makes no sense, or promises another number of elements than there are.
 */
export async function readNpy(
  file: string,
  name: string,
  pieces: AsyncIterable<Uint8Array>,
  begin: (header: NpyHeader) => ((block: Uint8Array<ArrayBuffer>) => void) | null,
): Promise<NpyHeader> {
  let head = new Uint8Array(0);
  let header: NpyHeader | null = null;
  let take: ((block: Uint8Array<ArrayBuffer>) => void) | null = null;
  let block = new Uint8Array(0);
  let filled = 0;
  let length = 0;
  const put = (bytes: Uint8Array): void => {
    length += bytes.length;
    for (let from = 0; from < bytes.length;) {
      const n = Math.min(block.length - filled, bytes.length - from);
      block.set(bytes.subarray(from, from + n), filled);
      from += n;
      filled += n;
      if (filled < block.length) return;
      take!(block);
      filled = 0;
    }
  };
  for await (const piece of pieces) {
    if (header) {
      put(piece);
      continue;
    }
    head = Buffer.concat([head, piece]);
    if (head.length < headerNeeds(head)) continue;
    header = headerOf(file, name, head);
    take = begin(header);
    if (!take) return header;
    const { elementBytes, start } = header;
    block = new Uint8Array(Math.max(1, Math.floor(BLOCK / elementBytes)) * elementBytes);
    put(head.subarray(start));
  }
  if (!header) {
    header = headerOf(file, name, head);
    take = begin(header);
    if (!take) return header;
  }
  checkLength(file, name, header, length);
  if (filled > 0) take!(block.subarray(0, filled));
  return header;
}

/** @throws FailureError where an array's elements take other bytes than its header states. */
export function checkLength(file: string, name: string, { count, elementBytes }: NpyHeader, found: number): void {
  if (found === count * elementBytes) return;
  throw dataFailure(
    file,
    say('data.npy', { name, reason: say('data.npy.size', { found, count, each: elementBytes }) }),
  );
}

function headerOf(file: string, name: string, head: Uint8Array): NpyHeader {
  const header = npyHeader(head);
  if ('code' in header) throw dataFailure(file, say('data.npy', { name, reason: header }));
  return header;
}

/** The elements of a block as numbers; those of 64 bits to a double's precision, truth values as 0 and 1. */
export function numbersOf(
  block: Uint8Array<ArrayBuffer>,
  { type, bigEndian, elementBytes }: NpyHeader,
): ArrayLike<number> {
  if (bigEndian) swapBytes(block, elementBytes);
  const { buffer, length } = block;
  const n = length / elementBytes;
  switch (type) {
    case 'u1':
    case 'b1':
      return block;
    case 'i1':
      return new Int8Array(buffer, 0, n);
    case 'u2':
      return new Uint16Array(buffer, 0, n);
    case 'i2':
      return new Int16Array(buffer, 0, n);
    case 'u4':
      return new Uint32Array(buffer, 0, n);
    case 'i4':
      return new Int32Array(buffer, 0, n);
    case 'f2':
      return Float32Array.from(new Uint16Array(buffer, 0, n), halfToNumber);
    case 'f4':
      return new Float32Array(buffer, 0, n);
    case 'f8':
      return new Float64Array(buffer, 0, n);
    default: {
      const low = new Uint32Array(buffer, 0, 2 * n);
      const high = type === 'i8' ? new Int32Array(buffer, 0, 2 * n) : low;
      return Float64Array.from({ length: n }, (_, i) => high[2 * i + 1] * 2 ** 32 + low[2 * i]);
    }
  }
}

/** The elements of a block as texts: fixed widths, filled up with zeros; UTF-32 (`U`) or bytes (`S`: UTF-8, else Latin-1). */
export function textsOf(block: Uint8Array<ArrayBuffer>, { type, bigEndian, elementBytes }: NpyHeader): string[] {
  const wide = type.startsWith('U');
  if (bigEndian && wide) swapBytes(block, 4);
  return Array.from({ length: block.length / elementBytes }, (_, i) => {
    const [from, to] = [i * elementBytes, (i + 1) * elementBytes];
    if (!wide) return plainText(block.subarray(from, to));
    const codes = Array.from(new Uint32Array(block.buffer, from, elementBytes / 4));
    return String.fromCodePoint(...codes.filter((code) => code > 0 && code <= 0x10ffff));
  });
}

function plainText(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  const content = end < 0 ? bytes : bytes.subarray(0, end);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    return new TextDecoder('latin1').decode(content);
  }
}

/** Big-endian elements to little-endian ones, in place. */
export function swapBytes(bytes: Uint8Array, width: number): void {
  if (width > 1) for (let at = 0; at < bytes.length; at += width) bytes.subarray(at, at + width).reverse();
}

/** A half-precision float (IEEE 754 binary16) by its bits. */
function halfToNumber(bits: number): number {
  const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
  const size =
    exponent === 0
      ? fraction * 2 ** -24
      : exponent === 31
        ? fraction === 0
          ? Infinity
          : NaN
        : (1 + fraction / 1024) * 2 ** (exponent - 15);
  return bits & 0x8000 ? -size : size;
}

/**
 * Where an array's elements go, one after the other as they stand in the file.
 * @param strides of the result, for each dimension of the array.
 */
export function placesOf({ shape, fortran }: NpyHeader, strides: readonly number[]): () => number {
  const order = shape.map((_, d) => (fortran ? d : shape.length - 1 - d));
  const sizes = order.map((d) => shape[d]);
  const steps = order.map((d) => strides[d]);
  const index = sizes.map(() => 0);
  let at = 0;
  return () => {
    const here = at;
    for (let d = 0; d < sizes.length; d++) {
      at += steps[d];
      if (++index[d] < sizes[d]) break;
      at -= steps[d] * sizes[d];
      index[d] = 0;
    }
    return here;
  };
}

import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { dataFailure } from './failure';

/** Deflate never packs better than this: a header that promises more lies. */
const LARGEST_RATIO = 1032;
/** More than this is no data set that fits the memory of a desktop machine. */
const LARGEST = 4 * 1024 ** 3;

export const isPacked = (path: string): boolean => /\.gz$/i.test(path);

/**
 * Reads a file, unpacked where its name ends in `.gz`, into one buffer of exactly the size that its own header promises.
 * Nothing is allocated on the word of the header alone: it is held against the size of the file first.
 * @param headerBytes how many bytes `expected` looks at.
 * @param expected the whole size in bytes, header included; throws where the header makes no sense.
 * @throws FailureError for a file that is shorter or longer than its header says.
 */
export async function readWhole(
  path: string,
  headerBytes: number,
  expected: (header: Uint8Array, file: { size: number }) => number,
): Promise<Uint8Array> {
  const packed = isPacked(path);
  const { size } = await stat(path);
  if (size === 0) throw dataFailure(path, 'is empty (0 bytes)');
  let head = new Uint8Array(0);
  let whole: Uint8Array | null = null;
  let total = 0;
  let length = 0;

  const begin = (): void => {
    total = expected(head, { size });
    const most = packed ? size * LARGEST_RATIO : size;
    if (total > most || total > LARGEST) {
      throw dataFailure(path, `its header promises ${total} bytes, the file has ${packed ? `${size} packed` : size}`);
    }
    whole = new Uint8Array(total);
  };
  const take = (chunk: Uint8Array): void => {
    length += chunk.length;
    if (!whole) {
      head = concatenate(head, chunk);
      if (head.length < headerBytes) return;
      begin();
      if (head.length <= total) whole!.set(head, 0);
    } else if (length <= total) {
      whole.set(chunk, length - chunk.length);
    }
    if (length > total)
      throw dataFailure(path, `its header promises ${total} bytes, the ${packed ? 'unpacked ' : ''}file has more`);
  };

  await readThrough(path, take);
  if (!whole) throw dataFailure(path, `is cut short: ${length} bytes, its header alone takes ${headerBytes}`);
  if (length < total)
    throw dataFailure(path, `its header promises ${total} bytes, the ${packed ? 'unpacked ' : ''}file has ${length}`);
  return whole;
}

/** Five times CIFAR-10. */
const LARGEST_UNPACKED = 1024 ** 3;

/** Unpacks a gzip file that does not say how much it holds. @throws FailureError for one that is cut short, or holds too much. */
export async function unpack(path: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  await readThrough(path, (chunk) => {
    length += chunk.length;
    if (length > LARGEST_UNPACKED) throw dataFailure(path, `has more than ${LARGEST_UNPACKED} bytes unpacked`);
    chunks.push(chunk);
  });
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

/** Hands a file's content on, unpacked where its name ends in `.gz`. @throws what `take` throws, and FailureError for a damaged gzip file. */
async function readThrough(path: string, take: (chunk: Uint8Array) => void): Promise<void> {
  const source = createReadStream(path, { highWaterMark: 1 << 20 });
  // No pipeline: it takes zeros behind the packed content, which gunzip passes over, for a stream broken off.
  const gunzip = isPacked(path) ? source.pipe(createGunzip({ chunkSize: 1 << 18 })) : null;
  if (gunzip) source.on('error', (error) => gunzip.destroy(error));
  try {
    for await (const chunk of gunzip ?? source) take(chunk as Uint8Array);
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    throw code.startsWith('Z_') ? dataFailure(path, `is no whole gzip file (${message})`) : error;
  } finally {
    source.destroy();
  }
}

function concatenate(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a, 0);
  both.set(b, a.length);
  return both;
}

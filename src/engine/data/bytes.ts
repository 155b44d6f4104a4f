import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { dataFailure } from './failure';

/** Deflate never packs better than this: a header that promises more lies. */
const LARGEST_RATIO = 1032;
/** More than this is no data set that fits the memory of a desktop machine. */
const LARGEST = 4 * 1024 ** 3;

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
  expected: (header: Uint8Array, file: { size: number; packed: boolean }) => number,
): Promise<Uint8Array> {
  const packed = path.endsWith('.gz');
  const { size } = await stat(path);
  if (size === 0) throw dataFailure(path, 'is empty (0 bytes)');
  let head = new Uint8Array(0);
  let whole: Uint8Array | null = null;
  let total = 0;
  let length = 0;

  const begin = (): void => {
    total = expected(head, { size, packed });
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

  const source = createReadStream(path, { highWaterMark: 1 << 20 });
  // A pipeline reports that it was broken off, not why: the reason is kept here.
  let failure: unknown = null;
  const consume = async (chunks: AsyncIterable<Uint8Array>): Promise<void> => {
    try {
      for await (const chunk of chunks) take(chunk);
    } catch (error) {
      failure = error;
      throw error;
    }
  };
  try {
    await (packed ? pipeline(source, createGunzip({ chunkSize: 1 << 18 }), consume) : pipeline(source, consume));
  } catch (error) {
    const code = ((failure ?? error) as NodeJS.ErrnoException).code ?? '';
    if (code.startsWith('Z_'))
      throw dataFailure(path, `is no whole gzip file (${((failure ?? error) as Error).message})`);
    throw failure ?? error;
  }
  if (!whole) throw dataFailure(path, `is cut short: ${length} bytes, its header alone takes ${headerBytes}`);
  if (length < total)
    throw dataFailure(path, `its header promises ${total} bytes, the ${packed ? 'unpacked ' : ''}file has ${length}`);
  return whole;
}

function concatenate(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a, 0);
  both.set(b, a.length);
  return both;
}

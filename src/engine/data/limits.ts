import { totalmem } from 'node:os';
import { say, type Message } from '../../words';
import { dataFailure } from './failure';

/** Bytes of all pictures of a set together, and of any file's content: they have to fit one array and half of the machine's memory. */
export const LARGEST = Math.min(4 * 1024 ** 3, Math.floor(totalmem() / 2));

/** Deflate packs 1032 to 1 at best. Pictures of masks and drawings reach 150; data that packs better is a single value. */
const LARGEST_RATIO = 400;
/** Up to here it does no harm. */
const HARMLESS = 64 * 2 ** 20;

/**
 * Refuses content for its size alone, on the word of a header or on the bytes as they unpack.
 * @param what it is: the file itself, or an array in it.
 * @param packed how many bytes it is in the file, where it is packed.
 * @throws FailureError
 */
export function checkSize(file: string, what: Message, bytes: number, packed: number | null): void {
  if (bytes > LARGEST) throw dataFailure(file, say('data.too-large', { what, size: mib(bytes), limit: mib(LARGEST) }));
  if (packed !== null && bytes > HARMLESS && bytes > packed * LARGEST_RATIO)
    throw dataFailure(
      file,
      say('data.bomb', { what, size: mib(bytes), packed, ratio: Math.floor(bytes / packed), limit: LARGEST_RATIO }),
    );
}

export const THE_FILE = say('data.what.file');

const mib = (bytes: number): number => Math.ceil(bytes / 2 ** 20);

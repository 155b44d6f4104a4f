import type { Metadata } from 'sharp';
import { FailureError } from '../../shared/failures';
import type { ImageFormat } from './sniff';

/** What decoding one picture may take, in bytes. With the processes around it, it stays below 1 GiB. */
export const MEMORY_LIMIT = 640 * 2 ** 20;

/** Processor time that decoding one picture may take, in seconds. */
export const TIME_LIMIT = 5;

/** A larger file is not read as a picture, in bytes. */
export const FILE_LIMIT = 64 * 2 ** 20;

const SAMPLE_BYTES: Record<string, number> = { uchar: 1, char: 1, ushort: 2, short: 2, uint: 4, int: 4, float: 4 };

/**
 * How many times the stored picture (width × height × channels × bytes per sample) the decoder holds at once. Measured
 * on pictures of 48 megapixels with sharp's WASM build, the hungrier one: `bench/image-memory.bench.mjs`. Decoders that work
 * line by line hold next to nothing.
 */
function heldTimes(format: ImageFormat, progressive: boolean): number {
  switch (format) {
    case 'PNG':
    case 'JPEG':
      return progressive ? 1 : 0;
    case 'WebP':
      return 4;
    case 'AVIF':
      return 6;
    case 'GIF':
      return 1.5;
    case 'TIFF': // a strip may be as large as the picture
    case 'SVG':
      return 1;
  }
}

/** Bytes that decoding takes at its height: what the decoder holds, and the 8-bit result with the copies made of it. */
function memoryNeeded(format: ImageFormat, metadata: Metadata): number {
  const pixels = metadata.width * metadata.height;
  const stored = metadata.channels * (SAMPLE_BYTES[metadata.depth] ?? 8);
  const result = metadata.hasAlpha ? 4 : 3;
  const turned = (metadata.orientation ?? 1) > 1 ? result : 0;
  const flattened = metadata.hasAlpha ? 3 : 0;
  // A copy of 8 bits, where a profile is still to be applied to 16.
  const profiled = metadata.icc && metadata.depth === 'ushort' ? 2 * result : 0;
  return pixels * (stored * heldTimes(format, metadata.isProgressive) + result * 1.5 + turned + flattened + profiled);
}

/** Throws FailureError `image.too-large` for a picture that would take more than `MEMORY_LIMIT` to decode. */
export function guard(name: string, format: ImageFormat, metadata: Metadata): void {
  const needed = memoryNeeded(format, metadata);
  if (needed <= MEMORY_LIMIT) return;
  throw new FailureError('image.too-large', {
    file: name,
    width: metadata.width,
    height: metadata.height,
    needed: Math.ceil(needed / 2 ** 20),
    limit: MEMORY_LIMIT / 2 ** 20,
  });
}

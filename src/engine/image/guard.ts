import type { Metadata } from 'sharp';
import { FailureError } from '../../shared/failures';
import { say } from '../../words';
import type { ImageFormat } from './sniff';

/** Memory that decoding one picture may take, in bytes. Including the processes involved it stays below 1 GiB. */
export const MEMORY_LIMIT = 640 * 2 ** 20;

/** Processor time that decoding one picture may take, in seconds. */
export const TIME_LIMIT = 5;

/** The largest file that is read as a picture, in bytes. */
export const FILE_LIMIT = 64 * 2 ** 20;

/** Frames of an animation, of which the first is shown: libwebp's parser takes time by their square. */
const FRAME_LIMIT = 10_000;

const SAMPLE_BYTES: Record<string, number> = { uchar: 1, char: 1, ushort: 2, short: 2, uint: 4, int: 4, float: 4 };

/**
 * How many times the stored picture (width × height × channels × bytes per sample) the decoder holds at once. Measured
 * on pictures of 48 megapixels with sharp's WASM build, which needs more: `bench/image-memory.bench.mjs`. Decoders that
 * work line by line hold almost nothing.
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

/** Peak memory of decoding, in bytes: what the decoder holds, and the 8-bit result with the copies made of it. */
function memoryNeeded(format: ImageFormat, metadata: Metadata): number {
  const pixels = metadata.width * metadata.height;
  const stored = metadata.channels * (SAMPLE_BYTES[metadata.depth] ?? 8);
  const result = metadata.hasAlpha ? 4 : 3;
  const turned = (metadata.orientation ?? 1) > 1 ? result : 0;
  const flattened = metadata.hasAlpha ? 3 : 0;
  // A copy of 8 bits, where a profile is still to be applied to 16.
  const profiled = metadata.icc && metadata.depth === 'ushort' ? 2 * result : 0;
  // Before that, samples of more than 8 bits are read completely to find their range.
  const looked = metadata.depth === 'uchar' ? 0 : stored;
  const held = stored * heldTimes(format, metadata.isProgressive);
  return pixels * (held + Math.max(looked, profiled) + result * 1.5 + turned + flattened);
}

/** Throws FailureError `image.too-large` for a picture that would take more than `limit` bytes to decode. */
export function guard(name: string, format: ImageFormat, metadata: Metadata, limit: number): void {
  const needed = memoryNeeded(format, metadata);
  if (needed <= limit) return;
  throw new FailureError('image.too-large', {
    file: name,
    width: metadata.width,
    height: metadata.height,
    needed: Math.ceil(needed / 2 ** 20),
    limit: limit / 2 ** 20,
  });
}

/** Throws FailureError `image.refused` for a WebP animation of more frames than can be parsed in time. */
export function guardFrames(name: string, format: ImageFormat, bytes: Uint8Array): void {
  if (format !== 'WebP') return;
  const frames = webpFrames(bytes);
  if (frames <= FRAME_LIMIT) return;
  const reason = say('image.refused.frames', { frames, limit: FRAME_LIMIT });
  throw new FailureError('image.refused', { file: name, format, reason });
}

/** How many frame chunks a WebP file holds (RIFF: name, length, content padded to two bytes). */
function webpFrames(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let frames = 0;
  for (let at = 12; at + 8 <= bytes.length;) {
    const length = view.getUint32(at + 4, true);
    if (view.getUint32(at) === 0x414e4d46) frames++; // 'ANMF'
    at += 8 + length + (length % 2);
  }
  return frames;
}

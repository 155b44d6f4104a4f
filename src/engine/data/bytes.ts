import { basename } from 'node:path';
import { createGunzip, createInflateRaw, type Gunzip, type InflateRaw } from 'node:zlib';
import type { FileHandle } from 'node:fs/promises';
import { reasonOf, say, type Message } from '../../words';
import { foundIn } from './content';
import { dataFailure } from './failure';
import { checkSize, THE_FILE } from './limits';
import { openRegular } from './open';

/** Bytes that are read at a time, and that are unpacked at a time. */
const CHUNK = 2 ** 18;

/** What a reader of data files is given beside the path. */
export interface Reading {
  /** Called with notes for the user about how a file was read. */
  note(message: Message): void;
  signal?: AbortSignal;
}

/** An opened file, unpacked if its content is gzip, under any name. */
export interface Unpacked {
  /** Bytes in the file. */
  size: number;
  packed: boolean;
  /** The content from its beginning, piece by piece; each piece is good until the next is asked for. */
  pieces: AsyncIterable<Uint8Array>;
}

/**
 * Opens a file, gives `work` its content, and closes it. Gzip is told by the content: a name that says otherwise is noted.
 * @throws FailureError for what cannot be opened (see `openRegular`), is empty, or ends before its gzip stream does.
 */
export async function withContent<T>(
  path: string,
  { note, signal }: Reading,
  work: (content: Unpacked) => Promise<T>,
): Promise<T> {
  const { handle, size } = await openRegular(path);
  try {
    if (size === 0) throw dataFailure(path, say('data.empty'));
    const { bytesRead, buffer } = await handle.read(new Uint8Array(512), 0, 512, 0);
    const head = buffer.subarray(0, bytesRead);
    const packed = head[0] === 0x1f && head[1] === 0x8b;
    const named = /\.gz$/i.test(path);
    if (named && !packed) {
      // What the browser unpacked already begins as an idx file does, or with a class; everything else is something else.
      const found = foundIn(head);
      if (found) throw dataFailure(path, say('data.gz.other', { found }));
      note(say('data.gz.unpacked', { file: basename(path) }));
    } else if (packed && !named) note(say('data.gz.packed', { file: basename(path) }));
    return await work({ size, packed, pieces: pieces(path, handle, packed, signal) });
  } finally {
    await handle.close();
  }
}

async function* pieces(path: string, handle: FileHandle, packed: boolean, signal?: AbortSignal) {
  const raw = readFrom(handle, 0, null, signal);
  if (!packed) return yield* raw;
  try {
    yield* throughZlib(createGunzip({ chunkSize: CHUNK }), raw);
  } catch (error) {
    throw zlibFault(error) ? dataFailure(path, say('data.gz.damaged', { reason: zlibReason(error) })) : error;
  }
}

/** The bytes of an open file from one place on, piece by piece. @param length null: to its end. @throws what `signal` is aborted with. */
export async function* readFrom(
  handle: FileHandle,
  start: number,
  length: number | null,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  const end = length === null ? Infinity : start + length;
  for (let at = start; at < end;) {
    signal?.throwIfAborted();
    const wanted = Math.min(CHUNK, end - at);
    const { bytesRead, buffer } = await handle.read(new Uint8Array(wanted), 0, wanted, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

/** Unpacks what another gives. It reads on only as far as is asked for. @throws zlib's errors: see `zlibFault`. */
export async function* throughZlib(
  stream: Gunzip | InflateRaw,
  packed: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  let broken: unknown = null;
  const fed = feed(stream, packed).catch((error: unknown) => {
    broken = error;
    stream.destroy();
  });
  try {
    for await (const piece of stream) yield piece as Uint8Array;
  } catch (error) {
    throw broken ?? error;
  } finally {
    stream.destroy();
    await fed;
  }
  if (broken) throw broken;
}

async function feed(stream: Gunzip | InflateRaw, packed: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const piece of packed) {
    if (stream.destroyed || stream.writableEnded) return;
    if (stream.write(piece)) continue;
    await new Promise<void>((resolve) => {
      const go = (): void => {
        stream.off('drain', go).off('close', go);
        resolve();
      };
      stream.on('drain', go).on('close', go);
      if (stream.destroyed) go();
    });
  }
  if (!stream.destroyed) stream.end();
}

/** A stream that unpacks what a ZIP archive holds. */
export const inflater = (): InflateRaw => createInflateRaw({ chunkSize: CHUNK });

export const zlibFault = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && String((error as NodeJS.ErrnoException).code).startsWith('Z_');

/** What zlib found, in words. */
export function zlibReason(error: unknown): Message {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'Z_BUF_ERROR') return say('data.zlib.short');
  if (message === 'incorrect data check' || message === 'incorrect length check') return say('data.zlib.check');
  return code === 'Z_DATA_ERROR' ? say('data.zlib.damaged') : reasonOf(error);
}

/**
 * Reads a file, unpacked, into one buffer of exactly the size that its own header promises. Nothing is allocated on the word
 * of the header alone: it is held against the file's size first.
 * @param headerBytes how many bytes `expected` looks at.
 * @param expected the whole size in bytes, header included; throws where the header makes no sense.
 * @throws FailureError for a file that is shorter or longer than its header says, or larger than any data set.
 */
export async function readWhole(
  path: string,
  headerBytes: number,
  expected: (header: Uint8Array) => number,
  reading: Reading,
): Promise<Uint8Array> {
  return withContent(path, reading, async ({ size, packed, pieces: all }) => {
    let head = new Uint8Array(0);
    let whole: Uint8Array | null = null;
    let total = 0;
    let length = 0;
    const differs = (found: number): Error =>
      dataFailure(path, say(packed ? 'data.size.unpacked' : 'data.size', { size: total, found }));
    for await (const piece of all) {
      length += piece.length;
      if (whole) {
        if (length <= total) whole.set(piece, length - piece.length);
      } else {
        head = concatenate(head, piece);
        if (head.length < headerBytes) continue;
        total = expected(head);
        if (!packed && total !== size) throw differs(size);
        checkSize(path, THE_FILE, total, packed ? size : null);
        whole = new Uint8Array(total);
        if (head.length <= total) whole.set(head, 0);
      }
      if (length > total) throw dataFailure(path, say('data.size.more', { size: total }));
    }
    if (!whole) throw dataFailure(path, say('data.short', { size: length, needed: headerBytes }));
    if (length < total) throw differs(length);
    return whole;
  });
}

function concatenate(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a, 0);
  both.set(b, a.length);
  return both;
}

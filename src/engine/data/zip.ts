import type { FileHandle } from 'node:fs/promises';
import { say } from '../../words';
import { inflater, readFrom, throughZlib, zlibFault, zlibReason } from './bytes';
import { foundIn } from './content';
import { crc32 } from './crc32';
import { dataFailure } from './failure';

/** A file in a ZIP archive, by the archive's directory. */
export interface Member {
  name: string;
  /** Bytes in the archive, and unpacked as the directory promises. */
  packed: number;
  size: number;
  method: number;
  crc: number;
  encrypted: boolean;
  /** Where its own header begins. */
  offset: number;
}

/** More than any archive of arrays has; a directory is read whole. */
const MOST_MEMBERS = 10_000;
const LARGEST_DIRECTORY = 4 * 2 ** 20;

const END = 0x06054b50;
const END_64 = 0x06064b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;

/**
 * The directory of a ZIP archive (APPNOTE.TXT 6.3.10, 4.3), with the 64-bit sizes that NumPy writes for large arrays.
 * @throws FailureError for what is no archive, or a damaged one.
 */
export async function membersOf(path: string, handle: FileHandle, size: number): Promise<Member[]> {
  const damaged = (): Error => dataFailure(path, say('data.zip.damaged'));
  const tail = await bytesAt(handle, Math.max(0, size - 65_557), Math.min(size, 65_557));
  let at = tail.length - 22;
  while (at >= 0 && tail.readUInt32LE(at) !== END) at--;
  if (at < 0) {
    const head = await bytesAt(handle, 0, Math.min(size, 512));
    const found = foundIn(head);
    const begins = head.length >= 4 && head.readUInt32LE(0) === LOCAL;
    if (begins || !found) throw dataFailure(path, say('data.zip.short'));
    throw dataFailure(path, say('data.zip.other', { found }));
  }
  let [count, length, start] = [tail.readUInt16LE(at + 10), tail.readUInt32LE(at + 12), tail.readUInt32LE(at + 16)];
  // Where a field is full, the larger record in front of this one has it.
  if ((count === 0xffff || length === 0xffffffff || start === 0xffffffff) && at >= 20) {
    const place = Number(tail.readBigUInt64LE(at - 20 + 8));
    const larger = await bytesAt(handle, place, 56);
    if (larger.length < 56 || larger.readUInt32LE(0) !== END_64) throw damaged();
    [count, length, start] = [32, 40, 48].map((field) => Number(larger.readBigUInt64LE(field)));
  }
  if (count > MOST_MEMBERS || length > LARGEST_DIRECTORY)
    throw dataFailure(path, say('data.zip.members', { count, limit: MOST_MEMBERS }));
  const directory = await bytesAt(handle, start, length);
  if (directory.length < length) throw damaged();
  const members: Member[] = [];
  for (let entry = 0; members.length < count;) {
    if (entry + 46 > length || directory.readUInt32LE(entry) !== ENTRY) throw damaged();
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) => directory.readUInt16LE(entry + field));
    const next = entry + 46 + nameLength + extraLength + commentLength;
    if (next > length) throw damaged();
    const extra = directory.subarray(entry + 46 + nameLength, entry + 46 + nameLength + extraLength);
    const [unpacked, packed, , offset] = largeFields(extra, [
      directory.readUInt32LE(entry + 24),
      directory.readUInt32LE(entry + 20),
      0,
      directory.readUInt32LE(entry + 42),
    ]);
    members.push({
      name: directory.toString('utf8', entry + 46, entry + 46 + nameLength),
      packed,
      size: unpacked,
      method: directory.readUInt16LE(entry + 10),
      crc: directory.readUInt32LE(entry + 16),
      encrypted: (directory.readUInt16LE(entry + 8) & 1) !== 0,
      offset,
    });
    entry = next;
  }
  return members;
}

/** Sizes and place that do not fit 32 bits stand in an extra field, in this order; only those that do not fit. */
function largeFields(extra: Buffer, fields: number[]): number[] {
  for (let at = 0; at + 4 <= extra.length;) {
    const [kind, length] = [extra.readUInt16LE(at), extra.readUInt16LE(at + 2)];
    if (kind === 1) {
      let from = at + 4;
      return fields.map((field) => {
        if (field !== 0xffffffff || from + 8 > Math.min(extra.length, at + 4 + length)) return field;
        from += 8;
        return Number(extra.readBigUInt64LE(from - 8));
      });
    }
    at += 4 + length;
  }
  return fields;
}

/**
 * A member's content, unpacked piece by piece; ends with an error where it is not what the directory promises.
 * @throws FailureError for damage, an encrypted member, a method that NumPy does not write.
 */
export async function* contentOf(
  path: string,
  handle: FileHandle,
  member: Member,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { method, size } = member;
  const name = member.name.replace(/\.npy$/, '');
  if (member.encrypted) throw dataFailure(path, say('data.zip.encrypted', { name }));
  if (method !== 0 && method !== 8) throw dataFailure(path, say('data.zip.method', { name, method }));
  const local = await bytesAt(handle, member.offset, 30);
  if (local.length < 30 || local.readUInt32LE(0) !== LOCAL) throw dataFailure(path, say('data.zip.damaged'));
  const start = member.offset + 30 + local.readUInt16LE(26) + local.readUInt16LE(28);
  const raw = readFrom(handle, start, member.packed, signal);
  let length = 0;
  let crc = 0;
  try {
    for await (const piece of method === 0 ? raw : throughZlib(inflater(), raw)) {
      length += piece.length;
      if (length > size) break;
      crc = crc32(piece, crc);
      yield piece;
    }
  } catch (error) {
    if (!zlibFault(error)) throw error;
    throw dataFailure(path, say('data.zip.member', { name, reason: zlibReason(error) }));
  }
  if (length !== size) throw dataFailure(path, say('data.zip.size', { name, size }));
  if (crc !== member.crc) throw dataFailure(path, say('data.zip.member', { name, reason: say('data.zlib.check') }));
}

/** At most so many bytes: fewer where the file ends before. */
async function bytesAt(handle: FileHandle, at: number, length: number): Promise<Buffer> {
  if (!Number.isSafeInteger(at) || at < 0) return Buffer.alloc(0);
  const buffer = Buffer.alloc(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(buffer, done, length - done, at + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return buffer.subarray(0, done);
}

import { say } from '../../../words';
import { withContent, type Reading } from '../bytes';
import { foundIn } from '../content';
import { dataFailure } from '../failure';
import { checkSize, THE_FILE } from '../limits';
import type { RawSet } from '../raw';

/** One record of CIFAR-10's binary version: a class and 32 × 32 pixels, plane by plane (https://www.cs.toronto.edu/~kriz/cifar.html). */
const SIDE = 32;
const PLANE = SIDE * SIDE;
const RECORD = 1 + 3 * PLANE;
const CLASSES = 10;

/**
 * Reads files of records one after the other, packed by gzip or not: pixels `[count, 32, 32, 3]`.
 * @throws FailureError for a size that is no whole number of records or a class above 9.
 */
export async function readCifar(paths: readonly string[], reading: Reading): Promise<RawSet> {
  // How much a packed file holds shows only when it is unpacked. So it is counted first, and then read into its place.
  const counts: number[] = [];
  for (const path of paths) counts.push(await countRecords(path, reading));
  const count = counts.reduce((sum, each) => sum + each, 0);
  checkSize(paths[0], THE_FILE, count * 3 * PLANE, null);
  const pixels = new Uint8Array(count * 3 * PLANE);
  const labels = new Int32Array(count);
  let first = 0;
  for (const [i, path] of paths.entries()) {
    await readRecords(path, { ...reading, note: () => undefined }, counts[i], (record, bytes) => {
      labels[first + record] = bytes[0];
      for (let p = 0, to = (first + record) * 3 * PLANE; p < PLANE; p++, to += 3) {
        pixels[to] = bytes[1 + p];
        pixels[to + 1] = bytes[1 + PLANE + p];
        pixels[to + 2] = bytes[1 + 2 * PLANE + p];
      }
    });
    first += counts[i];
  }
  return { count, height: SIDE, width: SIDE, channels: 3, pixels, labels };
}

async function countRecords(path: string, reading: Reading): Promise<number> {
  return withContent(path, reading, async ({ size, packed, pieces }) => {
    let length = packed ? 0 : size;
    let head = new Uint8Array(0);
    for await (const piece of pieces) {
      if (head.length === 0) head = piece.slice(0, 512);
      if (!packed) break;
      length += piece.length;
      checkSize(path, THE_FILE, length, size);
    }
    if (length > 0 && length % RECORD === 0) return length / RECORD;
    const found = foundIn(head);
    if (found) throw dataFailure(path, say('data.cifar.other', { found }));
    const fine = length > 0 && length % (RECORD + 1) === 0;
    throw dataFailure(path, say(fine ? 'data.cifar.100' : 'data.cifar.size', { size: length, record: RECORD }));
  });
}

/** @param take given each record by its index; its bytes are good until the next. */
async function readRecords(
  path: string,
  reading: Reading,
  count: number,
  take: (index: number, record: Uint8Array) => void,
): Promise<void> {
  const record = new Uint8Array(RECORD);
  let length = 0;
  await withContent(path, reading, async ({ pieces }) => {
    for await (const piece of pieces) {
      for (let from = 0; from < piece.length;) {
        const within = length % RECORD;
        const n = Math.min(RECORD - within, piece.length - from);
        record.set(piece.subarray(from, from + n), within);
        from += n;
        length += n;
        if (within + n < RECORD) continue;
        const index = length / RECORD - 1;
        if (record[0] >= CLASSES)
          throw dataFailure(path, say('data.cifar.class', { index, label: record[0], most: CLASSES - 1 }));
        if (index < count) take(index, record);
      }
    }
  });
  if (length !== count * RECORD) throw dataFailure(path, say('data.changed'));
}

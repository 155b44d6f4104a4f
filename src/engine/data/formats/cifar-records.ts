import { say } from '../../../words';
import { withContent, type Reading } from '../bytes';
import { foundIn } from '../content';
import { dataFailure } from '../failure';
import { checkSize, THE_FILE } from '../limits';
import type { RawSet } from '../raw';

/** A record of the binary versions: its classes and 32 × 32 pixels, plane by plane (https://www.cs.toronto.edu/~kriz/cifar.html). */
const SIDE = 32;
const PLANE = SIDE * SIDE;

/** How many classes each label of a record tells apart. CIFAR-100's are a coarse one and a fine one, which is the picture's class. */
interface Records {
  labels: readonly number[];
  bytes: number;
}
const records = (...labels: number[]): Records => ({ labels, bytes: labels.length + 3 * PLANE });
const CIFAR_10 = records(10);
const CIFAR_100 = records(20, 100);

/**
 * Reads files of records one after the other, packed by gzip or not: pixels `[count, 32, 32, 3]`. Which version they are, the size of the
 * first tells; of CIFAR-100 it is noted that its coarse classes are left out.
 * @throws FailureError for a size that is no whole number of records, a class that there is not, or files of both versions.
 */
export async function readCifar(paths: readonly string[], reading: Reading): Promise<RawSet> {
  // How much a packed file holds shows only when it is unpacked. So it is counted first, and then read into its place.
  const counts: number[] = [];
  let kind: Records | null = null;
  for (const path of paths) {
    const length = await lengthOf(path, reading);
    kind ??= length % CIFAR_10.bytes !== 0 && length % CIFAR_100.bytes === 0 ? CIFAR_100 : CIFAR_10;
    if (length % kind.bytes !== 0)
      throw dataFailure(path, say('data.cifar.size', { size: length, record: kind.bytes }));
    counts.push(length / kind.bytes);
  }
  const { labels: classes, bytes: size } = kind ?? CIFAR_10;
  if (kind === CIFAR_100) reading.note(say('data.cifar.fine'));
  const count = counts.reduce((sum, each) => sum + each, 0);
  checkSize(paths[0], THE_FILE, count * 3 * PLANE, null);
  const pixels = new Uint8Array(count * 3 * PLANE);
  const labels = new Int32Array(count);
  let first = 0;
  for (const [i, path] of paths.entries()) {
    await readRecords(path, { ...reading, note: () => undefined }, counts[i], size, (record, bytes) => {
      classes.forEach((most, each) => {
        if (bytes[each] >= most)
          throw dataFailure(path, say('data.cifar.class', { index: record, label: bytes[each], most: most - 1 }));
      });
      labels[first + record] = bytes[classes.length - 1];
      for (let p = classes.length, to = (first + record) * 3 * PLANE; p < classes.length + PLANE; p++, to += 3) {
        pixels[to] = bytes[p];
        pixels[to + 1] = bytes[PLANE + p];
        pixels[to + 2] = bytes[2 * PLANE + p];
      }
    });
    first += counts[i];
  }
  return { count, height: SIDE, width: SIDE, channels: 3, pixels, labels };
}

/** Bytes of a file of records, unpacked. @throws FailureError for what are no records of either version. */
async function lengthOf(path: string, reading: Reading): Promise<number> {
  return withContent(path, reading, async ({ size, packed, pieces }) => {
    let length = packed ? 0 : size;
    let head = new Uint8Array(0);
    for await (const piece of pieces) {
      if (head.length === 0) head = piece.slice(0, 512);
      if (!packed) break;
      length += piece.length;
      checkSize(path, THE_FILE, length, size);
    }
    if (length > 0 && [CIFAR_10, CIFAR_100].some(({ bytes }) => length % bytes === 0)) return length;
    const found = foundIn(head);
    if (found) throw dataFailure(path, say('data.cifar.other', { found }));
    throw dataFailure(path, say('data.cifar.size', { size: length, record: CIFAR_10.bytes }));
  });
}

/** @param take given each record by its index; its bytes are good until the next. */
async function readRecords(
  path: string,
  reading: Reading,
  count: number,
  size: number,
  take: (index: number, record: Uint8Array) => void,
): Promise<void> {
  const record = new Uint8Array(size);
  let length = 0;
  await withContent(path, reading, async ({ pieces }) => {
    for await (const piece of pieces) {
      for (let from = 0; from < piece.length;) {
        const within = length % size;
        const n = Math.min(size - within, piece.length - from);
        record.set(piece.subarray(from, from + n), within);
        from += n;
        length += n;
        if (within + n < size) continue;
        const index = length / size - 1;
        if (index < count) take(index, record);
      }
    }
  });
  if (length !== count * size) throw dataFailure(path, say('data.changed'));
}

import { isPacked, readWhole, unpack } from './bytes';
import { dataFailure } from './failure';

/** One record of CIFAR-10's binary version: a class and 32 × 32 pixels, plane by plane (https://www.cs.toronto.edu/~kriz/cifar.html). */
const SIDE = 32;
const PLANE = SIDE * SIDE;
const RECORD = 1 + 3 * PLANE;
const CLASSES = 10;

export interface CifarBatch {
  count: number;
  /** `[count, 32, 32, 3]`. */
  pixels: Uint8Array;
  labels: Uint8Array;
}

/** Reads one file of records, `.gz` too. @throws FailureError for a size that is no whole number of records or a class above 9. */
export async function readCifar(path: string): Promise<CifarBatch> {
  const whole = await readRecords(path);
  const count = whole.length / RECORD;
  const pixels = new Uint8Array(count * 3 * PLANE);
  const labels = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const record = i * RECORD;
    labels[i] = whole[record];
    if (labels[i] >= CLASSES)
      throw dataFailure(path, `record ${i} is of class ${labels[i]}, expected 0 to ${CLASSES - 1}`);
    for (let p = 0, to = i * 3 * PLANE; p < PLANE; p++, to += 3) {
      pixels[to] = whole[record + 1 + p];
      pixels[to + 1] = whole[record + 1 + PLANE + p];
      pixels[to + 2] = whole[record + 1 + 2 * PLANE + p];
    }
  }
  return { count, pixels, labels };
}

async function readRecords(path: string): Promise<Uint8Array> {
  // The format has no header: how much a packed file holds shows when it is unpacked.
  const whole = isPacked(path) ? await unpack(path) : await readWhole(path, 1, (_, { size }) => size);
  if (whole.length === 0 || whole.length % RECORD !== 0) {
    const fine = whole.length > 0 && whole.length % (RECORD + 1) === 0;
    const other = fine ? '; records of CIFAR-100 have one more, and are not read' : '';
    throw dataFailure(
      path,
      `has ${whole.length} bytes, expected a multiple of ${RECORD} (CIFAR-10 binary records${other})`,
    );
  }
  return whole;
}

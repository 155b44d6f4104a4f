import { createHash } from 'node:crypto';
import type { ImageSet } from '../../core/data/dataset';
import { normalizationTable, normalize } from '../../core/data/normalization';
import type { Body } from './body';
import type { BodySession } from './body-session';
import { readFeatures, writeFeatures, type Features } from './cache';

/** Pictures that go into the body at once: more are no faster (docs/head.md), and cancelling waits for them. */
const BATCH = 8;

export interface FeatureOptions {
  progress?(done: number, total: number): void;
  signal?: AbortSignal;
}

/** What a body makes of pictures, and how many of them were kept from before. */
export interface FoundFeatures {
  /** `[count, F]`. */
  values: Float32Array;
  width: number;
  kept: number;
}

/** All that a body's values depend on but the picture. */
const keyOf = ({ digest, tensor, preprocessing, layout, color }: Body): string =>
  JSON.stringify([digest, tensor, layout, color, preprocessing]);

/**
 * The values of a body's tensor for every picture of a set at its size. Each picture is computed once; values are kept in the app's
 * data folder, by body, tensor, preprocessing and the picture's pixels, also those of a computation that was cancelled.
 * @throws FailureError; the signal's reason when aborted, between two batches.
 */
export async function featuresOf(
  body: Body,
  session: BodySession,
  images: ImageSet,
  { progress, signal }: FeatureOptions = {},
): Promise<FoundFeatures> {
  const size = images.height * images.width * images.channels;
  const pixelsOf = (i: number): Uint8Array => images.pixels.subarray(i * size, (i + 1) * size);
  const pictures = Array.from({ length: images.count }, (_, i) =>
    createHash('sha256').update(pixelsOf(i)).digest('hex'),
  );
  const key = keyOf(body);
  const known = await readFeatures(key);
  const firsts = new Map<string, number>();
  pictures.forEach((picture, i) => known.has(picture) || firsts.has(picture) || firsts.set(picture, i));
  const missing = [...firsts.values()];
  const kept = images.count - missing.length;
  try {
    await compute(missing);
  } finally {
    // Of a computation that ends early what is there is kept, too.
    if (missing.length > 0) await writeFeatures(key, known).catch(() => undefined);
  }
  return { ...gathered(pictures, known), kept };

  async function compute(rows: readonly number[]): Promise<void> {
    const table = normalizationTable(body.preprocessing);
    const input = new Float32Array(BATCH * size);
    for (let from = 0; from < rows.length; from += BATCH) {
      signal?.throwIfAborted();
      const batch = rows.slice(from, from + BATCH);
      batch.forEach((row, i) => normalize(pixelsOf(row), table, input.subarray(i * size, (i + 1) * size)));
      const values = await session.run(input.subarray(0, batch.length * size), batch.length);
      const width = values.length / batch.length;
      batch.forEach((row, i) => known.set(pictures[row], values.slice(i * width, (i + 1) * width)));
      progress?.(from + batch.length, rows.length);
      // Lets a cancellation arrive.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

function gathered(pictures: readonly string[], known: Features): Pick<FoundFeatures, 'values' | 'width'> {
  const width = known.get(pictures[0])!.length;
  const values = new Float32Array(pictures.length * width);
  pictures.forEach((picture, i) => values.set(known.get(picture)!, i * width));
  return { values, width };
}

import { createHash } from 'node:crypto';
import type { ImageSet } from '../../core/data/dataset';
import { say, type Message } from '../../words';
import { toChannels } from '../image/input';
import type { Pixels } from '../image/pixels';
import { lookOf, trainingPicture, type Target } from '../image/training-picture';
import { isColored } from '../image/warnings';
import { readRows, writeRows, type CachedFile } from './cache';
import type { Progress } from './raw';

export type { Target } from '../image/training-picture';

/**
 * A set brought to the network's size and color mode; itself where it has them already. Resized pictures are kept in the app's
 * cache, by what they were made from.
 */
export async function fitSet(
  set: ImageSet,
  target: Target,
  progress: Progress,
  signal?: AbortSignal,
): Promise<ImageSet> {
  const { height, width, channels } = target;
  const { count, labels } = set;
  const pictureAt = (i: number): Pixels => {
    const from = set.height * set.width * set.channels;
    const data = toChannels(set.pixels.subarray(i * from, (i + 1) * from), set.channels, 3);
    return { width: set.width, height: set.height, channels: 3, data };
  };
  const fitted = (pixels: Uint8Array, grounds: Uint8Array): ImageSet => ({
    ...{ count, height, width, channels, pixels, labels },
    ...(channels === 1 && {
      grounds,
      colored: new Uint8Array(count).map((_, i) => Number(set.channels === 3 && isColored(pictureAt(i)))),
    }),
    ...((set.height !== height || set.width !== width) && {
      sizes: Int32Array.from({ length: 2 * count }, (_, i) => (i % 2 ? set.width : set.height)),
    }),
  });
  if (set.height === height && set.width === width) {
    const grounds = new Uint8Array(channels === 1 ? count : 0).map((_, i) => lookOf(pictureAt(i)).ground);
    return fitted(toChannels(set.pixels, set.channels, channels), grounds);
  }
  const size = height * width * channels;
  const key = JSON.stringify([digestOf(set), height, width, channels, target.fit, target.resize]);
  // The pictures, and behind them what each is drawn on.
  const split = (rows: Uint8Array): ImageSet => fitted(rows.subarray(0, count * size), rows.subarray(count * size));
  const cached = await readRows(key, count * (size + 1));
  if (cached) return split(cached.pixels);
  const rows = new Uint8Array(count * (size + 1));
  let next = 0;
  let done = 0;
  const work = async (): Promise<void> => {
    while (next < count) {
      signal?.throwIfAborted();
      const i = next++;
      const { row, ground } = await trainingPicture(pictureAt(i), target);
      rows.set(row, i * size);
      rows[count * size + i] = ground;
      progress(++done, count);
    }
  };
  await Promise.all(Array.from({ length: 8 }, work));
  const file: CachedFile = {
    path: '',
    fingerprint: '',
    reason: null,
    ground: 0,
    size: [0, 0],
    remarks: [],
    scale: null,
  };
  await writeRows(key, { files: [file], pixels: rows }).catch(() => undefined);
  return split(rows);
}

/** Pictures of a set that are looked at for their colors. */
const LOOKED_AT = 100;

/** A warning about fitting a set to a target: that its colors are dropped. */
export function remarksOf(set: ImageSet, { channels }: Target): Message[] {
  if (set.channels !== 3 || channels !== 1) return [];
  const { count, height, width, pixels } = set;
  const size = height * width * 3;
  for (let i = 0; i < Math.min(count, LOOKED_AT); i++) {
    const data = pixels.subarray(i * size, (i + 1) * size);
    if (isColored({ width, height, channels: 3, data })) return [say('image.warn.colorDropped')];
  }
  return [];
}

const digestOf = ({ count, height, width, channels, pixels }: ImageSet): string =>
  createHash('sha256')
    .update(JSON.stringify([count, height, width, channels]))
    .update(pixels)
    .digest('hex');

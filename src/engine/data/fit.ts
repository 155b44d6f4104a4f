import { createHash } from 'node:crypto';
import type { ImageSet } from '../../core/data/dataset';
import { lookAt } from '../../core/data/ground';
import { say, type Message } from '../../words';
import { insideOf } from '../image/fit';
import { toChannels } from '../image/input';
import { trainingPicture, type Target } from '../image/training-picture';
import { isColored } from '../image/warnings';
import { readRows, writeRows } from './cache';
import type { Progress } from './raw';

export type { Target } from '../image/training-picture';

/**
 * A set brought to the network's size and colour mode; itself where it has them already. Resized pictures are kept in the app's
 * cache, by what they were made from.
 */
export async function fitSet(
  set: ImageSet,
  target: Target,
  progress: Progress,
  signal?: AbortSignal,
): Promise<ImageSet> {
  const { height, width, channels } = target;
  if (set.height === height && set.width === width) {
    return withGrounds(set, { ...set, channels, pixels: toChannels(set.pixels, set.channels, channels) }, target);
  }
  const from = set.height * set.width * set.channels;
  const size = height * width * channels;
  const fitted = (pixels: Uint8Array): ImageSet =>
    withGrounds(set, { count: set.count, height, width, channels, pixels, labels: set.labels }, target);
  const key = JSON.stringify([digestOf(set), height, width, channels, target.fit, target.resize]);
  const cached = await readRows(key, set.count * size);
  if (cached) return fitted(cached.pixels);
  const pixels = new Uint8Array(set.count * size);
  let next = 0;
  let done = 0;
  const work = async (): Promise<void> => {
    while (next < set.count) {
      signal?.throwIfAborted();
      const i = next++;
      const rgb = toChannels(set.pixels.subarray(i * from, (i + 1) * from), set.channels, 3);
      const picture = { width: set.width, height: set.height, channels: 3 as const, data: rgb };
      pixels.set((await trainingPicture(picture, target)).row, i * size);
      progress(++done, set.count);
    }
  };
  await Promise.all(Array.from({ length: 8 }, work));
  await writeRows(key, { files: [{ path: '', fingerprint: '', reason: null, ground: 0, remarks: [] }], pixels }).catch(
    () => undefined,
  );
  return fitted(pixels);
}

/** A fitted set with what each of its pictures is drawn on, where it is grey. */
function withGrounds(from: ImageSet, images: ImageSet, target: Target): ImageSet {
  if (images.channels !== 1) return images;
  const inside = insideOf(from, target);
  const size = images.height * images.width;
  const grounds = Uint8Array.from({ length: images.count }, (_, i) => {
    return lookAt(images.pixels.subarray(i * size, (i + 1) * size), images.width, inside).ground;
  });
  return { ...images, grounds };
}

/** Pictures of a set that are looked at for their colors. */
const LOOKED_AT = 100;

/** What people should know of a set that is brought to a target: that its colors are dropped. */
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

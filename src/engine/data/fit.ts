import { createHash } from 'node:crypto';
import type { ImageSet } from '../../core/data/dataset';
import { grey } from '../image/input';
import { fitPixels, type FitSettings } from '../image/fit';
import { readRows, writeRows } from './cache';
import type { Progress } from './pictures';

/** What the network takes: its size and how pictures are brought to it. */
export interface Target extends FitSettings {
  /** 1 (grey) or 3 (RGB). */
  channels: number;
}

/** Interleaved bytes from one number of channels to another: grey repeated, or 0.299 R + 0.587 G + 0.114 B rounded. */
export function toChannels(pixels: Uint8Array, from: number, to: number): Uint8Array {
  if (from === to) return pixels;
  const count = pixels.length / from;
  const result = new Uint8Array(count * to);
  for (let i = 0; i < count; i++) {
    if (to === 1) result[i] = Math.round(grey(pixels[3 * i], pixels[3 * i + 1], pixels[3 * i + 2]));
    else result.fill(pixels[i], i * to, (i + 1) * to);
  }
  return result;
}

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
    return { ...set, channels, pixels: toChannels(set.pixels, set.channels, channels) };
  }
  const from = set.height * set.width * set.channels;
  const size = height * width * channels;
  const fitted = (pixels: Uint8Array): ImageSet => ({
    count: set.count,
    height,
    width,
    channels,
    pixels,
    labels: set.labels,
  });
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
      const { data } = await fitPixels({ width: set.width, height: set.height, channels: 3, data: rgb }, target);
      pixels.set(toChannels(data, 3, channels), i * size);
      progress(++done, set.count);
    }
  };
  await Promise.all(Array.from({ length: 8 }, work));
  await writeRows(key, { files: [{ path: '', fingerprint: '', reason: null }], pixels }).catch(() => undefined);
  return fitted(pixels);
}

const digestOf = ({ count, height, width, channels, pixels }: ImageSet): string =>
  createHash('sha256')
    .update(JSON.stringify([count, height, width, channels]))
    .update(pixels)
    .digest('hex');

import type { Grounds } from '../model/model';
import type { DataSet, Split } from './dataset';
import { ground } from './ground';

/**
 * Mean and population deviation of each channel over a split, of pixels × 1/255. Exact except for the last rounding,
 * because bytes are counted.
 */
export function channelStatistics(split: Split): { mean: number[]; deviation: number[] } {
  const { height, width, channels, pixels } = split.images;
  const size = height * width * channels;
  const counts = Array.from({ length: channels }, () => new Float64Array(256));
  for (const sample of split.samples) {
    const end = (sample + 1) * size;
    for (let c = 0; c < channels; c++) {
      const histogram = counts[c];
      for (let i = sample * size + c; i < end; i += channels) histogram[pixels[i]]++;
    }
  }
  const total = split.samples.length * height * width;
  const mean = counts.map((histogram) => histogram.reduce((sum, count, value) => sum + count * value, 0) / total / 255);
  const deviation = counts.map((histogram, c) => {
    const square = histogram.reduce((sum, count, value) => sum + count * (value / 255 - mean[c]) ** 2, 0) / total;
    // A constant channel carries no information: dividing by 1 keeps it at zero.
    return Math.sqrt(square) || 1;
  });
  return { mean, deviation };
}

/**
 * What the pictures look like at their border, letterbox bars included. It decides what fills the gap beside a shifted
 * picture.
 */
export function groundOf(split: Split): 'dark' | 'light' | 'mixed' {
  const { height, width, channels, pixels } = split.images;
  const row = width * channels;
  const counts = new Float64Array(256);
  for (const sample of split.samples) {
    const first = sample * height * row;
    for (let y = 0; y < height; y++) {
      const step = y === 0 || y === height - 1 ? 1 : Math.max(1, width - 1);
      for (let x = 0; x < width; x += step) {
        for (let c = 0; c < channels; c++) counts[pixels[first + y * row + x * channels + c]]++;
      }
    }
  }
  const total = counts.reduce((sum, count) => sum + count, 0);
  const share = (from: number, to: number): number =>
    counts.subarray(from, to).reduce((sum, count) => sum + count, 0) / total;
  if (share(0, 64) > 0.75) return 'dark';
  if (share(192, 256) > 0.75) return 'light';
  return 'mixed';
}

/**
 * How many pictures of the training and the validation split are on a dark background, and how many on a light one; undefined for color.
 * The test split only decides `both`, which forbids inverting: an evaluation takes its pictures unchanged, and so must Inspect.
 */
export function countGrounds(data: DataSet): Grounds | undefined {
  const counted = { dark: 0, light: 0, all: 0 };
  for (const split of [data.train, data.validation]) {
    if (!split) continue;
    if (!split.images.grounds) return undefined;
    counted.dark += countGround(split, ground.dark);
    counted.light += countGround(split, ground.light);
    counted.all += split.samples.length;
  }
  const { test } = data;
  const both =
    test !== null &&
    ((counted.dark === 0 && countGround(test, ground.dark) > 0) ||
      (counted.light === 0 && countGround(test, ground.light) > 0));
  return both ? { ...counted, both } : counted;
}

/** Pictures of a split on a background; 0 if it was not determined. */
export function countGround({ images: { grounds }, samples }: Split, wanted: number): number {
  return grounds ? samples.reduce((sum, sample) => sum + (grounds[sample] === wanted ? 1 : 0), 0) : 0;
}

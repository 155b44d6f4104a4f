import type { PictureInput } from '../../../../shared/protocol';

/** The values that pixels become, as people name them; `other` where the numbers are none of these. */
export type ValueRange = 'unit' | 'bytes' | 'signed' | 'imagenet' | 'other';
export const valueRanges = ['unit', 'bytes', 'signed', 'imagenet'] as const;

/** Means and standard deviations of ImageNet's pictures, 0 … 1 (source: torchvision's documentation of its models). */
const IMAGENET = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] };

const RANGES: Record<(typeof valueRanges)[number], { scale: number; mean: number[]; deviation: number[] }> = {
  unit: { scale: 1 / 255, mean: [0, 0, 0], deviation: [1, 1, 1] },
  bytes: { scale: 1, mean: [0, 0, 0], deviation: [1, 1, 1] },
  signed: { scale: 2 / 255, mean: [1, 1, 1], deviation: [1, 1, 1] },
  imagenet: { scale: 1 / 255, ...IMAGENET },
};

const near = (a: readonly number[], b: readonly number[]): boolean =>
  a.every((value, i) => Math.abs(value - b[i]) < 1e-6);

export function rangeOf({ scale, mean, deviation }: PictureInput): ValueRange {
  const found = valueRanges.find((name) => {
    const range = RANGES[name];
    return near([scale], [range.scale]) && near(mean, range.mean) && near(deviation, range.deviation);
  });
  return found ?? 'other';
}

/** The same picture with other values; of `other` as it is. */
export function withRange(picture: PictureInput, range: ValueRange): PictureInput {
  if (range === 'other') return picture;
  const { scale, mean, deviation } = RANGES[range];
  const channels = picture.mean.length;
  return { ...picture, scale, mean: mean.slice(0, channels), deviation: deviation.slice(0, channels) };
}

/** The same picture in other colors; gray has one mean and standard deviation, the first. */
export function colored(picture: PictureInput, color: PictureInput['color']): PictureInput {
  const channels = color === 'gray' ? 1 : 3;
  const moments = (of: readonly number[]): number[] => Array.from({ length: channels }, (_, c) => of[c] ?? of[0]);
  return { ...picture, color, mean: moments(picture.mean), deviation: moments(picture.deviation) };
}

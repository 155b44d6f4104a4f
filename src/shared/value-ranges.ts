/** The values that pixels usually become, as people name them: for the guess, the choice by hand, and the trial of all. */
import type { PictureInput } from './inputs';

export const valueRanges = ['unit', 'bytes', 'signed', 'imagenet', 'cifar', 'mnist', 'inverted'] as const;
export type ValueRange = (typeof valueRanges)[number];

type Values = Pick<PictureInput, 'scale' | 'mean' | 'deviation'>;

const thrice = (value: number): number[] => [value, value, value];
const plain = { mean: thrice(0), deviation: thrice(1) };

/** For red, green and blue. */
export const RANGES: Readonly<Record<ValueRange, Values>> = {
  unit: { scale: 1 / 255, ...plain },
  bytes: { scale: 1, ...plain },
  signed: { scale: 2 / 255, mean: thrice(1), deviation: thrice(1) },
  /** Of ImageNet's pictures, 0 … 1: what PyTorch's own models are trained with (source: torchvision's documentation of its models). */
  imagenet: { scale: 1 / 255, mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] },
  /** Of the training pictures of CIFAR-10 and of MNIST, 0 … 1, with which PyTorch's users normalize. */
  cifar: { scale: 1 / 255, mean: [0.4914, 0.4822, 0.4465], deviation: [0.2023, 0.1994, 0.201] },
  mnist: { scale: 1 / 255, mean: thrice(0.1307), deviation: thrice(0.3081) },
  /** 1 … 0: black for white. */
  inverted: { scale: -1 / 255, mean: thrice(-1), deviation: thrice(1) },
};

/** The same picture with other values. */
export function withRange(picture: PictureInput, range: ValueRange): PictureInput {
  const { scale, mean, deviation } = RANGES[range];
  const channels = picture.mean.length;
  return { ...picture, scale, mean: mean.slice(0, channels), deviation: deviation.slice(0, channels) };
}

const near = (a: readonly number[], b: readonly number[]): boolean =>
  a.every((value, i) => Math.abs(value - b[i]) < 1e-6);

/** Null where the numbers are none of these. */
export function rangeOf({ scale, mean, deviation }: PictureInput): ValueRange | null {
  const found = valueRanges.find((name) => {
    const range = RANGES[name];
    return near([scale], [range.scale]) && near(mean, range.mean) && near(deviation, range.deviation);
  });
  return found ?? null;
}

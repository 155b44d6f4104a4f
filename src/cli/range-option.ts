import { InvalidArgumentError, Option } from 'commander';
import type { Range } from '../engine/data/scale';

/** `--range BLACK:WHITE`, for every command that reads a data set. */
export const rangeOption = (): Option =>
  new Option(
    '--range <black:white>',
    'pixel values of arrays that are black and white, such as 0:1, 0:255, -1:1 (default: told by the values)',
  ).argParser((text): Range => {
    const [low, high, ...more] = text.split(':').map((part) => (part.trim() === '' ? NaN : Number(part)));
    if (more.length > 0 || !Number.isFinite(low) || !Number.isFinite(high) || low >= high)
      throw new InvalidArgumentError('Expected two numbers, the smaller one first: 0:255.');
    return { low, high };
  });

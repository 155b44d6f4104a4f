import { InvalidArgumentError } from 'commander';

/** `224x224`, or `224` for a square. @throws InvalidArgumentError */
export function pixelSize(text: string): { width: number; height: number } {
  const found = /^(\d+)(?:[x×](\d+))?$/.exec(text);
  if (!found) throw new InvalidArgumentError('Expected WIDTHxHEIGHT, as 224x224.');
  return { width: Number(found[1]), height: Number(found[2] ?? found[1]) };
}

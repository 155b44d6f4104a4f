import { InvalidArgumentError, Option, type Command } from 'commander';
import type { PictureInput } from '../shared/protocol';
import { UsageError } from './command';
import { pixelSize } from './pixel-size';

/** How a picture goes into a foreign file, where one chooses in place of the guess. */
export interface PictureOptions {
  size?: { width: number; height: number };
  layout?: PictureInput['layout'];
  color?: PictureInput['color'];
  scale?: number;
  mean?: number[];
  std?: number[];
  asGuessed?: boolean;
}

export const withPictureOptions = (command: Command): Command =>
  command
    .option('--size <width>x<height>', 'of a file of others: the picture, in pixels', pixelSize)
    .addOption(new Option('--layout <layout>', 'of a file of others').choices(['NCHW', 'NHWC']))
    .addOption(new Option('--color <order>', 'of a file of others').choices(['rgb', 'bgr', 'gray']))
    .option('--scale <number>', 'of a file of others: input = (pixel × scale − mean) ÷ std', finite)
    .option('--mean <numbers>', 'one, or one for each of red, green and blue, separated by commas', numbers)
    .option('--std <numbers>', 'likewise', numbers)
    .option('--as-guessed', 'of a file of others: whatever was chosen in the app and kept for it');

function finite(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('Expected a number.');
  return value;
}

const numbers = (text: string): number[] => text.split(',').map(finite);

/** Whether anything is chosen. */
export const picturesChosen = ({ size, layout, color, scale, mean, std }: PictureOptions): boolean =>
  [size, layout, color, scale, mean, std].some((value) => value !== undefined);

/** The guess with what is chosen in its place. @throws UsageError for moments of another number of channels. */
export function pictureFrom(guess: PictureInput, options: PictureOptions): PictureInput {
  const { size, layout, color, scale, mean, std } = options;
  const order = color ?? guess.color;
  const channels = order === 'gray' ? 1 : 3;
  const moments = (given: readonly number[]): number[] =>
    given.length === channels ? [...given] : Array<number>(channels).fill(given[0]);
  for (const [name, given] of Object.entries({ mean, std }))
    if (given && given.length !== 1 && given.length !== channels)
      throw new UsageError(`option '--${name}': found ${given.length} numbers, expected 1 or ${channels}`);
  return {
    ...guess,
    ...size,
    layout: layout ?? guess.layout,
    color: order,
    scale: scale ?? guess.scale,
    mean: moments(mean ?? guess.mean),
    deviation: moments(std ?? guess.deviation),
  };
}

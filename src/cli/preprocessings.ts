import { dirname } from 'node:path';
import { tryPreprocessings } from '../engine/evaluation/preprocessings';
import { modelNamed } from '../engine/models/models';
import type { TriedPreprocessing } from '../shared/evaluation';
import { sentence } from '../words';
import { printable } from '../words/printable';
import { InvalidArgumentError } from 'commander';
import type { Register } from './command';
import { ProgressLine } from './progress-line';
import { percent, table } from './table';

const HELP = `
Why does a network predict nonsense? Mostly since its pictures go in otherwise than it was trained with, which files seldom say. The usual
ways are tried on labeled pictures, spread over the data: values 0 to 1, 0 to 255, -1 to 1, normalized as ImageNet's, CIFAR-10's or
MNIST's pictures, black for white, and colors in the order blue, green, red. Classes that have no names are taken in their order.

--json prints one line: { file, split, images, tried: [{ range, color, scale, mean, std, accuracy, guessed }] }, the best first.`;

interface Options {
  data: string;
  most: number;
  json?: boolean;
}

export const register: Register = (program, io) => {
  program
    .command('preprocessings')
    .description('Tries how pictures have to go into a file of others, on labeled ones.')
    .argument('<file.onnx>', 'a classifier of others')
    .requiredOption('--data <path>', 'labeled pictures: a folder or file')
    .option('--most <pictures>', 'pictures that are tried at most', count, 300)
    .option('--json', 'print one JSON object on one line')
    .addHelpText('after', HELP)
    .action(async (path: string, { data, most, json }: Options) => {
      const line = new ProgressLine(io);
      const host = {
        progress: (done: number, total: number) => line.count('evaluating', done, total),
        say: () => undefined,
        tell: () => undefined,
        onOrder: () => undefined,
        keeps: () => undefined,
        hears: () => Promise.resolve(),
        signal: new AbortController().signal,
      };
      const source = await modelNamed(path);
      const place = { path, folder: dirname(path) };
      const { split, images, byOrder, rows } = await tryPreprocessings({ source, place, data, most }, host).finally(
        () => line.end(),
      );
      if (json) {
        const tried = rows.map(({ range, picture, accuracy, guessed }) => {
          const { color, scale, mean, deviation: std } = picture;
          return { range, color, scale, mean, std, accuracy, guessed };
        });
        return io.print(JSON.stringify({ file: path, split, images, tried }));
      }
      if (byOrder) io.warn(sentence(byOrder));
      io.print(`${printable(path)} on ${images} pictures of ${printable(data)}\n`);
      io.print(
        table(
          ['values', 'color', 'accuracy', 'options'],
          rows.map((row) => [
            (row.range === null ? 'other' : NAMES[row.range]) + (row.guessed ? ' (guessed)' : ''),
            row.picture.color,
            percent(row.accuracy),
            optionsOf(row),
          ]),
        ),
      );
    });
};

const NAMES = {
  unit: '0 ... 1',
  bytes: '0 ... 255',
  signed: '-1 ... 1',
  imagenet: 'ImageNet',
  cifar: 'CIFAR-10',
  mnist: 'MNIST',
  inverted: '1 ... 0',
} as const;

/** What to type for it in `inspect`, `evaluate` and `compare`. */
function optionsOf({ picture: { color, scale, mean, deviation } }: TriedPreprocessing): string {
  const list = (values: readonly number[]): string =>
    values.every((value) => value === values[0]) ? String(values[0]) : values.join(',');
  const factor = Number(scale.toPrecision(7));
  return `--color ${color} --scale ${factor} --mean ${list(mean)} --std ${list(deviation)}`;
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('Expected a whole number from 1.');
  return value;
}

import { InvalidArgumentError } from 'commander';
import { dirname } from 'node:path';
import { DIFF_IMAGES, diffFiles, type DiffNetwork } from '../engine/diff/task';
import { modelNamed } from '../engine/models/models';
import { diffSentences, type NetworkDiff } from '../shared/diff';
import { sentence } from '../words';
import type { Io, Register } from './command';
import { ProgressLine } from './progress-line';
import { told } from './switches';
import { short, table } from './table';

const HELP = `
Both networks, files of any program or bundled ones, get the same pictures, each prepared as it says itself or as is guessed; without --data
both get the same random inputs. onnxruntime computes every value of both, with graph optimization off. Values are the same one where they
have the same name and as many numbers; the others by their place in the graph (the longest sequence of operators that both have). Whole
numbers of quantized values count as what they stand for.

The signal-to-noise ratio is 10 log10(sum a^2 / sum (a - b)^2) over all pictures, in dB: 6 dB are one bit. It begins at the first value,
in the first network's order, below --bound; by default 80 dB, 45 dB where one of them computes in 16 bits, 15 dB where one is quantized.
Exit code 1 where it begins anywhere.

--json prints one line:
  { a, b, samples, random, bound, begins, tensors: [{ a, b, by, operator, max, mean, snr }], weights: [{ name, max, mean, snr }],
    onlyA, onlyB, answers: { same, of } or null }
begins is an index into tensors, or null; by is 'name' or 'place'; snr is null where there is no difference, and not below -300; weights are
those of one name with other numbers; answers for how many pictures the likeliest class is the same.`;

/** Rows of the table that are printed besides where it begins. */
const ROWS = 40;

interface Options {
  data?: string;
  images: number;
  bound?: number;
  json?: boolean;
}

export const register: Register = (program, io) => {
  program
    .command('diff')
    .description('Compares two networks value by value on the same pictures, and tells where they begin to differ.')
    .argument('<a>', 'an ONNX file, or the ID of a bundled network')
    .argument('<b>', 'likewise')
    .option('--data <path>', 'a picture, a folder of pictures, or a data set')
    .option('--images <n>', 'the most pictures', wholeNumber, DIFF_IMAGES)
    .option('--bound <dB>', 'the signal-to-noise ratio below which values count as different', decibels)
    .option('--json', 'print one JSON object on one line')
    .addHelpText('after', HELP)
    .action((a: string, b: string, options: Options) => diff(a, b, options, io));
};

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('Expected a whole number above 0.');
  return value;
}

function decibels(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('Expected a number of decibels.');
  return value;
}

async function networkOf(word: string): Promise<DiffNetwork> {
  const source = await modelNamed(word);
  return { source, ...(source.kind === 'bytes' && { place: { path: word, folder: dirname(word) } }) };
}

async function diff(a: string, b: string, options: Options, io: Io): Promise<void> {
  const { data = null, images, bound, json } = options;
  const line = new ProgressLine(io);
  const found = await diffFiles(
    { a: await networkOf(a), b: await networkOf(b), data, images, bound },
    { progress: (done, total) => line.count('comparing', done, total), signal: new AbortController().signal },
  ).finally(() => line.end());
  for (const note of found.notes) io.warn(told(note));
  if (found.begins !== null) io.setExitCode(1);
  if (!json) return print(found, io);
  const { boundReason, notes, ...figures } = found;
  void [boundReason, notes];
  io.print(JSON.stringify(figures));
}

function print(found: NetworkDiff, io: Io): void {
  const { tensors, begins } = found;
  for (const text of diffSentences(found)) io.print(sentence(text));
  // All of a short list, of a long one what surrounds the place where it begins.
  const from = tensors.length <= ROWS ? 0 : Math.max(0, Math.min((begins ?? 0) - ROWS / 2, tensors.length - ROWS));
  io.print('');
  io.print(
    table(
      ['', 'value', 'in the second', 'operator', 'largest', 'mean', 'dB'],
      tensors
        .slice(from, from + ROWS)
        .map(({ a, b, operator, max, mean, snr }, i) => [
          from + i === begins ? '>' : '',
          a,
          a === b ? '' : b,
          operator || 'input',
          short(max),
          short(mean),
          snr === null ? '–' : snr.toFixed(1),
        ]),
    ),
  );
  if (tensors.length > ROWS) io.print(`${tensors.length} values in all; --json prints every one.`);
}

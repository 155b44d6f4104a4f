import { pairedMessage } from '../core/metrics/paired-message';
import { sentence } from '../words';
import { compare, openContender, type Comparison } from '../engine/train/compare';
import { UsageError, type Io, type Register } from './command';
import { ProgressLine } from './progress-line';
import { percent, table, thousands } from './table';
import { told } from './switches';
import { classifierChoices, FOREIGN_HELP, withEvaluationOptions, type EvaluationOptions } from './evaluation-options';

const HELP = `
RUN is a run's folder (its model.onnx is taken), an ONNX file or the ID of a bundled network. All see the same pictures, each
at its own size: the test split of the data, else its validation split, else all of it; of the data that the first run learned
from, never what it learned from where there is anything else: a validation split that the run drew is drawn again.
--json prints one line: { data, part, images, runs: [{ run, accuracy, loss, parameters, macs, seconds, learned, inverted }],
  pairs: [{ a, b, both, one, onlyA, onlyB, neither, p, difference, low, high }], all, some, none }
macs are multiply-adds for one picture (null of networks of others), seconds what training took (null for a file), learned how many of the pictures it learned
from (null where that cannot be told), inverted how many it took with black for white (--invert auto: as inspect would each of them); both, one, neither: pictures that both,
one or neither of the two got right; p is the exact p-value of McNemar's test, difference the accuracy of a above b, with its 95 % interval; all, some, none: the same over all of them.`;

export const register: Register = (program, io) => {
  withEvaluationOptions(
    program
      .command('compare')
      .description('Compares trained networks on the same pictures.')
      .argument('<run...>', 'two or more'),
  )
    .addHelpText('after', FOREIGN_HELP)
    .addHelpText('after', HELP)
    .action(async (words: string[], options: EvaluationOptions) => {
      if (words.length < 2) throw new UsageError(`found one run ('${words[0]}'), expected two or more to compare`);
      const choices = await classifierChoices(options);
      const contenders = [];
      for (const word of words) contenders.push({ ...(await openContender(word, choices)), title: word });
      const line = new ProgressLine(io);
      const { engine, split: asked, part: split = asked, range, invert, labelsByOrder, threads } = options;
      const { comparison, said } = await compare(contenders, options.data, {
        engine,
        split,
        range,
        invert,
        labelsByOrder,
        threads,
        progress: (_, phase, done, total) => line.count(phase, done, total),
      }).finally(() => line.end());
      for (const message of said) io.warn(told(message));
      if (options.json) {
        const { split: part, ...figures } = comparison;
        return io.print(JSON.stringify({ data: options.data, part, ...figures }));
      }
      print(comparison, io);
    });
};

function print({ images, split, runs, pairs }: Comparison, io: Io): void {
  io.print(`${images} images (${split === 'all' ? 'all splits' : `${split} split`})\n`);
  io.print(
    table(
      ['run', 'accuracy', 'loss', 'inverted', 'parameters', 'multiply-adds', 'seconds'],
      runs.map((run) => [
        run.run,
        percent(run.accuracy),
        run.loss?.toFixed(4) ?? '–',
        run.inverted,
        thousands(run.parameters),
        run.macs === null ? '–' : thousands(run.macs),
        run.seconds?.toFixed(1) ?? '–',
      ]),
    ),
  );
  io.print('');
  io.print(
    table(
      ['pair', 'both right', 'only the first', 'only the second', 'neither'],
      pairs.map((pair) => [`${pair.a} · ${pair.b}`, pair.both, pair.onlyA, pair.onlyB, pair.neither]),
    ),
  );
  io.print('');
  for (const { a, b, ...counts } of pairs) io.print(sentence(pairedMessage(a, b, counts)));
}

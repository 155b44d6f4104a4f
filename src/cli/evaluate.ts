import { printable } from '../words/printable';
import { sentence } from '../words';
import { told } from './switches';
import { evaluateEach, evaluateVote, saidOf } from '../engine/evaluation/each';
import type { Learner } from '../engine/evaluation/learned';
import { openContender } from '../engine/train/compare';
import type { Evaluation } from '../engine/train/evaluate';
import { withEvaluationOptions, type EvaluationOptions } from './evaluation-options';
import type { Io, Register } from './command';
import { ProgressLine } from './progress-line';
import { percent, table } from './table';

const HELP = `
The data may be anything that 'train' takes, with the model's classes by name, or as many in the same order, which is said. Without --split
its test split is taken, else its validation split, else all of it. Of the data that a run learned from its own splits are taken:
the validation split that it drew is drawn again. Pictures that the network learned from are counted and told.
Several models vote: their probabilities are averaged. They must know the same classes.
--json prints one line: { accuracy, loss, perClass: [{ label, images, accuracy, precision }], confusion, part, images, engine, suspicion,
learned },
of several models with models: [as they were named] before it all.
part is the split, learned how many of the pictures each model learned from (null where that cannot be told),
accuracy is a share, loss the mean softmax cross-entropy; rows of confusion are the true classes, columns what the network says;
suspicion says that the pictures are drawn on the other ground than the network's own (dark on light, light on dark), or is null.`;

interface Options extends EvaluationOptions {
  model: string[];
}

export const register: Register = (program, io) => {
  withEvaluationOptions(
    program
      .command('evaluate')
      .description('Tells how often a network is right on a set of pictures.')
      .requiredOption(
        '--model <id|file.onnx|run...>',
        "ID of a bundled network, an ONNX file, or a run's folder; several vote",
      ),
  )
    .addHelpText('after', HELP)
    .action(async (options: Options) => {
      const several = options.model.length > 1;
      const networks: Learner[] = [];
      for (const word of options.model) {
        const opened = await openContender(word);
        networks.push(several ? { ...opened, title: word } : opened);
      }
      const line = new ProgressLine(io);
      const { engine, split: asked, part: split = asked, range, threads, data } = options;
      const progress = (phase: 'reading' | 'evaluating', done: number, total: number): void =>
        line.count(phase, done, total);
      const { result, learned } = await (
        several
          ? evaluateVote(networks, data, { engine, split, range, threads, progress })
          : evaluateEach(networks, data, {
              engine,
              split,
              range,
              threads,
              progress: (_, phase, done, total) => progress(phase, done, total),
            }).then(({ results: [only], learned: counts }) => ({ result: only, learned: counts }))
      ).finally(() => line.end());
      for (const text of saidOf(networks, [result], learned, split !== undefined)) io.warn(told(text));
      const ids = networks.map(({ title }) => title);
      if (!options.json) return print(several ? `${ids.length} networks together` : ids[0], result, io);
      const { accuracy, loss, perClass, confusion, images } = result;
      const suspicion = result.suspicion && sentence(result.suspicion);
      const models = several ? { models: ids } : {};
      const figures = { accuracy, loss, perClass, confusion, part: result.split, images, engine, suspicion, learned };
      io.print(JSON.stringify({ ...models, ...figures }));
    });
};

function print(id: string, { split, images, accuracy, loss, perClass, confusion }: Evaluation, io: Io): void {
  io.print(
    `${printable(id)}: ${percent(accuracy)} of ${images} images right (${split === 'all' ? 'all splits' : `${split} split`}), loss ${loss?.toFixed(4) ?? '–'}\n`,
  );
  const share = (value: number | null): string => (value === null ? '–' : percent(value));
  io.print(
    table(
      ['class', 'images', 'accuracy', 'precision'],
      perClass.map((row) => [row.label, row.images, share(row.accuracy), share(row.precision)]),
    ),
  );
  if (perClass.length > 20) return;
  io.print('\nRows: the true class; columns: what the network says.');
  io.print(
    table(
      ['', ...perClass.map(({ label }) => label)],
      perClass.map(({ label }, i) => [label, ...confusion[i]]),
    ),
  );
}

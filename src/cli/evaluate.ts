import { leftOutLines } from '../engine/data/load';
import { sentence } from '../words';
import { openContender } from '../engine/train/compare';
import { evaluateTogether, type Evaluation, type NamedModel } from '../engine/train/evaluate';
import { withEvaluationOptions, type EvaluationOptions } from './evaluation-options';
import type { Io, Register } from './command';
import { ProgressLine } from './progress-line';
import { percent, table } from './table';

const HELP = `
The data may be anything that 'train' takes, with the model's classes by name, or as many in the same order, which is said. Without --part
its test part is taken, else its validation part, else all of it.
Several models vote: their probabilities are averaged. They must know the same classes.
--json prints one line: { accuracy, loss, perClass: [{ label, images, accuracy, precision }], confusion, part, images, engine, suspicion },
of several models with models: [as they were named] before it all.
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
      const networks: NamedModel[] = [];
      for (const word of options.model) {
        const { model, name } = await openContender(word);
        networks.push({ model, id: several ? word : name });
      }
      const line = new ProgressLine(io);
      const { engine, part, range, threads } = options;
      const result = await evaluateTogether(networks, options.data, {
        engine,
        part,
        range,
        threads,
        progress: (phase, done, total) => line.count(phase, done, total),
      }).finally(() => line.end());
      for (const text of [...result.warnings, ...leftOutLines(result.leftOut)]) io.warn(sentence(text));
      if (result.byOrder) io.warn(result.byOrder);
      if (result.suspicion) io.warn(sentence(result.suspicion));
      const ids = networks.map(({ id }) => id);
      if (!options.json) return print(several ? `${ids.length} networks together` : ids[0], result, io);
      const { accuracy, loss, perClass, confusion, images } = result;
      const suspicion = result.suspicion && sentence(result.suspicion);
      const models = several ? { models: ids } : {};
      io.print(
        JSON.stringify({
          ...models,
          accuracy,
          loss,
          perClass,
          confusion,
          part: result.part,
          images,
          engine,
          suspicion,
        }),
      );
    });
};

function print(id: string, { part, images, accuracy, loss, perClass, confusion }: Evaluation, io: Io): void {
  io.print(
    `${id}: ${percent(accuracy)} of ${images} images right (${part === 'all' ? 'all parts' : `${part} part`}), loss ${loss.toFixed(4)}\n`,
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

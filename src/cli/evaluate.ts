import { printable } from '../words/printable';
import { sentence } from '../words';
import { told } from './switches';
import { evaluateEach, evaluateVote, invertedCounts, saidOf } from '../engine/evaluation/each';
import { metricsOf } from '../engine/evaluation/metrics';
import type { Learner } from '../engine/evaluation/learned';
import { openContender } from '../engine/train/compare';
import type { Evaluation } from '../engine/train/evaluate';
import { classifierChoices, FOREIGN_HELP, withEvaluationOptions, type EvaluationOptions } from './evaluation-options';
import type { Io, Register } from './command';
import { ProgressLine } from './progress-line';
import { percent, table } from './table';

const HELP = `
The data may be anything that 'train' takes, with the model's classes by name, or as many in the same order, which is said. Without --split
its test split is taken, else its validation split, else all of it. Of the data that a run learned from its own splits are taken:
the validation split that it drew is drawn again. Pictures that the network learned from are counted and told.
Several models vote: their probabilities are averaged. They must know the same classes.
--json prints one line: { accuracy, loss, perClass: [{ label, images, accuracy, precision, f1, auc, averagePrecision }], confusion, part,
images, engine, suspicion, learned, inverted, metrics: { balancedAccuracy, f1, auc, averagePrecision, topFive, calibration, coverage } },
of several models with models: [as they were named] before it all.
part is the split, learned how many of the pictures each model learned from (null where that cannot be told), inverted how many
each took with black for white: by --invert auto those that inspect would invert, which are never of the data that it learned from;
accuracy is a share, loss the mean softmax cross-entropy; rows of confusion are the true classes, columns what the network says;
metrics are means over the classes (auc, averagePrecision: of one class against the rest), topFive how often the true class is among the five
likeliest, calibration { error, bins } whether it is right as often as it is sure (15 bins), coverage [{ threshold, coverage, accuracy }] what
leaving out answers below a probability gains;
suspicion says that pictures are drawn on the other ground than the network's own (dark on light, light on dark), or is null.`;

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
    .addHelpText('after', FOREIGN_HELP)
    .addHelpText('after', HELP)
    .action(async (options: Options) => {
      const several = options.model.length > 1;
      const choices = await classifierChoices(options);
      const networks: Learner[] = [];
      for (const word of options.model) {
        const opened = await openContender(word, choices);
        networks.push(several ? { ...opened, title: word } : opened);
      }
      const line = new ProgressLine(io);
      const {
        engine: asEngine,
        split: asked,
        part: split = asked,
        range,
        invert,
        labelsByOrder,
        threads,
        data,
      } = options;
      const progress = (phase: 'reading' | 'evaluating', done: number, total: number): void =>
        line.count(phase, done, total);
      const { result, learned } = await (
        several
          ? evaluateVote(networks, data, { engine: asEngine, split, range, invert, labelsByOrder, threads, progress })
          : evaluateEach(networks, data, {
              engine: asEngine,
              split,
              range,
              invert,
              labelsByOrder,
              threads,
              progress: (_, phase, done, total) => progress(phase, done, total),
            }).then(({ results: [only], learned: counts }) => ({ result: only, learned: counts }))
      ).finally(() => line.end());
      for (const text of saidOf(networks, [result], learned, split !== undefined)) io.warn(told(text));
      const ids = networks.map(({ title }) => title);
      if (!options.json) return print(several ? `${ids.length} networks together` : ids[0], result, io);
      const { accuracy, loss, confusion, images } = result;
      const { perClass: more, ...whole } = metricsOf(result.answers, result.perClass, result.right);
      const { balancedAccuracy, f1, auc, averagePrecision, topFive, calibration, coverage } = whole;
      const metrics = { balancedAccuracy, f1, auc, averagePrecision, topFive, calibration, coverage };
      const perClass = result.perClass.map((each, i) => ({ ...each, ...more[i] }));
      // Of a foreign network onnxruntime computes the whole.
      const engine = networks.some(({ model }) => model.graph === null) ? 'onnxruntime' : asEngine;
      const suspicion = result.suspicion && sentence(result.suspicion);
      const models = several ? { models: ids } : {};
      const inverted = invertedCounts(result);
      const part = result.split;
      const figures = {
        accuracy,
        loss,
        perClass,
        confusion,
        part,
        images,
        engine,
        suspicion,
        learned,
        inverted,
        metrics,
      };
      io.print(JSON.stringify({ ...models, ...figures }));
    });
};

function print(id: string, result: Evaluation, io: Io): void {
  const { split, images, accuracy, loss, perClass, confusion } = result;
  const inverted = Math.max(...invertedCounts(result));
  const taken = inverted > 0 ? `, ${inverted} inverted` : '';
  io.print(
    `${printable(id)}: ${percent(accuracy)} of ${images} images right (${split === 'all' ? 'all splits' : `${split} split`}${taken}), loss ${loss?.toFixed(4) ?? '–'}\n`,
  );
  const share = (value: number | null): string => (value === null ? '–' : percent(value));
  const figure = (value: number | null): string => value?.toFixed(3) ?? '–';
  const metrics = metricsOf(result.answers, perClass, result.right);
  io.print(
    table(
      ['class', 'images', 'accuracy', 'precision', 'F1', 'AUC'],
      perClass.map((row, i) => {
        const { f1, auc } = metrics.perClass[i];
        return [row.label, row.images, share(row.accuracy), share(row.precision), figure(f1), figure(auc)];
      }),
    ),
  );
  io.print(
    [
      `\nbalanced accuracy ${share(metrics.balancedAccuracy)}`,
      `F1 ${figure(metrics.f1)}`,
      `AUC ${figure(metrics.auc)}`,
      `average precision ${figure(metrics.averagePrecision)}`,
      ...(metrics.topFive === null ? [] : [`among the five likeliest ${share(metrics.topFive)}`]),
      ...(metrics.calibration === null ? [] : [`calibration error ${share(metrics.calibration.error)}`]),
    ].join(', '),
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

import { join } from 'node:path';
import { FailureError } from '../../shared/failures';
import { say } from '../../words';
import type { Engine, ImageSource } from '../../shared/protocol';
import type { DataInfo } from '../../shared/data-sets';
import type { Contender, EvaluatedPictures, PictureChoice } from '../../shared/evaluation';
import { sourceOf, type DataSets } from '../data-sets/data-sets';
import { shownPath } from '../data/entries';
import { GENERATED, generatedLabels } from '../data/formats/generated';
import { readWholeFile } from '../system/files';
import { FILE_LIMIT } from '../image/guard';
import type { Jobs } from '../worker/jobs';
import { HandleTable } from '../system/handles';
import { openClassifier } from './foreign-classifier';
import { readFacts } from '../runs/facts';
import { runTask } from '../work/work';
import { chosen } from './answers';
import { sourceOfContender, type EvaluationResult, type Pixels } from './task';

export type EvaluationMethods = Pick<
  Engine,
  'evaluate' | 'tryPreprocessings' | 'evaluatedPictures' | 'evaluatedImage' | 'verifyRun'
>;

/** How many evaluations are held for a window, and the bytes that those of all windows may weigh together. */
const EVALUATIONS = 4;
const BYTES = 192 * 2 ** 20;

/** What the engine does for evaluations, and for the proof that a run's file is sound. */
export function evaluationMethods(
  dataSets: DataSets,
  jobs: Jobs,
): { methods: EvaluationMethods; release(window: number): void } {
  const evaluations = new HandleTable<EvaluationResult & { data: DataInfo }>(
    say('held.evaluation'),
    EVALUATIONS,
    BYTES,
  );

  const methods: EvaluationMethods = {
    async evaluate({ contenders, data: id, labelsByOrder, job }, context) {
      const source = id === null ? await ownSource(contenders[0]) : sourceOf(await dataSets.find(id));
      const data = await dataSets.at(source);
      return jobs.run(job, context, (signal, progress) =>
        dataSets.using(data.id, async () => {
          const result = await runTask('evaluate', { contenders, source, labelsByOrder }, { progress, signal });
          const { split, labels, all, some, none, disagreements, pairs, leftOutTotal, learned, byOrder, truth } =
            result;
          return {
            evaluation: evaluations.add(context.window ?? 0, { ...result, data }, weightOf(result)),
            data,
            split,
            images: truth.length,
            labels,
            contenders: result.contenders,
            all,
            some,
            none,
            disagreements,
            pairs,
            leftOutTotal,
            learned,
            byOrder,
          };
        }),
      );
    },

    async tryPreprocessings({ source, data: id, job }, context) {
      const data = sourceOf(await dataSets.find(id));
      return jobs.run(job, context, (signal, progress) =>
        dataSets.using(id, () => runTask('tryPreprocessings', { source, data }, { progress, signal })),
      );
    },

    async evaluatedPictures({ evaluation, choice, first, count }, { window = 0 }) {
      const held = evaluations.get(window, evaluation);
      checkChoice(held, choice);
      return page(held, chosen(held, choice), first, count);
    },

    async evaluatedImage({ evaluation, index }, { window = 0 }) {
      const held = evaluations.get(window, evaluation);
      checkIndex('picture', index, held.truth.length);
      return imageOf(held, index);
    },

    async verifyRun({ run, job }, context) {
      const data = await dataSets.at(await ownSource({ kind: 'run', id: run }));
      return jobs.run(job, context, (signal, progress) =>
        dataSets.using(data.id, () => runTask('verifyRun', { run }, { progress, signal })),
      );
    },
  };
  return { methods, release: (window) => evaluations.release(window) };
}

/** What a contender learned from. @throws FailureError for a bundled network whose classes are not those of data that the app makes. */
async function ownSource(contender: Contender): Promise<string> {
  if (contender.kind === 'run') return sourceOf((await readFacts(contender.id)).entry.data);
  const { id, model } = await openClassifier(sourceOfContender(contender), contender.kind === 'file' ? contender : {});
  const { labels, title = id } = model.metadata;
  const generated = GENERATED.find((name) => String(generatedLabels(name)) === String(labels));
  if (generated) return generated;
  throw new FailureError('data.invalid', { file: title, reason: say('evaluation.no-own-data') });
}

const weightOf = ({ truth, answers, pixels, originals, files }: EvaluationResult): number =>
  pixels.pixels.length +
  (originals ?? []).reduce((sum, set) => sum + set.pixels.length, 0) +
  truth.length * (4 + 20 * answers.length) +
  // Names take about so much, and a list of them its places.
  (files ? files.paths.reduce((sum, path) => sum + 2 * path.length + 24, 0) : 0);

function checkIndex(what: string, index: number, count: number): void {
  if (index >= count)
    throw new FailureError('internal', { reason: say('evaluation.index', { what, index, last: count - 1 }) });
}

function checkChoice({ answers, labels }: EvaluationResult, choice: PictureChoice): void {
  const contenders =
    choice.kind === 'only' ? [choice.right, choice.wrong] : 'contender' in choice ? [choice.contender] : [];
  for (const contender of contenders) checkIndex('contender', contender, answers.length);
  if (choice.kind !== 'cell') return;
  for (const label of [choice.truth, choice.predicted]) checkIndex('class', label, labels.length);
}

/** `count` of the kept ones among the chosen, from the `first` on. */
function page(
  { kept, pixels, truth, answers, files }: EvaluationResult,
  indices: Int32Array,
  first: number,
  count: number,
): EvaluatedPictures {
  const place = new Map(Array.from(kept, (index, row) => [index, row]));
  const there = indices.filter((index) => place.has(index));
  const shown = Array.from(there.subarray(Math.min(first, there.length), Math.min(first + count, there.length)));
  const { height, width, channels } = pixels;
  const size = height * width * channels;
  const sheet = new Uint8Array(shown.length * size);
  shown.forEach((index, i) => sheet.set(rowOf(pixels, place.get(index)!), i * size));
  return {
    total: indices.length,
    kept: there.length,
    height,
    width,
    channels,
    pixels: sheet,
    labels: Int32Array.from(shown, (index) => truth[index]),
    pictures: shown.map((index) => ({
      index,
      file: files ? shownPath(files.paths[index]) : null,
      answers: answers.map(({ predicted, probability, loss }) => ({
        predicted: predicted[index],
        probability: known(probability[index]),
        loss: known(loss[index]),
      })),
    })),
  };
}

async function imageOf(
  { files, kept, pixels, originals, data: { id, name } }: EvaluationResult & { data: DataInfo },
  index: number,
): Promise<ImageSource> {
  const path = files?.paths[index];
  if (path !== undefined)
    return { kind: 'bytes', name: shownPath(path), bytes: await readWholeFile(join(files!.root, path), FILE_LIMIT) };
  const row = kept.indexOf(index);
  if (row < 0) throw new FailureError('internal', { reason: say('evaluation.not-kept', { index }) });
  const { set, at } = placeOf(originals ?? [pixels], row);
  const { height, width } = set;
  const channels = set.channels === 1 ? 1 : 3;
  const own = rowOf(set, at).slice();
  return { kind: 'pixels', name: `#${index}`, width, height, channels, pixels: own, of: { id, name } };
}

/** Which of several sets, one behind the other, holds a row, and where. */
function placeOf(sets: readonly Pixels[], row: number): { set: Pixels; at: number } {
  let at = row;
  for (const set of sets) {
    const count = set.pixels.length / (set.height * set.width * set.channels);
    if (at < count) return { set, at };
    at -= count;
  }
  throw new Error(`evaluation: found no picture ${row}`);
}

function rowOf({ height, width, channels, pixels }: Pixels, row: number): Uint8Array {
  const size = height * width * channels;
  return pixels.subarray(row * size, (row + 1) * size);
}

/** Numbers that are none become null: a message to a browser has no NaN. */
const known = (value: number): number | null => (Number.isNaN(value) ? null : value);

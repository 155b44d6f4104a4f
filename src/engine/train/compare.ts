import { basename, dirname, join } from 'node:path';
import { stat } from 'node:fs/promises';
import { accuracyDifference, mcnemar, pairedCounts, type PairedCounts } from '../../core/metrics/paired';
import { FailureError } from '../../shared/failures';
import { say, type Message } from '../../words';
import { agreement } from '../evaluation/answers';
import { evaluateEach, invertedCounts, saidOf, type EachOptions } from '../evaluation/each';
import type { Learner } from '../evaluation/learned';
import { openClassifier, type ClassifierChoices } from '../evaluation/foreign-classifier';
import { readNotes } from '../runs/notes';
import { modelNamed } from '../models/models';
import { macsOfClassifier, parametersOf } from './classifier';
import { RunFolder } from './run-folder';

/**
 * A trained network by its run's folder, by its file (with its run, if the file is in a run's folder), or by the ID of
 * a bundled one. @param choices for a foreign file. @throws FailureError for a run without a model, or for something else.
 */
export async function openContender(word: string, choices: ClassifierChoices = {}): Promise<Learner> {
  const info = await stat(word).catch(() => null);
  if (!info?.isDirectory()) {
    const source = await modelNamed(word);
    const place = source.kind === 'bytes' ? { path: word, folder: dirname(word) } : undefined;
    const { model, id, altered } = await openClassifier(source, choices, place);
    const ofRun = info !== null && basename(word) === 'model.onnx';
    const record = ofRun ? await new RunFolder(dirname(word)).read().catch(() => null) : null;
    return { title: id, model, record, own: record?.data.path ?? null, altered };
  }
  const record = await new RunFolder(word).read();
  const { model, altered } = await openClassifier(await modelNamed(await modelFile(word)));
  const { title } = await readNotes(word);
  return { title: title || basename(join(word, '.')) || word, model, record, own: record.data.path, altered };
}

/** The model of a run: the best epoch so far. @throws FailureError if no epoch has ended yet. */
export async function modelFile(run: string): Promise<string> {
  const folder = new RunFolder(run);
  await folder.read();
  if (!(await folder.has('model.onnx'))) throw new FailureError('run.invalid', { run, reason: say('run.noModel') });
  return folder.file('model.onnx');
}

export interface ComparedRun {
  run: string;
  accuracy: number;
  loss: number | null;
  parameters: number;
  /** Multiply-adds for one picture; null where they are not known. */
  macs: number | null;
  /** Seconds of training; null for a file without a run. */
  seconds: number | null;
  /** How many of the pictures it learned from; null if unknown. */
  learned: number | null;
  /** How many of the pictures it took inverted. */
  inverted: number;
}

/** How often two of them were right, over all pictures. `one` is either, `onlyA` and `onlyB` which. */
export interface ComparedPair extends PairedCounts {
  a: string;
  b: string;
  one: number;
  /** How likely so uneven a split of `onlyA` and `onlyB` is between equally good networks: see `mcnemar`. */
  p: number;
  /** The accuracy of `a` above that of `b`, and its 95 % interval: see `accuracyDifference`. */
  difference: number;
  low: number;
  high: number;
}

export interface Comparison {
  split: string;
  images: number;
  runs: ComparedRun[];
  /** Every two of them, in order. */
  pairs: ComparedPair[];
  /** Pictures that all, some, or none of them predicted correctly. */
  all: number;
  some: number;
  none: number;
}

/** The comparison, and notes on it. */
export interface Compared {
  comparison: Comparison;
  said: Message[];
}

/** Runs every network over the same pictures, each at its own size. @throws FailureError where one does not fit the data. */
export async function compare(contenders: readonly Learner[], path: string, options: EachOptions): Promise<Compared> {
  const { results, answered, learned } = await evaluateEach(contenders, path, options);
  const runs = contenders.map(({ title, model, record }, i) => ({
    run: title,
    accuracy: results[i].accuracy,
    loss: results[i].loss,
    parameters: parametersOf(model),
    macs: macsOfClassifier(model),
    seconds: record?.result?.seconds ?? null,
    learned: learned[i],
    inverted: invertedCounts(results[i])[0],
  }));
  const pairs = contenders.flatMap((_, i) =>
    contenders
      .slice(i + 1)
      .map((__, k) => pair(runs[i].run, runs[i + 1 + k].run, results[i].right, results[i + 1 + k].right)),
  );
  const { all, some, none } = agreement(answered);
  const [{ split, images }] = results;
  return {
    comparison: { split, images, runs, pairs, all, some, none },
    said: saidOf(contenders, results, learned, options.split !== undefined),
  };
}

function pair(a: string, b: string, rightA: Uint8Array, rightB: Uint8Array): ComparedPair {
  const counts = pairedCounts(rightA, rightB);
  return { a, b, ...counts, one: counts.onlyA + counts.onlyB, p: mcnemar(counts), ...accuracyDifference(counts) };
}

import { basename, dirname, join } from 'node:path';
import { stat } from 'node:fs/promises';
import { parameterCount } from '../../core/model/build';
import { macsOf } from '../../core/model/graph';
import { FailureError } from '../../shared/failures';
import { say, type Message } from '../../words';
import { agreement } from '../evaluation/answers';
import { evaluateEach, saidOf, type EachOptions } from '../evaluation/each';
import type { Learner } from '../evaluation/learned';
import { modelNamed, openModel } from '../models/models';
import { RunFolder } from './run-folder';

/**
 * A trained network by its run's folder, by its file (with its run, if the file is in a run's folder), or by the ID of
 * a bundled one. @throws FailureError for a run without a model, or for something else.
 */
export async function openContender(word: string): Promise<Learner> {
  const info = await stat(word).catch(() => null);
  if (!info?.isDirectory()) {
    const { model, id } = await openModel(await modelNamed(word));
    const ofRun = info !== null && basename(word) === 'model.onnx';
    const record = ofRun ? await new RunFolder(dirname(word)).read().catch(() => null) : null;
    return { title: id, model, record, own: record?.data.path ?? null };
  }
  const record = await new RunFolder(word).read();
  const { model } = await openModel(await modelNamed(await modelFile(word)));
  return { title: basename(join(word, '.')) || word, model, record, own: record.data.path };
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
  /** Multiply-adds for one picture. */
  macs: number;
  /** Seconds of training; null for a file without a run. */
  seconds: number | null;
  /** How many of the pictures it learned from; null if unknown. */
  learned: number | null;
}

/** How often two of them were right, over all pictures. `one` is either, `onlyA` and `onlyB` which. */
export interface ComparedPair {
  a: string;
  b: string;
  both: number;
  one: number;
  onlyA: number;
  onlyB: number;
  neither: number;
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
    parameters: model.graph.layers.reduce((sum, layer) => sum + parameterCount(layer), 0),
    macs: macsOf(model.graph),
    seconds: record?.result?.seconds ?? null,
    learned: learned[i],
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
  const counts = { both: 0, onlyA: 0, onlyB: 0, neither: 0 };
  rightA.forEach((hit, i) => {
    const which = hit ? (rightB[i] ? 'both' : 'onlyA') : rightB[i] ? 'onlyB' : 'neither';
    counts[which]++;
  });
  return {
    a,
    b,
    both: counts.both,
    one: counts.onlyA + counts.onlyB,
    onlyA: counts.onlyA,
    onlyB: counts.onlyB,
    neither: counts.neither,
  };
}

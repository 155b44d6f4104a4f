import { basename, join } from 'node:path';
import { stat } from 'node:fs/promises';
import { parameterCount } from '../../core/model/build';
import { FailureError } from '../../shared/failures';
import { messageOf, say, type Message } from '../../words';
import { leftOutLines } from '../data/load';
import { modelNamed, openModel, type OpenedModel } from '../models';
import { evaluate, type EvaluateOptions, type Evaluation } from './evaluate';
import { RunFolder, type RunRecord } from './run-folder';

/** A trained network by its run, or by its file. */
export interface Contender {
  name: string;
  model: OpenedModel['model'];
  /** Null for a file that no run goes with. */
  record: RunRecord | null;
}

/** @throws FailureError for a run without a model, or what is neither a run nor a model. */
export async function openContender(word: string): Promise<Contender> {
  const info = await stat(word).catch(() => null);
  if (!info?.isDirectory()) {
    const { model, id } = await openModel(await modelNamed(word));
    return { name: id, model, record: null };
  }
  const record = await new RunFolder(word).read();
  const { model } = await openModel(await modelNamed(await modelFile(word)));
  return { name: basename(join(word, '.')) || word, model, record };
}

/** The model of a run: the best epoch so far. @throws FailureError where no epoch is through yet. */
export async function modelFile(run: string): Promise<string> {
  const folder = new RunFolder(run);
  await folder.read();
  if (!(await folder.has('model.onnx'))) throw new FailureError('run.invalid', { run, reason: say('run.noModel') });
  return folder.file('model.onnx');
}

export interface ComparedRun {
  run: string;
  accuracy: number;
  loss: number;
  parameters: number;
  /** Multiply-adds for one picture. */
  macs: number;
  /** That training took; null for a file without a run. */
  seconds: number | null;
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
  part: string;
  images: number;
  runs: ComparedRun[];
  /** Every two of them, in order. */
  pairs: ComparedPair[];
  /** Pictures that all, some, or none of them got right. */
  all: number;
  some: number;
  none: number;
}

/** What was compared, and what people are to be told beside it. */
export interface Compared {
  comparison: Comparison;
  said: Message[];
}

/** Runs every contender over the same pictures, each at its own size. @throws FailureError where one does not fit the data. */
export async function compare(
  contenders: readonly Contender[],
  path: string,
  options: EvaluateOptions,
): Promise<Compared> {
  const results: Evaluation[] = [];
  for (const { model, name } of contenders) results.push(await evaluate(model, name, path, options));
  const [first] = results;
  const runs = contenders.map(({ name, model, record }, i) => ({
    run: name,
    accuracy: results[i].accuracy,
    loss: results[i].loss,
    parameters: model.graph.layers.reduce((sum, layer) => sum + parameterCount(layer), 0),
    macs: model.graph.layers.reduce((sum, layer) => sum + layer.macs, 0),
    seconds: record?.result?.seconds ?? null,
  }));
  const pairs = contenders.flatMap((_, i) =>
    contenders
      .slice(i + 1)
      .map((__, k) => pair(runs[i].run, runs[i + 1 + k].run, results[i].right, results[i + 1 + k].right)),
  );
  const rights = Array.from(first.right, (_, i) => results.reduce((sum, { right }) => sum + right[i], 0));
  const all = rights.filter((count) => count === results.length).length;
  const none = rights.filter((count) => count === 0).length;
  const { part, images } = first;
  const notes = results.flatMap(({ byOrder }) => byOrder ?? []);
  return {
    comparison: { part, images, runs, pairs, all, some: images - all - none, none },
    said: [...first.warnings, ...leftOutLines(first.leftOut), ...[...new Set(notes)].map(messageOf)],
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

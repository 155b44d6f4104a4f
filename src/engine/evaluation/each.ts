import { say, type Message } from '../../words';
import { dataFailure } from '../data/failure';
import { leftOutLines, type LoadedData } from '../data/load';
import { splitName } from '../data/folders/telling';
import { notesOn } from '../train/classifier';
import {
  evaluateTogether,
  loadedKey,
  namedOf,
  type ChosenSplits,
  type EvaluatedSplit,
  type EvaluateOptions,
  type Evaluation,
} from '../train/evaluate';
import type { Answered } from './answers';
import { commonLabels, type CommonLabels } from './labels';
import { chooser, learnedPictures, type Learner } from './learned';
import { slowNotes } from '../runtime/executor';

/** Several networks on the same pictures. */
export interface EachEvaluated {
  results: Evaluation[];
  /** The classes of all, and each network's predictions in terms of them. */
  labels: string[];
  answered: Answered;
  /** Of each network, for each of its own classes, which of `labels` it is. */
  places: Int32Array[];
  /** How many of the pictures each network learned from; null if unknown. */
  learned: (number | null)[];
}

export type EachOptions = Omit<EvaluateOptions, 'split' | 'choose' | 'loaded' | 'progress'> & {
  /** The split to evaluate. If left out, see `chooser`. */
  split?: EvaluatedSplit;
  progress?(network: number, phase: 'reading' | 'evaluating', done: number, total: number): void;
};

/**
 * Runs every network over the same pictures, each at its own size. The only way to evaluate, so that the window and the
 * command line give the same result for the same pictures.
 * @throws FailureError where one does not fit the data.
 */
export async function evaluateEach(
  learners: readonly Learner[],
  source: string,
  { split, progress, range = rangeOf(learners, source), ...options }: EachOptions,
): Promise<EachEvaluated> {
  const loaded = new Map<string, LoadedData>();
  const networks = learners.map(({ model, title }) => ({
    ...namedOf({ model, id: title }),
    byOrder: options.labelsByOrder,
  }));
  const chosen = chooser(learners[0], source, split);
  let common: CommonLabels | null = null;
  // Before anything runs: classes that do not match, or have to be confirmed, are said at once.
  const choose = (data: LoadedData): ChosenSplits => {
    common ??= commonLabels(data.labels, networks, source);
    return chosen(data);
  };
  const results: Evaluation[] = [];
  for (const [index, { model, title }] of learners.entries()) {
    const told: EvaluateOptions['progress'] = (phase, done, total) => progress?.(index, phase, done, total);
    results.push(
      await evaluateTogether([{ model, id: title }], source, { ...options, range, choose, loaded, progress: told }),
    );
  }
  const [first] = results;
  for (const [index, result] of results.entries()) checkSame(first, result, source, learners[index].title);
  const { labels, places } = common ?? commonLabels(first.seen.data.labels, networks, source);
  const answered: Answered = {
    truth: first.answers.truth,
    answers: results.map(({ answers: { predicted, probability, loss } }, i) => ({
      predicted: predicted.map((label) => places[i][label]),
      probability,
      loss,
    })),
  };
  return { results, labels, answered, places, learned: await learnedByEach(learners, source, results, options.signal) };
}

/** The pixel range of a run's own data, if one was given when it was started. */
const rangeOf = (learners: readonly Learner[], source: string): EvaluateOptions['range'] =>
  learners.find(({ own, record }) => own === source && record?.data.range)?.record?.data.range;

/** Lets several networks vote on the pictures that the first one would be evaluated on. */
export async function evaluateVote(
  learners: readonly Learner[],
  source: string,
  { split, range = rangeOf(learners, source), ...options }: Omit<EvaluateOptions, 'choose' | 'loaded'>,
): Promise<{ result: Evaluation; learned: (number | null)[] }> {
  const networks = learners.map(({ model, title }) => ({ model, id: title }));
  const loaded = new Map<string, LoadedData>();
  const choose = chooser(learners[0], source, split);
  const result = await evaluateTogether(networks, source, { ...options, range, choose, loaded });
  const seen = learners.map(({ model }) => {
    const data = loaded.get(loadedKey(model))!;
    return { seen: { data, splits: choose(data).splits } };
  });
  return { result, learned: await learnedByEach(learners, source, seen, options.signal) };
}

/** For each network, how many of the evaluated pictures it learned from. */
async function learnedByEach(
  learners: readonly Learner[],
  source: string,
  results: readonly Pick<Evaluation, 'seen'>[],
  signal?: AbortSignal,
): Promise<(number | null)[]> {
  const learned: (number | null)[] = [];
  for (const [i, learner] of learners.entries()) {
    const { data, splits } = results[i].seen;
    learned.push(await learnedPictures(learner, source, data, splits, signal));
  }
  return learned;
}

function checkSame(first: Evaluation, other: Evaluation, source: string, title: string): void {
  const files = ({ data, splits }: Evaluation['seen']): string[] | null =>
    data.files && splits.flatMap(({ samples }) => Array.from(samples, (sample) => data.files!.paths[sample]));
  const [a, b] = [first, other].map(({ seen }) => files(seen));
  if (first.images === other.images && a?.every((path, i) => path === b?.[i]) !== false) return;
  throw dataFailure(source, say('evaluation.changed-meanwhile', { title }));
}

/** How many pictures each network of an evaluation took inverted. */
export const invertedCounts = ({ inverted }: Pick<Evaluation, 'inverted'>): number[] =>
  inverted.map((flags) => flags.reduce((sum, flag) => sum + flag, 0));

/** Notes beside the figures: a slow executor, what was left out, which pictures were used, and which of them a network learned from. */
export function saidOf(
  learners: readonly Learner[],
  results: readonly Evaluation[],
  learned: readonly (number | null)[],
  named: boolean,
): Message[] {
  const [{ seen, images, split, drawn, leftOut }] = results;
  const [{ title, record, own }] = learners;
  const guessed = learners.flatMap(({ model, altered }) => [...(altered ? [altered] : []), ...notesOn(model)]);
  const lines = [...guessed, ...slowNotes(), ...leftOutLines(leftOut), ...seen.data.warnings];
  if (drawn && record)
    lines.push(
      say('evaluation.drawn', { part: splitName(split as 'train'), title, seed: String(record.settings.seed) }),
    );
  else if (split === 'all' && !named) lines.push(say('evaluation.all'));
  if (split === 'train' && !named) lines.push(say('evaluation.only-training', { title }));
  for (const [i, count] of learned.entries()) {
    const { title: id } = learners[i];
    if (count === null) lines.push(say('evaluation.unknown', { id, data: learners[i].own ?? own ?? '' }));
    else if (count > 0) lines.push(say('evaluation.learned', { id, count, images }));
  }
  const orders = results.flatMap(({ byOrder, suspicion }) => [byOrder, suspicion].filter((each) => each !== null));
  const known = new Set<string>();
  return [...lines, ...orders.filter((each) => !known.has(JSON.stringify(each)) && known.add(JSON.stringify(each)))];
}

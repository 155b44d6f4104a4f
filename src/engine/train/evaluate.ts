import type { Split } from '../../core/data/dataset';
import { headOfGraph } from '../../core/model/graph';
import { headLoss, logProbabilities, type Head } from '../../core/model/head';
import { channelsOf } from '../../core/geometry';
import type { Model } from '../../core/model/model';
import { sizeOf, type FloatArray } from '../../core/tensor';
import { Batcher } from '../../core/train/batches';
import { FailureError } from '../../shared/failures';
import { say, type Message, type Value } from '../../words';
import type { Target } from '../data/fit';
import { loadData, type LoadedData } from '../data/load';
import { sameLetters, sameName } from '../data/names';
import type { Range } from '../data/scale';
import { suspectedGround } from '../image/input';
import { createRunner, type Runner, type RunnerEngine } from './runner';

export type EvaluatedSplit = 'train' | 'validation' | 'test' | 'all';

export interface EvaluateOptions {
  engine: RunnerEngine;
  /** Left out: the test split, else the validation split, else everything. */
  split?: EvaluatedSplit;
  /** Chooses in place of `split`. */
  choose?(data: LoadedData): ChosenSplits;
  /** A cache of data already read for other networks, so that it is read once per size. */
  loaded?: Map<string, LoadedData>;
  /** Whether the original pictures of the data are wanted too. */
  originals?: boolean;
  /** Which values of its pixels are black and white, where somebody says it. */
  range?: Range;
  threads?: number;
  progress?(phase: 'reading' | 'evaluating', done: number, total: number): void;
  signal?: AbortSignal;
}

/** The split of a data set that is evaluated. */
export interface ChosenSplits {
  name: EvaluatedSplit;
  splits: Split[];
  /** True if the data does not name this split because the run drew it. */
  drawn: boolean;
}

export interface ClassScore {
  label: string;
  /**
   * The number of pictures of this class; the share of them predicted correctly (recall); and the share of the pictures
   * predicted as this class that are of it (precision).
   */
  images: number;
  accuracy: number | null;
  precision: number | null;
}

export interface Evaluation {
  split: EvaluatedSplit;
  drawn: boolean;
  images: number;
  accuracy: number;
  /** The mean of the answers' losses; null where the network gives no probabilities. */
  loss: number | null;
  perClass: ClassScore[];
  /** Rows are the actual classes, columns the predicted ones, in the order of `perClass`. */
  confusion: number[][];
  /** Per picture, in the data's order. */
  right: Uint8Array;
  answers: Answers;
  /** The evaluated pictures, at the size of the first network. */
  seen: { data: LoadedData; splits: Split[] };
  leftOut: LoadedData['leftOut'];
  /**
   * A note if classes were matched by order because their names say nothing, or despite different upper and lower case;
   * null otherwise.
   */
  byOrder: Message | null;
  /** A warning if the pictures are drawn on the opposite ground than those that the network, or one of several, learned from. */
  suspicion: Message | null;
}

/** For every picture its class, what the network says (indices into the network's labels), how sure it is of that, and the loss (`headLoss`). */
export interface Answers {
  truth: Int32Array;
  predicted: Int32Array;
  /** 0 … 1; NaN, as the loss, where the network gives no probabilities. */
  probability: Float64Array;
  loss: Float64Array;
}

const BATCH = 64;

/** A network and its name in messages. */
export interface NamedModel {
  model: Model;
  id: string;
}

/** Runs a model over a data set. @throws FailureError where data and model do not go together. */
export const evaluate = (model: Model, id: string, path: string, options: EvaluateOptions): Promise<Evaluation> =>
  evaluateTogether([{ model, id }], path, options);

/**
 * Runs one or several models over a data set; several vote, by the average of their probabilities. Each sees the pictures at its
 * own size and with its own normalization.
 * @throws FailureError where data and models, or the models among themselves, do not go together.
 */
export async function evaluateTogether(
  networks: readonly NamedModel[],
  path: string,
  options: EvaluateOptions,
): Promise<Evaluation> {
  const [first] = networks;
  const { labels } = first.model.metadata;
  const orders = networks.map((network) => sharedOrder(first, network));
  const head = networks.length > 1 ? votingHead(networks) : headOfGraph(first.model.graph);
  const sets = await loadForAll(networks, path, options);
  const [data] = sets;
  const classOf = matchLabels(data.labels, labels, path, first.id);
  const choose = options.choose ?? ((set: LoadedData) => chooseSplit(set, options.split, path));
  const { name, splits, drawn } = choose(data);
  const total = splits.reduce((sum, split) => sum + split.samples.length, 0);

  const confusion = labels.map(() => new Array<number>(labels.length).fill(0));
  const answers: Answers = {
    truth: new Int32Array(total),
    predicted: new Int32Array(total),
    probability: new Float64Array(total),
    loss: new Float64Array(total),
  };
  let done = 0;
  const runners: Runner[] = [];
  try {
    for (const { model } of networks) runners.push(await createRunner(options.engine, model, BATCH, options.threads));
    for (const [index, split] of splits.entries()) {
      const voters = networks.map(({ model }, i) => {
        const seen = choose(sets[i]).splits[index];
        return { runner: runners[i], order: orders[i], batcher: new Batcher(seen, model.metadata.preprocessing), seen };
      });
      const inputs = networks.map(({ model }) => new Float32Array(BATCH * sizeOf(model.graph.inputShape)));
      const given = new Int32Array(BATCH);
      for (let from = 0; from < split.samples.length; from += BATCH) {
        options.signal?.throwIfAborted();
        const n = Math.min(BATCH, split.samples.length - from);
        const votes: Float32Array[] = [];
        for (const [i, { runner, order, batcher, seen }] of voters.entries()) {
          batcher.fill(seen.samples.subarray(from, from + n), inputs[i], given);
          const size = sizeOf(networks[i].model.graph.inputShape);
          votes.push(reordered(await runner.run(inputs[i].subarray(0, n * size), n), order));
        }
        const { logits, logs } = decided(head, votes, labels.length);
        for (let i = 0; i < n; i++) {
          const truth = classOf[given[i]];
          const from = i * labels.length;
          const predicted = largest(logits, from, labels.length);
          confusion[truth][predicted]++;
          answers.truth[done + i] = truth;
          answers.predicted[done + i] = predicted;
          answers.probability[done + i] = logs ? Math.exp(logs[from + predicted]) : NaN;
          answers.loss[done + i] = headLoss(head, logits.subarray(from, from + labels.length), truth);
        }
        done += n;
        options.progress?.('evaluating', done, total);
      }
    }
  } finally {
    for (const runner of runners) await runner.end();
  }
  const right = Uint8Array.from(answers.truth, (truth, i) => (truth === answers.predicted[i] ? 1 : 0));
  const hits = right.reduce((sum, hit) => sum + hit, 0);
  return {
    split: name,
    drawn,
    images: total,
    accuracy: hits / total,
    loss: head.kind === 'value' ? null : answers.loss.reduce((sum, loss) => sum + loss, 0) / total,
    perClass: scores(labels, confusion),
    confusion,
    right,
    answers,
    seen: { data, splits },
    leftOut: data.leftOut,
    byOrder: byOrder(data.labels, classOf, labels, path, first.id),
    suspicion: suspicionOf(
      networks,
      sets.map((set) => choose(set).splits),
    ),
  };
}

/** The first suspicion of several networks. @param splits of each. */
function suspicionOf(networks: readonly NamedModel[], splits: readonly Split[][]): Message | null {
  const suspicions = networks.map(({ model }, i) => suspectedGround(model.metadata.preprocessing, splits[i]));
  return suspicions.find((suspicion) => suspicion !== null) ?? null;
}

/** For each class of the first network, which class of the other it is. @throws FailureError if their classes differ. */
function sharedOrder(first: NamedModel, other: NamedModel): Int32Array {
  const [known, own] = [first, other].map(({ model }) => model.metadata.labels);
  const order = Int32Array.from(known, (label) => own.findIndex((each) => sameName(each) === sameName(label)));
  if (own.length === known.length && !order.includes(-1)) return order;
  throw new FailureError('model.invalid', {
    file: other.id,
    reason: say('evaluation.no-vote', {
      count: own.length,
      names: some(own),
      other: first.id,
      others: known.length,
      known: some(known),
    }),
  });
}

/** @throws FailureError where one's probabilities do not sum to one: their mean would say nothing. */
function votingHead(networks: readonly NamedModel[]): Head {
  const heads = networks.map(({ model }) => headOfGraph(model.graph));
  const other = heads.findIndex(({ kind }) => kind !== 'share' && kind !== 'log share');
  if (other < 0) return heads[0];
  throw new FailureError('model.invalid', { file: networks[other].id, reason: say('evaluation.no-vote-values') });
}

/** How pictures are prepared for a trained network. */
export function targetOfModel({ graph, metadata }: Model): Target {
  const { height, width, fit, resize, scales } = metadata.preprocessing;
  return { height, width, channels: channelsOf(graph.inputShape), fit, resize, ...(scales && { scales }) };
}

/** The cache key of data read for a network. */
export const loadedKey = (model: Model): string => JSON.stringify(targetOfModel(model));

/** The data at each network's size, read once for all networks with the same input. */
async function loadForAll(
  networks: readonly NamedModel[],
  path: string,
  { signal, progress, originals, range, loaded = new Map() }: EvaluateOptions,
): Promise<LoadedData[]> {
  const sets: LoadedData[] = [];
  for (const { model } of networks) {
    const target = targetOfModel(model);
    const key = loadedKey(model);
    const set =
      loaded.get(key) ??
      (await loadData(path, target, {
        purpose: 'look',
        originals,
        range,
        signal,
        progress: (done, total) => progress?.('reading', done, total),
      }));
    loaded.set(key, set);
    sets.push(set);
  }
  return sets;
}

/** Each row with its classes in another order. @param values `[n, classes]`. */
function reordered(values: Float32Array, order: Int32Array): Float32Array {
  const classes = order.length;
  return values.map((_, i) => values[i - (i % classes) + order[i % classes]]);
}

/** What one network says, or several by the mean of their probabilities. @param votes the logits of each, `[n, classes]`. */
function decided(head: Pick<Head, 'kind'>, votes: readonly Float32Array[], classes: number): Decided {
  const all = votes.map((logits) => logProbabilities(head, logits, classes));
  const [first] = all;
  if (!first || all.length === 1) return { logits: votes[0], logs: first };
  const logs = first.map((_, i) => {
    // Relative to the largest, so that probabilities that underflow still have a logarithm.
    const most = all.reduce((largest, values) => Math.max(largest, values![i]), -Infinity);
    const mean = all.reduce((sum, values) => sum + Math.exp(values![i] - most), 0) / all.length;
    return most + Math.log(mean);
  });
  return { logits: logs, logs };
}

interface Decided {
  logits: FloatArray;
  /** Logarithms of the probabilities; null where there are none. */
  logs: Float64Array | null;
}

/** The place of the largest of `count` values from `from` on, the first on a tie. */
function largest(values: FloatArray, from: number, count: number): number {
  let best = 0;
  for (let c = 1; c < count; c++) if (values[from + c] > values[from + best]) best = c;
  return best;
}

const areNumbers = (labels: readonly string[], first: 0 | 1): boolean =>
  labels.every((label, i) => label === String(i + first));

/** The index of each name among the model's labels: an exact match, or a unique match ignoring case; −1 for none. */
function placesByName(data: readonly string[], model: readonly string[]): number[] {
  const exact = model.map(sameName);
  const loose = model.map(sameLetters);
  const used = new Set(data.map((label) => exact.indexOf(sameName(label))));
  return data.map((label) => {
    const place = exact.indexOf(sameName(label));
    if (place >= 0) return place;
    const alike = loose.flatMap((each, i) => (each === sameLetters(label) ? [i] : []));
    const rivals = data.filter((other) => sameLetters(other) === sameLetters(label)).length;
    return alike.length === 1 && rivals === 1 && !used.has(alike[0]) ? alike[0] : -1;
  });
}

/**
 * Which class of the model each class of the data is: by name, in whatever Unicode form and, where that is clear, capitals; or by
 * their order where the names are others, or numbers. Data of numbers from 1 on, and fewer than the model knows, lacks the class 0.
 * @throws FailureError where neither can be: other numbers of classes, or a name that both know at different places.
 */
export function matchLabels(data: readonly string[], model: readonly string[], path: string, id: string): Int32Array {
  const places = placesByName(data, model);
  if (!places.includes(-1)) return Int32Array.from(places);
  const inOrder = places.every((place, i) => place === -1 || place === i);
  if ((inOrder && data.length === model.length) || (areNumbers(data, 0) && data.length <= model.length))
    return Int32Array.from(data, (_, i) => i);
  if (areNumbers(data, 1) && data.length < model.length) return Int32Array.from(data, (_, i) => i + 1);
  const values = { count: data.length, names: some(data), id, others: model.length, known: some(model) };
  throw new FailureError('data.invalid', { file: path, reason: say('evaluation.other-classes', values) });
}

/** A note on which classes were matched, if the data's own names differ, also if only by case. */
function byOrder(
  data: readonly string[],
  order: Int32Array,
  model: readonly string[],
  path: string,
  id: string,
): Message | null {
  if (areNumbers(data, 0)) return null;
  const others = data.flatMap((label, i) => (sameName(label) === sameName(model[order[i]]) ? [] : [i]));
  if (others.length === 0) return null;
  const pairs: Value[] = others
    .slice(0, 3)
    .map((i) => say('evaluation.pair', { data: data[i], model: model[order[i]] }));
  const byCapitals = others.every((i) => sameLetters(data[i]) === sameLetters(model[order[i]]));
  const values = { file: path, id, pairs: others.length > 3 ? [...pairs, '…'] : pairs };
  return byCapitals ? say('evaluation.by-capitals', values) : say('evaluation.by-order', values);
}

const some = (names: readonly string[]): string[] => [...names.slice(0, 4), ...(names.length > 4 ? ['…'] : [])];

/**
 * The split that was asked for, else the test split, else the validation split, else everything. @throws FailureError
 * where the data has no such split.
 */
export function chooseSplit(data: LoadedData, wanted: EvaluatedSplit | undefined, path: string): ChosenSplits {
  if (wanted && wanted !== 'all') {
    const split = data[wanted];
    if (!split || split.samples.length === 0)
      throw new FailureError('data.invalid', {
        file: path,
        reason: say('evaluation.no-split', { part: say(`folders.part.${wanted}`) }),
      });
    return { name: wanted, splits: [split], drawn: false };
  }
  if (!wanted && data.test) return { name: 'test', splits: [data.test], drawn: false };
  if (!wanted && data.validation) return { name: 'validation', splits: [data.validation], drawn: false };
  return {
    name: 'all',
    splits: [data.train, data.validation, data.test].filter((split) => split !== null),
    drawn: false,
  };
}

export function scores(labels: readonly string[], confusion: readonly number[][]): ClassScore[] {
  return labels.map((label, c) => {
    const images = confusion[c].reduce((sum, count) => sum + count, 0);
    const called = confusion.reduce((sum, row) => sum + row[c], 0);
    const right = confusion[c][c];
    return {
      label,
      images,
      accuracy: images > 0 ? right / images : null,
      precision: called > 0 ? right / called : null,
    };
  });
}

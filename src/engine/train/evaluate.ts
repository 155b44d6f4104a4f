import type { Split } from '../../core/data/dataset';
import { Inversions } from '../../core/data/inversion';
import { type Invert } from '../../core/data/invert';
import { headLoss, logProbabilities, type Head } from '../../core/model/head';
import { sizeOf, type FloatArray } from '../../core/tensor';
import { Batcher } from '../../core/train/batches';
import { FailureError } from '../../shared/failures';
import { say, type Message } from '../../words';
import type { Target } from '../data/fit';
import { loadData, type LoadedData } from '../data/load';
import { sameName } from '../data/names';
import type { Range } from '../data/scale';
import { groundRemark } from '../image/input';
import {
  channelsOfClassifier,
  headOfClassifier,
  inputShapeOf,
  isForeign,
  type Classifier,
  type Runner,
} from './classifier';
import { matchLabels, matchNote, namesOf, some, type Named } from './match-labels';
import { createRunner, type RunnerEngine } from './runner';

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
  /** Which values of its pixels are black and white, if the user chose them. */
  range?: Range;
  /** Whether pictures are inverted, as in Inspect; left out: where the network's own data leave no doubt. */
  invert?: Invert;
  /** Whether the user confirmed that classes without a common name are the same in their order. */
  labelsByOrder?: boolean;
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
  /** For each network, which pictures it took inverted, in the data's order: 1 for those. */
  inverted: Uint8Array[];
  /** A note if pictures are drawn on the opposite ground than those that the network, or one of several, learned from. */
  suspicion: Message | null;
}

/** For every picture its class, the predicted class (an index into the network's labels), its confidence, and the loss (`headLoss`). */
export interface Answers {
  truth: Int32Array;
  predicted: Int32Array;
  /** 0 … 1; NaN, as the loss, where the network gives no probabilities. */
  probability: Float64Array;
  loss: Float64Array;
  /** For every picture what each class gets, `[pictures, classes]`: logarithms of probabilities, or values. Null where they are too many to keep. */
  scores: Float32Array | null;
}

const BATCH = 64;
/** Scores of so many pictures and classes are kept. */
const SCORES = 16 * 2 ** 20;

/** A network and its name in messages. */
export interface NamedModel {
  model: Classifier;
  id: string;
}

/** Runs a model over a data set. @throws FailureError where data and model do not go together. */
export const evaluate = (model: Classifier, id: string, path: string, options: EvaluateOptions): Promise<Evaluation> =>
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
  const { labelsByOrder = false } = options;
  const { labels } = first.model.metadata;
  const orders = networks.map((network) => sharedOrder(first, network, labelsByOrder));
  const head = networks.length > 1 ? votingHead(networks) : headOfClassifier(first.model);
  const sets = await loadForAll(networks, path, options);
  const [data] = sets;
  const named = { ...namedOf(first), byOrder: labelsByOrder };
  const classOf = matchLabels(data.labels, named, path);
  const choose = options.choose ?? ((set: LoadedData) => chooseSplit(set, options.split, path));
  const { name, splits, drawn } = choose(data);
  const total = splits.reduce((sum, split) => sum + split.samples.length, 0);

  const confusion = labels.map(() => new Array<number>(labels.length).fill(0));
  const answers: Answers = {
    truth: new Int32Array(total),
    predicted: new Int32Array(total),
    probability: new Float64Array(total),
    loss: new Float64Array(total),
    scores: total * labels.length <= SCORES ? new Float32Array(total * labels.length) : null,
  };
  const inverted = networks.map(() => new Uint8Array(total));
  const invert = options.invert ?? 'auto';
  const inversions = networks.map(({ model }, i) =>
    choose(sets[i]).splits.map(({ images }) => new Inversions(images, model.metadata.preprocessing, invert)),
  );
  let done = 0;
  const runners: Runner[] = [];
  try {
    for (const { model } of networks) runners.push(await createRunner(options.engine, model, BATCH, options.threads));
    for (const [index, split] of splits.entries()) {
      const voters = networks.map(({ model }, i) => {
        const seen = choose(sets[i]).splits[index];
        const own = inversions[i][index];
        const batcher = new Batcher(seen, model.metadata.preprocessing, own);
        return { runner: runners[i], order: orders[i], batcher, own, seen };
      });
      const inputs = networks.map(({ model }) => new Float32Array(BATCH * sizeOf(inputShapeOf(model))));
      const given = new Int32Array(BATCH);
      for (let from = 0; from < split.samples.length; from += BATCH) {
        options.signal?.throwIfAborted();
        const n = Math.min(BATCH, split.samples.length - from);
        const votes: Float32Array[] = [];
        for (const [i, { runner, order, batcher, own, seen }] of voters.entries()) {
          const samples = seen.samples.subarray(from, from + n);
          batcher.fill(samples, inputs[i], given);
          samples.forEach((sample, k) => (inverted[i][done + k] = own.has(sample) ? 1 : 0));
          const size = sizeOf(inputShapeOf(networks[i].model));
          votes.push(reordered(await runner.run(inputs[i].subarray(0, n * size), n), order));
        }
        const { logits, logs } = decided(head, votes, labels.length);
        answers.scores?.set((logs ?? logits).subarray(0, n * labels.length), done * labels.length);
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
    perClass: scores(namesOf(named, data.labels, classOf), confusion),
    confusion,
    right,
    answers,
    seen: { data, splits },
    leftOut: data.leftOut,
    byOrder: matchNote(data.labels, classOf, named, path),
    inverted,
    suspicion: suspicionOf(
      networks,
      sets.map((set, i) => choose(set).splits.map((split, index) => ({ split, inversions: inversions[i][index] }))),
      invert,
    ),
  };
}

/** A network's classes, as they are matched with those of data. */
export const namedOf = ({ model, id }: NamedModel): Named => ({
  id,
  labels: model.metadata.labels,
  names: isForeign(model) ? model.names : 'told',
});

/** The first remark of several networks. @param parts of each. */
function suspicionOf(
  networks: readonly NamedModel[],
  parts: readonly { split: Split; inversions: Inversions }[][],
  invert: Invert,
): Message | null {
  const suspicions = networks.map(({ model }, i) => groundRemark(model.metadata.preprocessing, parts[i], invert));
  return suspicions.find((suspicion) => suspicion !== null) ?? null;
}

/** For each class of the first network, which class of the other it is. @throws FailureError if their classes differ. */
function sharedOrder(first: NamedModel, other: NamedModel, byOrder: boolean): Int32Array {
  const [known, own] = [first, other].map(({ model }) => model.metadata.labels);
  const order = Int32Array.from(known, (label) => own.findIndex((each) => sameName(each) === sameName(label)));
  if (own.length === known.length && !order.includes(-1)) return order;
  const unnamed = [first, other].some((network) => namedOf(network).names === 'none');
  if (own.length === known.length && unnamed && byOrder) return Int32Array.from(known, (_, i) => i);
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

/** @throws FailureError if a network's probabilities do not sum to one: their mean would be meaningless. */
function votingHead(networks: readonly NamedModel[]): Pick<Head, 'kind'> {
  const heads = networks.map(({ model }) => headOfClassifier(model));
  const other = heads.findIndex(({ kind }) => kind !== 'share' && kind !== 'log share');
  if (other < 0) return heads[0];
  throw new FailureError('model.invalid', { file: networks[other].id, reason: say('evaluation.no-vote-values') });
}

/** How pictures are prepared for a trained network. */
export function targetOfModel(model: Classifier): Target {
  const { height, width, fit, resize, scales } = model.metadata.preprocessing;
  return { height, width, channels: channelsOfClassifier(model), fit, resize, ...(scales && { scales }) };
}

/** The cache key of data read for a network. */
export const loadedKey = (model: Classifier): string => JSON.stringify(targetOfModel(model));

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

/** The prediction of one network, or of several by the mean of their probabilities. @param votes the logits of each, `[n, classes]`. */
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

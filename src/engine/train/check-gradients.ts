import type { Split } from '../../core/data/dataset';
import type { Executor } from '../../core/backends/executor';
import { SHARDS } from '../../core/backends/wasm/shards';
import { macsOf, type Graph, type ParamSet } from '../../core/model/graph';
import type { Preprocessing } from '../../core/model/model';
import { sizeOf } from '../../core/tensor';
import { Batcher } from '../../core/train/batches';
import { variantsOf } from '../../core/train/expansion';
import {
  compareGradients,
  fewestImages,
  GRADIENT_TOLERANCE,
  type CheckBatch,
  type GradientDifference,
} from '../../core/train/gradient-check';
import { compareShards } from '../../core/train/shard-check';
import { comparePartly, type PartialCheck } from '../../core/train/partial-gradient-check';
import type { TrainSettings } from '../../core/train/settings';
import { FailureError } from '../../shared/failures';
import type { GradientCheck } from '../../shared/runs';
import { say, type Message } from '../../words';
import { chooseBackend, openExecutor } from '../runtime/executor';

/** Multiply-adds, forward, up to which the reference takes more than one picture. */
const WORK = 1.5e6;
const MOST_IMAGES = 8;
/** Multiply-adds, forward, with which the reference is there and back in about a second. */
const SECOND = 1e8;
/** How many times faster than the reference one thread of the kernels is. */
const SPEEDUP = 50;
/** Of a run that takes longer, this share may go into its check. */
const SHARE = 0.02;
/** Multiply-adds, forward, of one layer: its backward pass takes the reference about two seconds and cannot be cancelled. */
const MOST_OF_A_LAYER = 1.5e8;
/** Multiply-adds, forward, that a partial check may take of a run that takes long: some ten seconds. */
const MOST_OF_A_PART = 1e9;
/**
 * How many batches are tried: if a value is exactly at a kink, such as the zero of a ReLU, both executors may be
 * correct although they differ.
 */
const ATTEMPTS = 3;

/** The data that a run trains on. */
export interface CheckedRun {
  split: Split;
  preprocessing: Preprocessing;
  settings: Pick<TrainSettings, 'batch' | 'seed' | 'epochs' | 'expand'>;
  threads: number;
}

/**
 * Holds the gradients of the executor that is to train against the reference's, on a few of the pictures that it will train on: the whole
 * network at once, or as many of its layers as the reference is through with in a second or a fiftieth of the run. Where that is too few
 * pictures to fill a batch's shards, and time allows, a batch's gradients are held against those of its pictures besides. The executor's
 * running statistics move: give it its weights again.
 * @returns null where there is nothing to compare: no weights, or none that are finite; `too large` where memory does not suffice for
 * an executor beside the one that trains.
 * @throws FailureError `train.gradients` where they differ beyond rounding: names the layer; the signal's reason when aborted, between two layers.
 */
export async function checkGradients(
  executor: Executor,
  params: ParamSet,
  run: CheckedRun,
  signal: AbortSignal,
): Promise<GradientCheck | 'too large' | null> {
  const started = performance.now();
  const images = imagesFor(executor.graph, run);
  const breathe = async (): Promise<void> => {
    await new Promise(setImmediate);
    signal.throwIfAborted();
  };
  const whole = affordable(executor.graph, images, run);
  const found = whole
    ? await checkWhole(executor, params, run, images, breathe)
    : await checkPartly(executor, params, run, images, breathe);
  if (found === null || found === 'too large') return found;
  const { partial } = found;
  const together = images < SHARDS ? shardImages(executor.graph, run) : 0;
  const sums = together > 0 ? await checkShards(executor, params, run, together, breathe) : null;
  const differences = [...found.differences, ...(sums ?? [])];
  // The backward pass runs from the last layer to the first, so the last layer that differs is where the error starts.
  const order = new Map(executor.graph.layers.map(({ name }, index) => [name, index]));
  const wrong = differences
    .filter((each) => !agrees(each))
    .sort((a, b) => order.get(a.layer)! - order.get(b.layer)!)
    .at(-1);
  if (wrong) {
    const { layer, param, difference } = wrong;
    throw new FailureError('train.gradients', {
      layer,
      param,
      difference: figure(difference),
      limit: GRADIENT_TOLERANCE,
    });
  }
  const worst = differences.reduce((most, each) => (each.difference > most.difference ? each : most));
  const seconds = Number(((performance.now() - started) / 1000).toPrecision(3));
  const check = { images, difference: Number(worst.difference.toPrecision(3)), param: worst.param, seconds };
  return { ...check, ...(sums && { together }), ...(partial && { partial }) };
}

interface Found {
  differences: GradientDifference[];
  partial: GradientCheck['partial'] | null;
}

type Breathe = () => Promise<void>;

async function checkWhole(
  executor: Executor,
  params: ParamSet,
  run: CheckedRun,
  images: number,
  breathe: Breathe,
): Promise<Found | null> {
  let best: GradientDifference[] | null = null;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const found = await compareGradients(executor, params, batchOf(executor.graph, run, images, attempt), breathe);
    if (found === null || found.length === 0) return null;
    best = best ? leastOf(best, found, ({ param }) => param) : found;
    if (best.every(agrees)) break;
  }
  return { differences: best!, partial: null };
}

async function checkShards(
  executor: Executor,
  params: ParamSet,
  run: CheckedRun,
  images: number,
  breathe: Breathe,
): Promise<GradientDifference[] | null> {
  let best: GradientDifference[] | null = null;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const found = await compareShards(executor, params, batchOf(executor.graph, run, images, attempt), breathe);
    if (found === null || found.length === 0) return null;
    best = best ? leastOf(best, found, ({ param }) => param) : found;
    if (best.every(agrees)) break;
  }
  return best;
}

async function checkPartly(
  executor: Executor,
  params: ParamSet,
  run: CheckedRun,
  images: number,
  breathe: Breathe,
): Promise<Found | null | 'too large'> {
  const { graph } = executor;
  const backend = chooseBackend({ name: 'wasm' });
  const keeping = await openExecutor(graph, { maxBatch: images, keep: 'all' }, backend).catch((error: unknown) => {
    if (error instanceof RangeError) return null;
    throw error;
  });
  if (!keeping) return 'too large';
  try {
    let best: PartialCheck | null = null;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const batch = batchOf(graph, run, images, attempt);
      const limits = { budget: budgetOf(graph, run), mostOfALayer: MOST_OF_A_LAYER };
      const found = await comparePartly(executor, keeping, params, batch, limits, breathe);
      if (found === null || found.programs.length === 0) return null;
      best = best
        ? {
            ...found,
            programs: leastOf(best.programs, found.programs, ({ param }) => param),
            layers: leastOf(best.layers, found.layers, ({ layer }) => layer),
          }
        : found;
      if ([...best.programs, ...best.layers].every(agrees)) break;
    }
    const { programs, layers, whole, sampled, of } = best!;
    return { differences: [...programs, ...layers], partial: { whole, sampled, of } };
  } finally {
    keeping.dispose();
  }
}

/** Of each the smaller difference. */
function leastOf(
  before: GradientDifference[],
  found: GradientDifference[],
  keyOf: (each: GradientDifference) => string,
): GradientDifference[] {
  const known = new Map(before.map((each) => [keyOf(each), each]));
  return found.map((each) => {
    const other = known.get(keyOf(each));
    return other && other.difference <= each.difference ? other : each;
  });
}

/** The result of a check as a log line. */
export function checkedLine(check: GradientCheck | 'too large'): Message {
  if (check === 'too large') return say('train.unchecked');
  const { images, param, partial, together } = check;
  const sums =
    together !== undefined
      ? say('train.checked-sums', { images: together })
      : images < SHARDS
        ? say('train.checked-no-sums')
        : '';
  const values = { images, difference: figure(check.difference), param, sums };
  return partial ? say('train.checked-partly', { ...partial, ...values }) : say('train.checked', values);
}

const agrees = ({ difference }: GradientDifference): boolean => difference <= GRADIENT_TOLERANCE;

const figure = (difference: number): string => difference.toExponential(1);

/** The number of pictures that are compared. */
export function imagesFor(graph: Graph, { split, settings }: Pick<CheckedRun, 'split' | 'settings'>): number {
  const wanted = Math.max(fewestImages(graph), Math.min(MOST_IMAGES, Math.floor(WORK / Math.max(1, macsOf(graph)))));
  return Math.min(wanted, settings.batch, split.samples.length);
}

/** The pictures whose gradients are added up one by one, in a quarter of the check's time: those of two rounds of shards at most; 0 where that is no whole round. */
function shardImages(graph: Graph, run: CheckedRun): number {
  const all = Math.min(run.settings.batch, run.split.samples.length);
  const wanted = Math.min(2 * SHARDS, all);
  const time = (budgetOf(graph, run) * SPEEDUP * run.threads) / 4;
  const affordable = Math.floor(time / (2 * Math.max(1, macsOf(graph))));
  return wanted > 1 && affordable >= Math.min(SHARDS, wanted) ? Math.min(wanted, affordable) : 0;
}

/** Multiply-adds, forward, of one pass of the reference over some layers. */
function budgetOf(graph: Graph, run: CheckedRun): number {
  return Math.min(MOST_OF_A_PART, Math.max(SECOND, (SHARE * passesOf(run) * macsOf(graph)) / (SPEEDUP * run.threads)));
}

const passesOf = ({ split, settings }: CheckedRun): number =>
  split.samples.length * variantsOf(settings.expand) * settings.epochs;

/** Whether the reference is through in a second, or in a fiftieth of the run. */
export function affordable(graph: Graph, images: number, run: CheckedRun): boolean {
  if (images * Math.max(...graph.layers.map(({ macs }) => macs)) > MOST_OF_A_LAYER) return false;
  return images * macsOf(graph) <= SECOND || images * SPEEDUP * run.threads <= SHARE * passesOf(run);
}

/** Pictures spread over the whole split, different ones at each attempt. */
function batchOf(
  { inputShape }: Graph,
  { split, preprocessing, settings }: CheckedRun,
  n: number,
  attempt: number,
): CheckBatch {
  const { length } = split.samples;
  const samples = Int32Array.from(
    { length: n },
    (_, i) => split.samples[(Math.floor((i * length) / n) + attempt) % length],
  );
  const input = new Float32Array(n * sizeOf(inputShape));
  const labels = new Int32Array(n);
  new Batcher(split, preprocessing).fill(samples, input, labels);
  return { input, labels, n, draw: { seed: settings.seed, epoch: 0, samples } };
}

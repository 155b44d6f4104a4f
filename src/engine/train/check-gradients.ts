import type { Part } from '../../core/data/dataset';
import type { Executor } from '../../core/backends/executor';
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
import type { TrainSettings } from '../../core/train/settings';
import { FailureError } from '../../shared/failures';
import type { GradientCheck } from '../../shared/training';
import { say } from '../../words';

/** Multiply-adds, forward, up to which the reference takes more than one picture. */
const WORK = 1.5e6;
const MOST_IMAGES = 8;
/** Multiply-adds, forward, with which the reference is there and back in about a second. */
const SECOND = 1e8;
/** How many times faster than the reference one thread of the kernels is. */
const SPEEDUP = 50;
/** Of a run that takes longer, this share may go into its check. */
const SHARE = 0.02;
/** Multiply-adds, forward, of one layer: back it takes the reference about two seconds, in which nothing is heard. */
const MOST_OF_A_LAYER = 1.5e8;
/** Batches that are tried: where one picture's value lies on a kink, as at the zero of a ReLU, both executors may be right. */
const ATTEMPTS = 3;

/** What a run trains on. */
export interface CheckedRun {
  part: Part;
  preprocessing: Preprocessing;
  settings: Pick<TrainSettings, 'batch' | 'seed' | 'epochs' | 'expand'>;
  threads: number;
}

/**
 * Holds the gradients of the executor that is to train against the reference's, on a few of the pictures that it will train on. The
 * executor's running statistics move: give it its weights again.
 * @returns null where there is nothing to compare: no weights, or none that are finite; `too large` where the reference would take more
 * than a second and a fiftieth of the run.
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
  if (!affordable(executor.graph, images, run)) return 'too large';
  const breathe = async (): Promise<void> => {
    await new Promise(setImmediate);
    signal.throwIfAborted();
  };
  let best: GradientDifference[] | null = null;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const found = await compareGradients(executor, params, batchOf(executor.graph, run, images, attempt), breathe);
    if (found === null || found.length === 0) return null;
    best = best ? best.map((each, i) => (each.difference <= found[i].difference ? each : found[i])) : found;
    if (best.every(agrees)) break;
  }
  // Backward runs from the last layer to the first: the last one that differs is where it began.
  const wrong = best!.findLast((each) => !agrees(each));
  if (wrong) {
    const { layer, param, difference } = wrong;
    throw new FailureError('train.gradients', {
      layer,
      param,
      difference: figure(difference),
      limit: GRADIENT_TOLERANCE,
    });
  }
  const worst = best!.reduce((most, each) => (each.difference > most.difference ? each : most));
  const seconds = Number(((performance.now() - started) / 1000).toPrecision(3));
  return { images, difference: Number(worst.difference.toPrecision(3)), param: worst.param, seconds };
}

/** What a check comes to, in a line. */
export const checkedLine = (check: GradientCheck | 'too large') =>
  check === 'too large'
    ? say('train.unchecked')
    : say('train.checked', { images: check.images, difference: figure(check.difference), param: check.param });

const agrees = ({ difference }: GradientDifference): boolean => difference <= GRADIENT_TOLERANCE;

const figure = (difference: number): string => difference.toExponential(1);

/** How many pictures are compared. */
export function imagesFor(graph: Graph, { part, settings }: Pick<CheckedRun, 'part' | 'settings'>): number {
  const wanted = Math.max(fewestImages(graph), Math.min(MOST_IMAGES, Math.floor(WORK / Math.max(1, macsOf(graph)))));
  return Math.min(wanted, settings.batch, part.samples.length);
}

/** Whether the reference is through in a second, or in a fiftieth of the run. */
export function affordable(graph: Graph, images: number, { part, settings, threads }: CheckedRun): boolean {
  if (images * Math.max(...graph.layers.map(({ macs }) => macs)) > MOST_OF_A_LAYER) return false;
  const passes = part.samples.length * variantsOf(settings.expand) * settings.epochs;
  return images * macsOf(graph) <= SECOND || images * SPEEDUP * threads <= SHARE * passes;
}

/** Pictures from all over the part, others at each attempt. */
function batchOf(
  { inputShape }: Graph,
  { part, preprocessing, settings }: CheckedRun,
  n: number,
  attempt: number,
): CheckBatch {
  const { length } = part.samples;
  const samples = Int32Array.from(
    { length: n },
    (_, i) => part.samples[(Math.floor((i * length) / n) + attempt) % length],
  );
  const input = new Float32Array(n * sizeOf(inputShape));
  const labels = new Int32Array(n);
  new Batcher(part, preprocessing).fill(samples, input, labels);
  return { input, labels, n, draw: { seed: settings.seed, epoch: 0, samples } };
}

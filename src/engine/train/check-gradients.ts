import type { Part } from '../../core/data/dataset';
import type { Executor } from '../../core/executor';
import type { Graph, ParamSet } from '../../core/model/graph';
import type { Preprocessing } from '../../core/model/model';
import { sizeOf } from '../../core/tensor';
import { Batcher } from '../../core/train/batches';
import {
  compareGradients,
  GRADIENT_TOLERANCE,
  type CheckBatch,
  type GradientDifference,
} from '../../core/train/gradient-check';
import type { TrainSettings } from '../../core/train/settings';
import { FailureError } from '../../shared/failures';
import type { GradientCheck } from '../../shared/training';
import { say } from '../../words';

/** Multiply-adds that the reference takes on, forward: a good part of a second with what comes back. One picture is always taken. */
const WORK = 1.5e6;
const MOST_IMAGES = 8;
/** Batch norm over less than this compares next to nothing but rounding. */
const LEAST_OF_BATCH_NORM = 3;
/** Batches that are tried: where one picture's value lies on a kink, as at the zero of a ReLU, both executors may be right. */
const ATTEMPTS = 3;

/** What a run trains on. */
export interface CheckedRun {
  part: Part;
  preprocessing: Preprocessing;
  settings: Pick<TrainSettings, 'batch' | 'seed'>;
}

/**
 * Holds the gradients of the executor that is to train against the reference's, on a few of the pictures that it will train on. The
 * executor's running statistics move: give it its weights again.
 * @returns null where there is nothing to compare: no weights, or none that are finite.
 * @throws FailureError `train.gradients` where they differ beyond rounding: names the layer.
 */
export function checkGradients(executor: Executor, params: ParamSet, run: CheckedRun): GradientCheck | null {
  const started = performance.now();
  const images = imagesFor(executor.graph, run);
  let best: GradientDifference[] | null = null;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const found = compareGradients(executor, params, batchOf(executor.graph, run, images, attempt));
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
export const checkedLine = ({ images, difference, param }: GradientCheck) =>
  say('train.checked', { images, difference: figure(difference), param });

const agrees = ({ difference }: GradientDifference): boolean => difference <= GRADIENT_TOLERANCE;

const figure = (difference: number): string => difference.toExponential(1);

/** How many pictures are compared. */
export function imagesFor(graph: Graph, { part, settings }: Pick<CheckedRun, 'part' | 'settings'>): number {
  const macs = graph.layers.reduce((sum, layer) => sum + layer.macs, 0);
  const least = graph.layers.some(({ kind }) => kind === 'batchnorm') ? LEAST_OF_BATCH_NORM : 1;
  const wanted = Math.max(least, Math.min(MOST_IMAGES, Math.floor(WORK / Math.max(1, macs))));
  return Math.min(wanted, settings.batch, part.samples.length);
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

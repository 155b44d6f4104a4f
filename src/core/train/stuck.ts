import type { Split } from '../data/dataset';
import { sizeOf } from '../tensor';
import { classLoss, plainLoss, type LossSettings } from './class-loss';

/** Why a run does not learn: no better than guessing, or a loss far above that of guessing. */
export type Stuck =
  | { kind: 'chance'; accuracy: number; chance: number }
  /** `chance` is the loss of guessing; for cross-entropy the entropy of the labels, in nats. */
  | { kind: 'loss'; loss: number; chance: number };

/** Epochs and updates that a run is given before it may be called stuck. */
const PATIENCE = { epochs: 2, updates: 30 };
/** A loss this many times that of guessing counts as far too large. */
const BEYOND = 10;
/** The loss of a network that has learned nothing stays above this share of that of guessing. */
const NOTHING = 0.98;
/**
 * A stuck run counts as learning once its loss is below this share. The two limits are well apart, so that the verdict
 * does not flip back and forth.
 */
const SOMETHING = 0.9;

/** How an epoch went. Losses are means of what is minimized, accuracies 0 … 1; `epoch` counts from 1. */
export interface EpochScores {
  epoch: number;
  epochs: number;
  updates: number;
  train: { loss: number; accuracy: number };
  validation: { loss: number; accuracy: number } | null;
}

/**
 * Whether a run is stuck after an epoch. At chance: the accuracy over the training split is within three standard deviations of
 * that of always naming the largest class, and the loss near the one that a constant answer reaches.
 * @param counts training pictures of each class. @param minimized what the run minimizes.
 */
export function stuckAfter(
  scores: EpochScores,
  counts: Iterable<number>,
  minimized: LossSettings = plainLoss,
): Stuck | null {
  const { epoch, epochs, updates, train, validation } = scores;
  const { total, most: chance, loss: guessed } = guessing([...counts], minimized);
  if (chance === 1) return null;
  const loss = Math.min(train.loss, validation?.loss ?? train.loss);
  if (loss > BEYOND * Math.max(guessed, Math.LN2)) return { kind: 'loss', loss, chance: guessed };

  const early = epoch < PATIENCE.epochs;
  const few = updates < PATIENCE.updates;
  // The last epoch counts too, unless it was only the first few steps.
  if (epoch < epochs ? early || few : early && few) return null;
  const deviation = Math.sqrt((chance * (1 - chance)) / total);
  if (train.accuracy > chance + 3 * deviation || loss < NOTHING * guessed) return null;
  return { kind: 'chance', accuracy: train.accuracy, chance };
}

/** Whether a run that was stuck has learned something after all, by the loss of both splits. Parameters as for `stuckAfter`. */
export function learnsAfter(
  { train, validation }: EpochScores,
  counts: Iterable<number>,
  minimized: LossSettings = plainLoss,
): boolean {
  const { loss } = guessing([...counts], minimized);
  return Math.max(train.loss, validation?.loss ?? train.loss) < SOMETHING * loss;
}

/**
 * The baseline of guessing: the largest class's share, and the loss of the best of three answers that are the same for every picture.
 * By focal and hinge, with classes of several sizes, another one may cost a little less: a run that found it is not called stuck.
 */
function guessing(counts: readonly number[], minimized: LossSettings): { total: number; most: number; loss: number } {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const shares = counts.map((count) => count / total);
  const most = Math.max(...shares);
  // What each class counts for, and the probabilities that follow it, which cost least by cross-entropy and squared error.
  const parts = shares.map((share, c) => share * (minimized.weights?.[c] ?? 1));
  const whole = parts.reduce((sum, part) => sum + part, 0);
  const { smoothing } = minimized;
  const usual = parts.map((part) => Math.log(((1 - smoothing) * part) / whole + smoothing / parts.length));
  // By hinge it is best to prefer no class, or the one that counts for most, by its margin.
  const largest = Math.max(...parts);
  const answers = [usual, parts.map(() => 0), parts.map((part) => (part === largest ? 1 : 0))];
  return { total, most, loss: Math.min(...answers.map((logits) => lossOfAnswer(minimized, logits, parts))) };
}

/** The mean loss where every picture gets the same logits. @param parts what the pictures of each class count for, of one in all. */
function lossOfAnswer(minimized: LossSettings, logits: readonly number[], parts: readonly number[]): number {
  const row = Float64Array.from(logits);
  const loss = (label: number): number => classLoss({ ...minimized, weights: null }, row, [label], 1, row.length).loss;
  return parts.reduce((sum, part, label) => (part > 0 ? sum + part * loss(label) : sum), 0);
}

/** Whether all pictures of a split are the same byte for byte, apart from one step of rounding. False for a single one. */
export function allAlike({ images, samples }: Split): boolean {
  if (samples.length < 2) return false;
  const size = sizeOf([images.height, images.width, images.channels]);
  const first = samples[0] * size;
  for (const sample of samples) {
    const from = sample * size;
    for (let i = 0; i < size; i++) if (Math.abs(images.pixels[from + i] - images.pixels[first + i]) > 1) return false;
  }
  return true;
}

import type { Split } from '../data/dataset';
import { sizeOf } from '../tensor';

/** Why a run does not learn: no better than guessing, or a loss far above that of guessing. */
export type Stuck =
  | { kind: 'chance'; accuracy: number; chance: number }
  /** `chance` is the loss of guessing: the entropy of the labels, in nats. */
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

/** How an epoch went. Losses are mean softmax cross-entropies, accuracies 0 … 1; `epoch` counts from 1. */
export interface EpochScores {
  epoch: number;
  epochs: number;
  updates: number;
  train: { loss: number; accuracy: number };
  validation: { loss: number; accuracy: number } | null;
}

/**
 * Whether a run is stuck after an epoch. At chance: the accuracy over the training split is within three standard deviations of
 * that of always naming the largest class, and the loss near the labels' entropy, which a constant answer reaches.
 * @param counts training pictures of each class.
 */
export function stuckAfter(scores: EpochScores, counts: Iterable<number>): Stuck | null {
  const { epoch, epochs, updates, train, validation } = scores;
  const { total, shares, entropy } = guessing(counts);
  if (shares.length < 2) return null;
  const loss = Math.min(train.loss, validation?.loss ?? train.loss);
  if (loss > BEYOND * Math.max(entropy, Math.LN2)) return { kind: 'loss', loss, chance: entropy };

  const early = epoch < PATIENCE.epochs;
  const few = updates < PATIENCE.updates;
  // The last epoch counts too, unless it was only the first few steps.
  if (epoch < epochs ? early || few : early && few) return null;
  const chance = Math.max(...shares);
  const deviation = Math.sqrt((chance * (1 - chance)) / total);
  if (train.accuracy > chance + 3 * deviation || loss < NOTHING * entropy) return null;
  return { kind: 'chance', accuracy: train.accuracy, chance };
}

/** Whether a run that was stuck has learned something after all, by the loss of both splits. @param counts training pictures of each class. */
export function learnsAfter({ train, validation }: EpochScores, counts: Iterable<number>): boolean {
  const { entropy } = guessing(counts);
  return Math.max(train.loss, validation?.loss ?? train.loss) < SOMETHING * entropy;
}

/** What guessing knows: the share of each class, and their entropy in nats. */
function guessing(counts: Iterable<number>): { total: number; shares: number[]; entropy: number } {
  const present = [...counts].filter((count) => count > 0);
  const total = present.reduce((sum, count) => sum + count, 0);
  const shares = present.map((count) => count / total);
  return { total, shares, entropy: shares.reduce((sum, share) => sum - share * Math.log(share), 0) };
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

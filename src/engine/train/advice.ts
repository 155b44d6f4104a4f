import type { DataSet } from '../../core/data/dataset';
import { classCounts } from '../../core/data/dataset';
import { lossOf } from '../../core/train/class-weights';
import type { DivergedError } from '../../core/train/loop';
import type { TrainSettings } from '../../core/train/settings';
import { allAlike, learnsAfter, stuckAfter, type EpochScores } from '../../core/train/stuck';
import { FailureError } from '../../shared/failures';
import { say, type Message } from '../../words';

/** Learning rates below this are usually too small rather than too large. */
const SMALL_RATE = 1e-4;

const rounded = (rate: number): number => Number(rate.toPrecision(6));

/** Measures for smaller and steadier steps that are not in use yet. */
function steadier({ learningRate, optimizer, warmup, normalize }: TrainSettings): Message[] {
  const advice = [say('train.advice.smaller', { rate: rounded(learningRate / 10) })];
  if (optimizer.clipNorm === 0) advice.push(say('train.advice.clip', { norm: 1 }));
  if (warmup === 0) advice.push(say('train.advice.warmup', { epochs: 1 }));
  if (normalize !== 'standard') advice.push(say('train.advice.standard'));
  return advice;
}

/** Measures that may help a network that is no better than guessing. */
function livelier({ learningRate, initializer, normalize }: TrainSettings): Message[] {
  const advice: Message[] = [];
  if (initializer === 'zeros') advice.push(say('train.advice.initializer'));
  advice.push(
    learningRate < SMALL_RATE
      ? say('train.advice.larger', { rate: rounded(learningRate * 10) })
      : say('train.advice.smaller', { rate: rounded(learningRate / 10) }),
  );
  if (normalize !== 'standard') advice.push(say('train.advice.standard'));
  advice.push(say('train.advice.labels'));
  return advice;
}

export function divergedFailure(error: DivergedError, settings: TrainSettings): FailureError {
  return new FailureError('train.diverged', {
    step: error.step,
    epoch: error.epoch,
    what: say(`train.diverged.${error.during}`, { value: Number.isNaN(error.loss) ? 'NaN' : say('train.infinite') }),
    layer: error.layer === null ? say('train.layer.loss') : say('train.named', { name: error.layer }),
    advice: steadier(settings),
  });
}

/** A warning before training on identical pictures; null if they differ. */
export function stuckBefore({ train }: DataSet): Message | null {
  return allAlike(train) ? say('train.stuck.alike', { count: train.samples.length }) : null;
}

/** A message about a run that is stuck after an epoch, with what to try; null if it learns. */
export function stuckMessage(scores: EpochScores, data: DataSet, settings: TrainSettings): Message | null {
  const stuck = stuckAfter(scores, classCounts(data.train, data.labels.length), lossOf(settings, data));
  if (!stuck) return null;
  const { epoch } = scores;
  if (stuck.kind === 'loss')
    return say('train.stuck.loss', {
      epoch,
      loss: stuck.loss.toPrecision(3),
      chance: stuck.chance.toFixed(2),
      advice: steadier(settings),
    });
  const percent = (share: number): string => (100 * share).toFixed(1);
  return say('train.stuck.chance', {
    epoch,
    accuracy: percent(stuck.accuracy),
    chance: percent(stuck.chance),
    advice: livelier(settings),
  });
}

/** A message that a run reported as stuck has started to learn; null while it has not. */
export function unstuckMessage(scores: EpochScores, data: DataSet, settings: TrainSettings): Message | null {
  const learns = learnsAfter(scores, classCounts(data.train, data.labels.length), lossOf(settings, data));
  return learns ? say('train.unstuck', { epoch: scores.epoch }) : null;
}

/** True for the messages of `stuckBefore` and `stuckMessage`. */
export const isStuck = ({ code }: Message): boolean => code.startsWith('train.stuck.');

/** The present verdict on a run: null if it is not stuck; undefined if nothing was reported. */
export function stuckBy(said: readonly Message[]): Message | null | undefined {
  const last = said.findLast((message) => isStuck(message) || message.code === 'train.unstuck');
  return last && (isStuck(last) ? last : null);
}

import type { LayerWatch, TrainingExecutor } from '../backends/executor';
import type { DataSet, Split } from '../data/dataset';
import type { Preprocessing } from '../model/model';
import { sizeOf } from '../tensor';
import type { Augmentation } from './augmentation';
import { Batcher, epochOrder, stepsPerEpoch } from './batches';
import { expandedSamples } from './expansion';
import type { Mixed } from './class-loss';
import { learningRate } from './schedule';
import type { TrainSettings } from './settings';

/**
 * The state of a run between two updates. With weights and optimizer state it is all that is needed to resume to the
 * same bits. JSON-able.
 */
export interface LoopState {
  /** The current epoch, 0-based, and its updates so far. If all updates of an epoch are done, its validation is next. */
  epoch: number;
  step: number;
  /** Updates over the whole run. */
  update: number;
  /** Sums over the current epoch. */
  lossSum: number;
  correct: number;
  seen: number;
  /** The epoch with the best weights so far. */
  best: { epoch: number; loss: number; accuracy: number } | null;
}

export const freshState = (): LoopState => ({
  epoch: 0,
  step: 0,
  update: 0,
  lossSum: 0,
  correct: 0,
  seen: 0,
  best: null,
});

export interface StepReport {
  state: Readonly<LoopState>;
  stepsPerEpoch: number;
  /** Of the update's batch. */
  images: number;
  loss: number;
  accuracy: number;
  learningRate: number;
  /** On every `logEvery`-th update. */
  layers: LayerWatch[] | null;
}

export interface EpochReport {
  /** 0-based. */
  epoch: number;
  /** Over the epoch's batches, as they were trained: augmented, dropout on, the weights moving. */
  train: Score;
  /** Null without a validation split: the training loss chooses then. */
  validation: Score | null;
  learningRate: number;
  /** Whether this is the lowest loss so far (the first on a tie), so that these weights are kept. */
  best: boolean;
}

export interface Score {
  /** Mean of the loss that is minimized. */
  loss: number;
  /** 0 … 1. */
  accuracy: number;
}

/** Calls to the host between updates. Training waits for each of them. */
export interface LoopHooks {
  /** After each update. `stop` ends training at this state. */
  step(report: StepReport): Promise<'go' | 'stop'>;
  /** After each batch of a validation. */
  evaluated(done: number, total: number): Promise<'go' | 'stop'>;
  /** After each epoch, when `state` is at the beginning of the next one. */
  epoch(report: EpochReport, state: Readonly<LoopState>): Promise<'go' | 'stop'>;
}

export interface LoopInput {
  executor: TrainingExecutor;
  data: DataSet;
  settings: TrainSettings;
  preprocessing: Preprocessing;
}

export type LoopEnd = 'finished' | 'early' | 'stopped';

/** Thrown when the loss is NaN or infinite; says in which layer it started. */
export class DivergedError extends Error {
  override name = 'DivergedError';
  constructor(
    /** 1-based update and epoch. */
    readonly step: number,
    readonly epoch: number,
    /** The layer in whose output the first NaN or infinity is; null where all outputs are finite. */
    readonly layer: string | null,
    readonly loss: number,
    readonly learningRate: number,
    readonly during: 'training' | 'validation',
  ) {
    super(`step ${step} (epoch ${epoch}): the ${during} loss is ${loss}, first in layer ${layer}`);
  }
}

/**
 * Trains from `state` on and updates it. The executor holds the weights and optimizer state that belong to it. The
 * result depends on the input alone, not on the hooks' timing or on where a run was interrupted and resumed.
 * @throws DivergedError for a loss that is not finite.
 */
export async function trainLoop(input: LoopInput, state: LoopState, hooks: LoopHooks): Promise<LoopEnd> {
  const { executor, data, settings, preprocessing } = input;
  const { train } = data;
  const batcher = new Batcher(train, preprocessing);
  const samplesOfEpoch = expandedSamples(train, settings.expand);
  const steps = stepsPerEpoch(samplesOfEpoch.length, settings.batch);
  const { mixup, cutmix } = settings.augmentation;
  const buffers = new Buffers(executor, settings.batch, mixup > 0 || cutmix > 0);
  const logEvery = settings.logEvery || Math.min(50, Math.max(1, Math.floor(steps / 10)));
  const augmented = isOn(settings.augmentation);

  while (state.epoch < settings.epochs) {
    if (endsEarly(settings, state)) return 'early';
    const order = epochOrder(samplesOfEpoch, settings.seed, state.epoch);
    let rate = learningRate(settings, Math.max(0, state.update - 1), steps);
    while (state.step < steps) {
      const samples = order.subarray(state.step * settings.batch, (state.step + 1) * settings.batch);
      const { seed } = settings;
      if (augmented)
        batcher.fillAugmented(
          samples,
          buffers.input,
          buffers.labels,
          settings.augmentation,
          seed,
          state.epoch,
          buffers.mixed,
          samplesOfEpoch,
        );
      else batcher.fill(samples, buffers.input, buffers.labels);
      rate = learningRate(settings, state.update, steps);
      const n = samples.length;
      const draw = { seed, epoch: state.epoch, samples };
      const mixed = buffers.mixed ?? undefined;
      const result = await executor.trainStep(...buffers.first(n), n, draw, rate, state.update + 1, mixed);
      if (!Number.isFinite(result.loss)) {
        throw new DivergedError(
          state.update + 1,
          state.epoch + 1,
          await executor.firstNonFinite(),
          result.loss,
          rate,
          'training',
        );
      }
      state.step++;
      state.update++;
      state.lossSum += result.loss * n;
      state.correct += result.correct;
      state.seen += n;
      const layers = state.update % logEvery === 0 ? await executor.watch() : null;
      const report = {
        state,
        stepsPerEpoch: steps,
        images: n,
        loss: result.loss,
        accuracy: result.correct / n,
        learningRate: rate,
        layers,
      };
      if ((await hooks.step(report)) === 'stop') return 'stopped';
    }
    const trained = { loss: state.lossSum / state.seen, accuracy: state.correct / state.seen };
    const validation = data.validation
      ? await evaluateSplit(executor, data.validation, preprocessing, settings.batch, hooks.evaluated)
      : null;
    if (validation === 'stop') return 'stopped';
    const score = validation ?? trained;
    if (!Number.isFinite(score.loss)) {
      throw new DivergedError(
        state.update,
        state.epoch + 1,
        await executor.firstNonFinite(),
        score.loss,
        rate,
        'validation',
      );
    }
    const best = !state.best || score.loss < state.best.loss;
    const report = { epoch: state.epoch, train: trained, validation, learningRate: rate, best };
    if (best) state.best = { epoch: state.epoch, ...score };
    Object.assign(state, { epoch: state.epoch + 1, step: 0, lossSum: 0, correct: 0, seen: 0 });
    if ((await hooks.epoch(report, state)) === 'stop' && state.epoch < settings.epochs) return 'stopped';
  }
  return endsEarly(settings, state) && state.epoch < settings.epochs ? 'early' : 'finished';
}

/** True where the loss has not fallen for `patience` epochs. */
function endsEarly({ patience }: TrainSettings, { best, epoch }: LoopState): boolean {
  return patience > 0 && best !== null && epoch - 1 - best.epoch >= patience;
}

/** Whether pictures are varied in any way. */
const isOn = (augmentation: Augmentation): boolean =>
  Object.values(augmentation).some((value) => value !== 0 && value !== 'none');

/** Room for a batch: the executor's own. */
class Buffers {
  readonly input: Float32Array;
  readonly labels: Int32Array;
  /** Null where pictures are not mixed. */
  readonly mixed: Mixed | null;
  private readonly size: number;

  constructor({ graph, batchInput }: TrainingExecutor, batch: number, mixes = false) {
    this.size = sizeOf(graph.inputShape);
    this.input = batchInput;
    this.labels = new Int32Array(batch);
    this.mixed = mixes ? { others: new Int32Array(batch), shares: new Float32Array(batch) } : null;
  }

  /** The first `n` pictures and their classes. */
  first(n: number): [Float32Array, Int32Array] {
    return [this.input.subarray(0, n * this.size), this.labels.subarray(0, n)];
  }
}

/** Loss and accuracy of the executor's weights over a split, at inference. `stop` where `evaluated` says so. */
export async function evaluateSplit(
  executor: TrainingExecutor,
  split: Split,
  preprocessing: Preprocessing,
  batch: number,
  evaluated: LoopHooks['evaluated'],
): Promise<Score | 'stop'> {
  const batcher = new Batcher(split, preprocessing);
  const buffers = new Buffers(executor, batch);
  const total = split.samples.length;
  let loss = 0;
  let correct = 0;
  for (let from = 0; from < total; from += batch) {
    const samples = split.samples.subarray(from, from + batch);
    const n = samples.length;
    batcher.fill(samples, buffers.input, buffers.labels);
    const result = await executor.evaluateStep(...buffers.first(n), n);
    loss += result.loss * n;
    correct += result.correct;
    if ((await evaluated(Math.min(total, from + batch), total)) === 'stop') return 'stop';
  }
  return { loss: loss / total, accuracy: correct / total };
}

import type { DataSet } from '../../core/data/dataset';
import type { TrainingExecutor } from '../../core/backends/executor';
import { totalParameters } from '../../core/model/build';
import type { Graph, ParamSet } from '../../core/model/graph';
import { learnedFrom } from '../../core/data/likeness';
import type { ModelMetadata, TrainingRecord } from '../../core/model/model';
import {
  DivergedError,
  evaluateSplit,
  freshState,
  trainLoop,
  type LoopHooks,
  type LoopState,
  type Score,
} from '../../core/train/loop';
import { lossOf } from '../../core/train/class-weights';
import { variantsOf } from '../../core/train/expansion';
import type { MetricsLine, RunProgress } from '../../shared/runs';
import { say, type Message } from '../../words';
import { openTrainer, type Backend } from '../runtime/executor';
import { divergedFailure, stuckMessage, unstuckMessage } from './advice';
import { trainingRecord, writeBest, type SplitScores } from './best-model';
import { takeCheckpoint, writeCheckpoint, type Checkpoint } from './checkpoint';
import { checkedLine, checkGradients } from './check-gradients';
import { firstFilters } from './first-filters';
import type { TrainOutcome } from './outcome';
import { Abandoned, type TrainHost, type TrainRequest } from './request';
import { MetricsFile, type RunFolder } from './run-folder';
import type { RunRecord } from './run-record';
import { Stopwatch } from './stopwatch';

/** Seconds between two checkpoints, at most. */
const CHECKPOINT_EVERY = 60;
/** Seconds between two looks at the first layer inside an epoch, and the least between those at the end of epochs. */
const FILTERS_EVERY = 1;
const FILTERS_APART = 0.2;

/** A run that is ready to start: its request, network and data. */
export interface Run {
  folder: RunFolder;
  record: RunRecord;
  graph: Graph;
  data: DataSet;
  host: TrainHost;
  request: TrainRequest;
  backend: Backend;
  /** Whether the remains of an earlier run in the folder are removed. */
  anew?: boolean;
  /** Of a head: writes `model.onnx` at the end, in place of the network alone; such a run takes seconds and keeps no checkpoints. */
  writeModel?(params: ParamSet, training: TrainingRecord): Promise<void>;
}

interface Running extends Run {
  metrics: MetricsFile;
  executor: TrainingExecutor;
  state: LoopState;
  best: Checkpoint['best'];
  pictures: ModelMetadata['pictures'];
  watch: Stopwatch;
}

/** Trains to the end, or until the host's signal is aborted; from a checkpoint, or from initial weights. */
export async function runFrom(run: Run, params: ParamSet, checkpoint: Checkpoint | null): Promise<TrainOutcome> {
  const { folder, record } = run;
  const state = checkpoint?.state ?? freshState();
  const { backend } = run;
  for (const note of backend.notes) run.host.say(note);
  const executor = await openTrainer(run.graph, record.settings, backend, lossOf(record.settings, run.data));
  const { threads } = backend;
  try {
    record.check = await checkAgainstReference(run, executor, threads, params);
    if (run.anew) await folder.begin();
    const metrics = new MetricsFile(folder.file('metrics.jsonl'));
    const before = await metrics.cut(state.epoch, state.update);
    await executor.setParams(params);
    if (checkpoint) await executor.setOptimizerState(checkpoint.optimizer);
    record.threads = threads;
    await folder.write(record);
    await folder.clearAsked();
    run.host.begun?.();
    const best = checkpoint?.best ?? null;
    const pictures = run.writeModel ? undefined : (learnedFrom(run.data.train) ?? undefined);
    return await runOn({ ...run, metrics, executor, state, best, pictures, watch: new Stopwatch(before) });
  } finally {
    executor.dispose();
  }
}

/** @throws FailureError if the executor computes other gradients than the reference. */
async function checkAgainstReference(
  { record, data, host }: Run,
  executor: TrainingExecutor,
  threads: number,
  params: ParamSet,
): Promise<RunRecord['check']> {
  if (record.executor === 'reference') return null;
  const { settings, preprocessing } = record;
  const checked = { split: data.train, preprocessing, settings, threads };
  try {
    const check = await checkGradients(executor, params, checked, host.signal);
    if (check) host.say(checkedLine(check));
    return check;
  } catch (error) {
    // The loop decides how a run stops; the check is made when the run is resumed.
    if (host.signal.aborted) return null;
    throw error;
  }
}

async function runOn(run: Running): Promise<TrainOutcome> {
  const { folder, record, data, host, executor, state } = run;
  const { settings, preprocessing } = record;
  let end: Awaited<ReturnType<typeof trainLoop>>;
  await showFilters(run);
  try {
    end = await trainLoop({ executor, data, settings, preprocessing }, state, hooksOf(run));
  } catch (error) {
    if (!(error instanceof DivergedError)) throw error;
    const failure = divergedFailure(error, settings);
    await folder.write({ ...record, state: 'diverged', failure: failure.toJSON() });
    throw failure;
  }
  await showFilters(run);
  if (end === 'stopped') {
    await save(run);
    return stopped(run);
  }
  if (end === 'early') {
    host.say(say('train.early', { epoch: state.epoch, count: settings.patience }));
  }
  return finish(run);
}

function hooksOf(run: Running): LoopHooks {
  const { record, host, state, watch } = run;
  const saveInTime = async (): Promise<void> => {
    if (watch.sinceSaved() >= (run.request.checkpointEvery ?? CHECKPOINT_EVERY)) await save(run);
  };
  const verdict = async (): Promise<'go' | 'stop'> => {
    if (host.pause?.asked() && !host.signal.aborted) {
      await save(run);
      await watch.apart(host.pause.over);
    }
    return host.signal.aborted ? 'stop' : 'go';
  };
  return {
    async step({ images, layers, stepsPerEpoch, loss, accuracy, learningRate }) {
      await host.updated?.(watch.trained(images));
      if (layers) {
        const { epoch, update } = state;
        await append(run, {
          type: 'step',
          epoch: epoch + 1,
          step: update,
          loss,
          accuracy,
          learningRate,
          ...watch.figures(),
          layers,
        });
      }
      await saveInTime();
      if (watch.sinceShown() >= FILTERS_EVERY) await showFilters(run);
      if (await watch.pause()) host.progress(trainingProgress(run, stepsPerEpoch));
      return verdict();
    },
    async evaluated(done, total) {
      await saveInTime();
      if (await watch.pause()) host.progress({ ...trainingProgress(run, null), phase: 'validating', done, total });
      return verdict();
    },
    async epoch({ epoch, train, validation, learningRate, best }) {
      const { update: step } = state;
      await append(run, {
        type: 'epoch',
        epoch: epoch + 1,
        step,
        train,
        validation,
        learningRate,
        best,
        ...watch.figures(),
      });
      if (best) {
        run.best = await run.executor.getParams();
        const training = trainingRecord(record, state.epoch, { train: null, validation, test: null });
        if (!run.writeModel) await writeBest(run.folder, record, run.graph, run.best, training, run.pictures);
      }
      await save(run);
      if (watch.sinceShown() >= FILTERS_APART) await showFilters(run);
      watch.resume();
      host.say(epochLine(epoch + 1, record.settings.epochs, train, validation, best));
      await tellStuck(run, epoch + 1, train, validation);
      return verdict();
    },
  };
}

/** Reports once that a run does not learn, and reports when it starts to learn after all. */
async function tellStuck(run: Running, epoch: number, train: Score, validation: Score | null): Promise<void> {
  const { record, data, state, host, folder } = run;
  const { settings } = record;
  const scores = { epoch, epochs: settings.epochs, updates: state.update, train, validation };
  const message = record.stuck ? unstuckMessage(scores, data, settings) : stuckMessage(scores, data, settings);
  if (!message) return;
  record.stuck = record.stuck ? null : message;
  host.say(message);
  await folder.write(record);
}

/** The host receives a line once the file has it. */
async function append({ metrics, host }: Running, line: MetricsLine): Promise<void> {
  await metrics.append(line);
  host.metrics?.(line);
}

async function showFilters({ host, graph, executor, state, watch, writeModel }: Running): Promise<void> {
  if (!host.filters || writeModel) return;
  const filters = firstFilters(graph, await executor.getParams(), state.update);
  if (filters) host.filters(filters);
  watch.shown();
}

async function save(run: Running): Promise<void> {
  const { folder, record, graph, metrics, executor, state, best, watch } = run;
  if (run.writeModel) return watch.saved();
  // The lines that the checkpoint relies on must be on disk before it.
  await metrics.sync();
  await writeCheckpoint(
    folder.file('checkpoint.safetensors'),
    graph,
    record.settings.seed,
    await takeCheckpoint(executor, state, best),
  );
  watch.saved();
}

async function stopped({ folder, record, host }: Running): Promise<TrainOutcome> {
  if (!(host.signal.reason instanceof Abandoned)) record.state = 'stopped';
  await folder.write(record);
  return { end: 'stopped', record };
}

/** Training is done: the best weights are evaluated once on every split, on the test split for the first time. */
async function finish(run: Running): Promise<TrainOutcome> {
  const { folder, record, graph, data, host, executor, state, watch } = run;
  await executor.setParams(run.best!);
  const scores: SplitScores = { train: null, validation: null, test: null };
  for (const split of ['train', 'validation', 'test'] as const) {
    const samples = data[split];
    if (!samples) continue;
    const score = await evaluateSplit(
      executor,
      samples,
      record.preprocessing,
      record.settings.batch,
      async (done, total) => {
        if (await watch.pause()) host.progress({ ...trainingProgress(run, null), phase: 'testing', done, total });
        // Nothing to save: the checkpoint of the last epoch is valid, and the executor holds the best weights.
        if (host.pause?.asked() && !host.signal.aborted) await watch.apart(host.pause.over);
        return host.signal.aborted ? 'stop' : 'go';
      },
    );
    // The checkpoint of the last epoch is still valid: nothing has been trained since.
    if (score === 'stop') return stopped(run);
    scores[split] = score;
  }
  const training = trainingRecord(record, state.epoch, scores);
  if (run.writeModel) await run.writeModel(run.best!, training);
  else await writeBest(folder, record, graph, run.best!, training, run.pictures);
  record.result = {
    accuracy: training.accuracy,
    loss: training.loss,
    epochs: state.epoch,
    bestEpoch: state.best!.epoch + 1,
    ...watch.figures(),
    parameters: totalParameters(graph),
  };
  record.state = 'finished';
  await folder.write(record);
  return { end: 'finished', record };
}

function trainingProgress({ state, record, data, watch }: Running, steps: number | null): RunProgress {
  const { epochs, expand } = record.settings;
  const total = data.train.samples.length * variantsOf(expand);
  const left = epochs * total - state.epoch * total - state.seen;
  const { imagesPerSecond } = watch.figures();
  return {
    phase: 'training',
    epoch: Math.min(epochs, state.epoch + 1),
    epochs,
    done: steps === null ? total : state.seen,
    total,
    imagesPerSecond,
    secondsLeft: imagesPerSecond > 0 ? left / imagesPerSecond : null,
    score: state.seen > 0 ? { loss: state.lossSum / state.seen, accuracy: state.correct / state.seen } : null,
  };
}

function epochLine(epoch: number, epochs: number, trained: Score, validation: Score | null, best: boolean): Message {
  const words = ({ loss, accuracy }: Score): Message =>
    say('train.epoch.score', { loss: loss.toFixed(4), accuracy: (100 * accuracy).toFixed(2) });
  return say('train.epoch', {
    epoch,
    epochs,
    training: words(trained),
    validation: validation ? say('train.epoch.validation', { score: words(validation) }) : '',
    best: best ? say('train.epoch.best') : '',
  });
}

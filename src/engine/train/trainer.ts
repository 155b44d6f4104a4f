import { resolve } from 'node:path';
import type { DataSet } from '../../core/data/dataset';
import { splitStratified } from '../../core/data/split';
import { channelStatistics, groundOf } from '../../core/data/statistics';
import type { TrainingExecutor } from '../../core/executor';
import { parameterCount } from '../../core/model/build';
import type { Graph, ParamSet } from '../../core/model/graph';
import type { Preprocessing, TrainingRecord } from '../../core/model/model';
import { writeModel } from '../../core/onnx/write';
import { freshState, DivergedError, evaluatePart, trainLoop, type LoopState, type Score } from '../../core/train/loop';
import { resolveSettings, SettingError, type TrainOptions, type TrainSettings } from '../../core/train/settings';
import { FailureError } from '../../shared/failures';
import type { Fit } from '../../shared/protocol';
import { writeFileAtomically } from '../files';
import { leftOutLines, loadData, type LoadedData } from '../data/load';
import type { Target } from '../data/fit';
import { architectureNamed, fitToClasses, startParams } from './architecture';
import { readCheckpoint, takeCheckpoint, writeCheckpoint, type Checkpoint } from './checkpoint';
import { openTrainer, versions } from './executor';
import { contradiction } from './resume';
import { MetricsFile, RunFolder, type RunRecord, type TrainResult } from './run-folder';
import { Stopwatch } from './stopwatch';

/** What somebody asks a run to be. What is left out takes its default, or with `resume` what the run began with. */
export interface TrainRequest {
  out: string;
  resume: boolean;
  overwrite: boolean;
  data?: string;
  model?: string;
  /** A file whose weights to start from. */
  init?: string;
  fit?: Fit;
  /** How the data and the model are called in the model's metadata. */
  dataName?: string;
  title?: string;
  /** Names for the classes, in order, instead of the data's own. */
  labels?: string[];
  options: TrainOptions;
  threads?: number;
  /** Seconds between two checkpoints inside an epoch, at most: 60 where left out. Changes nothing but what a kill costs. */
  checkpointEvery?: number;
}

export interface TrainProgress {
  phase: 'reading' | 'training' | 'validating' | 'testing';
  /** 1-based, of `epochs`. */
  epoch: number;
  epochs: number;
  /** Pictures of the phase (of the epoch, for training). */
  done: number;
  total: number;
  imagesPerSecond: number;
  /** To the end of the last epoch; null while nobody can tell. */
  secondsLeft: number | null;
  /** Of the epoch under way. */
  score: Score | null;
}

/** Who watches a run. */
export interface TrainHost {
  /** A line for people: what was found, changed or decided. */
  say(line: string): void;
  progress(progress: TrainProgress): void;
  /** Aborted: the run is left at the next update, with a checkpoint. */
  signal: AbortSignal;
}

export interface TrainOutcome {
  /** `untouched`: it was finished already. */
  end: 'finished' | 'stopped' | 'untouched';
  record: RunRecord;
}

const CHECKPOINT_EVERY = 60;
/** Share of the training part that becomes the validation part where the data has none. */
const VALIDATION_SHARE = 0.1;
const DEFAULT_FIT: Fit = 'crop';
const RESIZE: Preprocessing['resize'] = 'linear';

/**
 * Trains a network into a run folder, or goes on with one. Killed at any moment and resumed, a run ends with the same bits
 * as one that was left alone.
 * @throws FailureError; what was written before stays.
 */
export async function train(request: TrainRequest, host: TrainHost): Promise<TrainOutcome> {
  const folder = new RunFolder(request.out);
  const existing = await folder.look();
  if (existing && !request.resume && !request.overwrite) {
    throw new FailureError('run.invalid', {
      run: request.out,
      reason: 'holds a run already; go on with it (--resume) or write over it (--overwrite)',
    });
  }
  if (existing && request.resume) return resumeRun(folder, existing, request, host);
  if (!request.data || !request.model) {
    throw new FailureError('run.invalid', {
      run: request.out,
      reason:
        `holds no run to go on with; name ${request.data ? '' : '--data '}${request.model ? '' : '--model '}to begin one`.replace(
          '  ',
          ' ',
        ),
    });
  }
  return beginRun(folder, { ...request, data: request.data, model: request.model }, host);
}

async function beginRun(
  folder: RunFolder,
  request: TrainRequest & { data: string; model: string },
  host: TrainHost,
): Promise<TrainOutcome> {
  const settings = settingsOf(request.options);
  const architecture = await architectureNamed(request.model);
  const init = request.init ? await architectureNamed(request.init) : null;
  await folder.prepare();
  const usual = init?.preprocessing ?? architecture.preprocessing;
  const target = targetOf(
    request.model,
    architecture.spec.input,
    request.fit ?? usual?.fit ?? DEFAULT_FIT,
    usual?.resize ?? RESIZE,
  );
  const loaded = await load(request.data, target, settings.epochs, host).catch(async (error: unknown) => {
    await folder.forget();
    throw error;
  });
  const data = withValidation(loaded, settings.seed, host);
  const { graph, changes } = fitToClasses(architecture, data.labels.length);
  const start = await startParams(graph, settings.seed, settings.initializer, request.init ?? null);
  for (const line of [...changes, ...start.changes]) host.say(line);

  // Weights that were trained expect the pixels that they were trained on, unless somebody says otherwise.
  const given = request.options.normalize === undefined ? init?.preprocessing : undefined;
  const record: RunRecord = {
    format: 1,
    state: 'running',
    model: request.model,
    title: request.title ?? null,
    spec: graph.spec,
    labels: namedLabels(data.labels, request.labels),
    preprocessing: preprocessingOf(target, data, settings, given ?? null),
    options: request.options,
    settings,
    init: start.init,
    data: {
      path: request.data.startsWith('builtin:') ? request.data : resolve(request.data),
      name:
        request.dataName ??
        (loaded.format === 'generated' ? request.data : `${loaded.format} ${loaded.fingerprint.slice(0, 12)}`),
      format: loaded.format,
      fingerprint: loaded.fingerprint,
      samples: sampleCounts(data),
      leftOut: loaded.leftOut,
    },
    threads: 0,
    versions: versions(),
    started: new Date().toISOString(),
    updated: '',
    result: null,
    failure: null,
  };
  await folder.begin();
  return runFrom({ folder, record, graph, data, host, request }, start.params, null);
}

async function resumeRun(
  folder: RunFolder,
  before: RunRecord,
  request: TrainRequest,
  host: TrainHost,
): Promise<TrainOutcome> {
  const settings = settingsOf({ ...before.options, ...request.options });
  const refused = await contradiction(before, request, settings);
  if (refused)
    throw new FailureError('run.invalid', { run: request.out, reason: `${refused}; a resumed run keeps its settings` });
  if (before.state === 'finished' && settings.epochs <= before.settings.epochs) {
    host.say(`'${request.out}' is finished; it stays as it is`);
    return { end: 'untouched', record: before };
  }
  const { graph } = fitToClasses({ name: folder.file('run.json'), spec: before.spec }, before.labels.length);
  const checkpoint = await readCheckpoint(folder.file('checkpoint.safetensors'), graph);
  await folder.clean();
  const target: Target = { ...before.preprocessing, channels: graph.inputShape[2] };
  const path = request.data ?? before.data.path;
  const loaded = await load(path, target, settings.epochs, host);
  if (loaded.fingerprint !== before.data.fingerprint) {
    throw new FailureError('run.invalid', {
      run: request.out,
      reason: `its data was another one: '${path}' has changed since the run began, or is not what it began with`,
    });
  }
  const data = withValidation(loaded, settings.seed, host);
  const options = { ...before.options, epochs: settings.epochs };
  const record: RunRecord = { ...before, state: 'running', options, settings, result: null, failure: null };
  const run = { folder, record, graph, data, host, request };
  if (checkpoint) {
    host.say(
      `goes on after update ${checkpoint.state.update} (epoch ${checkpoint.state.epoch + 1} of ${settings.epochs})`,
    );
    return runFrom(run, checkpoint.params, checkpoint);
  }
  host.say('has no checkpoint yet; it starts anew');
  const start = await startParams(
    graph,
    settings.seed,
    settings.initializer,
    request.init ?? before.init?.file ?? null,
  );
  if (start.init?.digest !== before.init?.digest) {
    throw new FailureError('run.invalid', {
      run: request.out,
      reason: `began with the weights of '${before.init?.file}', which has changed since`,
    });
  }
  return runFrom(run, start.params, null);
}

interface Run {
  folder: RunFolder;
  record: RunRecord;
  graph: Graph;
  data: DataSet;
  host: TrainHost;
  request: TrainRequest;
}

async function runFrom(run: Run, params: ParamSet, checkpoint: Checkpoint | null): Promise<TrainOutcome> {
  const { folder, record, graph } = run;
  const { settings } = record;
  const metrics = new MetricsFile(folder.file('metrics.jsonl'));
  const state = checkpoint?.state ?? freshState();
  const secondsBefore = await metrics.cut(state.epoch, state.update);
  const { executor, threads } = await openTrainer(graph, settings, run.request.threads);
  try {
    executor.setParams(params);
    if (checkpoint) executor.setOptimizerState(checkpoint.optimizer);
    record.threads = threads;
    await folder.write(record);
    return await runOn({
      ...run,
      metrics,
      executor,
      state,
      best: checkpoint?.best ?? null,
      watch: new Stopwatch(secondsBefore),
    });
  } finally {
    executor.dispose();
  }
}

interface Running extends Run {
  metrics: MetricsFile;
  executor: TrainingExecutor;
  state: LoopState;
  best: Checkpoint['best'];
  watch: Stopwatch;
}

async function runOn(run: Running): Promise<TrainOutcome> {
  const { folder, record, graph, data, host, metrics, executor, state, watch } = run;
  const { settings, preprocessing } = record;
  const saveInTime = async (): Promise<void> => {
    if (watch.sinceSaved() >= (run.request.checkpointEvery ?? CHECKPOINT_EVERY)) await save();
  };
  const save = async (): Promise<void> => {
    await metrics.sync();
    await writeCheckpoint(
      folder.file('checkpoint.safetensors'),
      graph,
      settings.seed,
      takeCheckpoint(executor, state, run.best),
    );
    watch.saved();
  };
  const stopped = async (): Promise<TrainOutcome> => {
    await save();
    record.state = 'stopped';
    await folder.write(record);
    return { end: 'stopped', record };
  };
  const keepBest = async (validation: Score | null): Promise<void> => {
    run.best = executor.getParams();
    await writeBest(run, trainingRecord(record, state.epoch, { train: null, validation, test: null }));
  };

  let end: Awaited<ReturnType<typeof trainLoop>>;
  try {
    end = await trainLoop({ executor, data, settings, preprocessing }, state, {
      step: async (report) => {
        watch.trained(report.images);
        if (report.layers) {
          const { epoch, update } = report.state;
          const { loss, accuracy, learningRate, layers } = report;
          await metrics.append({
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
        if (await watch.pause()) host.progress(trainingProgress(run, report.stepsPerEpoch));
        return host.signal.aborted ? 'stop' : 'go';
      },
      evaluated: async (done, total) => {
        await saveInTime();
        if (await watch.pause()) host.progress({ ...trainingProgress(run, null), phase: 'validating', done, total });
        return host.signal.aborted ? 'stop' : 'go';
      },
      epoch: async ({ epoch, train: trained, validation, learningRate, best }) => {
        await metrics.append({
          type: 'epoch',
          epoch: epoch + 1,
          step: state.update,
          train: trained,
          validation,
          learningRate,
          best,
          ...watch.figures(),
        });
        if (best) await keepBest(validation);
        await save();
        watch.resume();
        host.say(epochLine(epoch + 1, settings.epochs, trained, validation, best));
        return host.signal.aborted ? 'stop' : 'go';
      },
    });
  } catch (error) {
    if (!(error instanceof DivergedError)) throw error;
    const failure = divergedFailure(error, settings);
    await folder.write({ ...record, state: 'diverged', failure: failure.message });
    throw failure;
  }
  if (end === 'stopped') return stopped();
  if (end === 'early')
    host.say(`ends after epoch ${state.epoch}: the validation loss has not fallen for ${settings.patience} epochs`);

  executor.setParams(run.best!);
  const scores = { train: null, validation: null, test: null } as Record<'train' | 'validation' | 'test', Score | null>;
  for (const part of ['train', 'validation', 'test'] as const) {
    const samples = data[part];
    if (!samples) continue;
    const score = await evaluatePart(executor, samples, preprocessing, settings.batch, async (done, total) => {
      if (await watch.pause()) host.progress({ ...trainingProgress(run, null), phase: 'testing', done, total });
      return host.signal.aborted ? 'stop' : 'go';
    });
    if (score === 'stop') {
      // The checkpoint of the last epoch stands: nothing has been trained since.
      record.state = 'stopped';
      await folder.write(record);
      return { end: 'stopped', record };
    }
    scores[part] = score;
  }
  const final = trainingRecord(record, state.epoch, scores);
  await writeBest(run, final);
  record.result = {
    accuracy: final.accuracy,
    loss: final.loss,
    epochs: state.epoch,
    bestEpoch: state.best!.epoch + 1,
    ...watch.figures(),
    parameters: graph.layers.reduce((sum, layer) => sum + parameterCount(layer), 0),
  };
  record.state = 'finished';
  await folder.write(record);
  return { end: 'finished', record };
}

async function writeBest({ folder, record, graph, best }: Running, training: TrainingRecord): Promise<void> {
  const { labels, preprocessing, title } = record;
  const metadata = { labels, preprocessing, training, ...(title ? { title } : {}) };
  await writeFileAtomically(folder.file('model.onnx'), writeModel({ graph, params: best!, metadata }));
}

/** Figures for the model's metadata: nothing in it depends on a clock, the machine, or where things lie. */
function trainingRecord(
  record: RunRecord,
  epochs: number,
  scores: Record<'train' | 'validation' | 'test', Score | null>,
): TrainingRecord {
  const { settings, data } = record;
  const augmentation = Object.entries(settings.augmentation).filter(([, value]) => value !== 0 && value !== 'none');
  const each = (of: keyof Score): TrainingRecord['accuracy'] => ({
    train: scores.train?.[of] ?? null,
    validation: scores.validation?.[of] ?? null,
    test: scores.test?.[of] ?? null,
  });
  return {
    data: data.name,
    samples: data.samples,
    epochs,
    batch: settings.batch,
    optimizer: settings.optimizer.kind,
    learningRate: settings.learningRate,
    schedule: record.options.schedule ?? settings.schedule.kind,
    seed: settings.seed,
    augmentation: augmentation.map(([name, value]) => `${name}=${value}`),
    accuracy: each('accuracy'),
    loss: each('loss'),
  };
}

function settingsOf(options: TrainOptions): TrainSettings {
  try {
    return resolveSettings(options);
  } catch (error) {
    if (error instanceof SettingError) throw new FailureError('train.invalid', { reason: error.message });
    throw error;
  }
}

function targetOf(
  model: string,
  input: { height: number; width: number; channels: number },
  fit: Fit,
  resize: Preprocessing['resize'],
): Target {
  const { height, width, channels } = input;
  if (channels !== 1 && channels !== 3) {
    throw new FailureError('model.invalid', {
      file: model,
      reason: `takes ${channels} channels, pictures have 1 (grey) or 3 (RGB)`,
    });
  }
  return { height, width, channels, fit, resize };
}

async function load(path: string, target: Target, epochs: number, host: TrainHost): Promise<LoadedData> {
  const watch = new Stopwatch(0);
  const loaded = await loadData(path, target, {
    signal: host.signal,
    progress: (done, total) => {
      if (!watch.due()) return;
      const imagesPerSecond = done / watch.seconds();
      host.progress({
        phase: 'reading',
        epoch: 0,
        epochs,
        done,
        total,
        imagesPerSecond,
        secondsLeft: (total - done) / imagesPerSecond,
        score: null,
      });
    },
  });
  for (const line of leftOutLines(loaded.leftOut)) host.say(line);
  return loaded;
}

/** Where the data names no validation part, a tenth of the training part becomes one. The test part stays out of it. */
function withValidation(loaded: LoadedData, seed: number, host: TrainHost): DataSet {
  const { labels, train: part, validation, test } = loaded;
  const data = { labels, train: part, validation, test };
  if (!validation) {
    const { rest, share } = splitStratified(part, labels.length, VALIDATION_SHARE, seed);
    Object.assign(data, { train: rest, validation: share });
  }
  const { train: n, validation: v, test: t } = sampleCounts(data);
  const origin = validation
    ? ''
    : v > 0
      ? ' (a tenth of the training part)'
      : ' (too few pictures; the training loss chooses)';
  host.say(`${labels.length} classes, ${n} images to train on, ${v} to validate${origin}, ${t} to test`);
  return data;
}

function namedLabels(own: readonly string[], given: string[] | undefined): string[] {
  if (!given) return [...own];
  if (given.length !== own.length || new Set(given).size !== given.length) {
    throw new FailureError('train.invalid', {
      reason: `labels: found ${given.length} names (${given.join(', ')}), expected ${own.length} different ones`,
    });
  }
  return given;
}

const sampleCounts = (data: DataSet): RunRecord['data']['samples'] => ({
  train: data.train.samples.length,
  validation: data.validation?.samples.length ?? 0,
  test: data.test?.samples.length ?? 0,
});

function preprocessingOf(
  target: Target,
  data: DataSet,
  settings: TrainSettings,
  given: Preprocessing | null,
): Preprocessing {
  const { height, width, channels, fit, resize } = target;
  const unit = { mean: new Array<number>(channels).fill(0), deviation: new Array<number>(channels).fill(1) };
  const { mean, deviation } = settings.normalize === 'unit' ? unit : channelStatistics(data.train);
  const ground = groundOf(data.train);
  const common = { colour: channels === 1 ? ('grey' as const) : ('rgb' as const), height, width, fit, resize, ground };
  if (given && given.mean.length === channels)
    return { ...common, scale: given.scale, mean: given.mean, deviation: given.deviation };
  return { ...common, scale: 1 / 255, mean, deviation };
}

function trainingProgress({ state, record, data, watch }: Running, steps: number | null): TrainProgress {
  const { epochs } = record.settings;
  const total = data.train.samples.length;
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

function epochLine(epoch: number, epochs: number, trained: Score, validation: Score | null, best: boolean): string {
  const words = ({ loss, accuracy }: Score): string =>
    `loss ${loss.toFixed(4)}, accuracy ${(100 * accuracy).toFixed(2)} %`;
  return `epoch ${epoch} of ${epochs}: training ${words(trained)}${validation ? `; validation ${words(validation)}` : ''}${best ? ' (best so far)' : ''}`;
}

function divergedFailure(error: DivergedError, settings: TrainSettings): FailureError {
  const advice = [`a learning rate ten times smaller (--lr ${Number((settings.learningRate / 10).toPrecision(6))})`];
  if (settings.optimizer.clipNorm === 0) advice.push('clipped gradients (--clip 1)');
  if (settings.warmup === 0) advice.push('warm-up (--warmup 1)');
  if (settings.normalize !== 'standard') advice.push('--normalize standard');
  return new FailureError('train.diverged', {
    step: error.step,
    epoch: error.epoch,
    what: `the ${error.during} loss became ${Number.isNaN(error.loss) ? 'NaN' : 'infinite'}`,
    layer: error.layer === null ? 'none (the loss itself)' : `'${error.layer}'`,
    advice: `try ${advice.join(', ')}`,
  });
}

export type { TrainResult };

import { FailureError } from '../../src/shared/failures';
import { resolveSettings } from '../../src/core/train/settings';
import type { Params, Result } from '../../src/shared/protocol';
import type { TrainingMethods } from '../../src/shared/training';
import type { FirstFilters, MetricsLine, RunInfo, RunProgress, RunState } from '../../src/shared/runs';
import type { FakeClient } from './fake-client';
import { seeded } from './fake-network';
import { messageOf, say } from '../../src/words';

type Answers = Partial<{ [M in keyof TrainingMethods]: (params: Params<M>) => Result<M> | Promise<Result<M>> }>;

const labels = ['blue', 'green', 'orange', 'red', 'violet', 'yellow'];
const layers = ['conv1', 'conv2', 'dense1', 'dense2'];
const perEpoch = 50;

/** A run as the engine tells of it, with what a test wants to differ. */
export function fakeRun(id: string, state: RunState, change: Partial<RunInfo> = {}): RunInfo {
  const done = state === 'finished';
  return {
    id,
    title: `colors-cnn on colors ${id}`,
    network: { source: { kind: 'bundled', id: 'colors-cnn' }, variant: 'itself' },
    networkTitle: null,
    recipe: null,
    fit: null,
    range: null,
    data: { id: 'builtin:colors', name: 'builtin:colors', kind: 'generated', path: null, present: true },
    started: `2026-11-${id.padStart(2, '0').slice(-2)}T08:15:00.000Z`,
    state,
    notes: { title: '', tags: [], note: '' },
    progress: null,
    epoch: done ? 10 : 0,
    epochs: 10,
    bestEpoch: done ? 8 : null,
    accuracy: done ? { train: 0.994, validation: 0.958, test: 0.9633 } : { train: null, validation: null, test: null },
    loss: done ? { train: 0.021, validation: 0.118, test: 0.1043 } : { train: null, validation: null, test: null },
    parameters: 52_326,
    macs: 1_234_000,
    seconds: done ? 84 : 0,
    labels,
    inputShape: [3, 28, 28],
    settings: resolveSettings({ epochs: 10, batch: 16, lr: 0.1, optimizer: 'sgd' }),
    samples: { train: 4800, validation: 600, test: 600 },
    commonest: { train: 0.18, validation: 0.17, test: 0.17 },
    hasModel: done,
    failure: null,
    check: { images: 9, difference: 2.4e-6, param: 'conv1.weight', seconds: 0.2 },
    stuck: null,
    said: [say('train.fit.units', { layer: 'dense2', units: 6, before: 10 }), say('folders.left.more', { count: 2 })],
    ...change,
  };
}

/** The lines of a run's first `epochs` epochs: a loss that falls with noise. */
export function fakeLines(epochs: number, seed = 1, from = 0): MetricsLine[] {
  const random = seeded(seed);
  const lines: MetricsLine[] = [];
  for (let step = 1; step <= epochs * perEpoch; step++) {
    const share = step / perEpoch;
    const loss = 1.7 * Math.exp(-share / 2.2) + 0.03 + 0.2 * random() * Math.exp(-share / 5);
    const epoch = Math.ceil(share);
    if (step > from * perEpoch && step % 5 === 0)
      lines.push({
        type: 'step',
        epoch,
        step,
        loss,
        accuracy: Math.max(0, 1 - loss * 0.55),
        learningRate: 0.1,
        seconds: step / 40,
        imagesPerSecond: 2100 + 100 * random(),
        layers: layers.map((layer, i) => ({
          layer,
          gradientNorm: (0.2 + 0.3 * i) * loss * (0.8 + 0.4 * random()),
          weightNorm: 3 + i,
          updateRatio: 0.002 * loss * (1 + i) * (0.8 + 0.4 * random()),
          activationMean: 0.2 * i - 0.1 + share * 0.02,
          activationDeviation: 0.6 + 0.1 * i,
          zeroFraction: layer.startsWith('conv') ? 0.4 + 0.02 * share : 0,
        })),
      });
    if (step > from * perEpoch && step % perEpoch === 0)
      lines.push({
        type: 'epoch',
        epoch,
        step,
        train: { loss: loss + 0.02, accuracy: Math.max(0, 1 - loss * 0.5) },
        validation: { loss: loss + 0.08 + Math.max(0, share - 7) * 0.02, accuracy: Math.max(0, 0.97 - loss * 0.5) },
        learningRate: 0.1,
        best: epoch <= 8,
        seconds: step / 40 + 0.5,
        imagesPerSecond: 2100,
      });
  }
  return lines;
}

function fakeFilters(shape: number[], step: number): FirstFilters {
  const data = new Int8Array(shape.reduce((a, b) => a * b));
  const [, channels, height, width] = shape;
  for (let i = 0; i < data.length; i++) {
    const x = i % width;
    const y = Math.floor(i / width) % height;
    const c = Math.floor(i / (width * height)) % channels;
    const o = Math.floor(i / (width * height * channels));
    data[i] = 127 * Math.sin(o + (x * Math.cos(o) + y * Math.sin(o)) * (4 / width) + c * 0.7 + step / 300);
  }
  return { layer: 'conv1', shape, data, absMax: 0.3, step };
}

/** Runs that train in the page, on a clock: for looking at the Train screen and for tests of its state. */
export class FakeRuns {
  readonly runs = new Map<string, RunInfo>();
  readonly #trash = new Map<string, RunInfo>();
  readonly lines = new Map<string, MetricsLine[]>();
  readonly #clocks = new Map<string, ReturnType<typeof setInterval>>();
  /** Where it tells of what happens. */
  client: FakeClient | null = null;

  constructor(
    runs: RunInfo[] = [],
    readonly filterShape = [6, 3, 5, 5],
  ) {
    for (const run of runs) {
      this.runs.set(run.id, run);
      this.lines.set(run.id, fakeLines(run.epoch));
    }
  }

  #get(id: string): RunInfo {
    const run = this.runs.get(id);
    if (!run) throw new FailureError('run.invalid', { run: id, reason: messageOf('there is no such run') }).toJSON();
    return run;
  }

  change(id: string, change: Partial<RunInfo>): RunInfo {
    const run = { ...this.#get(id), ...change };
    this.runs.set(id, run);
    this.client?.emit('run', { run });
    return run;
  }

  /** Goes on by a few updates every `every` milliseconds. */
  train(id: string, every = 250): RunInfo {
    clearInterval(this.#clocks.get(id));
    this.#clocks.set(
      id,
      setInterval(() => this.advance(id, 5), every),
    );
    return this.change(id, { state: 'training', progress: this.#progress(id) });
  }

  advance(id: string, steps: number): void {
    const known = this.lines.get(id) ?? [];
    const run = this.#get(id);
    const step = (known[known.length - 1]?.step ?? 0) + steps;
    const lines = fakeLines(run.epochs).filter((line) => line.step > step - steps && line.step <= step);
    this.lines.set(id, [...known, ...lines]);
    this.client?.emit('metrics', { run: id, lines });
    this.client?.emit('filters', { run: id, filters: fakeFilters(this.filterShape, step) });
    const epoch = Math.floor(step / perEpoch);
    const through = lines.find((line) => line.type === 'epoch');
    const scores = through
      ? {
          bestEpoch: Math.min(8, epoch),
          accuracy: { train: through.train.accuracy, validation: through.validation?.accuracy ?? null, test: null },
          loss: { train: through.train.loss, validation: through.validation?.loss ?? null, test: null },
          hasModel: true,
        }
      : {};
    if (epoch >= run.epochs) {
      this.stop(id, 'finished', { ...fakeRun(id, 'finished'), title: run.title, epoch });
    } else this.change(id, { ...scores, epoch, seconds: step / 40, progress: this.#progress(id) });
  }

  #progress(id: string): RunProgress {
    const run = this.#get(id);
    const known = this.lines.get(id) ?? [];
    const last = known[known.length - 1];
    const step = last?.step ?? 0;
    return {
      phase: 'training',
      epoch: Math.min(run.epochs, Math.floor(step / perEpoch) + 1),
      epochs: run.epochs,
      done: ((step % perEpoch) / perEpoch) * run.samples.train,
      total: run.samples.train,
      imagesPerSecond: 2140,
      secondsLeft: (run.epochs * perEpoch - step) / 20,
      score: last?.type === 'step' ? { loss: last.loss, accuracy: last.accuracy } : null,
    };
  }

  stop(id: string, state: RunState, change: Partial<RunInfo> = {}): RunInfo {
    clearInterval(this.#clocks.get(id));
    const kept = state === 'paused' ? {} : { progress: null };
    return this.change(id, { ...kept, ...change, state });
  }

  readonly answers: Answers = {
    runs: () => [...this.runs.values()].sort((a, b) => b.started.localeCompare(a.started)),
    pauseRun: ({ run }) => this.stop(run, 'paused'),
    continueRun: ({ run }) => this.train(run),
    stopRun: ({ run }) => this.stop(run, 'stopped'),
    resumeRun: ({ run, epochs }) => {
      if (epochs) this.change(run, { epochs });
      return this.train(run);
    },
    removeRun: ({ run }) => {
      this.#trash.set(run, this.#get(run));
      this.runs.delete(run);
      this.client?.emit('runRemoved', { run });
      return {};
    },
    restoreRun: ({ run }) => {
      const back = this.#trash.get(run);
      if (!back) throw new FailureError('run.invalid', { run, reason: messageOf('is not in the trash') }).toJSON();
      this.runs.set(run, back);
      return back;
    },
    annotateRun: ({ run, notes }) => this.change(run, { notes, title: notes.title || this.#get(run).title }),
    runMetrics: ({ run }) => this.lines.get(run) ?? [],
    runFilters: () => fakeFilters(this.filterShape, 400),
    runFile: ({ run }) => ({ name: `${run}.onnx`, bytes: new Uint8Array(64) }),
    verifyRun: async ({ job }) => {
      for (let done = 0; done <= 100; done += 5) {
        this.client?.emit('progress', { job, done, total: 100, secondsLeft: (100 - done) / 40 });
        await new Promise((resolve) => setTimeout(resolve, 60));
      }
      return {
        ok: true,
        altered: [],
        notFinite: [],
        findings: [],
        images: 100,
        top1Agreement: 1,
        layers: layers.map((name, i) => ({ name, maxAbs: 1e-6 * i, maxRel: 1.3e-6 * (i + 1) })),
        preprocessing: null,
        file: {
          name: 'model.onnx',
          bytes: 64,
          sha256: '0'.repeat(64),
          opset: 17,
          inputShape: [1, 28, 28],
          classes: 10,
        },
        convscope: '1.0.0',
        onnxruntime: '1.30.0',
      };
    },
  };
}

import { describe, expect, it } from 'vitest';
import type { DataSet, Split } from '../../../src/core/data/dataset';
import type { Draw, StepResult, TrainingExecutor } from '../../../src/core/backends/executor';
import { buildGraph } from '../../../src/core/model/build';
import { initParams } from '../../../src/core/model/init';
import type { Preprocessing } from '../../../src/core/model/model';
import { Batcher, epochOrder, stepsPerEpoch } from '../../../src/core/train/batches';
import {
  DivergedError,
  freshState,
  trainLoop,
  type EpochReport,
  type LoopHooks,
  type LoopState,
  type StepReport,
} from '../../../src/core/train/loop';
import { ReferenceTrainer } from '../../../src/core/backends/reference/trainer';
import { resolveSettings, type TrainOptions } from '../../../src/core/train/settings';

const preprocessing: Preprocessing = {
  colour: 'grey',
  height: 4,
  width: 4,
  fit: 'crop',
  resize: 'linear',
  scale: 1 / 255,
  mean: [0.5],
  deviation: [0.25],
  ground: 'dark',
};

/** Pictures that are bright in one half: the class is which. */
function halves(count: number): Split {
  const pixels = new Uint8Array(count * 16);
  const labels = Int32Array.from({ length: count }, (_, i) => i % 2);
  for (let i = 0; i < count; i++)
    for (let p = 0; p < 16; p++)
      pixels[i * 16 + p] = p < 8 === (i % 2 === 0) ? 130 + ((i * 7 + p) % 100) : (i * 5 + p) % 100;
  return {
    images: { count, height: 4, width: 4, channels: 1, pixels, labels },
    samples: Int32Array.from({ length: count }, (_, i) => i),
  };
}

const quiet: LoopHooks = { step: async () => 'go', evaluated: async () => 'go', epoch: async () => 'go' };

const graph = buildGraph({
  input: { height: 4, width: 4, channels: 1 },
  layers: [
    { kind: 'conv', filters: 3, kernel: 3 },
    { kind: 'relu' },
    { kind: 'flatten' },
    { kind: 'dropout', rate: 0.2 },
    { kind: 'dense', units: 2 },
    { kind: 'softmax' },
  ],
});

/** Answers what the test says; remembers what it was given. */
class Scripted implements Partial<TrainingExecutor> {
  readonly graph = graph;
  readonly batchInput = new Float32Array(4 * 16);
  readonly steps: { samples: number[]; epoch: number; rate: number; step: number }[] = [];
  private evaluated = 0;
  constructor(
    private readonly validation: number[],
    private readonly training: (step: number) => number = () => 1,
  ) {}
  trainStep(_: Float32Array, __: Int32Array, ___: number, draw: Draw, rate: number, step: number): StepResult {
    this.steps.push({ samples: Array.from(draw.samples), epoch: draw.epoch, rate, step });
    return { loss: this.training(step), correct: 1 };
  }
  evaluateStep(): StepResult {
    return { loss: this.validation[this.evaluated++], correct: 1 };
  }
  watch(): [] {
    return [];
  }
  firstNonFinite(): string {
    return 'conv1';
  }
}

async function runScripted(
  executor: Scripted,
  options: TrainOptions,
  data: Partial<DataSet> = {},
): Promise<{ reports: EpochReport[]; state: LoopState; end: string }> {
  const reports: EpochReport[] = [];
  const state = freshState();
  const hooks: LoopHooks = { ...quiet, epoch: async (report) => (reports.push(report), 'go') };
  const set = { labels: ['a', 'b'], train: halves(9), validation: halves(4), test: null, ...data };
  const end = await trainLoop(
    {
      executor: executor as unknown as TrainingExecutor,
      data: set,
      settings: resolveSettings({ batch: 4, ...options }),
      preprocessing,
    },
    state,
    hooks,
  );
  return { reports, state, end };
}

describe('training loop', () => {
  it('keeps the epoch of the lowest validation loss, the first on a tie', async () => {
    const { reports, state } = await runScripted(new Scripted([3, 1, 2, 1, 5]), { epochs: 5 });
    expect(reports.map(({ best }) => best)).toEqual([true, true, false, false, false]);
    expect(state.best).toMatchObject({ epoch: 1, loss: 1 });
  });

  it('lets the training loss choose where there is no validation split', async () => {
    const executor = new Scripted([], (step) => [9, 9, 1, 1, 2, 2][step - 1]);
    const { state, reports } = await runScripted(
      executor,
      { epochs: 3, batch: 4 },
      { train: halves(8), validation: null },
    );
    expect(reports.map(({ validation }) => validation)).toEqual([null, null, null]);
    expect(state.best?.epoch).toBe(1);
  });

  it('ends early when the loss has not fallen for `patience` epochs', async () => {
    const { end, state } = await runScripted(new Scripted([3, 2, 2, 4, 1]), { epochs: 5, patience: 2 });
    expect([end, state.epoch]).toEqual(['early', 4]);
    expect((await runScripted(new Scripted([3, 2, 2, 1, 4]), { epochs: 5, patience: 2 })).end).toBe('finished');
  });

  it('goes through every picture once an epoch, in another order each, and leaves a batch of one out', async () => {
    const executor = new Scripted([1, 1]);
    await runScripted(executor, { epochs: 2 });
    expect(executor.steps.map(({ samples }) => samples.length)).toEqual([4, 4, 4, 4]);
    expect(executor.steps.map(({ step }) => step)).toEqual([1, 2, 3, 4]);
    const [first, second] = [0, 1].map((epoch) =>
      executor.steps.filter((step) => step.epoch === epoch).flatMap(({ samples }) => samples),
    );
    expect(new Set(first).size).toBe(8);
    expect(first).not.toEqual(second);
    const { samples } = halves(9);
    expect(first).toEqual([...epochOrder(samples, 1, 0).subarray(0, 8)]);
    expect([stepsPerEpoch(9, 4), stepsPerEpoch(10, 4), stepsPerEpoch(8, 4), stepsPerEpoch(1, 4)]).toEqual([2, 3, 2, 1]);
  });

  it.each([NaN, Infinity])('stops at a loss of %s and says where', async (loss) => {
    const failed = runScripted(new Scripted([1, 1], (step) => (step === 3 ? loss : 1)), { epochs: 2, lr: 0.5 });
    await expect(failed).rejects.toThrow(DivergedError);
    await expect(failed).rejects.toMatchObject({
      step: 3,
      epoch: 2,
      layer: 'conv1',
      learningRate: 0.5,
      during: 'training',
    });
  });

  it('stops at a validation loss that is NaN', async () => {
    await expect(runScripted(new Scripted([1, NaN]), { epochs: 2 })).rejects.toMatchObject({
      epoch: 2,
      during: 'validation',
    });
  });

  it('learns, with the reference trainer', async () => {
    const { reports } = await learn({ epochs: 12, lr: 0.01 });
    expect(reports[11].train.loss).toBeLessThan(reports[0].train.loss / 2);
    expect(reports[11].validation?.accuracy).toBe(1);
  });

  it('comes to the same bits with an executor that answers later', async () => {
    const options = { epochs: 2, lr: 0.01 };
    expect(await learn(options, Infinity, later)).toEqual(await learn(options));
  });

  it('comes to the same bits when it is left at any moment and taken up by another executor', async () => {
    const varied = { shift: 1, flip: 'horizontal', rotate: 10, brightness: 0.2, contrast: 0.2, erase: 0.5, mixup: 0.4 };
    const options = { epochs: 3, lr: 0.01, augment: { ...varied, cutmix: 1 } };
    const whole = await learn(options);
    const total = whole.reports.length * stepsPerEpoch(20, 8);
    for (let stop = 1; stop <= total; stop++) {
      const parts = await learn(options, stop);
      expect(parts.params, `left after update ${stop}`).toEqual(whole.params);
      expect(parts.reports).toEqual(whole.reports);
      expect(parts.state).toEqual(whole.state);
    }
  });
});

/** A real run on the reference trainer, left after update `stop` and taken up anew. */
async function learn(
  options: TrainOptions,
  stop = Infinity,
  seen: (executor: ReferenceTrainer) => TrainingExecutor = (executor) => executor,
): Promise<{ reports: EpochReport[]; params: Map<string, Float32Array>; state: LoopState }> {
  const settings = resolveSettings({ batch: 8, optimizer: 'adam', ...options });
  const data = { labels: ['a', 'b'], train: halves(20), validation: halves(6), test: null };
  const reports: EpochReport[] = [];
  let state = freshState();
  let executor = new ReferenceTrainer(graph, 8, settings.optimizer);
  executor.setParams(initParams(graph, 3));
  const hooks: LoopHooks = {
    ...quiet,
    step: async (report: StepReport) => (report.state.update === stop ? 'stop' : 'go'),
    epoch: async (report) => (reports.push(report), 'go'),
  };
  if ((await trainLoop({ executor: seen(executor), data, settings, preprocessing }, state, hooks)) === 'stopped') {
    const fresh = new ReferenceTrainer(graph, 8, settings.optimizer);
    fresh.setParams(executor.getParams());
    fresh.setOptimizerState(executor.optimizerState());
    executor = fresh;
    state = JSON.parse(JSON.stringify(state)) as LoopState;
    await trainLoop({ executor, data, settings, preprocessing }, state, { ...hooks, step: async () => 'go' });
  }
  return { reports, params: executor.getParams(), state };
}

/** The same executor, whose answers come later. */
const later = (executor: ReferenceTrainer): TrainingExecutor =>
  new Proxy(executor, {
    get(target, name: keyof ReferenceTrainer) {
      const own: unknown = target[name];
      if (typeof own !== 'function') return own;
      return async (...given: unknown[]) => {
        await new Promise((resolve) => setImmediate(resolve));
        return (own as (...given: unknown[]) => unknown).apply(target, given);
      };
    },
  }) as unknown as TrainingExecutor;

describe('batches', () => {
  it('normalizes bytes by (pixel × scale − mean) ÷ deviation, the same with augmentation that changes nothing', () => {
    const split = halves(3);
    const batcher = new Batcher(split, preprocessing);
    const [input, labels] = [new Float32Array(32), new Int32Array(2)];
    batcher.fill(Int32Array.of(2, 1), input, labels);
    expect([...labels]).toEqual([0, 1]);
    for (const [i, sample] of [2, 1].entries()) {
      for (let p = 0; p < 16; p++)
        expect(input[i * 16 + p]).toBe(Math.fround((split.images.pixels[sample * 16 + p] / 255 - 0.5) / 0.25));
    }
  });
});

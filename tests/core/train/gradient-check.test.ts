import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { Executor, TrainingExecutor } from '../../../src/core/backends/executor';
import { createWasmExecutor, type WasmExecutor } from '../../../src/core/backends/wasm/create';
import { initParams } from '../../../src/core/model/init';
import { buildGraph } from '../../../src/core/model/build';
import type { InputSpec, LayerSpec } from '../../../src/core/model/spec';
import { networkOf, seedOf } from '../../../src/agreement/search';
import { drawParams, drawSample } from '../../../src/agreement/sample';
import { logitsOf } from '../../../src/core/model/graph';
import { sizeOf } from '../../../src/core/tensor';
import { ReferenceExecutor } from '../../../src/core/backends/reference/executor';
import { Generator } from '../../../src/core/random';
import { compareGradients, fewestImages, GRADIENT_TOLERANCE } from '../../../src/core/train/gradient-check';
import { compareShards } from '../../../src/core/train/shard-check';
import { comparePartly, type PartialCheck } from '../../../src/core/train/partial-gradient-check';
import { optimizerDefaults } from '../../../src/core/train/optimizers';
import { affordable, imagesFor, type CheckedRun } from '../../../src/engine/train/check-gradients';
import { loadKernels } from '../../../src/engine/runtime/kernels';
import type { RunRecord } from '../../../src/engine/train/run-record';
import type { GradientCheck } from '../../../src/shared/runs';
import { FailureError } from '../../../src/shared/failures';
import { sentence, type Message } from '../../../src/words';
import { makeSpots } from '../../engine/runs/engine';
import { quietTrain, scratch } from '../../engine/train/helpers';

/** Bends the gradients of the executors that the trainer makes; null leaves them as they are. */
let bend: ((gradients: Map<string, Float32Array>) => void) | null = null;

vi.mock('../../../src/core/backends/wasm/create', async (original) => {
  const real = await original<typeof import('../../../src/core/backends/wasm/create')>();
  const made: typeof createWasmExecutor = async (graph, options) => {
    const executor = await real.createWasmExecutor(graph, options);
    const { gradients } = executor;
    executor.gradients = function (this: WasmExecutor) {
      const found = gradients.call(this);
      bend?.(found);
      return found;
    };
    return executor;
  };
  return { ...real, createWasmExecutor: made };
});

const layers: LayerSpec[] = [
  { kind: 'conv', filters: 4, kernel: 3, padding: 1 },
  { kind: 'batchnorm' },
  { kind: 'relu' },
  { kind: 'maxpool', size: 2 },
  { kind: 'conv', filters: 6, kernel: 3 },
  { kind: 'relu' },
  { kind: 'maxpool', size: 2 },
  { kind: 'flatten' },
  { kind: 'dense', units: 16 },
  { kind: 'dropout', rate: 0.25 },
  { kind: 'batchnorm' },
  { kind: 'relu' },
  { kind: 'dense', units: 5 },
  { kind: 'softmax' },
];
const graph = buildGraph({ input: { height: 12, width: 12, channels: 1 }, layers });
const params = initParams(graph, 3);
const n = 5;
const batch = {
  input: Float32Array.from({ length: n * 144 }, (_, i) => ((i * i * 13 + 7 * i) % 97) / 97),
  labels: Int32Array.of(0, 1, 2, 3, 4),
  n,
  draw: { seed: 1, epoch: 0, samples: [0, 1, 2, 3, 4] },
};
const wasm = (): Promise<TrainingExecutor> =>
  createWasmExecutor(graph, {
    maxBatch: 8,
    kernels: loadKernels(),
    keep: 'training',
    optimizer: { ...optimizerDefaults, kind: 'adam' },
  });

describe('gradients of both executors', () => {
  it('agree, those of a bias before a batch norm too, which are rounding alone', async () => {
    const executor = await wasm();
    const found = (await compareGradients(executor, params, batch))!;
    expect(found.map(({ param }) => param)).toContain('conv1.bias');
    for (const { param, difference } of found) expect(difference, param).toBeLessThan(GRADIENT_TOLERANCE / 4);
    executor.dispose();
  });

  it('agree for the program whose update is part of the gradient, and leave the weights alone', async () => {
    const optimizer = { ...optimizerDefaults, kind: 'sgd' as const };
    const executor = await createWasmExecutor(graph, {
      maxBatch: 8,
      kernels: loadKernels(),
      keep: 'training',
      optimizer,
    });
    for (const { difference } of (await compareGradients(executor, params, batch))!)
      expect(difference).toBeLessThan(GRADIENT_TOLERANCE);
    for (const [key, values] of executor.getParams())
      if (!/mean|variance/.test(key)) expect(values, key).toEqual(params.get(key));
    executor.dispose();
  });

  it('agree where a bias before a batch norm is summed over a large map, and a lost row shows', async () => {
    const size = 224;
    const large = buildGraph({
      input: { height: size, width: size, channels: 3 },
      layers: [
        { kind: 'conv', filters: 4, kernel: 3, padding: 1 },
        { kind: 'batchnorm' },
        { kind: 'relu' },
        { kind: 'globalavgpool' },
        { kind: 'flatten' },
        { kind: 'dense', units: 2 },
      ],
    });
    const generator = new Generator(5);
    const pictures = {
      input: Float32Array.from({ length: size * size * 3 }, (_, i) => Math.sin(i / 997) + 0.5 * generator.normal()),
      labels: Int32Array.of(1),
      n: 1,
      draw: { seed: 1, epoch: 0, samples: [0] },
    };
    const executor = await createWasmExecutor(large, {
      maxBatch: 1,
      kernels: loadKernels(),
      keep: 'training',
      optimizer: { ...optimizerDefaults, kind: 'adam' },
    });
    const fresh = initParams(large, 1);
    for (const { param, difference } of (await compareGradients(executor, fresh, pictures))!)
      expect(difference, param).toBeLessThan(GRADIENT_TOLERANCE / 4);

    // The kernels see the last row dark, which the reference does not.
    const { forward } = executor;
    executor.forward = function (input, ...rest) {
      return forward.call(this, input.slice().fill(0, (size - 1) * size * 3), ...rest);
    };
    const wrong = (await compareGradients(executor, fresh, pictures))!.filter(
      ({ difference }) => difference > GRADIENT_TOLERANCE,
    );
    expect(wrong.map(({ param }) => param)).toContain('conv1.weight');
    executor.dispose();
  });

  it('of a network that is sure are compared too', async () => {
    const sure = new Map(params);
    sure.set('dense2.bias', Float32Array.of(0, 0, 200, 0, 0));
    const executor = await wasm();
    const all = { ...batch, labels: new Int32Array(n).fill(2) };
    const found = (await compareGradients(executor, sure, all))!;
    expect(Math.max(...found.map(({ difference }) => difference))).toBeLessThan(GRADIENT_TOLERANCE);
    bend = (gradients) => void gradients.get('conv2.weight')!.fill(0);
    const wrong = (await compareGradients(executor, sure, all))!.filter(
      ({ difference }) => difference > GRADIENT_TOLERANCE,
    );
    bend = null;
    expect(wrong.map(({ param }) => param)).toEqual(['conv2.weight']);
    executor.dispose();
  });

  it('are not compared where pictures are next to nothing, which the kernels take as zero', async () => {
    const executor = await wasm();
    const faint = (value: number) => ({ ...batch, input: new Float32Array(n * 144).fill(value) });
    expect(await compareGradients(executor, params, faint(5e-17))).toBeNull();
    expect(await compareGradients(executor, params, faint(0))).not.toBeNull();
    executor.dispose();
  });

  it('are not compared where the weights are no finite numbers', async () => {
    const broken = new Map([...params, ['dense1.bias', new Float32Array(16).fill(NaN)]]);
    const executor: Executor = new ReferenceExecutor<Float32Array>(graph, n);
    expect(await compareGradients(executor, broken, batch)).toBeNull();
  });
});

it('takes enough pictures for batch norm to have three numbers a channel: features, a signal, a map, a volume', () => {
  const images = (input: InputSpec, ...before: LayerSpec[]): number =>
    fewestImages(buildGraph({ input, layers: [...before, { kind: 'batchnorm' }] }));
  expect(images({ height: 4, width: 4, channels: 2 }, { kind: 'flatten' })).toBe(3);
  expect(images({ length: 1, channels: 5 })).toBe(3);
  expect(images({ height: 1, width: 2, channels: 5 })).toBe(2);
  expect(images({ depth: 3, height: 1, width: 1, channels: 1 })).toBe(1);
});

describe("a batch's shards", () => {
  /** @param lost pictures at the end that the batch's gradients lack. */
  async function apart(index: number, lost: number): Promise<number | null> {
    const seed = seedOf(4, index);
    const drawn = buildGraph(networkOf(seed));
    const count = 9;
    const { input, draw } = drawSample(drawn, count, true, seed);
    const classes = sizeOf(drawn.layers[logitsOf(drawn)].outputShape);
    const labels = Int32Array.from({ length: count }, (_, i) => i % classes);
    const executor = await createWasmExecutor(drawn, { maxBatch: count, kernels: loadKernels(), keep: 'training' });
    const backward = executor.backward.bind(executor);
    executor.backward = (dOutput, from) => {
      const given = dOutput.slice();
      if (given.length > classes) given.fill(0, given.length - lost * classes);
      return backward(given, from);
    };
    const batch = { input, labels, n: count, draw: draw! };
    const found = await compareShards(executor, drawParams(drawn, seed), batch);
    executor.dispose();
    return found && Math.max(0, ...found.map(({ difference }) => difference));
  }

  it('add up to the gradients of its pictures in random networks, and are found where one is lost', async () => {
    let [compared, found] = [0, 0];
    for (let index = 0; index < 60; index++) {
      const right = await apart(index, 0);
      if (right === null) continue;
      expect(right, `network ${index}`).toBeLessThan(GRADIENT_TOLERANCE);
      compared++;
      if ((await apart(index, 2))! > GRADIENT_TOLERANCE) found++;
    }
    expect(compared).toBeGreaterThan(20);
    expect(found).toBeGreaterThan(0.8 * compared);
  });
});

describe('a partial check', () => {
  /** @param tamper with the executor that trains, and the one that keeps everything. */
  async function partly(
    index: number,
    tamper: (training: WasmExecutor, keeping: WasmExecutor) => void = () => undefined,
    mostOfALayer = Infinity,
  ): Promise<{ check: PartialCheck; wrong: string[] } | null> {
    const seed = seedOf(4, index);
    const drawn = buildGraph(networkOf(seed));
    const count = fewestImages(drawn);
    const { input, draw } = drawSample(drawn, count, true, seed);
    const classes = sizeOf(drawn.layers[logitsOf(drawn)].outputShape);
    const labels = Int32Array.from({ length: count }, (_, i) => i % classes);
    const options = { maxBatch: count, kernels: loadKernels() };
    const optimizer = { ...optimizerDefaults, kind: 'adam' as const };
    const training = await createWasmExecutor(drawn, { ...options, keep: 'training', optimizer });
    const keeping = await createWasmExecutor(drawn, { ...options, keep: 'all' });
    tamper(training, keeping);
    const limits = { budget: Infinity, mostOfALayer };
    const given = { input, labels, n: count, draw: draw! };
    const check = await comparePartly(training, keeping, drawParams(drawn, seed), given, limits);
    training.dispose();
    keeping.dispose();
    const wrong =
      check && [...check.programs, ...check.layers].filter((each) => !(each.difference <= GRADIENT_TOLERANCE));
    return check && { check, wrong: wrong!.map(({ layer }) => layer) };
  }

  it('finds nothing in random networks, whole or by some of their filters', async () => {
    let [whole, sampled, all] = [0, 0, 0];
    for (let index = 0; index < 260; index++) {
      const found = await partly(index, undefined, index % 2 ? Infinity : 2000);
      if (!found) continue;
      expect(found.wrong, `network ${index}`).toEqual([]);
      whole += found.check.whole;
      sampled += found.check.sampled;
      all += found.check.of;
    }
    expect(whole).toBeGreaterThan(0.8 * all);
    expect(sampled).toBeGreaterThan(30);
  });

  it('finds a gradient that one program gets wrong, and one that both do', async () => {
    let tried = 0;
    for (let index = 0; index < 40; index++) {
      const { layers } = buildGraph(networkOf(seedOf(4, index)));
      const layer = layers.find(({ kind }) => kind === 'conv' || kind === 'dense')?.name;
      if (!layer) continue;
      const key = `${layer}.weight`;
      const lose = (executor: WasmExecutor): void => {
        const gradients = executor.gradients.bind(executor);
        executor.gradients = () =>
          new Map(gradients()).set(
            key,
            gradients()
              .get(key)!
              .map((each) => each * 0.9),
          );
      };
      const right = await partly(index);
      const moves = right?.check.layers.some((each) => each.layer === layer);
      if (!moves) continue;
      const one = await partly(index, (training) => lose(training));
      const both = await partly(index, (training, keeping) => [training, keeping].forEach(lose));
      // Nothing comes back to some: behind a unit that is never on, a tenth of 0 is 0.
      if (one!.wrong.length === 0 && both!.wrong.length === 0) continue;
      expect(one!.wrong).toContain(layer);
      expect(both!.wrong).toContain(layer);
      tried++;
    }
    expect(tried).toBeGreaterThan(15);
  });
});

describe('what a check may cost', () => {
  const conv = { kind: 'conv', filters: 16, kernel: 3, padding: 1 };
  const end = [{ kind: 'globalavgpool' }, { kind: 'flatten' }, { kind: 'dense', units: 2 }];
  const made = (side: number, middle: LayerSpec[]) =>
    buildGraph({ input: { height: side, width: side, channels: 3 }, layers: [...middle, ...end] });
  const run = (pictures: number, epochs: number) =>
    ({
      split: { samples: new Int32Array(pictures) },
      settings: { batch: 32, seed: 1, epochs, expand: 'none' },
      threads: 2,
    }) as unknown as CheckedRun;

  it('is a second, or a fiftieth of the run', () => {
    const small = made(32, [conv, conv]);
    expect(affordable(small, imagesFor(small, run(10, 1)), run(10, 1))).toBe(true);
    const large = made(208, [conv, conv]);
    expect(affordable(large, 1, run(300, 1))).toBe(false);
    expect(affordable(large, 1, run(500, 10))).toBe(true);
    // Of one layer alone nothing would be heard for too long.
    const huge = made(320, [conv, conv]);
    expect(affordable(huge, 1, run(50_000, 90))).toBe(false);
  });

  it('is one picture, where batch norm has a map to itself, and three where it has single numbers', () => {
    const map = made(160, [conv, { kind: 'batchnorm' }]);
    expect(imagesFor(map, run(300, 1))).toBe(1);
    const flat = made(160, [conv, { kind: 'globalavgpool' }, { kind: 'batchnorm' }]);
    expect(imagesFor(flat, run(300, 1))).toBe(3);
  });

  it('ends between two layers when nobody waits any more', async () => {
    const executor = await wasm();
    const stop = new Error('stop');
    const late = compareGradients(executor, params, batch, () => Promise.reject(stop));
    await expect(late).rejects.toBe(stop);
    executor.dispose();
  });
});

describe('a run', () => {
  const root = scratch();
  process.env.CONVSCOPE_CACHE = join(root, 'cache');
  const data = join(root, 'spots');
  makeSpots(data);
  const record = (out: string): RunRecord => JSON.parse(readFileSync(join(out, 'run.json'), 'utf8')) as RunRecord;
  const spec = {
    input: { height: 8, width: 8, channels: 1 as const },
    layers: [
      { kind: 'conv', filters: 2, kernel: 3 },
      { kind: 'relu' },
      { kind: 'maxpool', size: 2 },
      { kind: 'flatten' },
      { kind: 'dense', units: 5 },
    ],
  };
  const request = (out: string) => ({
    out,
    data,
    model: { name: 'small', spec, preprocessing: null },
    options: { epochs: 1, batch: 64 },
  });

  it('checks itself when it begins, and says what came of it', async () => {
    const out = join(root, 'checked');
    const said: Message[] = [];
    await quietTrain(request(out), { say: (line) => void said.push(line) });
    const { check, executor } = record(out);
    expect(executor).toBe('wasm');
    expect(check).toMatchObject({ images: 8 });
    const { difference } = check as GradientCheck;
    expect(difference).toBeGreaterThan(0);
    expect(difference).toBeLessThan(1e-4);
    expect(said.map((line) => sentence(line)).join('\n')).toMatch(/checked: on 8 pictures/);
  });

  describe('of a network that is too large for the reference', () => {
    const layers: LayerSpec[] = [
      { kind: 'conv', name: 'first', filters: 16, kernel: 5, padding: 2 },
      { kind: 'relu' },
      { kind: 'conv', name: 'second', filters: 64, kernel: 5 },
      { kind: 'globalavgpool' },
      { kind: 'flatten' },
      { kind: 'dense', units: 5 },
    ];
    const large = {
      name: 'large',
      spec: { input: { height: 112, width: 112, channels: 1 as const }, layers },
      preprocessing: null,
    };
    const begin = (out: string, said: Message[] = []): Promise<unknown> => {
      const controller = new AbortController();
      return quietTrain(
        { ...request(out), model: large, options: { epochs: 1, batch: 1 } },
        { say: (line) => void said.push(line), signal: controller.signal, begun: () => controller.abort() },
      );
    };

    it('checks as many layers as there is time for, and says how many', async () => {
      const out = join(root, 'large');
      const said: Message[] = [];
      await begin(out, said);
      const { difference, partial, images } = record(out).check as GradientCheck;
      expect(partial).toEqual({ whole: 5, sampled: 1, of: 6 });
      expect(images).toBe(1);
      expect(difference).toBeLessThan(GRADIENT_TOLERANCE / 4);
      expect(said.map((line) => sentence(line)).join('\n')).toMatch(/partly checked: 5 of 6 layers, .* of 1 more/);
    });

    it('does not begin with a wrong gradient in what was only sampled', async () => {
      // Both programs of the kernels make the same mistake in one filter's gradient.
      bend = (gradients) => void gradients.get('second.weight')!.fill(0, 8 * 400, 9 * 400);
      const begun = begin(join(root, 'large-wrong'));
      await expect(begun).rejects.toMatchObject({ code: 'train.gradients', values: { layer: 'second' } });
      bend = null;
    });
  });

  it('does not begin with a wrong gradient, names the layer, and the reference goes on', async () => {
    const out = join(root, 'wrong');
    // One row of a kernel's gradient is lost: the others are right.
    bend = (gradients) => void gradients.get('conv1.weight')!.fill(0, 0, 3);
    const error: unknown = await quietTrain(request(out)).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(FailureError);
    expect(error).toMatchObject({ code: 'train.gradients', values: { layer: 'conv1', param: 'conv1.weight' } });
    expect((error as FailureError).message).toContain('reference executor');
    expect(() => record(out)).toThrow('ENOENT');

    // What a run of before left there stays, too.
    bend = null;
    const before = join(root, 'checked');
    const kept = readFileSync(join(before, 'model.onnx'));
    bend = (gradients) => void gradients.get('dense1.bias')!.fill(1);
    await expect(quietTrain({ ...request(before), overwrite: true })).rejects.toMatchObject({
      code: 'train.gradients',
    });
    expect(readFileSync(join(before, 'model.onnx')).equals(kept)).toBe(true);

    await quietTrain({ ...request(out), executor: 'reference' });
    expect(record(out)).toMatchObject({ state: 'finished', executor: 'reference', check: null });
    // Resumed, it keeps to it: the kernels would be refused.
    await quietTrain({ out, resume: true, options: { epochs: 2 } });
    expect(record(out)).toMatchObject({ state: 'finished', executor: 'reference', result: { epochs: 2 } });
    await expect(quietTrain({ out, resume: true, options: { epochs: 3 }, executor: 'wasm' })).rejects.toMatchObject({
      code: 'train.gradients',
    });
    bend = null;
  });
});

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { plainLoss } from '../../../src/core/train/class-loss';
import { allAlike, learnsAfter, stuckAfter, type EpochScores } from '../../../src/core/train/stuck';
import type { TrainOptions } from '../../../src/core/train/settings';
import { switchesIn } from '../../../src/cli/switches';
import type { RunRecord } from '../../../src/engine/train/run-record';
import { isStuck, stuckBy } from '../../../src/engine/train/advice';
import { sentence, type Message } from '../../../src/words';
import { idx } from '../../engine/data/make';
import { quietTrain, scratch } from '../../engine/train/helpers';

const scores = (change: Partial<EpochScores>): EpochScores => ({
  epoch: 2,
  epochs: 10,
  updates: 100,
  train: { loss: Math.log(10), accuracy: 0.1 },
  validation: null,
  ...change,
});
const even = new Array<number>(10).fill(100);

describe('a run is stuck', () => {
  it('where it does no better than guessing after the first epochs', () => {
    expect(stuckAfter(scores({}), even)).toEqual({ kind: 'chance', accuracy: 0.1, chance: 0.1 });
    // Guessing is naming the largest class.
    const uneven = [900, 50, 50];
    const entropy = -(0.9 * Math.log(0.9) + 0.1 * Math.log(0.05));
    expect(stuckAfter(scores({ train: { loss: entropy, accuracy: 0.9 } }), uneven)).toMatchObject({ chance: 0.9 });
  });
  it('by what guessing costs in the loss that is minimized', () => {
    const counts = [60, 30, 10];
    const at = (loss: number, accuracy = 0.6): EpochScores => scores({ train: { loss, accuracy } });
    // ½ · (1 − Σ share²); the larger class preferred by the margin; the same with the power of 1 − p.
    const guessed = {
      mse: [counts, (1 - 0.36 - 0.09 - 0.01) / 2],
      hinge: [[60, 40], 2 * 0.4],
      focal: [[50, 50], 0.25 * Math.LN2],
    } as const;
    for (const [kind, [of, loss]] of Object.entries(guessed)) {
      const minimized = { ...plainLoss, kind: kind as keyof typeof guessed };
      expect(stuckAfter(at(loss), of, minimized), kind).toMatchObject({ kind: 'chance' });
      expect(stuckAfter(at(0.97 * loss), of, minimized), kind).toBeNull();
      expect(learnsAfter(at(0.89 * loss), of, minimized), kind).toBe(true);
      expect(learnsAfter(at(0.91 * loss), of, minimized), kind).toBe(false);
    }
    // Balanced classes count for the same each.
    const balanced = { ...plainLoss, weights: [100 / 180, 100 / 90, 100 / 30] };
    expect(stuckAfter(at(Math.log(3), 0.3), counts, balanced)).toMatchObject({ kind: 'chance' });
    expect(stuckAfter(at(0.97 * Math.log(3), 0.3), counts, balanced)).toBeNull();
    // Weston and Watkins's loss of a network far from any answer.
    const hinge = { ...plainLoss, kind: 'hinge' } as const;
    expect(stuckAfter(scores({ epoch: 1, train: { loss: 50, accuracy: 0.2 } }), even, hinge)).toBeNull();
    expect(stuckAfter(scores({ epoch: 1, train: { loss: 91, accuracy: 0.2 } }), even, hinge)).toMatchObject({
      kind: 'loss',
      loss: 91,
    });
  });
  it('not where it is early, a little better, or the loss falls', () => {
    expect(stuckAfter(scores({ epoch: 1 }), even)).toBeNull();
    expect(stuckAfter(scores({ updates: 4 }), even)).toBeNull();
    expect(stuckAfter(scores({ updates: 4, epoch: 10 }), even)).not.toBeNull();
    expect(stuckAfter(scores({ train: { loss: 2.3, accuracy: 0.2 } }), even)).toBeNull();
    expect(stuckAfter(scores({ train: { loss: 2, accuracy: 0.1 } }), even)).toBeNull();
  });
  it('after its only epoch, if that was more than a few steps', () => {
    expect(stuckAfter(scores({ epoch: 1, epochs: 1 }), even)).toMatchObject({ kind: 'chance' });
    expect(stuckAfter(scores({ epoch: 1, epochs: 1, updates: 4 }), even)).toBeNull();
  });
  it('no more where the loss of both splits falls well below that of guessing', () => {
    const at = (loss: number) => ({ loss, accuracy: 0.3 });
    expect(learnsAfter(scores({ train: at(2), validation: at(2) }), even)).toBe(true);
    expect(learnsAfter(scores({ train: at(2), validation: at(2.29) }), even)).toBe(false);
    expect(learnsAfter(scores({ train: at(2.2) }), even)).toBe(false);
  });
  it('where the loss is beyond reason, on both splits', () => {
    const wild = { loss: 400, accuracy: 0.3 };
    expect(stuckAfter(scores({ epoch: 1, train: wild }), even)).toMatchObject({ kind: 'loss', loss: 400 });
    // A first step that leaps: the weights have recovered by the end of the epoch.
    expect(stuckAfter(scores({ epoch: 1, train: wild, validation: { loss: 1, accuracy: 0.7 } }), even)).toBeNull();
  });
  it('where all pictures are alike but for rounding', () => {
    const split = (pixels: number[], samples = [0, 1, 2]) => ({
      images: {
        count: 3,
        height: 1,
        width: 2,
        channels: 1,
        pixels: Uint8Array.from(pixels),
        labels: new Int32Array(3),
      },
      samples: Int32Array.from(samples),
    });
    expect(allAlike(split([9, 8, 9, 9, 10, 8]))).toBe(true);
    expect(allAlike(split([9, 8, 9, 8, 9, 40]))).toBe(false);
    expect(allAlike(split([9, 8, 9, 8, 9, 40], [0, 1]))).toBe(true);
    expect(allAlike(split([9, 8, 9, 8, 9, 40], [0]))).toBe(false);
  });
});

describe('training', () => {
  const root = scratch();
  const spec = join(root, 'spec.json');
  beforeAll(() => {
    process.env.CONVSCOPE_CACHE = join(root, 'cache');
    const layers = [{ kind: 'flatten' }, { kind: 'dense', units: 8 }, { kind: 'relu' }, { kind: 'dense', units: 2 }];
    writeFileSync(spec, JSON.stringify({ input: { height: 4, width: 4, channels: 1 }, layers }));
    make('halves', (i, p) => (p < 8 === i % 2 > 0 ? 180 : 20) + ((i * 7 + p * 3) % 20));
    make('gray', () => 128);
  });
  function make(name: string, pixel: (i: number, p: number) => number): void {
    mkdirSync(join(root, name));
    const count = 80;
    const pixels = Uint8Array.from({ length: count * 16 }, (_, at) => pixel(Math.floor(at / 16), at % 16));
    const labels = Array.from({ length: count }, (_, i) => i % 2);
    writeFileSync(join(root, name, 'train-images-idx3-ubyte'), idx([count, 4, 4], pixels));
    writeFileSync(join(root, name, 'train-labels-idx1-ubyte'), idx([count], labels));
  }
  async function train(name: string, options: TrainOptions): Promise<{ said: Message[]; record: RunRecord }> {
    const out = join(root, `run-${name}-${Object.entries(options).flat().join('-')}`);
    const messages: Message[] = [];
    const usual = { epochs: 6, batch: 8, lr: 0.01 };
    const host = { say: (message: Message) => messages.push(message) };
    await quietTrain({ out, data: join(root, name), model: spec, options: { ...usual, ...options } }, host);
    const record = JSON.parse(readFileSync(join(out, 'run.json'), 'utf8')) as RunRecord;
    return { said: messages.filter((each) => isStuck(each) || each.code === 'train.unstuck'), record };
  }

  it('that learns says nothing of it', async () => {
    const { said, record } = await train('halves', {});
    expect(record.result!.accuracy.train).toBeGreaterThan(0.9);
    expect([said, record.stuck]).toEqual([[], null]);
  });
  it('whose units are all dead says so once, with what to try, and keeps it', async () => {
    const { said, record } = await train('halves', { initializer: 'zeros' });
    expect(said.map(({ code }) => code)).toEqual(['train.stuck.chance']);
    expect(sentence(said[0])).toMatch(
      /^nothing learned yet: after epoch 4 .* try the initializer 'he', a learning rate/,
    );
    expect(switchesIn(said[0])).toBe(' (--initializer he, --lr 0.001)');
    expect(sentence(said[0], 'zh')).toMatch(/^尚未学到东西：第 4 轮后准确率为 [\d.]+%/);
    expect(record.stuck).toEqual(said[0]);
  });
  it.each(['focal', 'mse', 'hinge'] as const)('by %s says it too', async (loss) => {
    const { said } = await train('halves', { initializer: 'zeros', loss });
    expect(said.map(({ code }) => code)).toEqual(['train.stuck.chance']);
  });
  it('with steps that are far too long says so once', async () => {
    const { said } = await train('halves', { optimizer: 'adam', lr: 100 });
    // Pictures as easy as these are learned all the same, in the end.
    expect(said.filter(isStuck)).toHaveLength(1);
    expect(sentence(said[0])).toContain('a learning rate ten times smaller (10)');
  });
  it('that learns late takes back what it said', async () => {
    // The first epochs are too short a way to get anywhere, the warm-up over twenty.
    const { said, record } = await train('halves', {
      epochs: 20,
      lr: 0.05,
      warmup: 20,
      optimizer: 'sgd',
      initializer: 'normal',
    });
    expect(said.map(({ code }) => code)).toEqual(['train.stuck.chance', 'train.unstuck']);
    expect([record.stuck, stuckBy(said), stuckBy(said.slice(0, 1)), stuckBy([])]).toEqual([
      null,
      null,
      said[0],
      undefined,
    ]);
    expect(record.result!.accuracy.train).toBeGreaterThan(0.9);
  });
  it('on pictures that are all alike says so before it begins', async () => {
    const { said, record } = await train('gray', {});
    expect(said.map(({ code }) => code)).toEqual(['train.stuck.alike']);
    expect(record.stuck).toEqual(said[0]);
    expect(sentence(said[0])).toMatch(/^all \d+ training pictures are identical/);
  });
});

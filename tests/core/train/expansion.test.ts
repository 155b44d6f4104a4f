/** Sets expanded by one-pixel shifts, and the share that validates. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Split } from '../../../src/core/data/dataset';
import type { Preprocessing } from '../../../src/core/model/model';
import { readModel } from '../../../src/core/onnx/read';
import { resolveSettings } from '../../../src/core/train/settings';
import { Batcher, epochOrder } from '../../../src/core/train/batches';
import { expandedSamples, shiftPicture, variantsOf } from '../../../src/core/train/expansion';
import type { RunRecord } from '../../../src/engine/train/run-record';
import { sentence } from '../../../src/words';
import { idx } from '../../engine/data/make';
import { quietTrain, scratch } from '../../engine/train/helpers';

const preprocessing = (ground: Preprocessing['ground']): Preprocessing => ({
  colour: 'grey',
  height: 3,
  width: 3,
  fit: 'crop',
  resize: 'linear',
  scale: 1,
  mean: [0],
  deviation: [1],
  ground,
});

const nine = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9);
/** Pictures 1 … 9, 11 … 19, 21 … 29; the middle one belongs to another split. */
const split: Split = {
  images: {
    count: 3,
    height: 3,
    width: 3,
    channels: 1,
    pixels: Uint8Array.from([0, 10, 20].flatMap((tens) => [...nine].map((value) => tens + value))),
    labels: Int32Array.of(0, 1, 1),
  },
  samples: Int32Array.of(0, 2),
};

describe('expansion by shifts', () => {
  it.each([
    [1, 'up', [4, 5, 6, 7, 8, 9, 0, 0, 0], [4, 5, 6, 7, 8, 9, 7, 8, 9]],
    [2, 'down', [0, 0, 0, 1, 2, 3, 4, 5, 6], [1, 2, 3, 1, 2, 3, 4, 5, 6]],
    [3, 'left', [2, 3, 0, 5, 6, 0, 8, 9, 0], [2, 3, 3, 5, 6, 6, 8, 9, 9]],
    [4, 'right', [0, 1, 2, 0, 4, 5, 0, 7, 8], [1, 1, 2, 4, 4, 5, 7, 7, 8]],
  ])('variant %d moves a picture %s', (variant, _, onDark, onItsEdge) => {
    const out = new Uint8Array(9);
    shiftPicture(variant, nine, { height: 3, width: 3, channels: 1 }, 0, out);
    expect([...out]).toEqual(onDark);
    shiftPicture(variant, nine, { height: 3, width: 3, channels: 1 }, 255, out);
    expect([...out]).toEqual(onDark.map((value) => (value === 0 ? 255 : value)));
    shiftPicture(variant, nine, { height: 3, width: 3, channels: 1 }, 'edge', out);
    expect([...out]).toEqual(onItsEdge);
  });

  it('moves all channels of a pixel together, in a picture that is no square', () => {
    const [height, width] = [2, 3];
    const rgb = Uint8Array.from({ length: height * width * 3 }, (_, i) => i + 1);
    const out = new Uint8Array(rgb.length);
    shiftPicture(4, rgb, { height, width, channels: 3 }, 0, out);
    expect([...out]).toEqual([0, 0, 0, 1, 2, 3, 4, 5, 6, 0, 0, 0, 10, 11, 12, 13, 14, 15]);
  });

  it('numbers the variants so that the pictures as they are keep their numbers', () => {
    expect([variantsOf('none'), variantsOf('shifts')]).toEqual([1, 5]);
    expect([...expandedSamples(split, 'none')]).toEqual([0, 2]);
    expect([...expandedSamples(split, 'shifts')]).toEqual([0, 2, 3, 5, 6, 8, 9, 11, 12, 14]);
  });

  it('goes through each variant of each picture of the split exactly once an epoch', () => {
    const batcher = new Batcher(split, preprocessing('dark'));
    const seen: string[] = [];
    const [input, labels] = [new Float32Array(3 * 9), new Int32Array(3)];
    const order = epochOrder(expandedSamples(split, 'shifts'), 1, 0);
    for (let from = 0; from < order.length; from += 3) {
      const samples = order.subarray(from, from + 3);
      batcher.fill(samples, input, labels);
      samples.forEach((_, i) => seen.push(`${labels[i]}: ${input.subarray(i * 9, i * 9 + 9).join(' ')}`));
    }
    const shifted = (tens: number): number[][] =>
      [
        [1, 2, 3, 4, 5, 6, 7, 8, 9],
        [4, 5, 6, 7, 8, 9, 0, 0, 0],
        [0, 0, 0, 1, 2, 3, 4, 5, 6],
        [2, 3, 0, 5, 6, 0, 8, 9, 0],
        [0, 1, 2, 0, 4, 5, 0, 7, 8],
      ].map((values) => values.map((value) => (value === 0 ? 0 : tens + value)));
    const expected = [...shifted(0).map((v) => `0: ${v.join(' ')}`), ...shifted(20).map((v) => `1: ${v.join(' ')}`)];
    expect(seen.length).toBe(10);
    expect([...seen].sort()).toEqual([...expected].sort());
    expect(seen).not.toEqual(expected);
  });

  it('varies the shifted picture where it is augmented too, by draws of its own number', () => {
    const settings = resolveSettings({ augment: { brightness: 0.2 } }).augmentation;
    const batcher = new Batcher(split, preprocessing('dark'));
    const [input, labels] = [new Float32Array(5 * 9), new Int32Array(5)];
    const variants = Int32Array.of(0, 3, 6, 9, 12);
    batcher.fillAugmented(variants, input, labels, settings, 1, 0);
    const plain = new Float32Array(5 * 9);
    batcher.fill(variants, plain, labels);
    const factors = Array.from(variants, (_, i) => input[i * 9 + 4] / plain[i * 9 + 4]);
    expect(new Set(factors.map((factor) => factor.toFixed(6))).size).toBe(5);
    input.forEach((value, i) => expect(value).toBeCloseTo(plain[i] * factors[Math.floor(i / 9)], 4));
  });
});

describe('a run', () => {
  const root = scratch();
  const data = join(root, 'data');
  const spec = join(root, 'tiny.json');
  let counter = 0;
  const fresh = (): string => join(root, `run-${counter++}`);
  const bytes = (run: string, file: string): Buffer => readFileSync(join(run, file));
  const recordOf = (run: string): RunRecord => JSON.parse(bytes(run, 'run.json').toString()) as RunRecord;
  const options = { epochs: 2, batch: 16, lr: 0.01, normalize: 'unit' };

  beforeAll(() => {
    process.env.CONVSCOPE_CACHE = join(root, 'cache');
    mkdirSync(data, { recursive: true });
    for (const [name, count] of [
      ['train', 90],
      ['t10k', 30],
    ] as const) {
      const labels = Array.from({ length: count }, (_, i) => i % 3);
      const pixels = Uint8Array.from({ length: count * 36 }, (_, p) => {
        const [i, place] = [Math.floor(p / 36), p % 36];
        return place % 3 === labels[i] && place > 6 && place < 29 ? 100 + ((i * 37) % 150) : 0;
      });
      writeFileSync(join(data, `${name}-images-idx3-ubyte`), idx([count, 6, 6], pixels));
      writeFileSync(join(data, `${name}-labels-idx1-ubyte`), idx([count], labels));
    }
    const layers = [{ kind: 'flatten' }, { kind: 'dropout', rate: 0.3 }, { kind: 'dense', units: 3 }];
    writeFileSync(spec, JSON.stringify({ input: { height: 6, width: 6, channels: 1 }, layers }));
  });

  async function begin(more: object, lines: string[] = []): Promise<string> {
    const out = fresh();
    await quietTrain(
      { out, data, model: spec, options: { ...options, ...more } },
      { say: (message) => lines.push(sentence(message)) },
    );
    return out;
  }

  it('expanded by shifts meets five times as many pictures, says so and records it', async () => {
    const lines: string[] = [];
    const out = fresh();
    await quietTrain(
      { out, data, model: spec, options: { ...options, expand: 'shifts', logEvery: 1 } },
      { say: (message) => lines.push(sentence(message)) },
    );
    expect(lines.join('\n')).toContain('81 images for training (expanded to 405), 9 for validation');
    const { settings, data: described, result } = recordOf(out);
    expect([settings.expand, described.samples.train]).toEqual(['shifts', 81]);
    const last = JSON.parse(bytes(out, 'metrics.jsonl').toString().trim().split('\n').pop()!) as { step: number };
    // 405 pictures, 16 at a time.
    expect(last.step).toBe(2 * 26);
    expect(readModel(bytes(out, 'model.onnx')).metadata.training?.augmentation).toEqual(['expand=shifts']);
    expect(result!.accuracy.test).toBeGreaterThan(0.5);
    const plain = await begin({ epochs: 10 });
    expect(bytes(plain, 'model.onnx').equals(bytes(out, 'model.onnx'))).toBe(false);
  });

  it('expanded and left at any moment ends with the same bits', async () => {
    const whole = await begin({ expand: 'shifts' });
    for (const updates of [1, 13, 26, 27, 40]) {
      const out = fresh();
      let seen = 0;
      const signal = {
        get aborted() {
          return ++seen > updates;
        },
        throwIfAborted: () => undefined,
      } as AbortSignal;
      const left = await quietTrain({ out, data, model: spec, options: { ...options, expand: 'shifts' } }, { signal });
      expect(left.end).toBe('stopped');
      expect((await quietTrain({ out, resume: true })).end).toBe('finished');
      for (const file of ['model.onnx', 'checkpoint.safetensors'])
        expect(bytes(out, file).equals(bytes(whole, file)), `${updates} ${file}`).toBe(true);
    }
  });

  it.each([
    [{}, { train: 81, validation: 9, test: 30 }, 'a tenth of the training split'],
    [{ validation: 1 / 3 }, { train: 60, validation: 30, test: 30 }, '33.3 % of the training split'],
    [{ validation: 0.5 }, { train: 45, validation: 45, test: 30 }, '50 % of the training split'],
    [
      { validation: 0 },
      { train: 90, validation: 0, test: 30 },
      '90 images for training, 0 for validation (the epoch with the lowest training loss is kept)',
    ],
  ])('splits %j into %j', async (more, samples, words) => {
    const lines: string[] = [];
    const run = await begin(more, lines);
    const { data: described, result } = recordOf(run);
    expect(described.samples).toEqual(samples);
    expect(lines.join('\n')).toContain(words);
    expect(result!.accuracy.validation === null).toBe(samples.validation === 0);
    expect(readModel(bytes(run, 'model.onnx')).metadata.training?.samples).toEqual(samples);
  });

  it.each([{ expand: 'shifts' }, { validation: 0.2 }])(
    'does not go on with %j where it began otherwise',
    async (more) => {
      const run = await begin({ epochs: 1 });
      const [name] = Object.keys(more);
      await expect(quietTrain({ out: run, resume: true, options: { epochs: 2, ...more } })).rejects.toThrow(
        `: ${name} `,
      );
      expect((await quietTrain({ out: run, resume: true, options: { epochs: 2 } })).end).toBe('finished');
    },
  );

  it('goes on with one that began before there were these settings, as by their defaults', async () => {
    const run = await begin({ epochs: 1 });
    const { settings, ...record } = recordOf(run);
    const { expand, validation, ...older } = settings;
    expect([expand, validation]).toEqual(['none', 0.1]);
    writeFileSync(join(run, 'run.json'), JSON.stringify({ ...record, settings: older }));
    await expect(quietTrain({ out: run, resume: true, options: { epochs: 2, expand: 'shifts' } })).rejects.toThrow(
      'expand shifts contradicts none',
    );
    expect((await quietTrain({ out: run, resume: true, options: { epochs: 2 } })).end).toBe('finished');
    const whole = await begin({});
    expect(bytes(run, 'checkpoint.safetensors').equals(bytes(whole, 'checkpoint.safetensors'))).toBe(true);
  });
});

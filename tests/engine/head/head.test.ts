import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ImageSet } from '../../../src/core/data/dataset';
import { writeModel } from '../../../src/core/onnx/write';
import { wilson } from '../../../src/core/metrics/wilson';
import type { LayerSpec } from '../../../src/core/model/spec';
import { evaluateTogether } from '../../../src/engine/train/evaluate';
import { openContender } from '../../../src/engine/train/compare';
import { readBody } from '../../../src/engine/head/body';
import { BodySession } from '../../../src/engine/head/body-session';
import { readFeatures, writeFeatures } from '../../../src/engine/head/cache';
import { featuresOf } from '../../../src/engine/head/features';
import { trainHead } from '../../../src/engine/head/head-run';
import type { TrainHost } from '../../../src/engine/train/request';
import type { Message } from '../../../src/words';
import { randomModel } from '../../core/onnx/models';
import { scratch } from '../train/helpers';

const root = scratch();
beforeAll(() => {
  process.env.CONVSCOPE_DATA = join(root, 'data');
});

const hostOf = (said: Message[]): TrainHost => ({
  say: (message) => void said.push(message),
  progress: () => undefined,
  signal: new AbortController().signal,
});

/** Random weights know nothing, and still tell colors and shapes apart. */
const bodyOf = (layers: LayerSpec[], seed: number, side = 16): Uint8Array =>
  writeModel(randomModel({ input: { height: side, width: side, channels: 3 }, layers }, seed));

const dense = bodyOf(
  [
    { kind: 'conv', filters: 6, kernel: 3 },
    { kind: 'relu' },
    { kind: 'maxpool', size: 2 },
    { kind: 'flatten' },
    { kind: 'dense', units: 20 },
    { kind: 'tanh' },
    { kind: 'dense', units: 4 },
    { kind: 'softmax' },
  ],
  3,
);
const maps = bodyOf(
  [
    { kind: 'conv', filters: 8, kernel: 3, padding: 1 },
    { kind: 'batchnorm' },
    { kind: 'leakyrelu' },
    { kind: 'conv', filters: 12, kernel: 3, stride: 2 },
    { kind: 'relu' },
    { kind: 'globalavgpool' },
    { kind: 'flatten' },
  ],
  4,
);

describe('a head on a body', () => {
  it.each([
    { name: 'what feeds the last dense layer', file: dense, tensor: undefined, hidden: 0, width: 20, read: 'tanh1' },
    { name: 'maps, by their means', file: dense, tensor: 'conv1', hidden: 0, width: 6, read: 'conv1' },
    {
      name: 'a hidden layer, a body without a dense one',
      file: maps,
      tensor: undefined,
      hidden: 9,
      width: 8,
      read: 'leakyrelu1',
    },
    { name: 'maps of one cell', file: maps, tensor: 'globalavgpool1', hidden: 0, width: 12, read: 'globalavgpool1' },
  ])('$name: the file says what the run says, exactly', async ({ file, tensor, hidden, width, read, name }) => {
    const path = join(root, `${read}-${hidden}.onnx`);
    writeFileSync(path, file);
    const out = join(root, 'runs', name.replaceAll(/\W/g, '-'));
    const said: Message[] = [];
    const options = { epochs: 4, seed: 3 };
    const request = { out, overwrite: false, data: 'builtin:colors', body: path, tensor, hidden, options };
    const { record } = await trainHead(request, hostOf(said));
    expect(record.body).toMatchObject({ tensor: read, inputShape: [3, 16, 16] });
    expect(said.find(({ code }) => code === 'head.features')?.values).toMatchObject({ tensor: read, width });
    const learner = await openContender(out);
    expect(learner.model.metadata).toMatchObject({ labels: record.labels, preprocessing: record.preprocessing });
    const options2 = { engine: 'core' as const, split: 'test' as const, threads: 1 };
    const found = await evaluateTogether([{ model: learner.model, id: 'head' }], 'builtin:colors', options2);
    expect(found.accuracy).toBe(record.result!.accuracy.test);
    expect(found.loss).toBeCloseTo(record.result!.loss.test!, 4);
    // It has learned something: guessing gets a class's share.
    expect(found.accuracy).toBeGreaterThan(1.5 / record.labels.length);
  });

  it('says that it is stuck on pictures that are all alike, before the first epoch', async () => {
    const path = join(root, 'alike.onnx');
    writeFileSync(path, dense);
    const data = join(root, 'alike');
    for (const [label, seed] of [
      ['cat', 0],
      ['dog', 1],
    ] as const) {
      mkdirSync(join(data, label), { recursive: true });
      // One picture in the two classes but for its last bit, so that none counts as a copy.
      for (let i = 0; i < 8; i++) {
        const pixels = Uint8Array.from({ length: 16 * 16 * 3 }, (_, at) => 100 + (at === 2 * i + seed ? 1 : 0));
        const file = await sharp(pixels, { raw: { width: 16, height: 16, channels: 3 } })
          .png()
          .toBuffer();
        writeFileSync(join(data, label, `${i}.png`), file);
      }
    }
    const said: Message[] = [];
    const request = { out: join(root, 'runs', 'alike'), overwrite: false, data, body: path, options: { epochs: 2 } };
    const { record } = await trainHead(request, hostOf(said));
    expect(record.stuck).toMatchObject({ code: 'train.stuck.alike' });
    expect(said.filter(({ code }) => code === 'train.stuck.alike')).toEqual([record.stuck]);
  });

  it('refuses by name what is no body, and varied pictures', async () => {
    const path = join(root, 'refused.onnx');
    writeFileSync(path, dense);
    const request = { out: join(root, 'runs', 'refused'), overwrite: false, data: 'builtin:colors', body: path };
    const run = (more: object): Promise<unknown> => trainHead({ ...request, options: {}, ...more }, hostOf([]));
    await expect(run({ tensor: 'nowhere' })).rejects.toThrow(/no tensor 'nowhere'/);
    await expect(run({ options: { augment: { flip: 'both' } } })).rejects.toThrow(/not varied/);
    const signal = writeModel(
      randomModel({
        input: { height: 1, width: 4, channels: 2 },
        layers: [{ kind: 'flatten' }, { kind: 'dense', units: 2 }],
      }),
    );
    expect(() => readBody('signal.onnx', signal)).toThrow(/takes no picture/);
  });
});

describe('what a body made of pictures', () => {
  const size = 16 * 16 * 3;
  const images = (count: number, changed = -1): ImageSet => ({
    ...{ count, height: 16, width: 16, channels: 3, labels: new Int32Array(count) },
    pixels: Uint8Array.from({ length: count * size }, (_, i) =>
      Math.floor(i / size) === changed ? 7 : (Math.imul(i, 2654435761) >>> 24) % 256,
    ),
  });
  const session = (tensor: string): Promise<[ReturnType<typeof readBody>, BodySession]> => {
    const body = readBody('dense.onnx', dense, tensor);
    return BodySession.open(body, 1).then((opened) => [body, opened]);
  };

  it('is kept by body, tensor and picture, and is the same whether it was kept or computed', async () => {
    const [body, opened] = await session('relu1');
    const first = await featuresOf(body, opened, images(11));
    expect(first).toMatchObject({ width: 6, kept: 0 });
    const again = await featuresOf(body, opened, images(12, 5));
    expect(again.kept).toBe(10);
    expect(again.values.subarray(0, 5 * 6)).toEqual(first.values.subarray(0, 5 * 6));
    expect(again.values.subarray(5 * 6, 6 * 6)).not.toEqual(first.values.subarray(5 * 6, 6 * 6));
    const [other, second] = await session('conv1');
    expect((await featuresOf(other, second, images(11))).kept).toBe(0);
    const otherwise = { ...body, preprocessing: { ...body.preprocessing, scale: 0.5 } };
    expect((await featuresOf(otherwise, opened, images(11))).kept).toBe(0);
  });

  it('of a cancelled computation what is there stays', async () => {
    const [body, opened] = await session('tanh1');
    const abort = new AbortController();
    const progress = (done: number): void => void (done >= 8 && abort.abort(new Error('enough')));
    await expect(featuresOf(body, opened, images(30), { progress, signal: abort.signal })).rejects.toThrow('enough');
    expect((await featuresOf(body, opened, images(30))).kept).toBe(8);
  });

  it('stays within its limit, and a damaged file is as none', async () => {
    const rows = (count: number): Map<string, Float32Array> =>
      new Map(Array.from({ length: count }, (_, i) => [String(i), Float32Array.of(i, 2, 3)]));
    await writeFeatures('a', rows(100), 60 * 92);
    expect([...(await readFeatures('a')).keys()]).toEqual(Array.from({ length: 60 }, (_, i) => String(i + 40)));
    const folder = join(root, 'data', 'features');
    await writeFeatures('b', rows(3), 600);
    expect(readdirSync(folder).reduce((sum, file) => sum + statSync(join(folder, file)).size, 0)).toBeLessThan(600);
    for (const file of readdirSync(folder)) writeFileSync(join(folder, file), 'convscope-features-1....');
    expect((await readFeatures('b')).size).toBe(0);
  });
});

it('the Wilson interval is that of the tables', () => {
  // Brown, Cai, DasGupta 2001 and R's binom package: 0 of 10, 10 of 10, 97 of 100.
  const rounded = (right: number, total: number): number[] => {
    const { low, high } = wilson(right, total);
    return [low, high].map((share) => Math.round(share * 1e4) / 1e4);
  };
  expect(rounded(0, 10)).toEqual([0, 0.2775]);
  expect(rounded(10, 10)).toEqual([0.7225, 1]);
  expect(rounded(97, 100)).toEqual([0.9155, 0.9897]);
});

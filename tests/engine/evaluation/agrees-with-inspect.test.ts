/** Whatever the network and the data: Inspect, by itself, takes a picture as the evaluation does. */
import { mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Model } from '../../../src/core/model/model';
import { headOfGraph } from '../../../src/core/model/graph';
import { logProbabilities } from '../../../src/core/model/head';
import { Generator } from '../../../src/core/random';
import { makeExecutor } from '../../../src/engine/runtime/executor';
import { loadData } from '../../../src/engine/data/load';
import { spread } from '../../../src/engine/data-sets/sheet';
import { prepare } from '../../../src/engine/image/prepare';
import { openModel, ownIds } from '../../../src/engine/models/models';
import { chooseSplit, evaluate } from '../../../src/engine/train/evaluate';
import { sentence } from '../../../src/words';
import { Decoder } from '../../../src/engine/image/decoder';
import { inputsOf, verifyImages } from '../../../src/engine/models/verify-images';
import { npy } from '../data/make';
import { plain, put } from '../data-sets/pictures';
import { describeWithData, sharedData } from '../../shared-data';
import { scratch } from '../train/helpers';
import { apart, shades, trainRun } from './fixtures';

const root = scratch();
beforeAll(() => apart(root));
const newFolder = (): string => mkdtempSync(join(root, 'agree-'));
const bundled = await ownIds();
const MOST = 200;

interface Difference {
  /** Largest difference of a probability between what Inspect makes of up to `MOST` pictures, each by itself, and what an evaluation does. */
  apart: number;
  /** How many Inspect inverted, and how many of the pictures the evaluation did not take alike. */
  inverted: number;
  otherwise: number;
  pictures: number;
}

/** @param evaluates left out: an evaluation of all of it; for data of other classes than the network's, what an evaluation feeds it with. */
async function difference(model: Model, source: string, evaluates = true): Promise<Difference> {
  const { preprocessing } = model.metadata;
  const target = { ...preprocessing, channels: model.graph.inputShape[2] };
  const data = await loadData(source, target, { purpose: 'look', originals: true });
  const { name, splits } = chooseSplit(data, undefined, source);
  const rows = splits.flatMap((split) => Array.from(split.samples, (sample) => ({ split, sample })));
  const told = evaluates ? await evaluate(model, 'network', source, { engine: 'core' }) : null;
  const executor = await makeExecutor(model.graph, 1);
  await executor.setParams(model.params);
  const head = headOfGraph(model.graph);
  const answer = async (input: Float32Array): Promise<number[]> => {
    await executor.forward(input, 1);
    const logits = await executor.activation(head.logits);
    return Array.from(logProbabilities(head, logits, logits.length)!, Math.exp);
  };
  const own = (sample: number) => {
    const { height, width, channels, pixels } = data.originals![name === 'all' ? 'train' : name]!;
    const bytes = height * width * channels;
    const one = pixels.subarray(sample * bytes, (sample + 1) * bytes);
    return { pixels: { width, height, channels: channels as 1 | 3, data: one } };
  };
  const found: Difference = { apart: 0, inverted: 0, otherwise: 0, pictures: 0 };
  for (const index of spread(Int32Array.from(rows.keys()), MOST)) {
    const { split, sample } = rows[index];
    const file = data.files?.paths[sample];
    const image = file === undefined ? own(sample) : { bytes: readFileSync(join(data.files!.root, file)) };
    const prepared = await prepare(image, `picture ${index}`, preprocessing, {});
    const inspected = await answer(prepared.input);
    const [input] = inputsOf(model, split, Int32Array.of(sample));
    const apart = (await answer(input)).map((value, c) => Math.abs(value - inspected[c]));
    const { predicted, probability } = told?.answers ?? {};
    const evaluated = told ? Math.abs(inspected[predicted![index]] - probability![index]) : 0;
    found.pictures++;
    found.apart = Math.max(found.apart, evaluated, ...apart);
    if (prepared.inverted) found.inverted++;
    if (told && prepared.inverted !== (told.inverted[0][index] === 1)) found.otherwise++;
  }
  executor.dispose();
  return found;
}
/** Nothing apart, but for the rounding of batches of other sizes. */
const alike = { apart: expect.closeTo(0, 6) as number, otherwise: 0 };

const run = async (id: string): Promise<Model> => (await openModel({ kind: 'run', id })).model;
/** A gray picture with a stroke on a ground. */
const drawn = (ground: number, ink: number, i: number, width = 12, height = 12): Promise<Buffer> => {
  const data = Uint8Array.from({ length: width * height }, (_, k) => {
    const [x, y] = [k % width, Math.floor(k / width)];
    return Math.abs(x - 3 - (i % 5)) < 2 && y > 1 && y < height - 2 ? ink : ground + (i % 3);
  });
  return sharp(data, { raw: { width, height, channels: 1 } })
    .png()
    .toBuffer();
};

describe('Inspect by itself and the evaluation', () => {
  it.each(bundled)('take generated pictures alike: %s', async (id) => {
    const { model } = await openModel({ kind: 'bundled', id });
    for (const source of ['builtin:shapes', 'builtin:colors']) {
      const { apart: most, pictures } = await difference(model, source, false);
      expect(pictures).toBe(MOST);
      expect(most, source).toBeLessThan(1e-6);
    }
  });

  it('take colors alike that a gray network sees', async () => {
    const data = newFolder();
    await shades(data, 12);
    await trainRun('grey-of-colors', data, { side: 8, channels: 1 });
    expect(await difference(await run('grey-of-colors'), data)).toEqual({ ...alike, inverted: 0, pictures: 36 });
  });

  it('take a class alike that is drawn the other way than the others', async () => {
    const data = newFolder();
    for (let i = 0; i < 120; i++) put(data, `night/${i}.png`, await drawn(5, 240, i));
    for (let i = 0; i < 12; i++) put(data, `day/${i}.png`, await drawn(240, 5, i));
    for (let i = 0; i < 12; i++) put(data, `plain/${i}.png`, await plain(10 * i, 10 * i, 10 * i));
    const { preprocessing } = await trainRun('minority', data, { side: 12, channels: 1 });
    expect(preprocessing.grounds).toEqual({ dark: 120, light: 12, all: 144 });
    expect(await difference(await run('minority'), data)).toEqual({ ...alike, inverted: 0, pictures: 144 });
  });

  it('take strips between the bars of a letterbox alike, dark on light', async () => {
    const data = newFolder();
    for (const name of ['a', 'b'])
      for (let i = 0; i < 60; i++) put(data, `${name}/${i}.png`, await drawn(240, name === 'a' ? 5 : 60, i, 48, 12));
    const { preprocessing } = await trainRun('strips', data, { side: 24, channels: 1, fit: 'letterbox' });
    expect(preprocessing).toMatchObject({ ground: 'dark', grounds: { dark: 0, light: 120, all: 120 } });
    expect(await difference(await run('strips'), data)).toEqual({ ...alike, inverted: 0, pictures: 120 });
  });

  it('take pictures of the test split alike that are drawn the other way than all others', async () => {
    const data = newFolder();
    for (const name of ['a', 'b']) {
      for (let i = 0; i < 60; i++) put(data, `train/${name}/${i}.png`, await drawn(5, name === 'a' ? 240 : 150, i));
      for (let i = 0; i < 4; i++) put(data, `test/${name}/${i}.png`, await drawn(i < 2 ? 240 : 5, i < 2 ? 5 : 240, i));
    }
    const { preprocessing } = await trainRun('odd-test', data, { side: 12, channels: 1 });
    expect(preprocessing.grounds).toMatchObject({ light: 0, both: true });
    expect(await difference(await run('odd-test'), data)).toEqual({ ...alike, inverted: 0, pictures: 8 });
  });

  it('take pictures of 16 bits alike, on the one scale of their set, dark ones too', async () => {
    const data = newFolder();
    const deep = (most: number, i: number): Promise<Buffer> => {
      const values = Uint16Array.from({ length: 144 }, (_, k) => ((k * 37 + i * 11) % 12) * (most / 11));
      return sharp(values, { raw: { width: 12, height: 12, channels: 1 } })
        .toColourspace('grey16')
        .png()
        .toBuffer();
    };
    for (let i = 0; i < 20; i++) {
      put(data, `bright/${i}.png`, await deep(60000, i));
      put(data, `dark/${i}.png`, await deep(3000, i));
    }
    const { preprocessing } = await trainRun('deep', data, { side: 12, channels: 1 });
    expect(preprocessing.scales).toEqual({ ushort: 65535 });
    const { warnings } = await loadData(data, { ...preprocessing, channels: 1 });
    expect(warnings.map((each) => sentence(each)).join()).toMatch(
      "16 bit: all are read as 0 … 65535, the scale of the brightest. 20 pictures ('dark/0.png' …) would fill 0 … 4095",
    );
    expect(await difference(await run('deep'), data)).toEqual({ ...alike, inverted: 0, pictures: 40 });
    // A dark picture is dark: alone it would fill the bytes.
    const { input } = await prepare(
      { bytes: await deep(3000, 0) },
      'dark',
      { ...preprocessing, mean: [0], deviation: [1] },
      {},
    );
    expect(Math.max(...input)).toBeLessThan(0.06);

    // One that comes to the set, and needs more, moves the others.
    const [growing, unit] = [
      newFolder(),
      { height: 12, width: 12, channels: 1, fit: 'crop', resize: 'linear' } as const,
    ];
    const brightest = async (): Promise<number> =>
      Math.max(...(await loadData(growing, unit)).train.images.pixels.subarray(0, 144));
    for (const name of ['a', 'b']) for (let i = 0; i < 2; i++) put(growing, `${name}/${i}.png`, await deep(3000, i));
    expect(await brightest()).toBe(187);
    put(growing, 'b/2.png', await deep(60000, 2));
    expect(await brightest()).toBe(11);
  });

  /** A network that learned from pictures of 12 × 12, light on dark. */
  async function onDark(id: string, fit: 'crop' | 'letterbox' | 'stretch'): Promise<{ model: Model; own: string }> {
    const own = newFolder();
    for (const name of ['a', 'b'])
      for (let i = 0; i < 60; i++) put(own, `${name}/${i}.png`, await drawn(5, name === 'a' ? 240 : 150, i));
    await trainRun(id, own, { side: 12, channels: 1, fit });
    return { model: await run(id), own };
  }

  it('invert the same pictures of another set, and say how many; of its own never one', async () => {
    const { model, own } = await onDark('on-dark', 'crop');
    expect(await difference(model, own)).toEqual({ ...alike, inverted: 0, pictures: 120 });
    const other = newFolder();
    for (const name of ['a', 'b'])
      for (let i = 0; i < 10; i++) put(other, `${name}/${i}.png`, await drawn(240, 5, i, 24, 24));
    expect(await difference(model, other)).toEqual({ ...alike, inverted: 20, pictures: 20 });
    const told = async (invert?: 'on' | 'off'): Promise<[number, string]> => {
      const { inverted, suspicion } = await evaluate(model, 'on-dark', other, { engine: 'core', invert });
      return [inverted[0].filter((flag) => flag).length, suspicion ? sentence(suspicion) : ''];
    };
    expect(await told()).toEqual([
      20,
      expect.stringMatching('^20 of 20 pictures are large and drawn dark on light.*inverted'),
    ]);
    expect(await told('off')).toEqual([0, expect.stringMatching('20 of 20 pictures are drawn dark on light, while')]);
    expect(await told('on')).toEqual([20, '']);
    expect((await evaluate(model, 'on-dark', own, { engine: 'core' })).suspicion).toBeNull();
    // Small ones are taken as they are, by both.
    for (const name of ['a', 'b']) for (let i = 10; i < 15; i++) put(other, `${name}/${i}.png`, await drawn(240, 5, i));
    expect(await difference(model, other)).toEqual({ ...alike, inverted: 20, pictures: 30 });
    expect((await told())[1]).toMatch(/^20 of 30 pictures .* 10 more are drawn dark on light but not large/);
  });

  it.each(['crop', 'letterbox', 'stretch'] as const)(
    'take drawings alike of any size, ground and color: %s',
    async (fit) => {
      const { model } = await onDark(`random-${fit}`, fit);
      const other = newFolder();
      const random = new Generator(11, fit.length);
      for (let i = 0; i < MOST; i++) {
        const [width, height] = [4 + random.integer(40), 4 + random.integer(40)];
        const [paper, ink] = [random.integer(2) ? 200 + random.integer(56) : random.integer(56), random.integer(256)];
        const colored = random.integer(4) === 0;
        const data = Uint8Array.from({ length: 3 * width * height }, (_, k) => {
          const [x, y] = [Math.floor(k / 3) % width, Math.floor(k / 3 / width)];
          const inked = Math.abs(x - width / 2) < width / 8 && y > height / 6 && y < height - height / 6;
          return (inked ? ink : paper) + (colored && k % 3 === 0 && inked ? 90 : 0);
        });
        const picture = sharp(data, { raw: { width, height, channels: 3 } });
        const file = random.integer(3) ? picture.png() : picture.jpeg();
        put(other, `${i % 2 ? 'a' : 'b'}/${i}.${random.integer(2) ? 'png' : 'jpg'}`, await file.toBuffer());
      }
      const { inverted, ...found } = await difference(model, other);
      expect(found).toEqual({ ...alike, pictures: MOST });
      expect(inverted).toBeGreaterThan(8);
    },
  );

  it.each(['crop', 'letterbox'] as const)(
    'take pictures of an array alike that is larger than the input: %s',
    async (fit) => {
      const { model } = await onDark(`array-${fit}`, fit);
      const folder = newFolder();
      const [count, height, width] = [20, 24, 30];
      const pixels = Uint8Array.from({ length: count * height * width }, (_, k) =>
        k % width > 10 && k % width < 14 + (k % 3) ? 9 : 240,
      );
      writeFileSync(join(folder, 'x.npy'), npy('|u1', [count, height, width], pixels));
      writeFileSync(
        join(folder, 'y.npy'),
        npy(
          '|u1',
          [count],
          Uint8Array.from({ length: count }, (_, i) => i % 2),
        ),
      );
      expect(await difference(model, folder)).toEqual({ ...alike, inverted: count, pictures: count });
      const first = { width, height, channels: 1 as const, data: pixels.subarray(0, height * width) };
      const { input } = await prepare({ pixels: first }, 'first', model.metadata.preprocessing, {});
      const decoder = new Decoder();
      const verified = await verifyImages(model, decoder, folder).finally(() => decoder.close());
      expect(verified.images[0]).toEqual(input);
    },
  );
});

describeWithData('Inspect by itself and the evaluation, on real data', ['mnist'], () => {
  /** The ten thousand test pictures of a set, as one of its own: all of it would take its time. */
  function tenThousand(set: string): string {
    const folder = newFolder();
    for (const kind of ['images-idx3', 'labels-idx1'])
      symlinkSync(sharedData(set, `t10k-${kind}-ubyte.gz`), join(folder, `train-${kind}-ubyte.gz`));
    return folder;
  }

  /** Pictures of CIFAR-10 as a test batch beside a training batch: all of them would take their time. */
  function fourHundred(): string {
    const folder = newFolder();
    const all = gunzipSync(readFileSync(sharedData('cifar10', 'data_batch_1_first4000.bin.gz')));
    writeFileSync(join(folder, 'data_batch_1.bin'), all.subarray(0, 200 * 3073));
    writeFileSync(join(folder, 'test_batch.bin'), all.subarray(200 * 3073, 400 * 3073));
    return folder;
  }

  const sources = {
    mnist: () => tenThousand('mnist'),
    'fashion-mnist': () => tenThousand('fashion-mnist'),
    'cats-dogs': () => sharedData('cats-dogs'),
    cifar10: fourHundred,
  };
  it.each(Object.keys(sources))('agree on 200 pictures of %s, for every network', async (set) => {
    const source = sources[set as keyof typeof sources]();
    for (const id of bundled) {
      const { model } = await openModel({ kind: 'bundled', id });
      const { apart: most, inverted, otherwise, pictures } = await difference(model, source, false);
      expect({ id, inverted, otherwise, enough: pictures >= 50 }).toEqual({
        id,
        inverted: 0,
        otherwise: 0,
        enough: true,
      });
      expect(most, id).toBeLessThan(1e-6);
    }
  });
});

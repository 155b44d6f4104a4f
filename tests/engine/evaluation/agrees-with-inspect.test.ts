/** Whatever the network and the data: Inspect, by itself, takes a picture as the evaluation does. */
import { mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Model } from '../../../src/core/model/model';
import { Batcher } from '../../../src/core/train/batches';
import { makeExecutor } from '../../../src/engine/runtime/executor';
import { loadData } from '../../../src/engine/data/load';
import { spread } from '../../../src/engine/data-sets/sheet';
import { prepare } from '../../../src/engine/image/prepare';
import { openModel } from '../../../src/engine/models/models';
import { evaluate } from '../../../src/engine/train/evaluate';
import { sentence } from '../../../src/words';
import { plain, put } from '../data-sets/pictures';
import { describeWithData, sharedData } from '../../shared-data';
import { scratch } from '../train/helpers';
import { apart, shades, trainRun } from './fixtures';

const root = scratch();
beforeAll(() => apart(root));
const newFolder = (): string => mkdtempSync(join(root, 'agree-'));
const bundled = readdirSync('resources/models')
  .filter((name) => name.endsWith('.onnx'))
  .map((name) => name.replace('.onnx', ''));
const MOST = 200;

/** Largest difference of a probability between what Inspect makes of pictures by itself and what an evaluation does; and how many were inverted. */
async function difference(
  model: Model,
  source: string,
): Promise<{ apart: number; inverted: number; pictures: number }> {
  const { preprocessing } = model.metadata;
  const channels = model.graph.inputShape[2];
  const data = await loadData(source, { ...preprocessing, channels }, { purpose: 'look', originals: true });
  const split = data.test ?? data.validation ?? data.train;
  const samples = spread(split.samples, MOST);
  const size = preprocessing.height * preprocessing.width * channels;
  const inputs = new Float32Array(samples.length * size);
  new Batcher(split, preprocessing).fill(Int32Array.from(samples), inputs, new Int32Array(samples.length));
  const executor = await makeExecutor(model.graph, 1);
  await executor.setParams(model.params);
  const answer = async (input: Float32Array): Promise<number[]> => {
    await executor.forward(input, 1);
    return [...(await executor.activation(model.graph.layers.length - 1))];
  };
  const name = split === data.test ? 'test' : split === data.validation ? 'validation' : 'train';
  const set = data.originals?.[name];
  let [most, inverted] = [0, 0];
  for (const [i, sample] of samples.entries()) {
    const own = (set: { height: number; width: number; channels: number; pixels: Uint8Array }) => {
      const bytes = set.height * set.width * set.channels;
      const pixels = set.pixels.subarray(sample * bytes, (sample + 1) * bytes);
      return { pixels: { width: set.width, height: set.height, channels: set.channels as 1 | 3, data: pixels } };
    };
    const file = data.files?.paths[sample];
    const image = file === undefined ? own(set!) : { bytes: readFileSync(join(data.files!.root, file)) };
    const prepared = await prepare(image, `picture ${i}`, preprocessing, {});
    if (prepared.inverted) inverted++;
    const a = await answer(prepared.input);
    const b = await answer(inputs.subarray(i * size, (i + 1) * size));
    most = Math.max(most, ...a.map((value, c) => Math.abs(value - b[c])));
  }
  executor.dispose();
  return { apart: most, inverted, pictures: samples.length };
}

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
      const { apart: most, pictures } = await difference(model, source);
      expect(pictures).toBe(MOST);
      expect(most, source).toBeLessThan(1e-6);
    }
  });

  it('take colors alike that a gray network sees', async () => {
    const data = newFolder();
    await shades(data, 12);
    await trainRun('grey-of-colors', data, { side: 8, channels: 1 });
    expect(await difference(await run('grey-of-colors'), data)).toEqual({ apart: 0, inverted: 0, pictures: 36 });
  });

  it('take a class alike that is drawn the other way than the others', async () => {
    const data = newFolder();
    for (let i = 0; i < 120; i++) put(data, `night/${i}.png`, await drawn(5, 240, i));
    for (let i = 0; i < 12; i++) put(data, `day/${i}.png`, await drawn(240, 5, i));
    for (let i = 0; i < 12; i++) put(data, `plain/${i}.png`, await plain(10 * i, 10 * i, 10 * i));
    const { preprocessing } = await trainRun('minority', data, { side: 12, channels: 1 });
    expect(preprocessing.grounds).toEqual({ dark: 120, light: 12, all: 144 });
    expect(await difference(await run('minority'), data)).toEqual({ apart: 0, inverted: 0, pictures: 144 });
  });

  it('take strips between the bars of a letterbox alike, dark on light', async () => {
    const data = newFolder();
    for (const name of ['a', 'b'])
      for (let i = 0; i < 60; i++) put(data, `${name}/${i}.png`, await drawn(240, name === 'a' ? 5 : 60, i, 48, 12));
    const { preprocessing } = await trainRun('strips', data, { side: 24, channels: 1, fit: 'letterbox' });
    expect(preprocessing).toMatchObject({ ground: 'dark', grounds: { dark: 0, light: 120, all: 120 } });
    expect(await difference(await run('strips'), data)).toEqual({ apart: 0, inverted: 0, pictures: 120 });
  });

  it('take pictures of the test split alike that are drawn the other way than all others', async () => {
    const data = newFolder();
    for (const name of ['a', 'b']) {
      for (let i = 0; i < 60; i++) put(data, `train/${name}/${i}.png`, await drawn(5, name === 'a' ? 240 : 150, i));
      for (let i = 0; i < 4; i++) put(data, `test/${name}/${i}.png`, await drawn(i < 2 ? 240 : 5, i < 2 ? 5 : 240, i));
    }
    const { preprocessing } = await trainRun('odd-test', data, { side: 12, channels: 1 });
    expect(preprocessing.grounds).toMatchObject({ light: 0, both: true });
    expect(await difference(await run('odd-test'), data)).toEqual({ apart: 0, inverted: 0, pictures: 8 });
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
    expect(await difference(await run('deep'), data)).toEqual({ apart: 0, inverted: 0, pictures: 40 });
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

  it('differ only where the data is drawn the other way, which the evaluation says', async () => {
    const [own, other] = [newFolder(), newFolder()];
    for (const name of ['a', 'b']) {
      for (let i = 0; i < 60; i++) put(own, `${name}/${i}.png`, await drawn(5, name === 'a' ? 240 : 150, i));
      for (let i = 0; i < 10; i++) put(other, `${name}/${i}.png`, await drawn(240, 5, i, 24, 24));
    }
    await trainRun('on-dark', own, { side: 12, channels: 1 });
    const model = await run('on-dark');
    expect(await difference(model, own)).toEqual({ apart: 0, inverted: 0, pictures: 120 });
    expect(await difference(model, other)).toMatchObject({ inverted: 20 });
    const told = await evaluate(model, 'on-dark', other, { engine: 'core' });
    expect(told.suspicion && sentence(told.suspicion)).toMatch('20 of 20 pictures are drawn dark on light');
    expect((await evaluate(model, 'on-dark', own, { engine: 'core' })).suspicion).toBeNull();
    for (const name of ['a', 'b']) for (let i = 10; i < 40; i++) put(other, `${name}/${i}.png`, await drawn(5, 240, i));
    const few = await evaluate(model, 'on-dark', other, { engine: 'core' });
    expect(few.suspicion && sentence(few.suspicion)).toMatch('20 of 80 pictures are drawn dark on light, unlike');
  });
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
      const { apart: most, inverted, pictures } = await difference(model, source);
      expect({ id, inverted, enough: pictures >= 50 }).toEqual({ id, inverted: 0, enough: true });
      expect(most, id).toBeLessThan(1e-6);
    }
  });
});

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createEngine, type OpenEngine } from '../../../src/engine/engine';
import { half } from '../../../src/core/onnx/half';
import { Decoder } from '../../../src/engine/image/decoder';
import { npyValues } from '../../../src/engine/npy/tensor';
import { numbersOf } from '../../../src/core/onnx/tensor-data';
import type { CallContext, ImageSource, Method, ModelInfo, Params, Result } from '../../../src/shared/protocol';
import { rangeOf, type ValueRange } from '../../../src/shared/value-ranges';
import { sentence } from '../../../src/words';
import { buildDecoder } from '../image/decoder-script';
import { describeWithData, sharedData } from '../../shared-data';

const context: CallContext = { emit: () => undefined };
let engine: OpenEngine;
beforeAll(async () => {
  process.env.CONVSCOPE_DATA = mkdtempSync(join(tmpdir(), 'convscope-opening-'));
  const script = await buildDecoder('opening');
  engine = createEngine({ open: { model: null, image: null } }, new Decoder(script));
});
afterAll(() => {
  engine.close();
  rmSync(process.env.CONVSCOPE_DATA!, { recursive: true });
});

const call = <M extends Method>(method: M, params: Params<M>): Promise<Result<M>> =>
  engine.call(method, params, context);

/** A picture of three different channels, no two rows alike. */
const image: ImageSource = {
  kind: 'pixels',
  name: 'picture',
  width: 40,
  height: 30,
  channels: 3,
  pixels: Uint8Array.from({ length: 40 * 30 * 3 }, (_, i) => (Math.imul(i, 2654435761) >>> 24) % 256),
};

const fileOf = (file: string): Uint8Array => new Uint8Array(readFileSync(sharedData('onnx-models', file)));
const openBytes = async (name: string, bytes: Uint8Array): Promise<ModelInfo> => {
  const { model } = await call('openModel', { source: { kind: 'bytes', name, bytes } });
  return call('modelOpened', { model });
};
const open = (file: string): Promise<ModelInfo> => openBytes(file, fileOf(file));

it('writes float16 as numbersOf reads it', () => {
  const bits = Uint16Array.from({ length: 2 ** 16 }, (_, i) => i);
  const values = numbersOf({ type: 'float16', shape: [bits.length], data: bits })!;
  const differing = [...bits].filter((i) => !Number.isNaN(values[i]) && half(values[i]) !== i);
  expect(differing).toEqual([]);
  // Between two of them the nearer one, in the middle the even one.
  expect([1 + 2 ** -11, 1 + 3 * 2 ** -11, 65519, 65520].map(half)).toEqual([0x3c00, 0x3c02, 0x7bff, 0x7c00]);
});

describeWithData('files of others in the engine', ['onnx-models'], () => {
  const refused = ['pytorch_superresolution_prepost_op18.onnx'];
  const files = readdirSync(sharedData('onnx-models')).filter(
    (file) => file.endsWith('.onnx') && !refused.includes(file),
  );
  /** Those without a picture: a signal, and four channels. */
  const blind = ['conv1d_audio_torch.onnx', 'carvana_unet_simp_small.onnx'];

  it.each(files)('%s opens, takes a picture, and shows every box of its overview', async (file) => {
    const model = await open(file);
    const foreign = model.foreign!;
    expect(foreign.picture === null).toBe(blind.includes(file));
    expect(foreign.filled).toHaveLength(model.inputs.length - (foreign.picture ? 1 : 0));
    const inspection = await call('inspect', { model: model.model, image, options: {} });
    expect(inspection.warnings.some(({ code }) => code === 'guess.no-picture')).toBe(blind.includes(file));
    expect(inspection.predictions).toHaveLength(model.labels.length);
    expect(foreign.drawn.length).toBeGreaterThan(2);
    const sheets = await Promise.all(
      foreign.drawn.map(({ layer }) =>
        call('thumbnails', { inspection: inspection.inspection, layer, first: 0, count: 2 }),
      ),
    );
    for (const { count, data, height, width } of sheets) {
      expect(count).toBeGreaterThan(0);
      expect(data).toHaveLength(count * height * width);
    }
    // What is drawn reads only what is drawn before it.
    const seen = new Set(model.inputs.map(({ index }) => index));
    for (const { layer, inputs } of foreign.drawn) {
      expect(inputs.filter((input) => !seen.has(input))).toEqual([]);
      seen.add(layer);
    }
    const back = await call('modelFile', { model: model.model });
    expect(Buffer.from(back.bytes).equals(fileOf(file))).toBe(true);
    await expect(call('verify', { model: model.model, job: file })).rejects.toThrow(/only files that Convscope wrote/);
  });

  it('puts a picture in as it was told: layout, order, scale, moments', async () => {
    const model = await open('cifar10_marabou_small.onnx');
    const { guess } = model.foreign!.picture!;
    expect(guess).toMatchObject({ layout: 'NHWC', color: 'rgb', height: 32, width: 32 });
    const input = async (picture: typeof guess): Promise<{ shape: number[]; values: Float32Array }> => {
      const { inspection, strip } = await call('inspect', { model: model.model, image, options: { picture } });
      const { bytes } = await call('npy', { inspection, layer: -1 });
      return { shape: strip.normalized.shape, values: npyValues(bytes, strip.normalized.shape) };
    };
    const unit = await input({ ...guess, scale: 1, mean: [0, 0, 0], deviation: [1, 1, 1] });
    expect(unit.shape).toEqual([1, 32, 32, 3]);
    const turned = await input({ ...guess, color: 'bgr', scale: 1 / 255, mean: [0.1, 0.2, 0.3], deviation: [1, 2, 4] });
    const mean = [0.3, 0.2, 0.1];
    const deviation = [4, 2, 1];
    turned.values.forEach((value, i) => {
      const c = i % 3;
      const byte = unit.values[i - c + 2 - c];
      expect(value).toBeCloseTo((byte / 255 - mean[c]) / deviation[c], 5);
    });
    await expect(input({ ...guess, layout: 'NCHW' })).rejects.toThrow(
      /'x:0': found float32 \[1, 3, 32, 32\], expected/,
    );
  });

  it('shows the graph of what cannot be computed, with the reason, and computes nothing', async () => {
    const model = await open(refused[0]);
    const { refused: reason, graph } = model.foreign!;
    expect(reason && sentence(reason, 'en')).toMatch(/com\.microsoft\.extensions:DecodeImage\) is a custom operator/);
    expect(graph.boxes.flatMap(({ operators }) => operators)).toContain('DecodeImage');
    const { inspection, layers, predictions } = await call('inspect', { model: model.model, image, options: {} });
    expect([layers, predictions]).toEqual([[], []]);
    const nodes = await call('nodes', { model: model.model, layer: graph.boxes[1].values[0] });
    expect(nodes.map(({ operator }) => operator)).toEqual(graph.boxes[1].operators);
    await expect(call('thumbnails', { inspection, layer: 0, first: 0, count: 1 })).rejects.toThrow(/custom operator/);
    const lacking = await open('external-data-MISSING/mnist.onnx');
    expect(sentence(lacking.foreign!.refused!, 'en')).toMatch(/'features\.0\.weight': its data lies in/);
    const cut = fileOf('lenet_dongkyunk.onnx').subarray(0, 100_000);
    await expect(call('openModel', { source: { kind: 'bytes', name: 'cut.onnx', bytes: cut } })).rejects.toThrow(
      /cut\.onnx/,
    );
  });

  it('opens a network together with the file of its data', async () => {
    const name = 'fashion_mnist.onnx';
    const [bytes, data] = [name, `${name}.data`].map((file) => fileOf(`external-data-ok/${file}`));
    const source = { kind: 'bytes' as const, name, bytes, beside: [{ name: `${name}.data`, bytes: data }] };
    const { model: opening } = await call('openModel', { source });
    const model = await call('modelOpened', { model: opening });
    expect(model.foreign!.refused).toBeNull();
    const { layers } = await call('inspect', { model: model.model, image, options: {} });
    expect(layers.length).toBeGreaterThan(1);
  });

  it('says what a box is made of: operators, attributes, weights with their statistics, multiply-adds', async () => {
    const model = await open('squeezenet1_1_torch_legacy13.onnx');
    const [box] = model.foreign!.graph.boxes.filter(({ operators }) => operators[0] === 'Conv');
    const [conv, relu] = await call('nodes', { model: model.model, layer: box.layer! });
    expect([conv.operator, relu.operator]).toEqual(['Conv', 'Relu']);
    expect(conv.attributes).toContainEqual({ name: 'kernel_shape', text: '3, 3' });
    const [kernels, bias] = conv.weights;
    expect([kernels.shape, bias.shape]).toEqual([[64, 3, 3, 3], [64]]);
    expect(kernels.stats!.min).toBeLessThan(kernels.stats!.max);
    // Every output is a sum of 27 products.
    const [, channels, height, width] = conv.outputs[0].shape as number[];
    expect(conv.macs).toBe(channels * height * width * 27);
  });

  it('keeps how a picture goes in, and names of classes, for a file by its digest, until they are taken back', async () => {
    const file = 'fashion_mnist_mlp_torch2.12.onnx';
    const first = await open(file);
    const guess = first.foreign!.picture!.guess;
    expect(first.foreign).toMatchObject({ kept: { picture: null, labels: false }, nameless: true });
    const picture = { ...guess, scale: 1 };
    await call('keepPicture', { model: first.model, picture });
    const text = 'T-shirt\nTrouser\nPullover\nDress\nCoat\nSandal\nShirt\nSneaker\nBag\nBoot\n';
    const few = call('keepLabels', { model: first.model, names: { file: 'few.txt', text: 'a\nb' } });
    await expect(few).rejects.toThrow("'few.txt': found 2 names of classes, expected 10");
    await call('keepLabels', { model: first.model, names: { file: 'names.txt', text } });
    // Under another name it is the same file; another file has nothing.
    const again = await openBytes('other.onnx', fileOf(file));
    expect(again.foreign).toMatchObject({ kept: { picture, labels: true } });
    expect(again.labels).toEqual(text.trim().split('\n'));
    expect((await open('cifar_oval21_base_kw.onnx')).foreign!.kept).toEqual({ picture: null, labels: false });
    const inspection = await call('inspect', { model: again.model, image, options: {} });
    expect(inspection.options.picture).toEqual(picture);
    expect(inspection.strip.normalized.max).toBeGreaterThan(1);
    expect(again.labels).toContain(inspection.predictions[0].label);
    await call('keepPicture', { model: again.model, picture: null });
    await call('keepLabels', { model: again.model, names: null });
    const last = await open(file);
    expect(last.foreign!.kept).toEqual({ picture: null, labels: false });
    expect(last.labels[3]).toBe('3');
  });

  it('guesses what serves best, by the accuracies measured elsewhere, where the file tells enough', async () => {
    const measured = JSON.parse(readFileSync(sharedData('onnx-models', 'models.json'), 'utf8')) as {
      file: string;
      reference?: { accuracy?: Record<string, number> };
    }[];
    /** As they are called there, by how they are called here. */
    const names: Partial<Record<ValueRange, RegExp>> = {
      unit: /^0\.\.1/,
      bytes: /^0\.\.255/,
      signed: /^-1\.\.1/,
      imagenet: /^imagenet/,
      cifar: /^mean \.4914/,
      mnist: /^mean\.1307/,
    };
    const wrong: string[] = [];
    let checked = 0;
    for (const { file, reference } of measured) {
      const found = Object.entries(reference?.accuracy ?? {}).filter(([name]) => !name.includes('train-lossless'));
      const best = Math.max(...found.map(([, accuracy]) => accuracy));
      // Of networks that are right nowhere no guess can be.
      if (file.includes('/') || !(best > 0.5)) continue;
      const { guess } = (await open(file)).foreign!.picture!;
      const name = names[rangeOf(guess)!]!;
      const [, accuracy] = found.find(([each]) => name.test(each))!;
      checked++;
      if (accuracy < best - 0.02) wrong.push(file);
    }
    expect(checked).toBeGreaterThan(8);
    // Trained on −1 … 1, which nothing in the file says.
    expect(wrong).toEqual(['fashion_mnist_mlp_torch2.12.onnx']);
  });
});

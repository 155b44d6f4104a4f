import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createEngine, type OpenEngine } from '../../../src/engine/engine';
import { half } from '../../../src/engine/foreign/inputs';
import { Decoder } from '../../../src/engine/image/decoder';
import { npyValues } from '../../../src/engine/npy/tensor';
import { numbersOf } from '../../../src/core/onnx/tensor-data';
import type { CallContext, ImageSource, Method, ModelInfo, Params, Result } from '../../../src/shared/protocol';
import { buildDecoder } from '../image/decoder-script';
import { describeWithData, sharedData } from '../../shared-data';

const context: CallContext = { emit: () => undefined };
let engine: OpenEngine;
beforeAll(async () => {
  const script = await buildDecoder('opening');
  engine = createEngine({ open: { model: null, image: null } }, new Decoder(script));
});
afterAll(() => engine.close());

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
const open = (file: string): Promise<ModelInfo> =>
  call('openModel', { source: { kind: 'bytes', name: file, bytes: fileOf(file) } });

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

  it('refuses what cannot be computed, by name', async () => {
    await expect(open(refused[0])).rejects.toThrow(/com\.microsoft\.extensions:DecodeImage\) is a custom operator/);
    await expect(open('external-data-MISSING/mnist.onnx')).rejects.toThrow(/'features\.0\.weight': its data lies in/);
    const cut = fileOf('lenet_dongkyunk.onnx').subarray(0, 100_000);
    await expect(call('openModel', { source: { kind: 'bytes', name: 'cut.onnx', bytes: cut } })).rejects.toThrow(
      /cut\.onnx/,
    );
  });
});

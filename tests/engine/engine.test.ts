import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { channelsFirst } from '../../src/core/tensor';
import { ReferenceExecutor } from '../../src/core/backends/reference/executor';
import type { Model } from '../../src/core/model/model';
import { writeModel } from '../../src/core/onnx/write';
import { createEngine, type OpenEngine } from '../../src/engine/engine';
import { Decoder } from '../../src/engine/image/decoder';
import { npyValues } from '../../src/engine/npy/tensor';
import type {
  CallContext,
  Events,
  ImageSource,
  Inspection,
  Method,
  ModelInfo,
  Params,
  Result,
} from '../../src/shared/protocol';
import { buildDecoder } from './image/decoder-script';
import { everyKind, lenet, randomModel } from './models';
import { grayNetwork, rgbNetwork } from './pictures';

const events: Events['progress'][] = [];
const context: CallContext = { emit: (_event, payload) => void events.push(payload as Events['progress']) };
let engine: OpenEngine;
beforeAll(async () => {
  const script = await buildDecoder('engine');
  engine = createEngine({ open: { model: null, image: null } }, new Decoder(script));
});
afterAll(() => engine.close());

const call = <M extends Method>(method: M, params: Params<M>): Promise<Result<M>> =>
  engine.call(method, params, context);
const open = (model: Model, name = 'random.onnx'): Promise<ModelInfo> =>
  call('openModel', { source: { kind: 'bytes', name, bytes: writeModel(model) } });

/** Gray pixels of many values. */
const pad = (seed = 1, side = 28): ImageSource => {
  const pixels = Uint8Array.from({ length: side * side }, (_, i) => (i * i * 7 + seed * 13) % 256);
  return { kind: 'pixels', name: 'pad', width: side, height: side, channels: 1, pixels };
};

const inspect = (model: number, image = pad()): Promise<Inspection> =>
  call('inspect', { model, image, options: { invert: 'off' } });

/** What the reference gives for the same pixels, `[C, H, W]` for each layer. */
function truth(model: Model, image: ImageSource): { shape: number[]; data: Float32Array }[] {
  if (image.kind !== 'pixels') throw new Error('pixels only');
  const executor = new ReferenceExecutor(model.graph, 1);
  executor.setParams(model.params);
  executor.forward(
    Float32Array.from(image.pixels, (value) => value / 255),
    1,
  );
  return model.graph.layers.map(({ outputShape }, index) => {
    const nhwc = executor.activation(index);
    const shape = channelsFirst(outputShape);
    const [channels, area] = [shape[0], nhwc.length / shape[0]];
    return { shape, data: nhwc.map((_, i) => nhwc[(i % area) * channels + Math.floor(i / area)]) };
  });
}

const close = (a: ArrayLike<number>, b: ArrayLike<number>): void => {
  expect(a.length).toBe(b.length);
  let worst = 0;
  for (let i = 0; i < a.length; i++) worst = Math.max(worst, Math.abs(a[i] - b[i]));
  expect(worst).toBeLessThan(1e-4);
};

describe('openModel', () => {
  it('describes every layer', async () => {
    const info = await open(lenet());
    expect(info).toMatchObject({ id: 'random.onnx', bundled: false, inputShape: [1, 28, 28], training: null });
    expect(info.totals).toEqual({ params: 61706, trainable: 61706, macs: 416520 });
    const conv2 = info.layers[3];
    expect(conv2).toMatchObject({ index: 3, name: 'conv2', kind: 'conv', inputs: [2], outputShape: [16, 10, 10] });
    expect(conv2).toMatchObject({ params: 2416, macs: 240000, receptiveField: { size: [14, 14], step: [2, 2] } });
    expect(conv2.settings).toMatchObject({ filters: 16, kernel: 5 });
    expect(info.labels).toHaveLength(10);
  });

  it('counts running statistics as parameters that are not trainable', async () => {
    const { layers } = await open(everyKind());
    expect(layers[1]).toMatchObject({ kind: 'batchnorm', params: 16, trainable: 8 });
  });

  it('opens bundled networks by ID and lists them', async () => {
    const { models, samples, version } = await call('start', {});
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(models.length).toBeGreaterThan(0);
    for (const { id, inputShape, classes } of models) {
      const info = await call('openModel', { source: { kind: 'bundled', id } });
      expect(info).toMatchObject({ id, bundled: true, inputShape });
      expect(info.labels).toHaveLength(classes);
      for (const sample of samples) {
        if (sample.models.includes(id) && sample.label !== null) expect(info.labels, sample.id).toContain(sample.label);
      }
    }
  });

  it('names the file and what is wrong with it, and keeps what was open', async () => {
    const before = await open(lenet());
    const bytes = writeModel(lenet());
    const fail = (name: string, content: Uint8Array) =>
      call('openModel', { source: { kind: 'bytes', name, bytes: content } }).catch((error: unknown) => error);
    expect(await fail('no.onnx', Buffer.from('hello there'))).toMatchObject({
      code: 'model.format',
      values: { file: 'no.onnx' },
    });
    expect(await fail('cut.onnx', bytes.subarray(0, bytes.length >> 1))).toMatchObject({
      values: { file: 'cut.onnx' },
    });
    expect(await fail('empty.onnx', new Uint8Array(0))).toMatchObject({ code: 'file.empty' });
    const unknown = call('openModel', { source: { kind: 'bundled', id: '../../etc/passwd' } });
    await expect(unknown).rejects.toMatchObject({ code: 'model.unknown' });
    expect((await inspect(before.model)).predictions).toHaveLength(10);
  });
});

describe('inspect and what is asked of it', () => {
  it('gives every layer of every kind as the reference computes it', async () => {
    const model = everyKind();
    const { model: handle, layers } = await open(model);
    const { inspection, layers: stats, predictions } = await inspect(handle);
    const expected = truth(model, pad());
    for (const { index, name, outputShape } of layers) {
      const { name: file, bytes } = await call('npy', { inspection, layer: index });
      expect(file).toBe(`${name}.npy`);
      const values = npyValues(bytes, outputShape);
      close(values, expected[index].data);
      const own = stats[index + 1];
      expect(own.index).toBe(index);
      expect(own.min).toBe(values.reduce((a, b) => Math.min(a, b)));
      expect(own.max).toBe(values.reduce((a, b) => Math.max(a, b)));
      const mean = values.reduce((a, b) => a + b, 0) / values.length;
      expect(own.mean).toBeCloseTo(mean, 6);
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
      expect(own.deviation).toBeCloseTo(Math.sqrt(variance), 6);
      expect(own.zeroFraction).toBe(values.filter((value) => value === 0).length / values.length);
      expect(own.absMax).toBe(Math.max(-own.min, own.max, 0));
    }
    const softmax = expected[expected.length - 1].data;
    const logits = expected[expected.length - 2].data;
    expect(predictions.map(({ index }) => index)).toEqual([...softmax.keys()].sort((a, b) => softmax[b] - softmax[a]));
    for (const { index, probability, logit, label } of predictions) {
      expect(probability).toBeCloseTo(softmax[index], 5);
      expect(logit).toBeCloseTo(logits[index], 4);
      expect(label).toBe(`class ${index}`);
    }
  });

  it('gives the input as layer −1', async () => {
    const { model } = await open(lenet());
    const { inspection, layers, strip } = await inspect(model);
    const { data, height, width } = await call('values', { inspection, layer: -1, channel: 0 });
    const image = pad();
    expect([height, width]).toEqual([28, 28]);
    if (image.kind === 'pixels') expect([...data]).toEqual([...image.pixels].map((value) => Math.fround(value / 255)));
    expect(layers[0].min).toBe(data.reduce((a, b) => Math.min(a, b)));
    expect(strip.normalized).toMatchObject({ shape: [1, 28, 28], min: layers[0].min, max: layers[0].max });
  });

  it('gives single maps and flat vectors', async () => {
    const model = lenet();
    const { model: handle } = await open(model);
    const { inspection } = await inspect(handle);
    const expected = truth(model, pad());
    const map = await call('values', { inspection, layer: 3, channel: 5 });
    close(map.data, expected[3].data.subarray(500, 600));
    const vector = await call('values', { inspection, layer: 7, channel: -1 });
    expect([vector.height, vector.width]).toEqual([1, 120]);
    close(vector.data, expected[7].data);
    expect((await call('values', { inspection, layer: 7, channel: 3 })).data[0]).toBe(vector.data[3]);
    await expect(call('values', { inspection, layer: 3, channel: 16 })).rejects.toThrow('has 16 maps');
    await expect(call('values', { inspection, layer: 99, channel: 0 })).rejects.toThrow('found layer 99');
  });

  it('gives thumbnails: bytes scaled by each map’s largest value', async () => {
    const { model } = await open(lenet());
    const { inspection } = await inspect(model);
    const thumbnails = await call('thumbnails', { inspection, layer: 0, first: 2, count: 3 });
    expect(thumbnails).toMatchObject({ first: 2, count: 3, height: 28, width: 28 });
    for (let i = 0; i < 3; i++) {
      const { data } = await call('values', { inspection, layer: 0, channel: 2 + i });
      const largest = data.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
      expect(thumbnails.absMax[i]).toBe(largest);
      expect(thumbnails.min[i]).toBe(data.reduce((a, b) => Math.min(a, b)));
      expect([...thumbnails.data.subarray(i * 784, (i + 1) * 784)]).toEqual(
        [...data].map((value) => Math.round((127 / largest) * value) || 0),
      );
    }
    const cut = await call('thumbnails', { inspection, layer: 0, first: 4, count: 99 });
    expect([cut.first, cut.count]).toEqual([4, 2]);
  });

  it('averages large maps down to 64 a side', async () => {
    const big = { ...grayNetwork, height: 130, width: 100 };
    const model = randomModel(
      [{ kind: 'conv', filters: 2, kernel: 1 }, { kind: 'globalavgpool' }, { kind: 'flatten' }],
      big,
    );
    const { model: handle } = await open(model);
    const { inspection } = await inspect(handle, pad(3, 130));
    const { data } = await call('values', { inspection, layer: 0, channel: 1 });
    const thumbnails = await call('thumbnails', { inspection, layer: 0, first: 0, count: 2 });
    expect([thumbnails.height, thumbnails.width]).toEqual([44, 34]);
    const mean = (row: number, column: number): number => {
      let [sum, count] = [0, 0];
      for (let y = row * 3; y < Math.min(130, row * 3 + 3); y++) {
        for (let x = column * 3; x < Math.min(100, column * 3 + 3); x++)
          [sum, count] = [sum + data[y * 100 + x], count + 1];
      }
      return sum / count;
    };
    for (const [row, column] of [
      [0, 0],
      [20, 33],
      [43, 33],
    ]) {
      const shown = thumbnails.data[44 * 34 + row * 34 + column];
      expect(shown).toBe(Math.round((127 * mean(row, column)) / thumbnails.absMax[1]));
    }
  });

  it('gives statistics and histograms of maps, and marks those that never fire', async () => {
    const model = randomModel([
      { kind: 'conv', filters: 4, kernel: 3 },
      { kind: 'relu' },
      { kind: 'flatten' },
      { kind: 'dense', units: 3 },
      { kind: 'softmax' },
    ]);
    const bias = new Float32Array(4);
    bias[2] = -100;
    const dead: Model = { ...model, params: new Map(model.params).set('conv1.bias', bias) };
    const { model: handle } = await open(dead);
    const { inspection } = await inspect(handle);
    const { maps, layer } = await call('mapDetails', { inspection, layer: 1, first: 0, count: 4 });
    expect(maps.map(({ silent }) => silent)).toEqual([false, false, true, false]);
    for (const { histogram, channel } of [...maps, layer]) {
      const count = histogram.counts.reduce((a, b) => a + b, 0) + histogram.zeros;
      expect(count).toBe(channel < 0 ? 4 * 26 * 26 : 26 * 26);
    }
    expect(maps[2]).toMatchObject({ min: 0, max: 0, mean: 0, deviation: 0, zeroFraction: 1 });
  });

  it('explains units: the recomputed value is the one on screen', async () => {
    const { model, layers } = await open(everyKind());
    const { inspection } = await inspect(model);
    for (const { index, outputShape } of layers) {
      const [channels, height, width] = outputShape.length === 3 ? outputShape : [outputShape[0], 1, 1];
      const unit = { channel: channels - 1, y: height >> 1, x: width >> 1 };
      const explanation = await call('explain', { inspection, layer: index, ...unit });
      const { data } = await call('values', { inspection, layer: index, channel: unit.channel });
      expect(explanation.shown).toBe(data[unit.y * width + unit.x]);
      expect(explanation.body && Math.abs(explanation.difference)).toBeLessThan(1e-4);
    }
    await expect(call('explain', { inspection, layer: 0, channel: 0, y: 28, x: 0 })).rejects.toThrow('found 28');
  });

  it('keeps the newest inspections and says so of those that are gone', async () => {
    const { model } = await open(lenet());
    const first = await inspect(model);
    const later = [];
    for (let i = 0; i < 6; i++) later.push(await inspect(model, pad(i)));
    const gone = call('npy', { inspection: first.inspection, layer: 0 });
    await expect(gone).rejects.toMatchObject({ code: 'handle.gone' });
    await expect(call('npy', { inspection: later[0].inspection, layer: 0 })).resolves.toBeDefined();
    await expect(inspect(9999)).rejects.toMatchObject({
      code: 'handle.gone',
      values: { what: { code: 'held.model' } },
    });
  });

  it('leaves what is shown alone when a picture fails', async () => {
    const { model } = await open(lenet());
    const { inspection } = await inspect(model);
    const image = { kind: 'bytes', name: 'bad.png', bytes: Buffer.from('nothing') } as const;
    await expect(call('inspect', { model, image, options: {} })).rejects.toMatchObject({
      code: 'image.format',
      values: { file: 'bad.png' },
    });
    await expect(call('values', { inspection, layer: 0, channel: 0 })).resolves.toBeDefined();
  });
});

describe('what is held for a window', () => {
  const asked = (window: number) => ({
    open: (model: Model) =>
      engine.call(
        'openModel',
        { source: { kind: 'bytes', name: 'a.onnx', bytes: writeModel(model) } },
        { ...context, window },
      ),
    inspect: (model: number) => engine.call('inspect', { model, image: pad(), options: {} }, { ...context, window }),
  });

  it('stays while another one opens twenty models, and is nobody else’s', async () => {
    const [mine, others] = [asked(1), asked(2)];
    const { model } = await mine.open(lenet());
    let last = 0;
    for (let i = 0; i < 20; i++) last = (await others.open(lenet())).model;
    for (let i = 0; i < 8; i++) await others.inspect(last);
    await expect(mine.inspect(model)).resolves.toMatchObject({ model });
    await expect(others.inspect(model)).rejects.toMatchObject({ code: 'handle.gone' });
    await expect(mine.inspect(last)).rejects.toMatchObject({ code: 'handle.gone' });
  });

  it('goes when the window goes, and its jobs end', async () => {
    const { model } = await asked(3).open(lenet());
    const kept = await asked(4).open(lenet());
    const job = engine.call('verify', { model, job: 'verify' }, { ...context, window: 3 });
    engine.release(3);
    await expect(job).rejects.toMatchObject({ code: 'cancelled' });
    await expect(asked(3).inspect(model)).rejects.toMatchObject({ code: 'handle.gone' });
    await expect(asked(4).inspect(kept.model)).resolves.toBeDefined();
  });
});

describe('kernels', () => {
  it('are [O, I, KH, KW], with the group that each output reads', async () => {
    const model = everyKind();
    const { model: handle } = await open(model);
    const kernels = await call('kernels', { model: handle, layer: 3, first: 1, count: 9 });
    expect(kernels).toMatchObject({ shape: [3, 2, 3, 1], first: 1 });
    expect([...kernels.groupStart]).toEqual([0, 2, 2]);
    const weights = model.params.get('grouped.weight') as Float32Array;
    // Canonical layout is [O, KH, KW, I].
    for (let o = 0; o < 3; o++) {
      for (let i = 0; i < 2; i++) {
        for (let y = 0; y < 3; y++) expect(kernels.data[(o * 2 + i) * 3 + y]).toBe(weights[((o + 1) * 3 + y) * 2 + i]);
      }
    }
    expect(kernels.absMax).toBe(weights.reduce((a, b) => Math.max(a, Math.abs(b)), 0));
    const { norms, outputs, inputs } = await call('kernelNorms', { model: handle, layer: 3 });
    expect([outputs, inputs]).toEqual([4, 4]);
    const [a, b, c] = kernels.data.subarray(0, 3);
    expect(norms[4]).toBeCloseTo(Math.hypot(a, b, c), 6);
    expect([norms[2], norms[3], norms[8], norms[9]]).toEqual([0, 0, 0, 0]);
  });

  it('of a dense layer are folded back to the map that was flattened', async () => {
    const model = lenet();
    const { model: handle } = await open(model);
    const kernels = await call('kernels', { model: handle, layer: 7, first: 0, count: 120 });
    expect(kernels.shape).toEqual([120, 16, 5, 5]);
    expect(kernels.data).toEqual(model.params.get('dense1.weight'));
    expect(await call('kernels', { model: handle, layer: 9, first: 3, count: 1 })).toMatchObject({
      shape: [1, 120, 1, 1],
    });
    const { inputs } = await call('kernelNorms', { model: handle, layer: 7 });
    expect(inputs).toBe(16);
    await expect(call('kernels', { model: handle, layer: 1, first: 0, count: 1 })).rejects.toThrow(
      "'relu1' (relu) has no kernels",
    );
  });
});

describe('jobs and files', () => {
  it('verifies against onnxruntime, with progress', async () => {
    const { model } = await open(lenet());
    events.length = 0;
    const report = await call('verify', { model, job: 'a' });
    expect(report).toMatchObject({ ok: true, images: 100, top1Agreement: 1 });
    expect(report.layers.map(({ name }) => name)).toContain('conv2');
    expect(events[events.length - 1]).toMatchObject({ job: 'a', done: 100, total: 100, secondsLeft: 0 });
  });

  it('stops when asked to', async () => {
    const { model } = await open(lenet());
    const verdict = call('verify', { model, job: 'b' }).catch((error: unknown) => error);
    expect(await call('cancel', { job: 'b' })).toEqual({ cancelled: true });
    expect(await verdict).toMatchObject({ code: 'cancelled' });
    expect(await call('cancel', { job: 'b' })).toEqual({ cancelled: false });
  });

  it('hands out the model as it was opened', async () => {
    const bytes = writeModel(lenet());
    const { model } = await open(lenet(), 'folder/mine.onnx');
    const file = await call('modelFile', { model });
    expect(file.name).toBe('mine.onnx');
    expect(Buffer.from(file.bytes).equals(bytes)).toBe(true);
    file.bytes.fill(0);
    expect(Buffer.from((await call('modelFile', { model })).bytes).equals(bytes)).toBe(true);
  });

  it('has pictures of all samples', async () => {
    const { samples, open: opened } = await call('start', {});
    for (const { id } of samples) {
      const { width, height, rgba } = await call('samplePicture', { id });
      expect(Math.max(width, height)).toBeLessThanOrEqual(96);
      expect(rgba.length).toBe(width * height * 4);
    }
    expect(opened.image).toMatchObject({ kind: 'sample' });
    await expect(call('samplePicture', { id: 'nope' })).rejects.toMatchObject({ code: 'file.missing' });
  });
});

describe('what comes from outside', () => {
  it.each([
    ['nonsense', {}, "there is no method 'nonsense'"],
    ['toString', {}, "there is no method 'toString'"],
    ['inspect', null, 'inspect: found null'],
    [
      'openModel',
      { source: { kind: 'file', path: '/etc/passwd' } },
      'parameter source.kind: found "file", expected one of bundled, bytes, run',
    ],
    [
      'inspect',
      { model: 1, image: { kind: 'bytes', name: 'x', bytes: 'text' }, options: {} },
      'image.bytes: found "text", expected bytes',
    ],
    [
      'inspect',
      { model: '1', image: { kind: 'sample', id: 'x' }, options: {} },
      'model: found "1", expected a whole number',
    ],
    [
      'inspect',
      {
        model: 1,
        image: { kind: 'pixels', name: 'x', width: 5, height: 5, channels: 1, pixels: new Uint8Array(9) },
        options: {},
      },
      'image: found {"kind":"pixels"',
    ],
    [
      'inspect',
      { model: 1, image: { kind: 'sample', id: 'x' }, options: { fit: 'tile' } },
      'options.fit: found "tile"',
    ],
    ['inspect', { model: 1, image: { kind: 'sample', id: 'x' }, options: { background: 'red' } }, 'options.background'],
    ['thumbnails', { inspection: 1, layer: 0, first: -1, count: 1 }, 'first: found -1'],
    ['values', { inspection: 1, layer: 0.5, channel: 0 }, 'layer: found 0.5'],
    ['explain', { inspection: 1, layer: 0, channel: 0, y: NaN, x: 0 }, 'y: found NaN'],
    ['verify', { model: 1 }, 'parameter job: found nothing, expected a text'],
  ])('is checked: %s %j', async (method, params, message) => {
    const answer = engine.call(method as 'start', params as Record<string, never>, context);
    await expect(answer).rejects.toMatchObject({ code: 'internal' });
    await expect(answer).rejects.toThrow(message);
  });

  it('takes color networks too', async () => {
    const model = randomModel(
      [{ kind: 'conv', filters: 2, kernel: 3 }, { kind: 'flatten' }, { kind: 'dense', units: 2 }],
      rgbNetwork,
    );
    const { model: handle } = await open(model);
    const { predictions, strip } = await inspect(handle, { kind: 'sample', id: 'landscape' });
    // No softmax at the end: values, from the largest down.
    expect(predictions.map(({ probability }) => probability)).toEqual([null, null]);
    expect(predictions[0].logit).toBeGreaterThan(predictions[1].logit);
    expect(strip.normalized.shape).toEqual([3, 32, 32]);
  });
});

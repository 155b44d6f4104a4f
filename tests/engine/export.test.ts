import { readFileSync } from 'node:fs';
import { unzipSync } from 'fflate';
import { expect, it } from 'vitest';
import { buildGraph } from '../../src/core/model/build';
import { initParams } from '../../src/core/model/init';
import { plainMetadata, type Model } from '../../src/core/model/model';
import { withSoftmax, writeChosen } from '../../src/core/onnx/choices';
import { float16Bits } from '../../src/core/onnx/float16';
import { numbersOf, elementsOf } from '../../src/core/onnx/tensor-data';
import { readModel } from '../../src/core/onnx/read';
import { NEWEST_OPSET, OLDEST_OPSET } from '../../src/core/onnx/write';
import { checkExport } from '../../src/engine/export/check';
import { encodeNpz, encodeSafetensors } from '../../src/engine/export/weights';
import { twoPaths } from '../../src/engine/image/two-paths';
import { fillUp } from '../../src/engine/models/verify';
import { decodeTensorNpy } from '../../src/engine/npy/tensor';
import { resource } from '../../src/engine/system/root';

function network(channels = 1): Model {
  const graph = buildGraph({
    input: { height: 12, width: 10, channels },
    layers: [
      { kind: 'conv', filters: 4, kernel: [3, 2], padding: 'same' },
      { kind: 'batchnorm' },
      { kind: 'prelu' },
      { kind: 'maxpool', size: 2 },
      { kind: 'conv', filters: 4, kernel: 3, groups: 2 },
      { kind: 'elu' },
      { kind: 'flatten' },
      { kind: 'dense', units: 3 },
      { kind: 'softmax' },
    ],
  });
  const metadata = plainMetadata(graph);
  const { preprocessing } = metadata;
  const scaled = { ...preprocessing, scale: 1 / 255, mean: preprocessing.mean.map(() => 0.4), fit: 'crop' as const };
  return { graph, params: initParams(graph, 3), metadata: { ...metadata, preprocessing: scaled } };
}

it('weights come out of safetensors and npz as they were, in the layout of ONNX', () => {
  const model = network();
  const bytes = encodeSafetensors(model);
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  expect(length % 8).toBe(0);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))) as Record<
    string,
    { dtype: string; shape: number[]; data_offsets: [number, number] }
  >;
  const files = unzipSync(encodeNpz(model));
  const names = [...model.params.keys()];
  expect(Object.keys(header).slice(1)).toEqual(names);
  expect(Object.keys(files)).toEqual(names.map((name) => `${name}.npy`));
  for (const name of names) {
    const { shape, data_offsets, dtype } = header[name];
    expect(dtype).toBe('F32');
    const values = new Float32Array(bytes.slice(8 + length + data_offsets[0], 8 + length + data_offsets[1]).buffer);
    expect(decodeTensorNpy(name, files[`${name}.npy`])).toEqual({ type: 'float32', shape, data: values });
    const own = model.params.get(name)!;
    if (shape.length < 3) expect(values).toEqual(own);
    else {
      const [o, c, kh, kw] = shape;
      for (let i = 0; i < values.length; i++) {
        const [f, d, y, x] = [
          Math.floor(i / (c * kh * kw)),
          Math.floor(i / (kh * kw)) % c,
          Math.floor(i / kw) % kh,
          i % kw,
        ];
        expect(values[i]).toBe(own[((f * kh + y) * kw + x) * c + d]);
      }
      expect(o * c * kh * kw).toBe(own.length);
    }
  }
  expect(header['conv1.weight'].shape).toEqual([4, 1, 3, 2]);
});

it.each([OLDEST_OPSET, 15, 18, 20, 21, 23, NEWEST_OPSET])('opset %i runs, and is read again', async (opset) => {
  const model = network();
  const bytes = writeChosen(model, { opset });
  expect(readModel(bytes).params).toEqual(model.params);
  const check = await checkExport(model, bytes, {}, fillUp(model, [], 10), []);
  expect(check).toMatchObject({ ok: true, images: 10, sameAnswers: 10 });
});

it('without a softmax the file gives logits; with one again, shares', async () => {
  const model = network();
  const logits = withSoftmax(model, false);
  expect(logits.graph.layers.at(-1)!.kind).toBe('dense');
  expect(withSoftmax(logits, true).graph.layers.at(-1)!.kind).toBe('softmax');
  const bytes = writeChosen(logits, {});
  expect(readModel(bytes).graph.layers.at(-1)!.kind).toBe('dense');
  expect(await checkExport(logits, bytes, {}, fillUp(model, [], 5), [])).toMatchObject({ ok: true });
  // The check tells the two apart.
  expect(await checkExport(model, writeChosen(model, {}), {}, fillUp(model, [], 5), [])).toMatchObject({ ok: true });
  const other = { ...model, params: new Map(model.params).set('dense1.bias', Float32Array.of(0, 9, 0)) };
  expect(await checkExport(model, writeChosen(other, {}), {}, fillUp(model, [], 5), [])).toMatchObject({ ok: false });
});

it.each([1, 3])(
  'pixels of any size go in where the preprocessing is inside, float16 or not: %i channels',
  async (channels) => {
    const model = network(channels);
    const picture = readFileSync(resource('samples', 'landscape.png'));
    const pictures = [await twoPaths(picture, 'x', model.metadata.preprocessing)];
    for (const float16 of [false, true]) {
      const choices = { inside: true, float16 };
      const check = await checkExport(model, writeChosen(model, choices), choices, [], pictures);
      expect(check).toMatchObject({ ok: true, images: 1, sameAnswers: 1, resized: { images: 1, sameAnswers: 1 } });
      if (float16) expect(check.maxRel).toBeGreaterThan(1e-6);
    }
    const half = writeChosen(model, { float16: true });
    expect(half.length).toBeLessThan(writeChosen(model, {}).length);
    expect(await checkExport(model, half, { float16: true }, fillUp(model, [], 10), [])).toMatchObject({ ok: true });
    expect(() => writeChosen(model, { inside: true, opset: 17 })).toThrow('Resize needs opset 18');
  },
);

it('float16 rounds to the nearest, ties to even', () => {
  const every = Uint16Array.from({ length: 0x7c00 }, (_, i) => i);
  const values = Float32Array.from(
    numbersOf({ type: 'float16', shape: [every.length], data: elementsOf('float16', every.buffer) })!,
  );
  const wrong = [...values.keys()].filter((i) => {
    const between = i + 1 < values.length && float16Bits((values[i] + values[i + 1]) / 2) !== (i % 2 ? i + 1 : i);
    return between || float16Bits(values[i]) !== i || float16Bits(-values[i]) !== (i | 0x8000);
  });
  expect(wrong).toEqual([]);
  expect([65519, 65520, Infinity, -Infinity].map(float16Bits)).toEqual([0x7bff, 0x7c00, 0x7c00, 0xfc00]);
});

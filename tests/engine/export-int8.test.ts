import { expect, it } from 'vitest';
import { buildGraph } from '../../src/core/model/build';
import { initParams } from '../../src/core/model/init';
import { plainMetadata, type Model } from '../../src/core/model/model';
import { writeChosen } from '../../src/core/onnx/choices';
import { decodeModel } from '../../src/core/onnx/decode';
import { alterations } from '../../src/core/onnx/digests';
import { scaleOf } from '../../src/core/onnx/int8';
import { rangesOf } from '../../src/engine/export/calibration';
import { checkExport } from '../../src/engine/export/check';
import { fillUp } from '../../src/engine/models/verify';

const graph = buildGraph({
  input: { height: 12, width: 10, channels: 3 },
  layers: [
    { kind: 'conv', filters: 6, kernel: 3, padding: 'same' },
    { kind: 'relu' },
    { kind: 'maxpool', size: 2 },
    { kind: 'conv', filters: 4, kernel: 3, groups: 2, bias: false },
    { kind: 'batchnorm' },
    { kind: 'flatten' },
    { kind: 'dense', units: 3 },
  ],
});
const model: Model = { graph, params: initParams(graph, 3), metadata: plainMetadata(graph) };
const inputs = fillUp(model, [], 30);

it('zero is kept exactly, and both ends are within half a step', () => {
  for (const [least, most] of [
    [-1, 3],
    [0, 6],
    [2, 5],
    [-4, -1],
    [0, 0],
  ] as const) {
    const { scale, zero } = scaleOf([least, most]);
    const back = (x: number): number => (Math.min(255, Math.max(0, Math.round(x / scale) + zero)) - zero) * scale;
    expect(Object.is(back(0), -0) ? 0 : back(0)).toBe(0);
    for (const x of [least, most]) expect(Math.abs(back(x) - x)).toBeLessThanOrEqual(scale * 0.5001 + 1e-9);
  }
});

it('kernels become int8 with a scale for each output, and the file computes nearly the same', async () => {
  const int8 = await rangesOf(model, inputs);
  const bytes = writeChosen(model, { int8 });
  const file = decodeModel(bytes);
  expect(alterations(file)).toEqual([]);
  const tensors = new Map(file.graph.initializers.map((tensor) => [tensor.name, tensor]));
  const floats = (raw: Uint8Array): Float32Array => new Float32Array(raw.slice().buffer);
  for (const name of ['conv1.weight', 'conv2.weight', 'dense1.weight']) {
    const plain = decodeModel(writeChosen(model, {})).graph.initializers.find((each) => each.name === name)!;
    const [values, scales] = [tensors.get(`${name}/int8`)!, floats(tensors.get(`${name}/scale`)!.raw!)];
    expect(tensors.has(name)).toBe(false);
    expect(values.dims).toEqual(plain.dims);
    const size = values.raw!.length / scales.length;
    new Int8Array(values.raw!.slice().buffer).forEach((value, i) => {
      const scale = scales[Math.floor(i / size)];
      expect(Math.abs(value * scale - floats(plain.raw!)[i])).toBeLessThanOrEqual(scale * 0.501);
    });
  }
  expect(file.graph.nodes.filter(({ opType }) => opType === 'QuantizeLinear').length).toBeGreaterThanOrEqual(4);
  const check = await checkExport(model, bytes, { int8 }, inputs, []);
  expect(check).toMatchObject({ ok: true, tolerance: null, images: 30 });
  // It is quantized, but not wrong.
  expect(check.maxRel).toBeGreaterThan(1e-4);
  expect(check.maxRel).toBeLessThan(0.05);
  // Ranges that do not fit cut the values: the check sees it.
  const tight = new Map([...int8].map(([name]) => [name, [0, 1e-6] as const]));
  const cut = await checkExport(model, writeChosen(model, { int8: tight }), { int8: tight }, inputs, []);
  expect(cut.ok).toBe(false);
});

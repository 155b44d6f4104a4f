import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createEngine, type OpenEngine } from '../../../src/engine/engine';
import { openingNetwork } from '../../../src/engine/foreign/opening-network';
import { defaultLimits } from '../../../src/engine/foreign/runner';
import { Decoder } from '../../../src/engine/image/decoder';
import { file, integers, typed, type MadeGraph } from '../../../src/fuzz/make-onnx';
import type { CallContext, ImageSource, Method, ModelInfo, Params, Result } from '../../../src/shared/protocol';
import { sentence } from '../../../src/words';
import { buildDecoder } from '../image/decoder-script';

const context: CallContext = { emit: () => undefined };
let engine: OpenEngine;
const folder = mkdtempSync(join(tmpdir(), 'convscope-made-'));
beforeAll(async () => {
  process.env.CONVSCOPE_DATA = folder;
  engine = createEngine({ open: { model: null, image: null } }, new Decoder(await buildDecoder('made')));
});
afterAll(() => {
  engine.close();
  rmSync(folder, { recursive: true });
});
const call = <M extends Method>(method: M, params: Params<M>): Promise<Result<M>> =>
  engine.call(method, params, context);

const image: ImageSource = {
  kind: 'pixels',
  name: 'picture',
  width: 8,
  height: 8,
  channels: 3,
  pixels: Uint8Array.from({ length: 192 }, (_, i) => i),
};

async function open(made: MadeGraph): Promise<ModelInfo> {
  const source = { kind: 'bytes' as const, name: 'made.onnx', bytes: file(made) };
  const { model } = await call('openModel', { source });
  return call('modelOpened', { model });
}

const relu: MadeGraph = {
  nodes: [{ op: 'Relu', in: ['x'], out: ['y'], name: 'relu' }],
  inputs: [typed('x', 1, [1, 3, 8, 8])],
  outputs: [typed('y', 1, [1, 3, 8, 8])],
};

it('opens a network without inputs, and computes it', async () => {
  const model = await open({
    nodes: [
      { op: 'RandomUniform', out: ['r'], name: 'noise', lists: { shape: [1, 4, 8, 8] } },
      { op: 'Neg', in: ['r'], out: ['y'], name: 'less' },
    ],
    outputs: [typed('y', 1, [1, 4, 8, 8])],
  });
  expect(model.inputs).toEqual([]);
  const { inspection, layers } = await call('inspect', { model: model.model, image, options: {} });
  expect(layers).toMatchObject([{ index: 1, outputShape: [1, 4, 8, 8] }]);
  expect([layers[0].min >= -1, layers[0].max <= 0, layers[0].min < -0.5]).toEqual([true, true, true]);
  const { maps } = await call('mapDetails', { inspection, layer: 0, first: 0, count: 9 });
  expect(maps).toHaveLength(4);
  const empty = { kind: 'bytes' as const, name: 'empty.onnx', bytes: file({ nodes: [] }) };
  await expect(call('openModel', { source: empty })).rejects.toThrow('neither inputs nor nodes');
});

it('names the node that fails when it runs, and goes on showing the graph', async () => {
  const model = await open({
    nodes: [
      { op: 'Relu', in: ['x'], out: ['a'], name: 'fine' },
      { op: 'Reshape', in: ['a', 's'], out: ['y'], name: 'seven by eleven' },
    ],
    inputs: [typed('x', 1, [1, 3, 'h', 'w'])],
    outputs: [typed('y', 1, ['n'])],
    weights: [integers('s', [2], [7n, 11n])],
  });
  await expect(call('inspect', { model: model.model, image, options: {} })).rejects.toThrow(
    /node 'seven by eleven' \(Reshape\) failed/,
  );
  expect(model.foreign!.graph.boxes.map(({ operators }) => operators)).toEqual([[], ['Relu'], ['Reshape']]);
  expect((await call('nodes', { model: model.model, layer: 1 }))[0]).toMatchObject({ operator: 'Reshape' });
});

it('knows the graph before onnxruntime has opened it: the same boxes and values', async () => {
  const made: MadeGraph = {
    nodes: [
      { op: 'Cast', in: ['x'], out: ['text'], name: 'text', ints: { to: 8 } },
      { op: 'SplitToSequence', in: ['x'], out: ['parts'], name: 'split' },
      { op: 'ConcatFromSequence', in: ['parts'], out: ['y'], name: 'join', ints: { axis: 0 } },
    ],
    inputs: relu.inputs,
    outputs: [typed('y', 1, [3, 1, 8, 8]), typed('text', 8, [1, 3, 8, 8])],
  };
  const opening = openingNetwork({ name: 'made.onnx', bytes: file(made), path: null, folder: null });
  const early = opening.graph();
  const whole = await opening.whole;
  try {
    expect(early.graph).toEqual(whole.graph);
    expect(early.values.map(({ name }) => name)).toEqual(whole.values.map(({ name }) => name));
    expect(early.inputs.map(({ name }) => name)).toEqual(whole.inputs.map(({ name }) => name));
    const why = whole.values.map(({ unavailable }) => unavailable && sentence(unavailable));
    expect(why).toEqual([expect.stringContaining('are texts'), expect.stringContaining('not a tensor'), null]);
  } finally {
    opening.dispose();
  }
});

it('follows what is set: the provider, with a word where it is not there, and the memory', async () => {
  const { providers, memory } = await call('settings', {});
  expect([providers[0].name, memory]).toEqual(['cpu', null]);
  expect(await call('changeSettings', { provider: 'cuda', memory: 2000 })).toMatchObject({ provider: 'cuda' });
  const { computedBy, warnings } = await call('inspect', { model: (await open(relu)).model, image, options: {} });
  expect(computedBy.provider).toBe('cpu');
  expect(warnings.map((warning) => sentence(warning)).join()).toContain('CUDA cannot compute it here');
  expect((await defaultLimits()).memory).toBe(2000 * 2 ** 20);
  await expect(call('changeSettings', { memory: 1 })).rejects.toThrow('found 1, expected');

  writeFileSync(join(folder, 'settings.json'), '{"provider": 7');
  await expect(call('settings', {})).rejects.toThrow('settings of the app cannot be read');
  expect(await call('changeSettings', { provider: 'cpu' })).toMatchObject({ provider: 'cpu', memory: null });
  const plain = await call('inspect', { model: (await open(relu)).model, image, options: {} });
  expect(plain.computedBy).toEqual({ provider: 'cpu', instead: null });
});

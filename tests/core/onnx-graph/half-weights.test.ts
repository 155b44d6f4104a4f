import { expect, it } from 'vitest';
import { half } from '../../../src/core/onnx/half';
import { writeModel } from '../../../src/core/onnx/write';
import { decodeModel } from '../../../src/core/onnx/decode';
import { numbersOf, valueOfTensor } from '../../../src/core/onnx/tensor-data';
import { narrowed, widened } from '../../../src/core/onnx-graph/half-weights';
import { readNetwork } from '../../../src/core/onnx-graph/network';
import { toChannelsFirst } from '../../../src/core/layers/layout';
import { OnnxSession } from '../../../src/engine/runtime/onnxruntime';
import { Generator } from '../../../src/core/random';
import { randomModel } from '../onnx/models';

/** With one kernel and one matrix large enough to be stored as float16, biases and a smaller kernel that are not. */
const model = randomModel({
  input: { height: 9, width: 8, channels: 3 },
  layers: [
    { kind: 'conv', filters: 16, kernel: 3 },
    { kind: 'relu' },
    { kind: 'conv', filters: 32, kernel: 3 },
    { kind: 'relu' },
    { kind: 'flatten' },
    { kind: 'dense', units: 7 },
    { kind: 'softmax' },
  ],
});
const file = writeModel(model);

const weightsOf = (bytes: Uint8Array): Map<string, { type: number; values: Float64Array }> =>
  new Map(
    decodeModel(bytes).graph.initializers.map((tensor) => [
      tensor.name,
      { type: tensor.elementType, values: numbersOf(valueOfTensor(tensor))! },
    ]),
  );

it('weights go through float16 and come back as float32, the large ones rounded, the others as they were', () => {
  const before = weightsOf(file);
  const after = weightsOf(widened(narrowed(file)));
  expect(new Set(after.keys())).toEqual(new Set(before.keys()));
  const rounded = [...before].filter(([name, { values }]) =>
    values.some((value, i) => value !== after.get(name)!.values[i]),
  );
  expect(rounded.map(([name]) => name).sort()).toEqual(['conv2.weight', 'dense1.weight']);
  for (const [name, { values }] of rounded)
    for (const [i, value] of values.entries()) expect(half(after.get(name)!.values[i])).toBe(half(value));
  expect([...after.values()].every(({ type }) => type === 1)).toBe(true);
  expect(narrowed(file).length).toBeLessThan(0.6 * file.length);
  // Nodes, outputs and metadata stay what they are.
  const [old, again] = [file, widened(narrowed(file))].map(readNetwork);
  expect(again.graph.nodes.map(({ name }) => name)).toEqual(old.graph.nodes.map(({ name }) => name));
  expect(again.graph.outputs).toEqual(old.graph.outputs);
  expect(again.metadata).toEqual(old.metadata);
  expect(widened(file)).toBe(file);
});

it('onnxruntime computes the same from the stored file as from the widened one', async () => {
  const generator = new Generator(5);
  const data = toChannelsFirst(
    Float32Array.from({ length: 2 * 9 * 8 * 3 }, () => generator.normal()),
    2,
    model.graph.inputShape,
  );
  const answers = await Promise.all(
    [narrowed(file), widened(narrowed(file))].map(async (bytes) => {
      const session = await OnnxSession.open(bytes);
      const outputs = await session.run({ input: { shape: [2, 3, 9, 8], data } });
      await session.release();
      return outputs.get('softmax1')!.data;
    }),
  );
  expect(answers[0]).toEqual(answers[1]);
  expect(answers[0].every((value) => value > 0)).toBe(true);
});

import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import { decodeTensor } from '../../../src/core/onnx/decode';
import type { ElementTypeName } from '../../../src/core/onnx/proto';
import { numbersOf, valueOfTensor, type TensorValue } from '../../../src/core/onnx/tensor-data';
import { readNetwork } from '../../../src/core/onnx-graph/network';
import { NetworkRunner } from '../../../src/engine/foreign/runner';
import { networkFile } from '../../../src/engine/foreign/network-file';
import { describeWithData, sharedData } from '../../shared-data';

interface Listed {
  file: string;
  reference: {
    error?: string;
    outputs?: Record<string, { dims: number[]; sum: number; l2: number; values: number[] }>;
  };
}

/** The input of `models.json`: x[i] = ((i · 2654435761 mod 2³²) >>> 24) / 255. */
function given(name: string, type: string | null, dims: readonly (number | string | null)[]): [string, TensorValue] {
  const shape = dims.map((dim) => (typeof dim === 'number' ? dim : 1));
  const count = shape.reduce((product, size) => product * size, 1);
  const value = (i: number): number => Math.imul(i, 2654435761) >>> 24;
  const data = Float32Array.from({ length: count }, (_, i) => value(i) / 255);
  expect(type).toBe('float32');
  return [name, { type: type as ElementTypeName, shape, data }];
}

/** Opens a file, computes every value of its graph, and gives them. */
async function everything(path: string): Promise<{ runner: NetworkRunner; values: Map<string, TensorValue> }> {
  const runner = await NetworkRunner.open(await networkFile(path));
  const inputs = new Map(runner.inputs.map(({ name, type, dims }) => given(name, type, dims!)));
  const names = [...runner.tensors.keys()];
  expect([...runner.tensors.values()].filter(({ unavailable }) => unavailable)).toEqual([]);
  return { runner, values: await runner.run(inputs, names) };
}

function expectAll(
  runner: NetworkRunner,
  names: Iterable<string>,
  values: Awaited<ReturnType<typeof everything>>['values'],
): void {
  expect([...values.keys()].sort()).toEqual([...names].sort());
  for (const [name, { type, shape }] of values) {
    const { type: told, dims } = runner.tensors.get(name)!;
    expect(type, name).toBe(told);
    if (dims === null) continue; // onnxruntime could not say before
    const fixed = dims.map((dim, axis) => (typeof dim === 'number' ? dim : shape[axis]));
    expect(shape, name).toEqual(fixed);
  }
}

describeWithData('networks of others', ['onnx-models'], () => {
  const models = JSON.parse(readFileSync(sharedData('onnx-models', 'models.json'), 'utf8')) as Listed[];

  it.each(models.filter(({ reference }) => reference.outputs))('$file: every tensor', async ({ file, reference }) => {
    const opened = await everything(sharedData('onnx-models', file));
    expectAll(opened.runner, opened.runner.tensors.keys(), opened.values);
    opened.runner.close();
    for (const [name, { dims, sum, l2, values }] of Object.entries(reference.outputs!)) {
      const found = opened.values.get(name)!;
      expect(found.shape).toEqual(dims);
      const numbers = numbersOf(found)!;
      const largest = Math.max(...values.map(Math.abs), 1e-30);
      values.forEach((value, i) => expect(Math.abs(numbers[i] - value) / largest).toBeLessThan(1e-4));
      const size = Math.sqrt(numbers.reduce((all, value) => all + value * value, 0));
      expect(Math.abs(size - l2)).toBeLessThan(1e-4 * l2);
      const total = numbers.reduce((all, value) => all + value, 0);
      expect(Math.abs(total - sum)).toBeLessThan(1e-4 * largest * numbers.length);
    }
  });

  it('computes what has two inputs and a scalar output', async () => {
    const opened = await everything(sharedData('onnx-models', 'mnist_mlp_tf2onnx_trainingsubgraph.onnx'));
    expectAll(opened.runner, opened.runner.tensors.keys(), opened.values);
    opened.runner.close();
    expect(opened.values.get('accuracy:0')!.shape).toEqual([]);
  });

  it.each([
    ['pytorch_superresolution_prepost_op18.onnx', /com\.microsoft\.extensions:DecodeImage\) is a custom operator/],
    [
      'external-data-MISSING/mnist.onnx',
      /'features\.0\.weight': its data is missing \(expected the file 'mnist\.onnx\.data'/,
    ],
  ])('%s: shown, and not computed', async (file, reason) => {
    const read = await networkFile(sharedData('onnx-models', file));
    expect(readNetwork(read.bytes).graph.nodes.length).toBeGreaterThan(5);
    await expect(NetworkRunner.open(read)).rejects.toThrow(reason);
  });
});

describeWithData('classic architectures', ['onnx-light'], () => {
  const folder = sharedData('onnx-light');
  const names = readdirSync(folder).filter((name) => name.endsWith('.onnx'));

  it.each(names)('%s: every tensor', async (name) => {
    const path = join(folder, name);
    const runner = await NetworkRunner.open(await networkFile(path));
    const [input] = runner.inputs;
    const shape = input.dims!.map(Number);
    const data = new Float32Array(shape.reduce((product, size) => product * size, 1)).fill(1);
    // Their weights are made by nodes: half a gigabyte of one value.
    const made = runner.network.graph.nodes.filter(({ opType }) => opType !== 'ConstantOfShape');
    const names = made.flatMap(({ outputs }) => outputs);
    const found = await runner.run(new Map([[input.name, { type: 'float32', shape, data }]]), names);
    runner.close();
    expectAll(runner, names, found);
    const expected = decodeTensor(readFileSync(join(folder, `${basename(name, '.onnx')}_output_0.pb`)));
    const [output] = runner.network.graph.outputs;
    const numbers = numbersOf(found.get(output)!)!;
    const wanted = numbersOf(valueOfTensor(expected))!;
    const largest = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    wanted.forEach((value, i) => expect(Math.abs(numbers[i] - value) / largest).toBeLessThan(1e-4));
  });
});

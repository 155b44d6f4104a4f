import { describe, expect, it } from 'vitest';
import { decodeModel } from '../../../src/core/onnx/decode';
import { OnnxError } from '../../../src/core/onnx/error';
import { readModel } from '../../../src/core/onnx/read';
import { writeModel } from '../../../src/core/onnx/write';
import { plainSpec, randomModel } from './models';

describe('an ONNX file of ours', () => {
  const model = randomModel(plainSpec);
  const bytes = writeModel(model);

  it('has the same bytes each time, and after reading and writing again', () => {
    expect(Buffer.compare(writeModel(randomModel(plainSpec)), bytes)).toBe(0);
    expect(Buffer.compare(writeModel(readModel(bytes)), bytes)).toBe(0);
  });

  it('gives back spec, weights and metadata', () => {
    const read = readModel(bytes);
    expect(read.graph.spec).toEqual(model.graph.spec);
    expect(read.metadata).toEqual(model.metadata);
    expect([...read.params.keys()]).toEqual([...model.params.keys()]);
    for (const [key, values] of model.params) expect(read.params.get(key), key).toEqual(values);
  });

  it('is opset 17 with a symbolic batch, the last layer first among the outputs, names of layers', () => {
    const file = decodeModel(bytes);
    expect([file.irVersion, file.producerName, file.opsets]).toEqual([8, 'convscope', [{ domain: '', version: 17 }]]);
    expect(file.graph.inputs).toEqual([{ name: 'input', elementType: 1, dims: ['N', 3, 12, 10] }]);
    expect(file.graph.outputs).toEqual([{ name: 'softmax1', elementType: 1, dims: ['N', 7] }]);
    expect(file.graph.nodes.map((node) => node.name)).toEqual(model.graph.layers.map((layer) => layer.name));
    expect(file.graph.initializers.map((tensor) => tensor.name)).toContain('conv1.weight');
    expect(file.graph.valueInfo.find((value) => value.name === 'maxpool1')?.dims).toEqual(['N', 5, 6, 5]);
    expect(file.metadata.map(([key]) => key)).toEqual([
      'convscope.digests',
      'convscope.labels',
      'convscope.preprocessing',
      'convscope.spec',
      'convscope.training',
    ]);
  });

  it('with all outputs is still read as the same model', () => {
    const all = writeModel(model, { allOutputs: true });
    expect(decodeModel(all).graph.outputs).toHaveLength(model.graph.layers.length);
    expect(Buffer.compare(writeModel(readModel(all)), bytes)).toBe(0);
  });

  it('is read from a Buffer at an odd place in memory too', () => {
    const shifted = Buffer.alloc(bytes.length + 3);
    shifted.set(bytes, 3);
    expect(readModel(shifted.subarray(3)).params.get('conv1.weight')).toEqual(model.params.get('conv1.weight'));
  });

  it('refuses values that carry one name', () => {
    const twins = randomModel({
      input: { height: 2, width: 2, channels: 1 },
      layers: [{ kind: 'relu', name: 'a' }, { kind: 'flatten' }],
    });
    // The spec's names cannot hold a dot; a parameter under a layer's name is the only way left.
    const layer = { ...twins.graph.layers[1], name: 'a' };
    expect(() => writeModel({ ...twins, graph: { ...twins.graph, layers: [twins.graph.layers[0], layer] } })).toThrow(
      "value 'a': found twice",
    );
  });

  it('keeps slopes of each unit in place', () => {
    const slopes = randomModel({
      input: { height: 3, width: 4, channels: 2 },
      layers: [
        { kind: 'prelu', slopes: 'element' },
        { kind: 'prelu', slopes: 'shared' },
        { kind: 'flatten' },
        { kind: 'prelu', slopes: 'element' },
      ],
    });
    expect(readModel(writeModel(slopes)).params).toEqual(slopes.params);
  });

  it('keeps labels in any script', () => {
    const labels = ['猫', '狗', 'é', '🦊', '', '"', '\\'];
    const named = { ...model, metadata: { ...model.metadata, labels, title: '卷积' } };
    expect(readModel(writeModel(named)).metadata).toEqual(named.metadata);
  });

  it('errors are of one class', () => {
    expect(() => readModel(new Uint8Array())).toThrow(OnnxError);
  });
});

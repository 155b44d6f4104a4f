import { expect, it } from 'vitest';
import { buildGraph } from '../../src/core/model/build';
import { initParams } from '../../src/core/model/init';
import { plainMetadata, type Model } from '../../src/core/model/model';
import type { LayerSpec } from '../../src/core/model/spec';
import { filesOf } from '../../src/engine/export/formats';
import { encodeSafetensors, weightsOf } from '../../src/engine/export/weights';

function network(layers: LayerSpec[]): Model {
  const graph = buildGraph({ input: { height: 13, width: 11, channels: 3 }, layers });
  return { graph, params: initParams(graph, 1), metadata: plainMetadata(graph) };
}

function script(model: Model): string {
  const [file, weights] = filesOf(model, 'keras', 'net.py', null);
  expect([file.name, weights.name]).toEqual(['net.py', 'net.safetensors']);
  expect(weights.bytes).toEqual(encodeSafetensors(model));
  return new TextDecoder().decode(file.bytes);
}

it('every weight has its variable, its order of axes and its shape', () => {
  const model = network([
    { kind: 'conv', filters: 6, kernel: [4, 3], padding: 'same', stride: 2, groups: 3 },
    { kind: 'batchnorm', momentum: 0.75 },
    { kind: 'prelu' },
    { kind: 'maxpool', size: 3, stride: 2, padding: 1, ceil: true },
    { kind: 'flatten' },
    { kind: 'dense', units: 2 },
    { kind: 'softmax' },
  ]);
  const text = script(model);
  const listed = /WEIGHTS = \{\n([^}]*)\}/.exec(text)![1];
  const rows = [...listed.matchAll(/"(.*?)": \("(.*?)", (\d), \(([\d, ]*)\), \(([\d, ]*)\)\)/g)];
  const numbers = (list: string): number[] =>
    list
      .split(',')
      .filter((each) => each.trim() !== '')
      .map(Number);
  expect(rows.map(([, name, , , , shape]) => [name, numbers(shape)])).toEqual(
    weightsOf(model).map(({ name, shape }) => [name, shape]),
  );
  const of = Object.fromEntries(
    rows.map(([, name, layer, place, order]) => [name, [layer, Number(place), numbers(order)]]),
  );
  expect(of['conv1.weight']).toEqual(['conv1', 0, [2, 3, 1, 0]]);
  expect(of['batchnorm1.variance']).toEqual(['batchnorm1', 3, []]);
  expect(of['dense1.weight']).toEqual(['dense1', 0, [1, 0]]);
  // 13 rows and 11 columns, channels last: one more row after than before.
  expect(text).toContain('(ops.pad(x, ((0, 0), (1, 2), (1, 1), (0, 0)), constant_values=0.0))');
  expect(text).toContain('ops.pad(prelu1, ((0, 0), (1, 1), (1, 2), (0, 0)), constant_values=-float("inf"))');
  // Convscope's flat features are in ONNX's order, and Keras's momentum is our share.
  expect(text).toContain('layers.Flatten()(layers.Permute((3, 1, 2))(maxpool1))');
  expect(text).toContain('BatchNormalization(momentum=0.75');
  expect(text).toContain('network.logits = keras.Model(inputs, dense1)');
});

it('a layer that the script cannot say is refused by its name', () => {
  const model = network([
    { kind: 'conv', filters: 4, kernel: 3 },
    { kind: 'depthtospace', name: 'spread', factor: 2 },
  ]);
  expect(() => script(model)).toThrow(/'spread'.*Keras.*depthtospace/);
  const dilated = network([{ kind: 'conv', name: 'apart', filters: 4, kernel: 3, dilation: 2, stride: 2 }]);
  expect(() => script(dilated)).toThrow(/'apart'/);
});

import { expect, it } from 'vitest';
import { buildGraph } from '../../../src/core/model/build';
import { explain } from '../../../src/core/explain/explain';
import { initParams } from '../../../src/core/model/init';
import { ReferenceExecutor } from '../../../src/core/backends/reference/executor';
import type { LayerSpec } from '../../../src/core/model/spec';
import { describeGraph } from '../../../src/engine/models/describe';
import { layerSaid, unitSaid, type Said } from '../../../src/renderer/src/inspect/explain/explain';

/** What is said of a layer on the input, and of its first unit. */
function saidOf(layer: LayerSpec): [Said, Said | null] {
  const graph = buildGraph({ input: { height: 6, width: 6, channels: 4 }, layers: [layer] });
  const params = initParams(graph, 1);
  const executor = new ReferenceExecutor(graph);
  executor.setParams(params);
  executor.forward(
    Float32Array.from({ length: 144 }, (_, i) => Math.sin(i)),
    1,
  );
  const unit = explain({ graph, params }, (index) => Float32Array.from(executor.activation(index)), 0, 0, 0, 0);
  const { inputs, layers } = describeGraph(graph);
  return [layerSaid(unit, layers[0], (index) => (index < 0 ? inputs[0] : layers[index])), unitSaid(unit)];
}
const said = (layer: LayerSpec): (string | undefined)[] => saidOf(layer).map((each) => each?.key);

it.each<[LayerSpec, string]>([
  [{ kind: 'conv', filters: 2, kernel: 3 }, 'explain.sum.window'],
  [{ kind: 'partialconv', table: [[0], [1, 3]], kernel: 3 }, 'explain.sum.partial'],
  [{ kind: 'localconv', filters: 2, kernel: 3 }, 'explain.sum.unshared'],
  [{ kind: 'subsampling', size: 2 }, 'explain.sum.own'],
  [{ kind: 'zeropadding', cells: 1 }, 'explain.sum.places'],
  [{ kind: 'maxpool', size: 2 }, 'explain.pick'],
  [{ kind: 'spatialpyramid' }, 'explain.pick.bins'],
  [{ kind: 'batchnorm' }, 'explain.normalize.batch'],
  [{ kind: 'layernorm' }, 'explain.normalize.place'],
  [{ kind: 'layernorm', over: 'all' }, 'explain.normalize.layer'],
  [{ kind: 'groupnorm', groups: 2 }, 'explain.normalize.group'],
  [{ kind: 'instancenorm' }, 'explain.normalize.instance'],
])('says of %j what it does', (layer, key) => {
  expect(said(layer)[0]).toBe(key);
});

it('says of a norm how many values share mean and variance, and that they are this picture’s', () => {
  expect(said({ kind: 'batchnorm' })[1]).toBe('explain.unit.normalize');
  const told = (layer: LayerSpec): unknown[] => {
    const { values } = saidOf(layer)[0];
    return [values.count, values.groups, values.params];
  };
  // Of a map of 6 × 6 with 4 channels.
  expect(told({ kind: 'layernorm' })).toEqual(['4', 36, '8']);
  expect(told({ kind: 'layernorm', over: 'all' })).toEqual(['144', 1, '288']);
  expect(told({ kind: 'groupnorm', groups: 2 })).toEqual(['72', 2, '8']);
  expect(told({ kind: 'instancenorm' })).toEqual(['36', 4, '8']);
  expect(said({ kind: 'instancenorm' })[1]).toBe('explain.unit.normalize.own');
});

it('says how values are joined', () => {
  expect(said({ kind: 'maxout' })).toEqual(['explain.join.largest', 'explain.unit.join.largest']);
  expect(said({ kind: 'multiply', inputs: ['input', 'input'] })).toEqual([
    'explain.join.product',
    'explain.unit.join.product',
  ]);
});

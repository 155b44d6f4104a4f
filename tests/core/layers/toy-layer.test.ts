/** A layer of a new kind: its own file and the registry are all that it takes to be run, drawn and explained. */
import { expect, it, vi } from 'vitest';
import { buildGraph } from '../../../src/core/model/build';
import { explain } from '../../../src/core/explain/explain';
import { ReferenceExecutor } from '../../../src/core/backends/reference/executor';
import { kerasScript } from '../../../src/engine/export/keras';
import { pytorchScript } from '../../../src/engine/export/pytorch';
import { describeModel } from '../../../src/engine/models/describe';
import { tiesOf } from '../../../src/renderer/src/inspect/overview/connections';
import { layoutOf } from '../../../src/renderer/src/inspect/overview/layout';
import { formulaLines, spoken } from '../../../src/renderer/src/inspect/pixel/formula';
import { sourceOf } from '../../../src/renderer/src/inspect/pixel/source';
import { blockAround } from '../../../src/renderer/src/inspect/layer/block';
import { isNonNegative } from '../../../src/renderer/src/state/layers';
import type { ModelInfo } from '../../../src/shared/protocol';
import { plainMetadata } from '../../../src/core/model/model';
import { randomParams } from '../helpers';

vi.mock('../../../src/core/layers/registry', async (original) => {
  const { registry } = await original<typeof import('../../../src/core/layers/registry')>();
  const { elementwise } = await import('../../../src/core/layers/elementwise');
  /** y = x². */
  const square = elementwise({
    kind: 'square',
    parse: () => ({}),
    settings: () => ({}),
    value: (_config, x) => x * x,
    slope: (_config, x) => 2 * x,
    opType: 'Square',
    pytorch: (_config, x) => `torch.square(${x})`,
    keras: (_config, x) => `ops.square(${x})`,
    nonNegative: true,
    formula: 'x · x',
  });
  return { registry: new Map([...registry, ['square', square]]) };
});

it('draws and explains a layer of an unknown kind by what it says of itself', () => {
  const graph = buildGraph({
    input: { height: 6, width: 6, channels: 1 },
    layers: [
      { kind: 'conv', filters: 4, kernel: 3 },
      { kind: 'square' },
      { kind: 'maxpool', size: 2 },
      { kind: 'flatten' },
      { kind: 'dense', units: 3 },
    ],
  });
  const params = randomParams(graph, 1);
  const model: ModelInfo = {
    ...describeModel({ graph, params, metadata: plainMetadata(graph) }, 'toy'),
    model: 1,
    id: 'toy',
    bundled: false,
    fileBytes: 0,
  };

  const layout = layoutOf({ model, width: 900, height: 600, ratio: 1, zoom: 1, headWidth: () => 60, labelWidth: 8 });
  expect(layout.groups.find(({ layer }) => layer === 1)?.count).toBe(4);
  expect(tiesOf(model, 1)).toEqual([{ kind: 'one', source: 0, offset: 0, channels: 4 }]);
  expect(blockAround(model.layers, 0)).toEqual([0, 1, 2]);
  expect(isNonNegative(model, 1)).toBe(true);
  expect(isNonNegative(model, 0)).toBe(false);

  const executor = new ReferenceExecutor(graph);
  executor.setParams(params);
  executor.forward(
    Float32Array.from({ length: 36 }, (_, i) => i / 18 - 1),
    1,
  );
  const told = explain({ graph, params }, (layer) => executor.activation(layer), 1, 2, 1, 3);
  expect(Math.abs(told.difference)).toBeLessThan(1e-6);
  expect(sourceOf(told)).toBe(0);
  const [rule] = formulaLines(told, { layers: model.layers, input: 'input', number: String }).map(spoken);
  expect(rule).toBe('square1[2, 1, 3] = conv1[2, 1, 3] · conv1[2, 1, 3]');
});

it('exports a layer of an unknown kind by the forms that its own file gives', () => {
  const graph = buildGraph({ input: { height: 2, width: 2, channels: 1 }, layers: [{ kind: 'square', name: 'own' }] });
  const model = { graph, params: randomParams(graph, 1), metadata: plainMetadata(graph) };
  const files = { script: 'net.py', weights: 'net.safetensors' };
  expect(kerasScript(model, files, '1.0.0')).toContain('own = ops.square(x)');
  expect(pytorchScript(model, 'net.py', 'net.safetensors', '1.0.0')).toContain('own = torch.square(x)');
});

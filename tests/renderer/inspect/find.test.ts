import { expect, it } from 'vitest';
import { findLayers } from '../../../src/renderer/src/state/navigation';
import type { LayerInfo, ModelInfo } from '../../../src/shared/protocol';
import { inputLayer, shaped, traitsOf } from '../traits';

const names = ['conv1', 'relu1', 'conv2', 'conv3', 'conv30'];
const layers = names.map((name, index): LayerInfo => {
  const receptiveField = { size: [1, 1], step: [1, 1] };
  const kind = name.replace(/\d+/, '');
  return {
    index,
    name,
    kind,
    traits: traitsOf(kind),
    settings: {},
    inputs: [index - 1],
    ...shaped([8, 7, 7]),
    params: 0,
    trainable: 0,
    macs: 0,
    receptiveField,
  };
});
const model = { inputs: [inputLayer([1, 28, 28])], layers } as unknown as ModelInfo;
const found = (query: string) =>
  findLayers(model, query, ({ kind }) => (kind === 'conv' ? 'Conv 3×3' : kind)).map(({ name }) => name);

it('puts the layer of that very name first, though every 3 × 3 convolution answers to it', () => {
  expect(found('conv3')).toEqual(['conv3', 'conv30', 'conv1', 'conv2']);
  expect(found('Conv3')[0]).toBe('conv3');
});
it('keeps the order of the network where names do not decide', () => {
  expect(found('conv')).toEqual(['conv1', 'conv2', 'conv3', 'conv30']);
  expect(found('8x7')).toHaveLength(names.length);
});

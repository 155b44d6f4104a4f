import { buildGraph } from '../../src/core/model/build';
import { initParams } from '../../src/core/model/init';
import type { Model, Preprocessing } from '../../src/core/model/model';
import type { LayerSpec } from '../../src/core/model/spec';
import { sizeOf } from '../../src/core/tensor';
import { grayNetwork } from './pictures';

/** A network with seeded random weights. */
export function randomModel(layers: LayerSpec[], preprocessing: Preprocessing = grayNetwork, seed = 1): Model {
  const { height, width, colour } = preprocessing;
  const graph = buildGraph({ input: { height, width, channels: colour === 'grey' ? 1 : 3 }, layers });
  const classes = sizeOf(graph.layers[graph.layers.length - 1].outputShape);
  const labels = Array.from({ length: classes }, (_, i) => `class ${i}`);
  return { graph, params: initParams(graph, seed), metadata: { labels, preprocessing, training: null } };
}

export const lenet = (): Model =>
  randomModel([
    { kind: 'conv', filters: 6, kernel: 5, padding: 2 },
    { kind: 'relu' },
    { kind: 'maxpool', size: 2 },
    { kind: 'conv', filters: 16, kernel: 5 },
    { kind: 'relu' },
    { kind: 'maxpool', size: 2 },
    { kind: 'flatten' },
    { kind: 'dense', units: 120 },
    { kind: 'relu' },
    { kind: 'dense', units: 84 },
    { kind: 'relu' },
    { kind: 'dense', units: 10 },
    { kind: 'softmax' },
  ]);

/** Every kind of layer once, in branches that join. */
export const everyKind = (): Model =>
  randomModel([
    { kind: 'conv', name: 'conv1', filters: 4, kernel: 3, padding: 1 },
    { kind: 'batchnorm', name: 'norm' },
    { kind: 'prelu', name: 'prelu' },
    { kind: 'conv', name: 'grouped', filters: 4, kernel: [3, 1], padding: [1, 0], groups: 2, inputs: ['prelu'] },
    { kind: 'leakyrelu', name: 'leaky', alpha: 0.1 },
    { kind: 'add', name: 'add', inputs: ['prelu', 'leaky'] },
    { kind: 'maxpool', name: 'max', size: 3, stride: 2 },
    { kind: 'avgpool', name: 'average', size: 3, stride: 2, inputs: ['add'] },
    { kind: 'concat', name: 'concat', inputs: ['max', 'average'] },
    { kind: 'elu', name: 'elu', alpha: 1 },
    { kind: 'tanh', name: 'tanh' },
    { kind: 'sigmoid', name: 'sigmoid' },
    { kind: 'dropout', name: 'dropout', rate: 0.5 },
    { kind: 'flatten', name: 'flatten' },
    { kind: 'dense', name: 'hidden', units: 12 },
    { kind: 'relu', name: 'relu' },
    { kind: 'dense', name: 'logits', units: 5 },
    { kind: 'softmax', name: 'softmax' },
  ]);

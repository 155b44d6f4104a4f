import { buildGraph } from '../../../src/core/model/build';
import { paramKey } from '../../../src/core/model/graph';
import type { Model } from '../../../src/core/model/model';
import { pictureOf, type ModelSpec } from '../../../src/core/model/spec';
import { Generator } from '../../../src/core/random';
import { sizeOf } from '../../../src/core/tensor';

/** A model of random weights; variances stay positive. */
export function randomModel(spec: ModelSpec, seed = 1): Model {
  const graph = buildGraph(spec);
  const generator = new Generator(seed);
  const params = new Map<string, Float32Array>();
  for (const layer of graph.layers) {
    for (const param of layer.params) {
      const spread = 1 / Math.sqrt(param.fanIn);
      const values = Float32Array.from({ length: sizeOf(param.shape) }, () =>
        param.name === 'variance' ? 0.5 + generator.uniform() : spread * generator.normal(),
      );
      params.set(paramKey(layer.name, param.name), values);
    }
  }
  const { height, width, channels } = pictureOf(graph.spec.input);
  const classes = sizeOf(graph.layers[graph.layers.length - 1].outputShape);
  return {
    graph,
    params,
    metadata: {
      labels: Array.from({ length: classes }, (_, i) => `class ${i}`),
      preprocessing: {
        colour: channels === 3 ? 'rgb' : 'grey',
        height,
        width,
        fit: 'letterbox',
        resize: 'lanczos3',
        scale: 1 / 255,
        mean: Array<number>(channels).fill(0),
        deviation: Array<number>(channels).fill(1),
        ground: 'dark',
      },
      training: null,
    },
  };
}

/** Small, with a layer of each of the kinds that a plain network has. */
export const plainSpec: ModelSpec = {
  input: { height: 12, width: 10, channels: 3 },
  layers: [
    { kind: 'conv', filters: 5, kernel: 3, padding: 1 },
    { kind: 'batchnorm' },
    { kind: 'relu' },
    { kind: 'maxpool', size: 2 },
    { kind: 'conv', filters: 4, kernel: [3, 2], stride: [1, 2], padding: 'same' },
    { kind: 'relu' },
    { kind: 'flatten' },
    { kind: 'dense', units: 7 },
    { kind: 'dropout', rate: 0.25 },
    { kind: 'softmax' },
  ],
};

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildGraph } from '../../src/core/model/build';
import { initParams } from '../../src/core/model/init';
import type { LayerSpec, ModelSpec } from '../../src/core/model/spec';
import { writeModel } from '../../src/core/onnx/write';

/** A network with every kind of layer, so that every kind has a unit to look at. */
export const zoo: ModelSpec = {
  input: { height: 16, width: 16, channels: 1 },
  layers: [
    { kind: 'conv', filters: 4, kernel: 3, padding: 1, name: 'conv' },
    { kind: 'batchnorm', name: 'batchnorm' },
    { kind: 'leakyrelu', alpha: 0.1, name: 'leakyrelu' },
    { kind: 'conv', filters: 4, kernel: 3, padding: 1, groups: 4, name: 'depthwise' },
    { kind: 'add', inputs: ['leakyrelu', 'depthwise'], name: 'add' },
    { kind: 'prelu', name: 'prelu' },
    { kind: 'elu', name: 'elu' },
    { kind: 'selu', inputs: ['prelu'], name: 'selu' },
    { kind: 'concat', inputs: ['elu', 'selu'], name: 'concat' },
    { kind: 'maxpool', size: 3, stride: 2, padding: 1, name: 'maxpool' },
    { kind: 'sigmoid', name: 'sigmoid' },
    { kind: 'avgpool', size: 2, name: 'avgpool' },
    { kind: 'tanh', name: 'tanh' },
    { kind: 'globalavgpool', inputs: ['tanh'], name: 'globalavgpool' },
    { kind: 'globalmaxpool', inputs: ['tanh'], name: 'globalmaxpool' },
    { kind: 'add', inputs: ['globalavgpool', 'globalmaxpool'], name: 'sum' },
    { kind: 'flatten', name: 'flatten' },
    { kind: 'dense', units: 12, name: 'dense' },
    { kind: 'relu', name: 'relu' },
    { kind: 'dropout', rate: 0.5, name: 'dropout' },
    { kind: 'softplus', name: 'softplus' },
    { kind: 'hardsigmoid', name: 'hardsigmoid' },
    { kind: 'dense', units: 5, name: 'logits' },
    { kind: 'softmax', name: 'softmax' },
  ],
};

/** Residual blocks, the second with a projection, as in He et al. 2016. */
export const residual: ModelSpec = {
  input: { height: 32, width: 32, channels: 3 },
  layers: [
    { kind: 'conv', filters: 16, kernel: 3, padding: 1, name: 'stem' },
    { kind: 'relu', name: 'stem-relu' },
    ...block('a', 'stem-relu', 16, 1),
    ...block('b', 'a-out', 32, 2),
    { kind: 'globalavgpool', name: 'pool' },
    { kind: 'flatten', name: 'flat' },
    { kind: 'dense', units: 10, name: 'logits' },
    { kind: 'softmax', name: 'softmax' },
  ],
};

function block(name: string, input: string, filters: number, stride: number): LayerSpec[] {
  const projected = stride > 1;
  return [
    { kind: 'conv', filters, kernel: 3, stride, padding: 1, name: `${name}-conv1`, inputs: [input] },
    { kind: 'relu', name: `${name}-relu1` },
    { kind: 'conv', filters, kernel: 3, padding: 1, name: `${name}-conv2` },
    ...(projected ? [{ kind: 'conv', filters, kernel: 1, stride, name: `${name}-project`, inputs: [input] }] : []),
    { kind: 'add', name: `${name}-add`, inputs: [`${name}-conv2`, projected ? `${name}-project` : input] },
    { kind: 'relu', name: `${name}-out` },
  ];
}

/** A chain of 30 layers. */
export const chain: ModelSpec = {
  input: { height: 28, width: 28, channels: 1 },
  layers: [
    ...Array.from({ length: 13 }, () => [{ kind: 'conv', filters: 8, kernel: 3, padding: 1 }, { kind: 'relu' }]).flat(),
    { kind: 'maxpool', size: 2 },
    { kind: 'flatten' },
    { kind: 'dense', units: 10 },
    { kind: 'softmax' },
  ],
};

/** A layer of 512 channels. */
export const wide: ModelSpec = {
  input: { height: 28, width: 28, channels: 1 },
  layers: [
    { kind: 'conv', filters: 512, kernel: 3, padding: 1 },
    { kind: 'relu' },
    { kind: 'globalavgpool' },
    { kind: 'flatten' },
    { kind: 'dense', units: 10 },
    { kind: 'softmax' },
  ],
};

/** ResNet's first layer on a photo: 64 maps of 112 × 112. */
export const photo: ModelSpec = {
  input: { height: 224, width: 224, channels: 3 },
  layers: [
    { kind: 'conv', filters: 64, kernel: 7, stride: 2, padding: 3 },
    { kind: 'relu' },
    { kind: 'maxpool', size: 3, stride: 2, padding: 1 },
    { kind: 'globalavgpool' },
    { kind: 'flatten' },
    { kind: 'dense', units: 10 },
    { kind: 'softmax' },
  ],
};

/** Writes a network with random weights as `NAME.onnx` into a folder; the file's path. */
export function writeNetwork(folder: string, name: string, spec: ModelSpec): string {
  const graph = buildGraph(spec);
  const { height, width, channels } = spec.input;
  const classes = graph.layers[graph.layers.length - 1].outputShape[0];
  const file = join(folder, `${name}.onnx`);
  const bytes = writeModel({
    graph,
    params: initParams(graph, 7),
    metadata: {
      labels: Array.from({ length: classes }, (_, index) => `class ${index}`),
      preprocessing: {
        colour: channels === 3 ? 'rgb' : 'grey',
        height,
        width,
        fit: 'crop',
        resize: 'linear',
        scale: 1 / 255,
        mean: Array.from({ length: channels }, () => 0),
        deviation: Array.from({ length: channels }, () => 1),
        ground: 'mixed',
      },
      training: null,
    },
  });
  writeFileSync(file, bytes);
  return file;
}

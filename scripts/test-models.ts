import { buildGraph } from '../src/core/model/build';
import { initParams } from '../src/core/model/init';
import { paramKey } from '../src/core/model/graph';
import type { Model } from '../src/core/model/model';
import { pictureOf, type LayerSpec, type ModelSpec } from '../src/core/model/spec';
import { Generator } from '../src/core/random';
import { sizeOf } from '../src/core/tensor';

const image = (side: number, channels = 3): ModelSpec['input'] => ({ height: side, width: side, channels });

/** Two convolutions and a way around them; with `stride` 2 or other filters the way around is a 1 × 1 convolution. */
function block(name: string, from: string, filters: number, stride: number, project: boolean): LayerSpec[] {
  const conv = { kind: 'conv', filters, bias: false };
  const around: LayerSpec[] = project
    ? [
        { ...conv, name: `${name}-around`, kernel: 1, stride, inputs: [from] },
        { kind: 'batchnorm', name: `${name}-around-norm` },
      ]
    : [];
  return [
    { ...conv, name: `${name}-conv1`, kernel: 3, stride, padding: 1, inputs: [from] },
    { kind: 'batchnorm', name: `${name}-norm1` },
    { kind: 'relu', name: `${name}-relu1` },
    { ...conv, name: `${name}-conv2`, kernel: 3, padding: 1 },
    { kind: 'batchnorm', name: `${name}-norm2` },
    ...around,
    { kind: 'add', name: `${name}-add`, inputs: [`${name}-norm2`, project ? `${name}-around-norm` : from] },
    { kind: 'relu', name },
  ];
}

const classifier: LayerSpec[] = [
  { kind: 'globalavgpool' },
  { kind: 'flatten' },
  { kind: 'dense', units: 10 },
  { kind: 'softmax' },
];

/** Twelve convolutions and activations in a row, two poolings and the end of a classifier: thirty layers. */
function chain(): LayerSpec[] {
  const layers: LayerSpec[] = [];
  for (let i = 0; layers.length < 26; i++) {
    layers.push({ kind: 'conv', filters: 8 + 2 * Math.floor(i / 4), kernel: 3, padding: 1 }, { kind: 'relu' });
    if (i === 4 || i === 8) layers.push({ kind: 'maxpool', size: 2 });
  }
  return [...layers, ...classifier];
}

const specs: Record<string, ModelSpec> = {
  residual: {
    input: image(32),
    layers: [
      { kind: 'conv', name: 'stem-conv', filters: 16, kernel: 3, padding: 1 },
      { kind: 'relu', name: 'stem' },
      ...block('block1', 'stem', 16, 1, false),
      ...block('block2', 'block1', 32, 2, true),
      ...block('block3', 'block2', 64, 2, true),
      ...classifier,
    ],
  },
  'chain-30': { input: image(32), layers: chain() },
  'wide-512': {
    input: image(32),
    layers: [
      { kind: 'conv', filters: 64, kernel: 3, padding: 1 },
      { kind: 'relu' },
      { kind: 'maxpool', size: 2 },
      { kind: 'conv', filters: 512, kernel: 3, padding: 1 },
      { kind: 'relu' },
      ...classifier,
    ],
  },
  'large-224': {
    input: image(224),
    layers: [
      { kind: 'conv', filters: 64, kernel: 7, stride: 2, padding: 3 },
      { kind: 'relu' },
      { kind: 'maxpool', size: 3, stride: 2, padding: 1 },
      ...classifier,
    ],
  },
  'every-kind': {
    input: { height: 20, width: 24, channels: 3 },
    layers: [
      { kind: 'conv', filters: 12, kernel: [3, 5], padding: 'same' },
      { kind: 'batchnorm' },
      { kind: 'leakyrelu', alpha: 0.1 },
      { kind: 'avgpool', size: 3, stride: 2, padding: 1, countPadding: true },
      { kind: 'conv', name: 'depthwise', filters: 12, kernel: 3, groups: 12, dilation: 2, padding: 2 },
      { kind: 'prelu' },
      { kind: 'conv', name: 'left', filters: 6, kernel: 1 },
      { kind: 'elu', name: 'left-elu' },
      { kind: 'conv', name: 'right', filters: 6, kernel: 3, padding: 1, groups: 2, inputs: ['prelu1'] },
      { kind: 'selu', name: 'right-selu' },
      { kind: 'concat', inputs: ['left-elu', 'right-selu'] },
      { kind: 'add', inputs: ['concat1', 'prelu1'] },
      { kind: 'maxpool', size: 2, ceil: true },
      { kind: 'hardsigmoid' },
      { kind: 'globalmaxpool', name: 'largest' },
      { kind: 'globalavgpool', name: 'mean', inputs: ['hardsigmoid1'] },
      { kind: 'concat', name: 'both', inputs: ['largest', 'mean'] },
      { kind: 'reshape', shape: [2, 3, 4] },
      { kind: 'flatten' },
      { kind: 'dense', units: 16 },
      { kind: 'tanh' },
      { kind: 'dropout', rate: 0.3 },
      { kind: 'dense', units: 12 },
      { kind: 'softplus' },
      { kind: 'dense', units: 8 },
      { kind: 'sigmoid' },
      { kind: 'dense', units: 5 },
      { kind: 'softmax' },
    ],
  },
  'more-kinds': {
    input: { height: 14, width: 18, channels: 3 },
    layers: [
      { kind: 'zeropadding', cells: 1 },
      { kind: 'conv', filters: 8, kernel: 3 },
      { kind: 'instancenorm' },
      { kind: 'relu6' },
      { kind: 'channelshuffle', groups: 4 },
      { kind: 'channelslice', first: 2, count: 6 },
      { kind: 'convtranspose', filters: 8, kernel: 2, stride: 2 },
      { kind: 'groupnorm', groups: 2 },
      { kind: 'silu', name: 'gate' },
      { kind: 'gelu', inputs: ['groupnorm1'] },
      { kind: 'multiply', inputs: ['gate', 'gelu1'] },
      { kind: 'lrn' },
      { kind: 'depthtospace', factor: 2 },
      { kind: 'cropping', cells: 2 },
      { kind: 'hardswish' },
      { kind: 'upsample', factor: 2 },
      { kind: 'rrelu' },
      { kind: 'globalavgpool' },
      { kind: 'flatten' },
      { kind: 'dense', units: 6 },
      { kind: 'layernorm' },
      { kind: 'dense', units: 5 },
      { kind: 'softmax' },
    ],
  },
  'early-kinds': {
    input: { height: 14, width: 18, channels: 3 },
    layers: [
      { kind: 'conv', filters: 6, kernel: 3 },
      { kind: 'subsampling', size: 2 },
      { kind: 'tanh' },
      {
        kind: 'partialconv',
        table: [
          [0, 1, 2],
          [1, 2, 3],
          [3, 4, 5],
          [0, 2, 4, 5],
          [1, 5],
          [0, 3],
        ],
        kernel: 3,
        padding: 1,
      },
      { kind: 'maxout', pieces: 2 },
      { kind: 'localconv', filters: 4, kernel: 3, padding: 'same' },
      { kind: 'relu' },
      { kind: 'spatialpyramid' },
      { kind: 'dense', units: 5 },
      { kind: 'softmax' },
    ],
  },
};

/** Networks that the app was not drawn for, with random weights: the same each time. By file name, without the ending. */
export function testModels(): Map<string, Model> {
  return new Map(Object.entries(specs).map(([name, spec]) => [name, randomModel(name, spec)]));
}

function randomModel(title: string, spec: ModelSpec): Model {
  const graph = buildGraph(spec);
  const params = initParams(graph, 1);
  const generator = new Generator(2);
  for (const layer of graph.layers) {
    for (const param of layer.params) {
      if (param.init === 'weight') continue;
      // Biases of 0 and scales of 1 would hide what a layer does with them; a scale and a variance stay positive.
      const values = params.get(paramKey(layer.name, param.name))!;
      values.forEach((value, i) => (values[i] = value * (0.5 + generator.uniform()) + 0.1 * generator.uniform()));
    }
  }
  const { height, width, channels } = pictureOf(graph.spec.input);
  const classes = sizeOf(graph.layers[graph.layers.length - 1].outputShape);
  return {
    graph,
    params,
    metadata: {
      title,
      labels: Array.from({ length: classes }, (_, i) => `class ${i}`),
      preprocessing: {
        colour: 'rgb',
        height,
        width,
        fit: 'crop',
        resize: 'lanczos3',
        scale: 1 / 255,
        mean: Array<number>(channels).fill(0),
        deviation: Array<number>(channels).fill(1),
        ground: 'mixed',
      },
      training: null,
    },
  };
}

import type { LayerSpec } from '../../../../src/core/model/spec';

type Input = readonly [height: number, width: number, channels: number];

export const conv = (filters: number, kernel: LayerSpec[string], more: Record<string, unknown> = {}): LayerSpec => ({
  kind: 'conv',
  filters,
  kernel,
  ...more,
});

/** Branches that join: gradients meet at the forks. */
export const branching: Record<string, { input: Input; layers: LayerSpec[] }> = {
  'a residual block': {
    input: [9, 9, 3],
    layers: [
      conv(16, 3, { padding: 'same', name: 'stem' }),
      { kind: 'relu', name: 'in' },
      conv(16, 3, { padding: 'same' }),
      { kind: 'batchnorm' },
      { kind: 'relu' },
      conv(16, 3, { padding: 'same', name: 'second' }),
      { kind: 'add', inputs: ['second', 'in'] },
      { kind: 'relu' },
      { kind: 'globalavgpool' },
      { kind: 'flatten' },
      { kind: 'dense', units: 5 },
      { kind: 'softmax' },
    ],
  },
  'a residual block with a strided shortcut': {
    input: [10, 8, 2],
    layers: [
      conv(8, 3, { padding: 'same', name: 'stem' }),
      conv(12, 3, { padding: 'same', stride: 2, name: 'left' }),
      { kind: 'relu', name: 'leftRelu' },
      conv(12, 3, { padding: 'same', name: 'leftLast', bias: false }),
      conv(12, 1, { stride: 2, inputs: ['stem'], name: 'right' }),
      { kind: 'add', inputs: ['leftLast', 'right'] },
      { kind: 'relu' },
      { kind: 'maxpool', size: 2 },
      { kind: 'flatten' },
      { kind: 'dense', units: 4 },
      { kind: 'softmax' },
    ],
  },
  'an inception block': {
    input: [12, 11, 4],
    layers: [
      conv(16, 3, { padding: 'same', name: 'stem' }),
      { kind: 'relu', name: 'in' },
      conv(8, 1, { inputs: ['in'], name: 'one' }),
      { kind: 'relu', name: 'oneOut' },
      conv(6, 1, { inputs: ['in'], name: 'before3' }),
      conv(16, 3, { padding: 'same', name: 'three' }),
      { kind: 'relu', name: 'threeOut' },
      conv(4, 1, { inputs: ['in'], name: 'before5' }),
      conv(7, 5, { padding: 'same', name: 'five' }),
      { kind: 'maxpool', size: 3, stride: 1, padding: 1, inputs: ['in'], name: 'pooled' },
      conv(5, 1, { name: 'poolOut' }),
      { kind: 'concat', inputs: ['oneOut', 'threeOut', 'five', 'poolOut'] },
      { kind: 'maxpool', size: 2 },
      { kind: 'flatten' },
      { kind: 'dense', units: 6 },
      { kind: 'softmax' },
    ],
  },
  'a layer added to itself, and the image read twice': {
    input: [6, 6, 3],
    layers: [
      conv(4, 3, { padding: 'same', name: 'a', inputs: ['input'] }),
      conv(4, 5, { padding: 'same', name: 'b', inputs: ['input'] }),
      { kind: 'add', inputs: ['a', 'a', 'b'] },
      { kind: 'flatten', name: 'flat' },
      { kind: 'dense', units: 3, inputs: ['flat'], name: 'd1' },
      { kind: 'dense', units: 3, inputs: ['flat'], name: 'd2' },
      { kind: 'add', inputs: ['d1', 'd2'] },
      { kind: 'softmax' },
    ],
  },
  'large dense layers that share their input': {
    input: [8, 8, 8],
    layers: [
      { kind: 'flatten', name: 'flat' },
      { kind: 'dense', units: 30, name: 'd1' },
      { kind: 'relu', name: 'r1' },
      { kind: 'dense', units: 20, inputs: ['flat'], name: 'd2' },
      { kind: 'concat', inputs: ['r1', 'd2'], name: 'both' },
      { kind: 'dense', units: 400, name: 'd3' },
      { kind: 'dense', units: 400, inputs: ['both'], name: 'd4' },
      { kind: 'add', inputs: ['d3', 'd4'] },
      { kind: 'dense', units: 7 },
      { kind: 'softmax' },
    ],
  },
};

/** Each setting that chooses other kernels, in a chain short enough for the reference. */
export const chains: Record<string, { input: Input; layers: LayerSpec[] }> = {
  'strides, dilations, groups and depthwise': {
    input: [17, 15, 6],
    layers: [
      conv(12, [3, 5], { stride: [2, 1], padding: [1, 2], groups: 3 }),
      { kind: 'relu' },
      conv(12, 3, { groups: 12, padding: 'same' }),
      conv(10, 3, { dilation: 2, groups: 2 }),
      { kind: 'tanh' },
      conv(5, 1, { stride: 2 }),
    ],
  },
  'asymmetric and wide padding': {
    input: [7, 8, 5],
    layers: [
      conv(9, 3, { padding: [0, 2, 1, 0] }),
      { kind: 'relu' },
      conv(16, 2, { padding: 'same-lower' }),
      conv(3, 1, { padding: 2 }),
    ],
  },
  'Winograd with padded lanes, odd sizes and trimmed rows': {
    input: [15, 13, 20],
    layers: [
      conv(20, 3, { padding: 'same' }),
      { kind: 'relu' },
      { kind: 'maxpool', size: 2 },
      conv(30, 3, { padding: 1 }),
      { kind: 'relu' },
      conv(17, 3),
      { kind: 'relu' },
      { kind: 'maxpool', size: 2 },
      { kind: 'flatten' },
      { kind: 'dense', units: 11 },
      { kind: 'relu' },
    ],
  },
  'a large map in several Winograd blocks': {
    input: [39, 42, 16],
    layers: [conv(16, 3, { padding: 'same', bias: false }), { kind: 'relu' }, { kind: 'globalmaxpool' }],
  },
  'a first layer of one channel, 3×3, odd size': {
    input: [16, 21, 1],
    layers: [
      conv(7, 3, { padding: [2, 0, 1, 1], bias: false }),
      { kind: 'relu' },
      { kind: 'maxpool', size: 2 },
      conv(4, 3),
      { kind: 'relu' },
    ],
  },
  'a first layer of one channel, 5×5, more filters than a block': {
    input: [14, 14, 1],
    layers: [
      conv(9, 5),
      { kind: 'relu' },
      { kind: 'maxpool', size: 2 },
      { kind: 'flatten' },
      { kind: 'dense', units: 3 },
    ],
  },
  'every pooling': {
    input: [13, 12, 3],
    layers: [
      { kind: 'maxpool', size: [3, 2], stride: 2, padding: [1, 0], ceil: true },
      conv(5, 3, { padding: 1 }),
      { kind: 'relu' },
      { kind: 'avgpool', size: 2, stride: 1, padding: 1, countPadding: true },
      { kind: 'relu' },
      { kind: 'avgpool', size: 3, padding: [1, 0], ceil: true },
      { kind: 'maxpool', size: 2, stride: 1, dilation: 1 },
    ],
  },
  'every activation': {
    input: [5, 6, 4],
    layers: [
      conv(6, 3, { padding: 'same' }),
      ...['leakyrelu', 'prelu', 'elu', 'selu', 'sigmoid', 'hardsigmoid', 'softplus', 'tanh'].map((kind) => ({ kind })),
      { kind: 'prelu', slopes: 'shared' },
      { kind: 'prelu', slopes: 'element', name: 'own' },
      { kind: 'logsoftmax' },
      { kind: 'softmax', axis: 'height' },
    ],
  },
  'dropout and batch norm, on maps and on features': {
    input: [8, 9, 3],
    layers: [
      conv(8, 3),
      { kind: 'batchnorm' },
      { kind: 'relu' },
      { kind: 'dropout', rate: 0.3 },
      conv(4, 3, { padding: 'same' }),
      { kind: 'dropout', rate: 0.2 },
      { kind: 'flatten' },
      { kind: 'dropout', rate: 0.5 },
      { kind: 'dense', units: 12 },
      { kind: 'batchnorm', momentum: 0.5 },
      { kind: 'relu' },
      { kind: 'dense', units: 4 },
      { kind: 'softmax' },
    ],
  },
  'reshape, and a flatten that convolutions read around': {
    input: [4, 6, 3],
    layers: [
      conv(6, 3, { padding: 'same', name: 'c' }),
      { kind: 'flatten', name: 'f' },
      { kind: 'reshape', shape: [6, 4, 6] },
      conv(3, 3, { name: 'd', padding: 'same' }),
      { kind: 'flatten' },
      { kind: 'sigmoid' },
      { kind: 'dense', units: 5, bias: false },
    ],
  },
  'without parameters': {
    input: [4, 4, 2],
    layers: [{ kind: 'relu' }, { kind: 'maxpool', size: 2 }, { kind: 'flatten' }],
  },
};

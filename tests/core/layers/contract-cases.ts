import type { LayerSpec, ModelSpec } from '../../../src/core/model/spec';

/** A model whose last layer is the one under test, and the shape that it must have. */
export interface ContractCase {
  name: string;
  input: ModelSpec['input'];
  layers: LayerSpec[];
  /** `[...spatial, C]` or `[C]`, worked out by hand. */
  shape: number[];
}

const map = { height: 5, width: 6, channels: 3 };
const signal = { length: 11, channels: 3 };
const volume = { depth: 4, height: 3, width: 5, channels: 2 };

/** One layer on the image itself. */
function one(name: string, layer: LayerSpec, shape: number[], input: ModelSpec['input'] = map): ContractCase {
  return { name, input, layers: [layer], shape };
}

/** On flat features: the image flattened first. */
function flat(name: string, layer: LayerSpec, shape: number[], channels = 7): ContractCase {
  return { name, input: { height: 1, width: 1, channels }, layers: [{ kind: 'flatten' }, layer], shape };
}

/** An activation: on a map and on flat features, with default and with odd settings. */
function activation(kind: string, ...settings: Record<string, unknown>[]): ContractCase[] {
  return [
    one('on a map', { kind }, [5, 6, 3]),
    flat('on flat features', { kind }, [7]),
    ...settings.map((each) => one(JSON.stringify(each), { kind, ...each }, [5, 6, 3])),
  ];
}

/** Configurations that every kind of layer is held to. A kind of the registry that is absent here fails the contract test. */
export const contractCases: Record<string, ContractCase[]> = {
  conv: [
    one('valid', { kind: 'conv', filters: 4, kernel: 3 }, [3, 4, 4]),
    one('without bias', { kind: 'conv', filters: 2, kernel: [2, 3], bias: false }, [4, 4, 2]),
    one('half padding', { kind: 'conv', filters: 2, kernel: 3, padding: 1 }, [5, 6, 2]),
    one('same, even kernel', { kind: 'conv', filters: 2, kernel: 4, padding: 'same' }, [5, 6, 2]),
    one('same-lower, stride', { kind: 'conv', filters: 2, kernel: 4, stride: 2, padding: 'same-lower' }, [3, 3, 2]),
    one('stride that leaves a row over', { kind: 'conv', filters: 2, kernel: 2, stride: [2, 3] }, [2, 2, 2]),
    one('asymmetric padding', { kind: 'conv', filters: 2, kernel: 3, padding: [2, 0, 1, 3] }, [6, 7, 2]),
    one('dilation', { kind: 'conv', filters: 2, kernel: 2, dilation: [3, 2] }, [2, 4, 2]),
    one('groups', { kind: 'conv', filters: 4, kernel: 3, groups: 2 }, [3, 4, 4], { ...map, channels: 6 }),
    one('depthwise, two filters a channel', { kind: 'conv', filters: 6, kernel: 3, groups: 3, padding: 1 }, [5, 6, 6]),
    one('1 × 1', { kind: 'conv', filters: 5, kernel: 1 }, [5, 6, 5]),
    one('one-dimensional', { kind: 'conv', filters: 2, kernel: [1, 3], stride: [1, 2] }, [1, 4, 2], {
      height: 1,
      width: 9,
      channels: 2,
    }),
    one('padding larger than the kernel', { kind: 'conv', filters: 2, kernel: 2, padding: 3 }, [10, 11, 2]),
    one(
      'signal: stride, dilation, uneven padding',
      { kind: 'conv', filters: 4, kernel: [3], stride: 2, dilation: [2], padding: [1, 3] },
      [6, 4],
      signal,
    ),
    one('signal: same, groups', { kind: 'conv', filters: 6, kernel: 4, padding: 'same', groups: 3 }, [11, 6], signal),
    one(
      'volume: every setting by axis',
      {
        kind: 'conv',
        filters: 2,
        kernel: [2, 1, 3],
        stride: [1, 2, 2],
        dilation: [2, 1, 1],
        padding: [1, 0, 2, 0, 1, 1],
        groups: 2,
      },
      [3, 2, 3, 2],
      volume,
    ),
    {
      name: 'volume: two convolutions',
      input: volume,
      layers: [
        { kind: 'conv', filters: 2, kernel: 2, padding: 'same' },
        { kind: 'relu' },
        { kind: 'conv', filters: 3, kernel: [2, 2, 3] },
      ],
      shape: [3, 2, 3, 3],
    },
  ],
  partialconv: [
    one(
      'some channels, stride, padding',
      { kind: 'partialconv', table: [[0, 2], [1], [0, 1, 2], [1, 2]], kernel: 3, stride: 2, padding: 1 },
      [3, 3, 4],
    ),
    one(
      'without bias, dilation',
      { kind: 'partialconv', table: [[1], [0]], kernel: [2, 3], dilation: [2, 1], bias: false },
      [3, 4, 2],
    ),
    one('signal', { kind: 'partialconv', table: [[0, 1], [2]], kernel: 4, padding: 'same' }, [11, 2], signal),
    one('volume', { kind: 'partialconv', table: [[1], [0, 1]], kernel: [2, 1, 2] }, [3, 3, 4, 2], volume),
  ],
  localconv: [
    one('valid', { kind: 'localconv', filters: 2, kernel: 3 }, [3, 4, 2]),
    one(
      'stride, padding, without bias',
      { kind: 'localconv', filters: 5, kernel: 2, stride: [2, 3], padding: [1, 0, 0, 2], bias: false },
      [3, 3, 5],
    ),
    one('dilation, same', { kind: 'localconv', filters: 1, kernel: 2, dilation: 2, padding: 'same' }, [5, 6, 1]),
    one('signal', { kind: 'localconv', filters: 3, kernel: 4, stride: 3 }, [3, 3], signal),
    one('volume', { kind: 'localconv', filters: 2, kernel: [3, 2, 4] }, [2, 2, 2, 2], volume),
  ],
  maxout: [
    one('three pieces', { kind: 'maxout', pieces: 3 }, [5, 6, 1]),
    one('two pieces', { kind: 'maxout' }, [2, 3, 5], { height: 2, width: 3, channels: 10 }),
    one('a volume', { kind: 'maxout' }, [4, 3, 5, 1], volume),
    flat('flat features', { kind: 'maxout', pieces: 7 }, [1]),
  ],
  subsampling: [
    one('side by side, a row left out', { kind: 'subsampling', size: 2 }, [2, 3, 3]),
    one('overlapping', { kind: 'subsampling', size: [3, 2], stride: [1, 2] }, [3, 3, 3]),
    one('signal', { kind: 'subsampling', size: 3, stride: 2 }, [5, 3], signal),
    one('volume', { kind: 'subsampling', size: [2, 1, 2] }, [2, 3, 2, 2], volume),
  ],
  spatialpyramid: [
    one('21 bins, overlapping', { kind: 'spatialpyramid' }, [63]),
    one('a level with more bins than rows', { kind: 'spatialpyramid', levels: [3, 7] }, [116], {
      height: 5,
      width: 4,
      channels: 2,
    }),
    one('13 × 13 into 3, 2, 1', { kind: 'spatialpyramid', levels: [3, 2, 1] }, [14], {
      height: 13,
      width: 13,
      channels: 1,
    }),
    one('one level, of a signal', { kind: 'spatialpyramid', levels: [4] }, [12], signal),
    one('a volume', { kind: 'spatialpyramid', levels: [2] }, [16], volume),
  ],
  convtranspose: [
    one('stride 1', { kind: 'convtranspose', filters: 2, kernel: 3 }, [7, 8, 2]),
    one(
      'stride, padding, output padding',
      { kind: 'convtranspose', filters: 4, kernel: 3, stride: 2, padding: 1, outputPadding: 1 },
      [10, 12, 4],
    ),
    one(
      'by axis, dilation, no bias',
      {
        kind: 'convtranspose',
        filters: 2,
        kernel: [2, 3],
        stride: [3, 1],
        dilation: [1, 2],
        padding: [1, 0, 0, 3],
        bias: false,
      },
      [13, 7, 2],
    ),
    one('stride beyond the kernel', { kind: 'convtranspose', filters: 1, kernel: 1, stride: 2 }, [9, 11, 1]),
    one('groups', { kind: 'convtranspose', filters: 6, kernel: 2, stride: 2, groups: 2 }, [6, 4, 6], {
      height: 3,
      width: 2,
      channels: 4,
    }),
    one('signal', { kind: 'convtranspose', filters: 2, kernel: 4, stride: 2, padding: 1 }, [22, 2], signal),
    one(
      'volume',
      { kind: 'convtranspose', filters: 1, kernel: 2, stride: [2, 1, 1], padding: [1, 0, 0] },
      [6, 4, 6, 1],
      volume,
    ),
  ],
  dense: [
    flat('with bias', { kind: 'dense', units: 4 }, [4]),
    flat('without bias', { kind: 'dense', units: 3, bias: false }, [3]),
    {
      name: 'after a flattened map',
      input: map,
      layers: [{ kind: 'flatten' }, { kind: 'dense', units: 4 }],
      shape: [4],
    },
  ],
  relu: activation('relu'),
  relu6: activation('relu6'),
  rrelu: activation('rrelu', { lower: -0.2, upper: 0.7 }),
  leakyrelu: activation('leakyrelu', { alpha: 0.3 }),
  prelu: [
    one('volume, per channel', { kind: 'prelu' }, [4, 3, 5, 2], volume),
    one('signal, per element', { kind: 'prelu', slopes: 'element' }, [11, 3], signal),
    one('per channel', { kind: 'prelu' }, [5, 6, 3]),
    one('shared', { kind: 'prelu', slopes: 'shared' }, [5, 6, 3]),
    one('per element', { kind: 'prelu', slopes: 'element' }, [5, 6, 3]),
    flat('flat, per channel', { kind: 'prelu' }, [7]),
    flat('flat, shared', { kind: 'prelu', slopes: 'shared' }, [7]),
    flat('flat, per element', { kind: 'prelu', slopes: 'element' }, [7]),
  ],
  elu: activation('elu', { alpha: 2 }),
  selu: activation('selu', { alpha: 2, gamma: 3 }),
  sigmoid: activation('sigmoid'),
  hardsigmoid: activation('hardsigmoid', { alpha: 0.5, beta: 0.6 }),
  tanh: activation('tanh'),
  softplus: activation('softplus'),
  gelu: activation('gelu', { approximate: 'tanh' }),
  silu: activation('silu'),
  hardswish: activation('hardswish'),
  softmax: [
    ...activation('softmax', { axis: 'height' }, { axis: 'width' }),
    one('signal, width', { kind: 'softmax', axis: 'width' }, [11, 3], signal),
    one('volume, height', { kind: 'softmax', axis: 'height' }, [4, 3, 5, 2], volume),
    one('volume, channels', { kind: 'softmax' }, [4, 3, 5, 2], volume),
  ],
  logsoftmax: [...activation('logsoftmax', { axis: 'height' }, { axis: 'width' })],
  maxpool: [
    one('signal, padding', { kind: 'maxpool', size: 3, stride: 2, padding: 1 }, [6, 3], signal),
    one('signal, ceil', { kind: 'maxpool', size: 4, stride: 3, ceil: true }, [4, 3], signal),
    one('volume, ceil', { kind: 'maxpool', size: 2, stride: [1, 2, 1], ceil: true }, [3, 2, 4, 2], volume),
    one(
      'volume, ceil that rounds up along one axis and down along another',
      { kind: 'maxpool', size: [3, 1, 2], stride: [2, 3, 1], ceil: true },
      [2, 1, 4, 2],
      volume,
    ),
    one('volume, dilation', { kind: 'maxpool', size: [2, 1, 2], stride: 1, dilation: 2 }, [2, 3, 3, 2], volume),
    one('side by side, ragged rows left out', { kind: 'maxpool', size: 2 }, [2, 3, 3]),
    one('overlapping', { kind: 'maxpool', size: 3, stride: 2 }, [2, 2, 3]),
    one('ceil, ragged window', { kind: 'maxpool', size: 2, ceil: true }, [3, 3, 3]),
    one(
      'ceil, no window beyond the padding',
      { kind: 'maxpool', size: 2, stride: 3, padding: 1, ceil: true },
      [2, 3, 3],
    ),
    one('asymmetric padding', { kind: 'maxpool', size: 3, stride: 2, padding: [0, 1, 2, 0] }, [3, 3, 3]),
    one('dilation', { kind: 'maxpool', size: 2, stride: 1, dilation: [2, 3] }, [3, 3, 3]),
    one(
      'ceil, the last window begins beyond the input',
      { kind: 'maxpool', size: 2, stride: 3, ceil: true },
      [2, 2, 3],
      {
        height: 6,
        width: 6,
        channels: 3,
      },
    ),
    one('ceil, rows down and columns up', { kind: 'maxpool', size: [2, 3], stride: [3, 2], ceil: true }, [2, 3, 3], {
      height: 6,
      width: 6,
      channels: 3,
    }),
    one(
      'ceil, rows up and columns down, dilation and padding',
      { kind: 'maxpool', size: 2, stride: [2, 3], dilation: [2, 1], padding: [1, 0, 0, 0], ceil: true },
      [3, 2, 3],
      { height: 5, width: 6, channels: 3 },
    ),
    one('same', { kind: 'maxpool', size: 3, stride: 2, padding: 'same' }, [3, 3, 3]),
    one('same-lower', { kind: 'maxpool', size: 2, stride: 1, padding: 'same-lower' }, [5, 6, 3]),
  ],
  avgpool: [
    one(
      'signal, padding counted',
      { kind: 'avgpool', size: 3, stride: 2, padding: 1, countPadding: true },
      [6, 3],
      signal,
    ),
    one('volume, same', { kind: 'avgpool', size: 2, stride: 1, padding: 'same' }, [4, 3, 5, 2], volume),
    one(
      'volume, dilation and padding',
      { kind: 'avgpool', size: 2, stride: 1, dilation: [2, 1, 1], padding: 1 },
      [4, 4, 6, 2],
      volume,
    ),
    one(
      'volume, ceil that rounds up along one axis and down along another',
      { kind: 'avgpool', size: [3, 1, 2], stride: [2, 3, 1], ceil: true },
      [2, 1, 4, 2],
      volume,
    ),
    one('side by side', { kind: 'avgpool', size: 2 }, [2, 3, 3]),
    one('overlapping', { kind: 'avgpool', size: [3, 2], stride: 1 }, [3, 5, 3]),
    one('padding', { kind: 'avgpool', size: 3, padding: 1, stride: 2 }, [3, 3, 3]),
    one('padding counted', { kind: 'avgpool', size: 3, padding: 1, stride: 2, countPadding: true }, [3, 3, 3]),
    one('asymmetric padding', { kind: 'avgpool', size: 3, stride: 2, padding: [0, 1, 2, 0] }, [3, 3, 3]),
    one('ceil', { kind: 'avgpool', size: 2, ceil: true }, [3, 3, 3]),
    one(
      'ceil, the last window begins beyond the input',
      { kind: 'avgpool', size: 2, stride: 3, ceil: true },
      [2, 2, 3],
      {
        height: 6,
        width: 6,
        channels: 3,
      },
    ),
    ...[true, false].map((countPadding) =>
      one(
        `ceil, rows down and columns up, padding ${countPadding ? 'counted' : 'left out'}`,
        { kind: 'avgpool', size: [2, 3], stride: [3, 2], padding: [0, 1], ceil: true, countPadding },
        [2, 4, 3],
        { height: 6, width: 7, channels: 3 },
      ),
    ),
    {
      name: 'with dilation, after a last window that begins beyond the input',
      input: { height: 12, width: 12, channels: 2 },
      layers: [
        { kind: 'maxpool', size: 2, stride: 3, ceil: true },
        { kind: 'avgpool', size: 2, stride: 1, dilation: 2 },
      ],
      shape: [2, 2, 2],
    },
    one(
      'ceil, padding counted',
      { kind: 'avgpool', size: 3, stride: 2, padding: [1, 1, 0, 0], ceil: true, countPadding: true },
      [3, 3, 3],
    ),
    one(
      'ceil, ragged, padding counted',
      { kind: 'avgpool', size: 3, stride: 3, padding: 1, ceil: true, countPadding: true },
      [3, 3, 3],
      {
        height: 6,
        width: 6,
        channels: 3,
      },
    ),
    one('ceil, ragged, padding left out', { kind: 'avgpool', size: 3, stride: 3, padding: 1, ceil: true }, [3, 3, 3], {
      height: 6,
      width: 6,
      channels: 3,
    }),
    one('same', { kind: 'avgpool', size: 2, stride: 1, padding: 'same' }, [5, 6, 3]),
    one('dilation', { kind: 'avgpool', size: 2, stride: 1, dilation: 2, padding: 1 }, [5, 6, 3]),
    one(
      'dilation, ceil, counted',
      { kind: 'avgpool', size: 2, stride: 2, dilation: 2, padding: 1, ceil: true, countPadding: true },
      [3, 4, 3],
    ),
  ],
  globalavgpool: [
    one('a map', { kind: 'globalavgpool' }, [1, 1, 3]),
    one('a signal', { kind: 'globalavgpool' }, [1, 3], signal),
    one('a volume', { kind: 'globalavgpool' }, [1, 1, 1, 2], volume),
  ],
  globalmaxpool: [
    one('a map', { kind: 'globalmaxpool' }, [1, 1, 3]),
    one('a signal', { kind: 'globalmaxpool' }, [1, 3], signal),
    one('a volume', { kind: 'globalmaxpool' }, [1, 1, 1, 2], volume),
  ],
  batchnorm: [
    one('on a volume', { kind: 'batchnorm' }, [4, 3, 5, 2], volume),
    one('on a map', { kind: 'batchnorm' }, [5, 6, 3]),
    one('settings', { kind: 'batchnorm', epsilon: 0.01, momentum: 0.5 }, [5, 6, 3]),
    {
      name: 'directly after dense',
      input: map,
      layers: [{ kind: 'flatten' }, { kind: 'dense', units: 4 }, { kind: 'batchnorm' }],
      shape: [4],
    },
  ],
  layernorm: [
    ...activation('layernorm', { over: 'all' }, { epsilon: 0.01 }),
    flat('flat features, all', { kind: 'layernorm', over: 'all' }, [7]),
    one('a signal', { kind: 'layernorm' }, [11, 3], signal),
    one('a volume', { kind: 'layernorm' }, [2, 3, 2, 5], { depth: 2, height: 3, width: 2, channels: 5 }),
    one('a volume, all', { kind: 'layernorm', over: 'all' }, [4, 3, 5, 2], volume),
  ],
  groupnorm: [
    one('one group', { kind: 'groupnorm', groups: 1 }, [5, 6, 3]),
    one('groups of two', { kind: 'groupnorm', groups: 3, epsilon: 0.02 }, [4, 3, 6], {
      height: 4,
      width: 3,
      channels: 6,
    }),
    one('a volume, each channel', { kind: 'groupnorm', groups: 2 }, [4, 3, 5, 2], volume),
    flat('flat features', { kind: 'groupnorm', groups: 2 }, [6], 6),
  ],
  instancenorm: [
    one('a map', { kind: 'instancenorm' }, [5, 6, 3]),
    one('a signal', { kind: 'instancenorm', epsilon: 0.1 }, [11, 3], signal),
    one('a volume', { kind: 'instancenorm' }, [4, 3, 5, 2], volume),
  ],
  lrn: [
    ...activation('lrn', { size: 3, alpha: 0.6, beta: 0.5, bias: 2 }, { size: 1, alpha: 0.9 }),
    one('more channels than it reads', { kind: 'lrn', size: 3, alpha: 0.8, beta: 1.5 }, [2, 3, 7], {
      height: 2,
      width: 3,
      channels: 7,
    }),
    one('a signal', { kind: 'lrn', alpha: 1 }, [11, 3], signal),
  ],
  dropout: activation('dropout', { rate: 0.3 }, { rate: 0 }),
  zeropadding: [
    one('all sides', { kind: 'zeropadding', cells: 2 }, [9, 10, 3]),
    one('each side', { kind: 'zeropadding', cells: [1, 0, 0, 3] }, [6, 9, 3]),
    one('a signal', { kind: 'zeropadding', cells: [2, 1] }, [14, 3], signal),
    one('a volume', { kind: 'zeropadding', cells: [1, 0, 2] }, [6, 3, 9, 2], volume),
  ],
  cropping: [
    one('all sides', { kind: 'cropping', cells: 1 }, [3, 4, 3]),
    one('each side', { kind: 'cropping', cells: [1, 0, 0, 3] }, [4, 3, 3]),
    one('a signal', { kind: 'cropping', cells: [2, 1] }, [8, 3], signal),
    one('a volume', { kind: 'cropping', cells: [1, 0, 2] }, [2, 3, 1, 2], volume),
  ],
  upsample: [
    one('nearest', { kind: 'upsample', factor: [2, 3] }, [10, 18, 3]),
    one('bilinear', { kind: 'upsample', factor: 2, mode: 'linear' }, [10, 12, 3]),
    one('bilinear, odd factors', { kind: 'upsample', factor: [3, 1], mode: 'linear' }, [15, 6, 3]),
    one('a signal', { kind: 'upsample', factor: 2 }, [22, 3], signal),
    one('a signal, linear', { kind: 'upsample', factor: 3, mode: 'linear' }, [33, 3], signal),
    one('a volume', { kind: 'upsample', factor: [1, 2, 2] }, [4, 6, 10, 2], volume),
  ],
  depthtospace: ['DCR', 'CRD'].map((mode) =>
    one(mode, { kind: 'depthtospace', factor: 2, mode }, [4, 6, 3], { height: 2, width: 3, channels: 12 }),
  ),
  channelshuffle: [
    one('three groups', { kind: 'channelshuffle', groups: 3 }, [2, 3, 12], { height: 2, width: 3, channels: 12 }),
    one('a signal', { kind: 'channelshuffle', groups: 3 }, [11, 3], signal),
    one('a volume', { kind: 'channelshuffle', groups: 2 }, [4, 3, 5, 2], volume),
    flat('flat features', { kind: 'channelshuffle', groups: 2 }, [6], 6),
  ],
  channelslice: [
    one('the last two', { kind: 'channelslice', first: 1, count: 2 }, [5, 6, 2]),
    one('a volume', { kind: 'channelslice', count: 1 }, [4, 3, 5, 1], volume),
    flat('flat features', { kind: 'channelslice', first: 2, count: 3 }, [3]),
  ],
  flatten: [
    one('a map', { kind: 'flatten' }, [90]),
    one('a volume', { kind: 'flatten' }, [120], volume),
    flat('flat features', { kind: 'flatten' }, [7]),
  ],
  reshape: [
    one('map to volume', { kind: 'reshape', shape: [5, 3, -1, 3] }, [5, 3, 2, 3]),
    one('map to signal', { kind: 'reshape', shape: [-1, 5] }, [18, 5]),
    one('volume to map', { kind: 'reshape', shape: [6, 4, 5] }, [6, 4, 5], volume),
    one('map to map', { kind: 'reshape', shape: [2, 9, 5] }, [2, 9, 5]),
    one('map to flat', { kind: 'reshape', shape: [-1] }, [90]),
    flat('flat to map', { kind: 'reshape', shape: [2, -1, 2] }, [2, 3, 2], 12),
  ],
  add: [
    {
      name: 'volumes, one place repeated',
      input: volume,
      layers: [{ kind: 'globalavgpool' }, { kind: 'add', inputs: ['globalavgpool1', 'input'] }],
      shape: [4, 3, 5, 2],
    },
    { name: 'twice the same', input: map, layers: [{ kind: 'add', inputs: ['input', 'input'] }], shape: [5, 6, 3] },
    {
      name: 'residual',
      input: map,
      layers: [
        { kind: 'conv', filters: 3, kernel: 3, padding: 1 },
        { kind: 'add', inputs: ['conv1', 'input'] },
      ],
      shape: [5, 6, 3],
    },
    {
      name: 'three, broadcast',
      input: map,
      layers: [
        { kind: 'globalavgpool', name: 'squeezed' },
        { kind: 'conv', name: 'grey', filters: 1, kernel: 1, inputs: ['input'] },
        { kind: 'add', inputs: ['squeezed', 'input', 'grey'] },
      ],
      shape: [5, 6, 3],
    },
    {
      name: 'flat',
      input: map,
      layers: [
        { kind: 'flatten' },
        { kind: 'dense', units: 4, name: 'a' },
        { kind: 'dense', units: 4, name: 'b', inputs: ['flatten1'] },
        { kind: 'add', inputs: ['a', 'b'] },
      ],
      shape: [4],
    },
  ],
  multiply: [
    { name: 'squared', input: map, layers: [{ kind: 'multiply', inputs: ['input', 'input'] }], shape: [5, 6, 3] },
    {
      name: 'channels weighed, in a volume',
      input: volume,
      layers: [{ kind: 'globalavgpool' }, { kind: 'multiply', inputs: ['input', 'globalavgpool1'] }],
      shape: [4, 3, 5, 2],
    },
    {
      name: 'three, broadcast',
      input: map,
      layers: [
        { kind: 'globalavgpool', name: 'squeezed' },
        { kind: 'conv', name: 'grey', filters: 1, kernel: 1, inputs: ['input'] },
        { kind: 'multiply', inputs: ['squeezed', 'input', 'grey'] },
      ],
      shape: [5, 6, 3],
    },
    {
      name: 'flat',
      input: map,
      layers: [
        { kind: 'flatten' },
        { kind: 'dense', units: 4, name: 'a' },
        { kind: 'dense', units: 4, name: 'b', inputs: ['flatten1'] },
        { kind: 'multiply', inputs: ['a', 'b'] },
      ],
      shape: [4],
    },
  ],
  concat: [
    { name: 'signals', input: signal, layers: [{ kind: 'concat', inputs: ['input', 'input'] }], shape: [11, 6] },
    {
      name: 'three maps, one twice',
      input: map,
      layers: [
        { kind: 'conv', filters: 2, kernel: 3, padding: 1 },
        { kind: 'concat', inputs: ['conv1', 'input', 'conv1'] },
      ],
      shape: [5, 6, 7],
    },
    {
      name: 'flat',
      input: map,
      layers: [
        { kind: 'flatten' },
        { kind: 'dense', units: 4, name: 'a' },
        { kind: 'dense', units: 2, name: 'b', inputs: ['flatten1'] },
        { kind: 'concat', inputs: ['a', 'b'] },
      ],
      shape: [6],
    },
  ],
};

/** What docs/spec.md says of each kind of layer beside its own comment: a title, what each setting is for, an example. */
import type { LayerSpec, ModelSpec } from '../src/core/model/spec';

const padding =
  'Zeros around the map. `"valid"`: none. `"same"`: as many as give ⌈input ÷ stride⌉ rows and columns, an odd one at the bottom and ' +
  'right (`"same-lower"`: at the top and left). One number: on every side.';
const dilation = 'Steps between neighboring cells of the window; 1: no gaps.';
const window = 'Rows and columns of the window.';
const ceil = 'Round the number of rows and columns up, so that the last window may hang over the edge.';
const pooling = {
  size: window,
  stride: 'Steps from one window to the next.',
  padding: padding.replace(
    'Zeros around the map.',
    'Cells around the map that never win and, unless counted, never count.',
  ),
  dilation,
  ceil,
};

export interface Words {
  title: string;
  /** What each setting is for. */
  settings: Record<string, string>;
  example: { input: ModelSpec['input']; layers: LayerSpec[] };
}

const image = { height: 8, width: 8, channels: 3 };
const alone = (title: string, layer: LayerSpec, settings: Words['settings'] = {}): Words => ({
  title,
  settings,
  example: { input: image, layers: [layer] },
});
const axis =
  'Along which values sum to one: over the channels of each place, or over the rows or columns of each channel.';

const epsilon = 'Added to the variance under the root.';

export const words: Record<string, Words> = {
  conv: alone(
    'Convolution',
    { kind: 'conv', filters: 6, kernel: 5, padding: 'same' },
    {
      filters: 'Kernels, and so channels of the output.',
      kernel: 'Rows and columns of each kernel.',
      stride: 'Steps from one window to the next.',
      padding,
      dilation,
      groups:
        'Parts into which channels and filters are split, each part seeing only its own. Divides both numbers; as many as the channels: depthwise.',
      bias: 'A number of its own added by each filter.',
    },
  ),
  partialconv: alone(
    'Convolution with a table of partial connections',
    {
      kind: 'partialconv',
      table: [
        [0, 1],
        [1, 2],
        [0, 2],
        [0, 1, 2],
      ],
      kernel: 3,
    },
    {
      table: 'For each filter the channels that it reads, the first one being 0.',
      kernel: 'Rows and columns of each kernel.',
      stride: 'Steps from one window to the next.',
      padding,
      dilation,
      bias: 'A number of its own added by each filter.',
    },
  ),
  localconv: alone(
    'Locally connected layer, an unshared convolution',
    { kind: 'localconv', filters: 4, kernel: 3, stride: 2 },
    {
      filters: 'Kernels at each place, and so channels of the output.',
      kernel: 'Rows and columns of each kernel.',
      stride: 'Steps from one window to the next.',
      padding,
      dilation,
      bias: 'A number of its own added by each filter at each place.',
    },
  ),
  convtranspose: alone(
    'Transposed convolution',
    { kind: 'convtranspose', filters: 4, kernel: 4, stride: 2, padding: 1 },
    {
      filters: 'Kernels, and so channels of the output.',
      kernel: 'Rows and columns of each kernel.',
      stride: 'Steps of the output from one window to the next: by about so much it is larger than the input.',
      padding: 'Cells taken off the output on its sides.',
      outputPadding: 'Cells more at the bottom and right, which a strided convolution would have left over.',
      dilation,
      groups: 'Parts into which channels and filters are split, each part seeing only its own.',
      bias: 'A number of its own added by each filter.',
    },
  ),
  dense: {
    title: 'Dense, fully connected',
    settings: { units: 'Outputs.', bias: 'A number of its own added by each unit.' },
    example: { input: image, layers: [{ kind: 'flatten' }, { kind: 'dense', units: 10 }] },
  },
  relu: alone('Relu', { kind: 'relu' }),
  relu6: alone('Relu cut off at 6', { kind: 'relu6' }),
  leakyrelu: alone('Leaky relu', { kind: 'leakyrelu', alpha: 0.1 }, { alpha: 'Slope below zero.' }),
  rrelu: alone(
    'Relu with a random slope',
    { kind: 'rrelu' },
    { lower: 'Least slope below zero.', upper: 'Largest slope below zero.' },
  ),
  prelu: alone(
    'Relu with a learned slope',
    { kind: 'prelu', slopes: 'shared' },
    {
      slopes: 'What has a slope of its own: each channel, the layer as a whole, or each unit.',
    },
  ),
  elu: alone('Exponential linear unit', { kind: 'elu' }, { alpha: 'Large negative x come to −alpha.' }),
  selu: alone(
    'Scaled exponential linear unit',
    { kind: 'selu' },
    {
      alpha: 'Large negative x come to −gamma · alpha.',
      gamma: 'Slope above zero, and factor of the whole.',
    },
  ),
  sigmoid: alone('Sigmoid', { kind: 'sigmoid' }),
  hardsigmoid: alone('Hard sigmoid', { kind: 'hardsigmoid' }, { alpha: 'Slope in between.', beta: 'Value at x = 0.' }),
  tanh: alone('Hyperbolic tangent', { kind: 'tanh' }),
  softplus: alone('Softplus', { kind: 'softplus' }),
  gelu: alone(
    'Gaussian error linear unit',
    { kind: 'gelu', approximate: 'tanh' },
    { approximate: 'Whether the normal distribution is computed exactly or approximated by a hyperbolic tangent.' },
  ),
  silu: alone('Sigmoid linear unit, swish', { kind: 'silu' }),
  hardswish: alone('Hard swish', { kind: 'hardswish' }),
  maxout: {
    title: 'Maxout',
    settings: { pieces: 'Of how many values the largest is taken.' },
    example: {
      input: image,
      layers: [
        { kind: 'conv', filters: 12, kernel: 3 },
        { kind: 'maxout', pieces: 3 },
      ],
    },
  },
  softmax: alone('Softmax', { kind: 'softmax' }, { axis }),
  logsoftmax: alone(
    'Log-softmax',
    { kind: 'logsoftmax', axis: 'width' },
    { axis: axis.replace('values', 'powers of e') },
  ),
  maxpool: alone('Max pooling', { kind: 'maxpool', size: 2 }, pooling),
  avgpool: alone(
    'Average pooling',
    { kind: 'avgpool', size: 3, stride: 2, padding: 1 },
    {
      ...pooling,
      countPadding: 'Whether cells of padding count as zeros in the mean.',
    },
  ),
  globalavgpool: alone('Global average pooling', { kind: 'globalavgpool' }),
  globalmaxpool: alone('Global max pooling', { kind: 'globalmaxpool' }),
  subsampling: alone(
    'Trainable subsampling',
    { kind: 'subsampling', size: 2 },
    { size: window, stride: 'Steps from one window to the next.' },
  ),
  spatialpyramid: alone(
    'Spatial pyramid pooling',
    { kind: 'spatialpyramid', levels: [1, 2, 3] },
    { levels: 'Into how many bins each axis is divided, level by level.' },
  ),
  batchnorm: alone(
    'Batch normalization',
    { kind: 'batchnorm' },
    {
      epsilon,
      momentum:
        'Share of the running mean and variance that each batch leaves: running = momentum · running + (1 − momentum) · batch.',
    },
  ),
  layernorm: alone(
    'Layer normalization',
    { kind: 'layernorm' },
    { over: 'What shares mean and variance: the channels of each place, or all units.', epsilon },
  ),
  groupnorm: alone(
    'Group normalization',
    { kind: 'groupnorm', groups: 3 },
    { groups: 'Parts into which the channels are split, each normalized by itself.', epsilon },
  ),
  instancenorm: alone('Instance normalization', { kind: 'instancenorm' }, { epsilon }),
  lrn: alone(
    'Local response normalization',
    { kind: 'lrn', bias: 2 },
    {
      size: 'Channels in the sum, the own one in the middle.',
      alpha: 'Factor of the mean square.',
      beta: 'Power to which the divisor is raised.',
      bias: 'Added to the sum.',
    },
  ),
  dropout: alone(
    'Dropout',
    { kind: 'dropout', rate: 0.25 },
    { rate: 'Probability with which a unit is set to zero in training.' },
  ),
  zeropadding: alone('Zero padding', { kind: 'zeropadding', cells: 2 }, { cells: 'Cells of zeros on the sides.' }),
  cropping: alone('Cropping', { kind: 'cropping', cells: [1, 2] }, { cells: 'Cells taken off the sides.' }),
  upsample: alone(
    'Upsampling',
    { kind: 'upsample', factor: 2, mode: 'linear' },
    { factor: 'How many times as many rows and columns.', mode: 'Values repeated, or between the values around.' },
  ),
  depthtospace: {
    title: 'Depth to space',
    settings: { factor: 'Rows and columns of a block.', mode: 'Which channels a block is made of.' },
    example: {
      input: image,
      layers: [
        { kind: 'conv', filters: 12, kernel: 3, padding: 'same' },
        { kind: 'depthtospace', factor: 2 },
      ],
    },
  },
  channelshuffle: {
    title: 'Channel shuffle',
    settings: { groups: 'Parts into which the channels are split.' },
    example: {
      input: image,
      layers: [
        { kind: 'conv', filters: 12, kernel: 3 },
        { kind: 'channelshuffle', groups: 3 },
      ],
    },
  },
  channelslice: alone(
    'Channel slice',
    { kind: 'channelslice', first: 1, count: 2 },
    { first: 'The first channel that is kept, counted from 0.', count: 'Channels that are kept.' },
  ),
  flatten: alone('Flatten', { kind: 'flatten' }),
  reshape: alone(
    'Reshape',
    { kind: 'reshape', shape: [4, 4, -1] },
    {
      shape: 'The new shape, of as many numbers as the input has; −1 stands for what is left.',
    },
  ),
  add: {
    title: 'Sum of inputs',
    settings: {},
    example: {
      input: image,
      layers: [
        { kind: 'conv', name: 'path', filters: 3, kernel: 3, padding: 'same' },
        { kind: 'add', inputs: ['path', 'input'] },
      ],
    },
  },
  multiply: {
    title: 'Product of inputs',
    settings: {},
    example: {
      input: image,
      layers: [
        { kind: 'conv', name: 'maps', filters: 4, kernel: 3, padding: 'same' },
        { kind: 'globalavgpool' },
        { kind: 'conv', filters: 4, kernel: 1 },
        { kind: 'sigmoid', name: 'weights' },
        { kind: 'multiply', inputs: ['maps', 'weights'] },
      ],
    },
  },
  concat: {
    title: 'Channels of inputs, one after the other',
    settings: {},
    example: {
      input: image,
      layers: [
        { kind: 'conv', name: 'narrow', filters: 4, kernel: 1 },
        { kind: 'conv', name: 'wide', filters: 2, kernel: 3, padding: 'same', inputs: ['input'] },
        { kind: 'concat', inputs: ['narrow', 'wide'] },
      ],
    },
  },
};

import { describe, expect, it } from 'vitest';
import { buildGraph, limits, parameterCount } from '../../../src/core/model/build';
import { SpecError, type LayerSpec, type ModelSpec } from '../../../src/core/model/spec';
import { graphOf } from '../helpers';

const digit = { height: 28, width: 28, channels: 1 };
const totals = (layers: LayerSpec[], input: ModelSpec['input'], trainable = false): number =>
  graphOf(layers, input).layers.reduce((sum, layer) => sum + parameterCount(layer, trainable), 0);

const lenet: LayerSpec[] = [
  { kind: 'conv', filters: 6, kernel: 5, padding: 2 },
  { kind: 'tanh' },
  { kind: 'maxpool', size: 2 },
  { kind: 'conv', filters: 16, kernel: 5 },
  { kind: 'tanh' },
  { kind: 'maxpool', size: 2 },
  { kind: 'flatten' },
  { kind: 'dense', units: 120 },
  { kind: 'tanh' },
  { kind: 'dense', units: 84 },
  { kind: 'tanh' },
  { kind: 'dense', units: 10 },
  { kind: 'softmax' },
];

describe('a graph from a spec', () => {
  it('names layers by kind and number, past names that are taken', () => {
    const graph = graphOf([
      { kind: 'conv', filters: 1, kernel: 1 },
      { kind: 'relu', name: 'conv2' },
      { kind: 'conv', filters: 1, kernel: 1 },
      { kind: 'maxpool', size: 2 },
      { kind: 'conv', filters: 1, kernel: 1 },
    ]);
    expect(graph.layers.map((layer) => layer.name)).toEqual(['conv1', 'conv2', 'conv3', 'maxpool1', 'conv4']);
  });

  it('writes out inputs and defaults, and builds the same from that', () => {
    const graph = graphOf([
      { kind: 'conv', filters: 2, kernel: [3, 3], padding: [1, 1, 1, 1] },
      { kind: 'maxpool', size: 2 },
    ]);
    expect(graph.spec).toEqual({
      input: { height: 5, width: 6, channels: 3 },
      layers: [
        {
          kind: 'conv',
          name: 'conv1',
          inputs: ['input'],
          filters: 2,
          kernel: 3,
          stride: 1,
          padding: 1,
          dilation: 1,
          groups: 1,
          bias: true,
        },
        {
          kind: 'maxpool',
          name: 'maxpool1',
          inputs: ['conv1'],
          size: 2,
          stride: 2,
          padding: 'valid',
          dilation: 1,
          ceil: false,
        },
      ],
    });
    const data = (of: unknown): unknown => JSON.parse(JSON.stringify(of));
    expect(data(buildGraph(graph.spec))).toEqual(data(graph));
  });

  it('joins branches', () => {
    const graph = graphOf([
      { kind: 'conv', filters: 3, kernel: 3, padding: 'same' },
      { kind: 'add', inputs: ['input', 'conv1'] },
      { kind: 'concat', inputs: ['add1', 'conv1', 'input'] },
    ]);
    expect(graph.layers.map((layer) => layer.inputs)).toEqual([[-1], [-1, 0], [1, 0, -1]]);
    expect(graph.layers[2].outputShape).toEqual([5, 6, 9]);
  });
});

describe('parameters and multiply-adds of well-known networks', () => {
  it('LeNet-5 with full connections: 61,706', () => {
    expect(totals(lenet, digit)).toBe(61706);
    const graph = graphOf(lenet, digit);
    expect(graph.layers.map((layer) => layer.macs)).toEqual([
      117600, 0, 0, 240000, 0, 0, 0, 48000, 0, 10080, 0, 840, 0,
    ]);
    expect(graph.layers.slice(0, 6).map((layer) => layer.outputShape.join(' × '))).toEqual([
      '28 × 28 × 6',
      '28 × 28 × 6',
      '14 × 14 × 6',
      '10 × 10 × 16',
      '10 × 10 × 16',
      '5 × 5 × 16',
    ]);
  });

  it('the Keras net with pooling "same": 1,492,070', () => {
    const layers = [
      { kind: 'conv', filters: 30, kernel: 3 },
      { kind: 'relu' },
      { kind: 'maxpool', size: 2, padding: 'same' },
      { kind: 'conv', filters: 60, kernel: 3, padding: 'same' },
      { kind: 'relu' },
      { kind: 'maxpool', size: 2, padding: 'same' },
      { kind: 'flatten' },
      { kind: 'dense', units: 500 },
      { kind: 'relu' },
      { kind: 'dense', units: 10 },
    ];
    expect(totals(layers, digit)).toBe(1492070);
  });

  it('AlexNet with batch norm and ten classes: 58,327,818, of which 2,752 are not trained', () => {
    const block = (filters: number, kernel: number, stride: number, padding: string): LayerSpec[] => [
      { kind: 'conv', filters, kernel, stride, padding },
      { kind: 'batchnorm' },
      { kind: 'relu' },
    ];
    const layers = [
      ...block(96, 11, 4, 'valid'),
      { kind: 'maxpool', size: 3, stride: 2 },
      ...block(256, 5, 1, 'same'),
      { kind: 'maxpool', size: 3, stride: 2 },
      ...block(384, 3, 1, 'same'),
      ...block(384, 3, 1, 'same'),
      ...block(256, 3, 1, 'same'),
      { kind: 'maxpool', size: 3, stride: 2 },
      { kind: 'flatten' },
      { kind: 'dense', units: 4096 },
      { kind: 'dense', units: 4096 },
      { kind: 'dense', units: 10 },
    ];
    const input = { height: 227, width: 227, channels: 3 };
    expect(totals(layers, input)).toBe(58327818);
    expect(totals(layers, input) - totals(layers, input, true)).toBe(2752);
    expect(parameterCount(graphOf(layers, input).layers[0])).toBe(34944);
  });

  it('a bottleneck and a depthwise separable convolution', () => {
    const weights = (layers: LayerSpec[], channels: number): number =>
      totals(
        layers.map((layer) => ({ ...layer, bias: false })),
        { height: 8, width: 8, channels },
      );
    const plain = [{ kind: 'conv', filters: 256, kernel: 3 }];
    const bottleneck = [
      { kind: 'conv', filters: 64, kernel: 1 },
      { kind: 'conv', filters: 64, kernel: 3 },
      { kind: 'conv', filters: 256, kernel: 1 },
    ];
    expect([weights(plain, 256), weights(bottleneck, 256)]).toEqual([589824, 69632]);
    const separable = [
      { kind: 'conv', filters: 3, kernel: 3, groups: 3 },
      { kind: 'conv', filters: 256, kernel: 1 },
    ];
    expect([weights(plain, 3), weights(separable, 3)]).toEqual([6912, 795]);
  });
});

describe('output sizes, the relationships of convolution arithmetic', () => {
  it.each([
    ['no padding, unit stride: i − k + 1', 4, { kernel: 3 }, 2],
    ['any padding: i − k + 2p + 1', 5, { kernel: 4, padding: 2 }, 6],
    ['half padding, odd k: i', 5, { kernel: 3, padding: 1 }, 5],
    ['full padding: i + k − 1', 5, { kernel: 3, padding: 2 }, 7],
    ['stride without padding: ⌊(i − k) ÷ s⌋ + 1', 5, { kernel: 3, stride: 2 }, 2],
    ['both: ⌊(i + 2p − k) ÷ s⌋ + 1', 5, { kernel: 3, stride: 2, padding: 1 }, 3],
    ['a row left over', 6, { kernel: 3, stride: 2, padding: 1 }, 3],
    ['dilation', 7, { kernel: 3, dilation: 2 }, 3],
    ['same with a stride: ⌈i ÷ s⌉', 7, { kernel: 2, stride: 3, padding: 'same' }, 3],
  ])('%s', (_name, size, settings, output) => {
    const graph = graphOf([{ kind: 'conv', filters: 1, ...settings }], { height: size, width: size, channels: 1 });
    expect(graph.layers[0].outputShape).toEqual([output, output, 1]);
  });
});

describe('a spec that does not hold', () => {
  const refused: [string, unknown, string][] = [
    ['no object', 7, 'network, spec: found 7, expected an object with input and layers'],
    ['no input', { layers: [] }, 'input, size: found nothing, expected an object with height, width and channels'],
    [
      'no channels',
      { input: { height: 2, width: 2 }, layers: [] },
      'input, channels: found nothing, expected a whole number from 1 to 4096',
    ],
    [
      'absurd height',
      { input: { height: 1e9, width: 2, channels: 1 }, layers: [] },
      'input, height: found 1000000000, expected a whole number from 1 to 1,048,576',
    ],
    ['no layers', { input: digit, layers: [] }, 'network, layers: found 0, expected a list of 1 to 2000 layers'],
  ];
  it.each(refused)('%s', (_name, spec, message) => {
    expect(() => buildGraph(spec as ModelSpec)).toThrow(message);
  });

  const layersRefused: [string, unknown[], RegExp][] = [
    [
      'a block where there are none',
      [{ block: 'x' }],
      /^layer 'x1', block: found "x", expected the name of a block, but/,
    ],
    ['no object', [3], /^layer number 1, layer: found 3, expected an object with a kind$/],
    ['unknown kind', [{ kind: 'convolution' }], /^layer number 1, kind: found "convolution", expected one of conv, /],
    ['kind of the prototype', [{ kind: 'constructor' }], /kind: found "constructor"/],
    [
      'name of the image',
      [{ kind: 'relu', name: 'input' }],
      /^input, name: found "input", expected a name that no other layer has$/,
    ],
    [
      'name twice',
      [
        { kind: 'relu', name: 'a' },
        { kind: 'relu', name: 'a' },
      ],
      /^layer 'a', name: found "a"/,
    ],
    ['name with a dot', [{ kind: 'relu', name: 'a.b' }], /name: found "a.b", expected up to 100 letters, digits/],
    ['name with a path', [{ kind: 'relu', name: '../a' }], /name: found "..\/a"/],
    [
      'unknown input',
      [{ kind: 'relu', inputs: ['b'] }],
      /^layer 'relu1', inputs: found "b", expected the name of an earlier layer, or 'input'$/,
    ],
    [
      'itself as input',
      [{ kind: 'relu', name: 'a', inputs: ['a'] }],
      /^layer 'a', inputs: found "a", expected the name of an earlier layer/,
    ],
    [
      'two inputs for one',
      [{ kind: 'relu', inputs: ['input', 'input'] }],
      /^layer 'relu1', inputs: found 2, expected 1 input$/,
    ],
    ['one input for many', [{ kind: 'add' }], /^layer 'add1', inputs: found 1, expected 2 inputs or more$/],
    [
      'a layer that nobody reads',
      [{ kind: 'relu' }, { kind: 'tanh', inputs: ['input'] }],
      /^layer 'relu1', output: found no layer that reads it/,
    ],
    [
      'unknown setting',
      [{ kind: 'conv', filters: 1, kernel: 1, strides: 2 }],
      /^layer 'conv1', strides: found 2, expected only the settings filters, kernel, stride/,
    ],
    [
      'setting of a layer that has none',
      [{ kind: 'relu', alpha: 1 }],
      /^layer 'relu1', alpha: found 1, expected no settings$/,
    ],
    [
      'no filters',
      [{ kind: 'conv', kernel: 1 }],
      /^layer 'conv1', filters: found nothing, expected a whole number from 1 to 65536$/,
    ],
    [
      'kernel of text',
      [{ kind: 'conv', filters: 1, kernel: '3' }],
      /^layer 'conv1', kernel: found "3", expected a whole number from 1 to 4096, or two/,
    ],
    ['kernel of three', [{ kind: 'conv', filters: 1, kernel: [3, 3, 3] }], /kernel: found \[3,3,3\]/],
    ['stride 0', [{ kind: 'conv', filters: 1, kernel: 3, stride: 0 }], /stride: found 0/],
    [
      'padding of a fraction',
      [{ kind: 'conv', filters: 1, kernel: 3, padding: 0.5 }],
      /padding: found 0.5, expected 'valid', 'same'/,
    ],
    [
      'kernel larger than the map',
      [{ kind: 'conv', filters: 1, kernel: 9 }],
      /^layer 'conv1', kernel: found 9, expected a window of at most 5 rows/,
    ],
    [
      'pool larger than the map',
      [{ kind: 'maxpool', size: [2, 9] }],
      /^layer 'maxpool1', size: found 9, expected a window of at most 6 columns/,
    ],
    [
      'pool padded as far as its size',
      [{ kind: 'maxpool', size: 2, padding: 2 }],
      /^layer 'maxpool1', padding: found 2, expected less padding/,
    ],
    [
      'groups that do not divide the filters',
      [{ kind: 'conv', filters: 4, kernel: 1, groups: 3 }],
      /groups: found 3, expected a divisor of the 4 filters/,
    ],
    [
      'groups that do not divide the channels',
      [{ kind: 'conv', filters: 4, kernel: 1, groups: 2 }],
      /groups: found 2, expected a divisor of the input's 3 channels/,
    ],
    [
      'dense on a map',
      [{ kind: 'dense', units: 2 }],
      /^layer 'dense1', inputs: found \[5,6,3\], expected flat features \[C\]: put a flatten layer before it$/,
    ],
    [
      'conv on flat features',
      [{ kind: 'flatten' }, { kind: 'conv', filters: 1, kernel: 1 }],
      /^layer 'conv1', inputs: found \[90\], expected a feature map/,
    ],
    [
      'dropout of everything',
      [{ kind: 'dropout', rate: 1 }],
      /^layer 'dropout1', rate: found 1, expected a number from 0, below 1$/,
    ],
    ['NaN', [{ kind: 'leakyrelu', alpha: NaN }], /^layer 'leakyrelu1', alpha: found NaN, expected a number$/],
    [
      'a long value',
      [{ kind: 'conv', filters: 1, kernel: Array<number>(1000).fill(1) }],
      /kernel: found \[[1,]{98}…, expected/,
    ],
    ['epsilon 0', [{ kind: 'batchnorm', epsilon: 0 }], /epsilon: found 0, expected a number above 0, at most 1/],
    [
      'reshape to another size',
      [{ kind: 'reshape', shape: [7] }],
      /^layer 'reshape1', shape: found \[7\], expected a shape of 90 numbers/,
    ],
    [
      'reshape with −1 that does not fit',
      [{ kind: 'reshape', shape: [4, -1, 1] }],
      /shape: found \[4,-1,1\], expected a shape of 90 numbers/,
    ],
    [
      'reshape to five dimensions',
      [{ kind: 'reshape', shape: [1, 1, 1, 9, 10] }],
      /shape: found \[1,1,1,9,10\], expected \[features\] or \[height, width, channels\]/,
    ],
    [
      'sum of different shapes',
      [
        { kind: 'conv', filters: 2, kernel: 1 },
        { kind: 'add', inputs: ['conv1', 'input'] },
      ],
      /^layer 'add1', inputs: found \[5,6,2\], expected shapes that are equal, or 1 where they differ; the inputs are \[5, 6, 2\], \[5, 6, 3\]$/,
    ],
    [
      'sum of map and flat',
      [{ kind: 'flatten' }, { kind: 'add', inputs: ['flatten1', 'input'] }],
      /^layer 'add1', inputs: found \[5,6,3\]/,
    ],
    [
      'concat of different sizes',
      [
        { kind: 'maxpool', size: 2 },
        { kind: 'concat', inputs: ['input', 'maxpool1'] },
      ],
      /^layer 'concat1', inputs: found \[2,3,3\], expected maps of 5 × 6 like the first input$/,
    ],
    [
      'softmax along rows of flat features',
      [{ kind: 'flatten' }, { kind: 'softmax', axis: 'height' }],
      /^layer 'softmax1', axis: found "height", expected 'channel': flat/,
    ],
    ['unknown axis', [{ kind: 'softmax', axis: 1 }], /axis: found 1, expected one of 'channel', 'height', 'width'/],
    [
      'output of absurd size',
      [{ kind: 'conv', filters: 65536, kernel: 1, padding: 1000 }],
      /^layer 'conv1', output: found \[2005,2006,65536\], expected at most/,
    ],
    [
      'weights of absurd size',
      [{ kind: 'conv', filters: 65536, kernel: [1, 4000], padding: 3999 }, { kind: 'relu' }],
      /^layer 'conv1', (output|weight): found/,
    ],
    [
      'too many parameters in all',
      Array.from({ length: 3 }, () => ({ kind: 'dense', units: 11000 }))
        .flatMap((layer, i) => (i === 0 ? [{ kind: 'flatten' }, layer] : [layer]))
        .concat([{ kind: 'dense', units: 11000 }]),
      /^network, parameters: found \d+, expected at most/,
    ],
  ];
  it.each(layersRefused)('%s', (_name, layers, message) => {
    const spec = { input: { height: 5, width: 6, channels: 3 }, layers } as ModelSpec;
    expect(() => buildGraph(spec)).toThrow(SpecError);
    expect(() => buildGraph(spec)).toThrow(message);
  });

  it('more outputs or more work than a machine does', () => {
    const input = { height: 4096, width: 4096, channels: 3 };
    const relus = Array.from({ length: 6 }, () => ({ kind: 'relu' }));
    expect(() => graphOf(relus, input)).toThrow(/^network, outputs: found 301989888/);
    const pool = { kind: 'maxpool', size: 2048, stride: 1 };
    expect(() => graphOf([pool], input)).toThrow(/^network, operations: found/);
    expect(limits.operations).toBe(2 ** 40);
  });
});

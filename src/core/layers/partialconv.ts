import { say } from '../../words';
import { explainWindows } from '../explain/window';
import { channelsOf, windowRegion } from '../geometry';
import { convBackward, convForward, type ConvGeometry } from '../kernels/reference/conv';
import { SpecError } from '../model/spec';
import { sizeOf, type FeatureShape, type FloatArray } from '../tensor';
import { toChannelsFirst, toChannelsLast } from './layout';
import type { LayerDefinition } from './layer';
import { convolution, padded, sidesOf, tuple } from './pytorch';
import { shortPadding, shortPerAxis } from './settings';
import { plainTraits } from './traits';
import { mapShape, windowAttributes, windowGeometry, windowOutput, WINDOW_LIMIT, type WindowSettings } from './window';

export interface PartialConvConfig extends WindowSettings {
  /** Per filter the channels that it reads, in ascending order. */
  table: readonly (readonly number[])[];
  bias: boolean;
}

const geometry = (config: PartialConvConfig, n: number, input: FeatureShape, output: FeatureShape): ConvGeometry => ({
  window: windowGeometry(config, input),
  n,
  input,
  output,
  groups: 1,
});

/** Where each weight `[connections, ...kernel]` is among those of a convolution without gaps, `[F, ...kernel, C]`. */
export function connectedPlaces({ table, kernel }: PartialConvConfig, channels: number): Int32Array {
  const area = sizeOf(kernel);
  const places = table.flatMap((read, f) =>
    read.flatMap((c) => Array.from({ length: area }, (_, cell) => (f * area + cell) * channels + c)),
  );
  return Int32Array.from(places);
}

const fullShape = ({ table, kernel }: PartialConvConfig, channels: number): number[] => [
  table.length,
  ...kernel,
  channels,
];

/** An array of the same type, zero but for what `places` tell. */
function spreadOut<A extends FloatArray>(weights: A, places: Int32Array, size: number): A {
  const full = new (weights.constructor as new (size: number) => A)(size);
  places.forEach((place, i) => (full[place] = weights[i]));
  return full;
}

/**
 * Convolution with a table of partial connections: filter f reads only the channels `table[f]`, y[oy, ox, f] = bias[f] + Σ x[…, c] · w over those c. x `[H, W, C]`,
 * w `[connections, KH, KW, 1]` in the table's order, y `[OH, OW, F]`, F the length of the table; signals and volumes along their axes. In ONNX a
 * convolution with zeros for what is not connected.
 * Settings: table (per filter a list of channels, from 0), kernel, stride 1, padding 'valid', dilation 1, bias true.
 * Source: LeCun, Bottou, Bengio & Haffner 1998, table I.
 */
export const partialconv: LayerDefinition<PartialConvConfig> = {
  kind: 'partialconv',
  arity: 'one',

  parse: (settings) => ({
    table: settings.table('table', 65536, 4096),
    kernel: settings.perAxis('kernel', undefined, 1, WINDOW_LIMIT),
    stride: settings.perAxis('stride', 1, 1, WINDOW_LIMIT),
    padding: settings.padding('padding', WINDOW_LIMIT),
    dilation: settings.perAxis('dilation', 1, 1, WINDOW_LIMIT),
    bias: settings.boolean('bias', true),
  }),
  settings: ({ table, kernel, stride, padding, dilation, bias }) => ({
    table: table.map((read) => [...read]),
    kernel: shortPerAxis(kernel),
    stride: shortPerAxis(stride),
    padding: shortPadding(padding),
    dilation: shortPerAxis(dilation),
    bias,
  }),

  outputShape(config, [input], name) {
    const channels = channelsOf(mapShape(input, name));
    const foreign = config.table.find((read) => read[read.length - 1] >= channels);
    if (foreign) throw new SpecError(name, 'table', foreign, say('spec.table-channels', { most: channels - 1 }));
    return [...windowOutput(windowGeometry(config, input), input, false, name), config.table.length];
  },
  window: (config, [input]) => windowGeometry(config, input),

  params({ table, kernel, bias }, [input]) {
    const connections = table.reduce((sum, read) => sum + read.length, 0);
    // As many on average.
    const fans = {
      fanIn: (sizeOf(kernel) * connections) / table.length,
      fanOut: (sizeOf(kernel) * connections) / channelsOf(input),
    };
    const shape = [connections, ...kernel, 1];
    return [
      { name: 'weight', shape, trainable: true, decay: true, init: 'weight', ...fans },
      ...(bias ? [{ name: 'bias', shape: [table.length], trainable: true, decay: false, init: 0, ...fans }] : []),
    ];
  },
  macs: ({ table, kernel }, _inputs, output) =>
    (sizeOf(output) / table.length) * sizeOf(kernel) * table.reduce((sum, read) => sum + read.length, 0),

  traits: () => ({ ...plainTraits, maps: 'some', weights: 'kernel' }),

  forward(config, { n, inputShapes: [input], outputShape, params, x, y }) {
    const channels = channelsOf(input);
    const full = spreadOut(params[0], connectedPlaces(config, channels), sizeOf(fullShape(config, channels)));
    convForward(geometry(config, n, input, outputShape), x[0], full, params[1], y);
  },
  backward(config, { n, inputShapes: [input], outputShape, params, x, dy, dx, dParams }) {
    const channels = channelsOf(input);
    const places = connectedPlaces(config, channels);
    const full = spreadOut(params[0], places, sizeOf(fullShape(config, channels)));
    const [dWeight, dBias] = dParams;
    const dFull = dWeight && spreadOut(dWeight, places, full.length);
    convBackward(geometry(config, n, input, outputShape), x[0], full, dy, dx[0], dFull, dBias);
    if (dWeight && dFull) places.forEach((place, i) => (dWeight[i] = dFull[place]));
  },

  toOnnx(config, { name, inputs, inputShapes: [input], params, initializer }) {
    const { table, kernel, bias } = config;
    const channels = channelsOf(input);
    const shape = fullShape(config, channels);
    const full = spreadOut(params[0], connectedPlaces(config, channels), sizeOf(shape));
    const weight = toChannelsFirst(full, table.length, shape.slice(1));
    const all = [inputs[0], initializer('weight', [table.length, channels, ...kernel], weight)];
    if (bias) all.push(initializer('bias', [table.length], params[1]));
    const attributes = { ...windowAttributes(windowGeometry(config, input)), group: 1 };
    return [{ opType: 'Conv', inputs: all, outputs: [name], attributes }];
  },
  inFile: {
    size: (config, param, [input]) =>
      param === 'weight' ? sizeOf(fullShape(config, channelsOf(input))) : config.table.length,
    read(config, param, data, [input]) {
      if (param !== 'weight') return data;
      const channels = channelsOf(input);
      const full = toChannelsLast(data, config.table.length, fullShape(config, channels).slice(1));
      return Float32Array.from(connectedPlaces(config, channels), (place) => full[place]);
    },
  },
  wholeWeight(config, weight, [input]) {
    const channels = channelsOf(input);
    const shape = fullShape(config, channels);
    return { shape, data: spreadOut(weight, connectedPlaces(config, channels), sizeOf(shape)) };
  },

  toPyTorch(config, { inputShapes: [input] }) {
    const window = windowGeometry(config, input);
    const { kernel, stride, dilation, pad } = window;
    const { module } = convolution(window, { filters: config.table.length, groups: 1, bias: config.bias }, input);
    const [before, after] = sidesOf(pad);
    const settings = `stride=${tuple(stride)}, dilation=${tuple(dilation)}`;
    const rows = config.table.map((read) => `(${read.join(', ')},)`).join(', ');
    const shape = tuple([config.table.length, channelsOf(input), ...kernel.map(() => 1)]);
    // Weights of missing connections are left out, whatever a training would make of them.
    const connected = `torch.tensor([[c in read for c in range(${channelsOf(input)})] for read in (${rows},)])`;
    return {
      module,
      call: (own, [x]) =>
        `F.conv${kernel.length}d(${padded(x, before, after)}, ${own}.weight * ${connected}.reshape${shape}.to(${own}.weight), ${own}.bias, ${settings})`,
    };
  },

  reads(config, region, _input, [input]) {
    const read = config.table.slice(region.first, region.last + 1).flat();
    const [first, last] = [Math.min(...read), Math.max(...read)];
    return { ...windowRegion(windowGeometry(config, input), region), first, last };
  },
  explain(config, context) {
    const { table, kernel } = config;
    const area = sizeOf(kernel);
    const { channel, params } = context;
    const before = table.slice(0, channel).reduce((sum, read) => sum + read.length, 0);
    return explainWindows(windowGeometry(config, context.inputs[0].shape), context, {
      channels: table[channel],
      weight: (i, cell) => params[0][(before + i) * area + cell],
      bias: params[1]?.[channel] ?? 0,
    });
  },
};

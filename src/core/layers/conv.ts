import { say } from '../../words';
import { explainConv } from '../explain/window';
import { convBackward, convForward, type ConvGeometry } from '../kernels/reference/conv';
import { SpecError } from '../model/spec';
import { sizeOf, type FeatureShape } from '../tensor';
import { toChannelsFirst } from './layout';
import { kerasPadded } from './keras';
import type { LayerDefinition } from './layer';
import { bool, convolution, sidesOf, tuple } from './pytorch';
import { channelsOf, windowRegion } from '../geometry';
import { shortPadding, shortPerAxis } from './settings';
import { mapShape, windowAttributes, windowGeometry, windowOutput, WINDOW_LIMIT, type WindowSettings } from './window';
import { plainTraits } from './traits';

export interface ConvConfig extends WindowSettings {
  filters: number;
  groups: number;
  bias: boolean;
}

function geometry(config: ConvConfig, n: number, input: FeatureShape, output: FeatureShape): ConvGeometry {
  return { window: windowGeometry(config, input), n, input, output, groups: config.groups };
}

/** Channels that one filter reads. */
const depthOf = ({ groups }: ConvConfig, input: FeatureShape): number => channelsOf(input) / groups;

/**
 * Convolution (cross-correlation, no flip): y[oy, ox, f] = bias[f] + Σ x[oy·s − p + ky·d, ox·s − p + kx·d, c] · w[f, ky, kx, c].
 * x `[H, W, C]`, w `[F, KH, KW, C / groups]`, y `[OH, OW, F]`, OH = ⌊(H + p − d·(KH − 1) − 1) ÷ s⌋ + 1. The same for a signal `[L, C]` or
 * a volume `[D, H, W, C]`, along their axes. With `groups`, filters and channels are split into as many groups, and a filter reads only
 * the channels of its own group (C groups: depthwise).
 * Settings: filters, kernel, stride 1, padding 'valid', dilation 1, groups 1, bias true.
 * Source: LeCun et al. 1998; arithmetic by Dumoulin & Visin 2016; groups by Krizhevsky et al. 2012; dilation by Yu & Koltun 2016.
 */
export const conv: LayerDefinition<ConvConfig> = {
  kind: 'conv',
  arity: 'one',

  parse(settings, name) {
    const config = {
      filters: settings.integer('filters', undefined, 1, 65536),
      kernel: settings.perAxis('kernel', undefined, 1, WINDOW_LIMIT),
      stride: settings.perAxis('stride', 1, 1, WINDOW_LIMIT),
      padding: settings.padding('padding', WINDOW_LIMIT),
      dilation: settings.perAxis('dilation', 1, 1, WINDOW_LIMIT),
      groups: settings.integer('groups', 1, 1, 65536),
      bias: settings.boolean('bias', true),
    };
    if (config.filters % config.groups !== 0) {
      throw new SpecError(name, 'groups', config.groups, say('spec.divisor-filters', { filters: config.filters }));
    }
    return config;
  },
  settings: ({ filters, kernel, stride, padding, dilation, groups, bias }) => ({
    filters,
    kernel: shortPerAxis(kernel),
    stride: shortPerAxis(stride),
    padding: shortPadding(padding),
    dilation: shortPerAxis(dilation),
    groups,
    bias,
  }),

  outputShape(config, [input], name) {
    const channels = channelsOf(mapShape(input, name));
    if (channels % config.groups !== 0) {
      throw new SpecError(name, 'groups', config.groups, say('spec.divisor-channels', { channels }));
    }
    return [...windowOutput(windowGeometry(config, input), input, false, name), config.filters];
  },
  window: (config, [input]) => windowGeometry(config, input),

  params(config, [input]) {
    const depth = depthOf(config, input);
    const area = sizeOf(config.kernel);
    const fans = { fanIn: area * depth, fanOut: (area * config.filters) / config.groups };
    const shape = [config.filters, ...config.kernel, depth];
    return [
      { name: 'weight', shape, trainable: true, decay: true, init: 'weight', ...fans },
      ...(config.bias
        ? [{ name: 'bias', shape: [config.filters], trainable: true, decay: false, init: 0, ...fans }]
        : []),
    ];
  },
  macs: (config, [input], output) => sizeOf(output) * sizeOf(config.kernel) * depthOf(config, input),

  traits: ({ groups }) => ({ ...plainTraits, maps: 'mixed', groups, weights: 'kernel' }),

  forward(config, { n, inputShapes, outputShape, params, x, y }) {
    convForward(geometry(config, n, inputShapes[0], outputShape), x[0], params[0], params[1], y);
  },
  backward(config, { n, inputShapes, outputShape, params, x, dy, dx, dParams }) {
    const shapes = geometry(config, n, inputShapes[0], outputShape);
    convBackward(shapes, x[0], params[0], dy, dx[0], dParams[0], dParams[1]);
  },

  toOnnx(config, context) {
    const depth = depthOf(config, context.inputShapes[0]);
    const weight = toChannelsFirst(context.params[0], config.filters, [...config.kernel, depth]);
    const inputs = [
      context.inputs[0],
      context.initializer('weight', [config.filters, depth, ...config.kernel], weight),
    ];
    if (config.bias) inputs.push(context.initializer('bias', [config.filters], context.params[1]));
    const attributes = { ...windowAttributes(windowGeometry(config, context.inputShapes[0])), group: config.groups };
    return [{ opType: 'Conv', inputs, outputs: [context.name], attributes }];
  },

  toPyTorch: (config, { inputShapes: [input] }) => convolution(windowGeometry(config, input), config, input),

  toKeras(config, { inputShapes: [input] }) {
    const { filters, groups, bias } = config;
    const { kernel, stride, dilation, pad } = windowGeometry(config, input);
    // Keras has no strided dilated convolution.
    if (stride.some((step) => step > 1) && dilation.some((step) => step > 1)) return null;
    const settings = [
      filters,
      tuple(kernel),
      `strides=${tuple(stride)}`,
      `dilation_rate=${tuple(dilation)}`,
      `groups=${groups}`,
      `use_bias=${bool(bias)}`,
    ];
    const [before, after] = sidesOf(pad);
    return {
      layer: `layers.Conv${kernel.length}D(${settings.join(', ')}`,
      call: (own, [x]) => `${own}(${kerasPadded(x, before, after)})`,
    };
  },

  reads(config, region, _input, [input]) {
    const depth = depthOf(config, input);
    const filters = config.filters / config.groups;
    const first = Math.floor(region.first / filters) * depth;
    const last = (Math.floor(region.last / filters) + 1) * depth - 1;
    return { ...windowRegion(windowGeometry(config, input), region), first, last };
  },
  explain: (config, context) => explainConv(windowGeometry(config, context.inputs[0].shape), config, context),
};

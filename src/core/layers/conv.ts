import { say } from '../../words';
import { explainConv } from '../explain/window';
import { convBackward, convForward, type ConvGeometry } from '../kernels/reference/conv';
import { SpecError } from '../model/spec';
import type { FeatureShape } from '../tensor';
import { toChannelsFirst } from './layout';
import type { LayerDefinition } from './layer';
import { windowRegion } from '../geometry';
import { shortPadding, shortPair } from './settings';
import { mapShape, windowAttributes, windowGeometry, windowOutput, WINDOW_LIMIT, type WindowSettings } from './window';
import { plainTraits } from './traits';

export interface ConvConfig extends WindowSettings {
  filters: number;
  groups: number;
  bias: boolean;
}

function geometry(config: ConvConfig, n: number, input: FeatureShape, output: FeatureShape): ConvGeometry {
  const [height, width, channels] = mapShape(input, 'conv');
  const [outHeight, outWidth] = mapShape(output, 'conv');
  const { filters, groups } = config;
  return { ...windowGeometry(config, input), n, height, width, channels, outHeight, outWidth, filters, groups };
}

/**
 * Convolution (cross-correlation, no flip): y[oy, ox, f] = bias[f] + Σ x[oy·s − p + ky·d, ox·s − p + kx·d, c] · w[f, ky, kx, c].
 * x `[H, W, C]`, w `[F, KH, KW, C / groups]`, y `[OH, OW, F]`, OH = ⌊(H + p − d·(KH − 1) − 1) ÷ s⌋ + 1. One-dimensional
 * convolution is H = 1. With `groups`, filters and channels are split alike and each part sees only its own (C groups: depthwise).
 * Settings: filters, kernel, stride 1, padding 'valid', dilation 1, groups 1, bias true.
 * Source: LeCun et al. 1998; arithmetic by Dumoulin & Visin 2016; groups by Krizhevsky et al. 2012; dilation by Yu & Koltun 2016.
 */
export const conv: LayerDefinition<ConvConfig> = {
  kind: 'conv',
  arity: 'one',

  parse(settings, name) {
    const config = {
      filters: settings.integer('filters', undefined, 1, 65536),
      kernel: settings.pair('kernel', undefined, 1, WINDOW_LIMIT),
      stride: settings.pair('stride', 1, 1, WINDOW_LIMIT),
      padding: settings.padding('padding', WINDOW_LIMIT),
      dilation: settings.pair('dilation', 1, 1, WINDOW_LIMIT),
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
    kernel: shortPair(kernel),
    stride: shortPair(stride),
    padding: shortPadding(padding),
    dilation: shortPair(dilation),
    groups,
    bias,
  }),

  outputShape(config, [input], name) {
    const [, , channels] = mapShape(input, name);
    if (channels % config.groups !== 0) {
      throw new SpecError(name, 'groups', config.groups, say('spec.divisor-channels', { channels }));
    }
    const [height, width] = windowOutput(windowGeometry(config, input), input, false, name);
    return [height, width, config.filters];
  },
  window: (config, [input]) => windowGeometry(config, input),

  params(config, [input]) {
    const depth = mapShape(input, 'conv')[2] / config.groups;
    const area = config.kernel[0] * config.kernel[1];
    const fanIn = area * depth;
    const fanOut = (area * config.filters) / config.groups;
    const fans = { fanIn, fanOut };
    const shape = [config.filters, config.kernel[0], config.kernel[1], depth];
    return [
      { name: 'weight', shape, trainable: true, decay: true, init: 'weight', ...fans },
      ...(config.bias
        ? [{ name: 'bias', shape: [config.filters], trainable: true, decay: false, init: 0, ...fans }]
        : []),
    ];
  },
  macs(config, [input], output) {
    const [height, width, filters] = mapShape(output, 'conv');
    return (
      (height * width * filters * config.kernel[0] * config.kernel[1] * mapShape(input, 'conv')[2]) / config.groups
    );
  },

  traits: ({ groups }) => ({ ...plainTraits, maps: 'mixed', groups, weights: 'kernel' }),

  forward(config, { n, inputShapes, outputShape, params, x, y }) {
    convForward(geometry(config, n, inputShapes[0], outputShape), x[0], params[0], params[1], y);
  },
  backward(config, { n, inputShapes, outputShape, params, x, dy, dx, dParams }) {
    const shapes = geometry(config, n, inputShapes[0], outputShape);
    convBackward(shapes, x[0], params[0], dy, dx[0], dParams[0], dParams[1]);
  },

  toOnnx(config, context) {
    const depth = mapShape(context.inputShapes[0], 'conv')[2] / config.groups;
    const [height, width] = config.kernel;
    const weight = toChannelsFirst(context.params[0], config.filters, height, width, depth);
    const inputs = [context.inputs[0], context.initializer('weight', [config.filters, depth, height, width], weight)];
    if (config.bias) inputs.push(context.initializer('bias', [config.filters], context.params[1]));
    const attributes = { ...windowAttributes(windowGeometry(config, context.inputShapes[0])), group: config.groups };
    return [{ opType: 'Conv', inputs, outputs: [context.name], attributes }];
  },

  reads(config, region, _input, [input]) {
    const depth = mapShape(input, 'conv')[2] / config.groups;
    const filters = config.filters / config.groups;
    const first = Math.floor(region.first / filters) * depth;
    const last = (Math.floor(region.last / filters) + 1) * depth - 1;
    return { ...windowRegion(windowGeometry(config, input), region), first, last };
  },
  explain: (config, context) => explainConv(windowGeometry(config, context.inputs[0].shape), config, context),
};

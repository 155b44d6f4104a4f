import { curveAround } from '../explain/curve';
import { valueAt } from '../explain/unit';
import { preluBackward, preluForward } from '../kernels/reference/prelu';
import { channelsFirst, sizeOf, type FeatureShape } from '../tensor';
import { toChannelsFirst } from './layout';
import { kerasLayer } from './keras';
import type { LayerDefinition } from './layer';
import { module } from './pytorch';
import { channelsOf, spatialOf } from '../geometry';
import { plainTraits } from './traits';

/** One slope per channel, one for the whole layer, or one for each unit. */
export type Slopes = 'channel' | 'shared' | 'element';

export interface PreluConfig {
  slopes: Slopes;
}

function slopeShape(slopes: Slopes, input: FeatureShape): number[] {
  if (slopes === 'shared') return [1];
  return slopes === 'channel' ? [channelsOf(input)] : [...input];
}

/**
 * Leaky relu with a learned slope: y = x where x > 0, slope · x elsewhere. Any shape. Slopes start at 0.25 and take no weight decay.
 * Settings: slopes 'channel' (`[C]`), 'shared' (`[1]`) or 'element' (`[H, W, C]`). Source: He et al. 2015, "Delving deep into rectifiers".
 */
export const prelu: LayerDefinition<PreluConfig> = {
  kind: 'prelu',
  arity: 'one',

  parse: (settings) => ({ slopes: settings.oneOf<Slopes>('slopes', 'channel', ['channel', 'shared', 'element']) }),
  settings: ({ slopes }) => ({ slopes }),

  outputShape: (_config, [input]) => input,

  params: ({ slopes }, [input]) => [
    { name: 'slope', shape: slopeShape(slopes, input), trainable: true, decay: false, init: 0.25, fanIn: 1, fanOut: 1 },
  ],
  macs: () => 0,

  traits: () => plainTraits,

  forward(_config, { params, x, y }) {
    preluForward(x[0], params[0], y);
  },
  backward(_config, { params, x, dy, dx, dParams }) {
    preluBackward(x[0], params[0], dy, dx[0], dParams[0]);
  },

  toOnnx({ slopes }, { name, inputs, inputShapes, params, initializer }) {
    const [input] = inputShapes;
    // ONNX broadcasts the slope to the last dimensions of [N, C, H, W].
    const perChannel = [params[0].length, ...spatialOf(input).map(() => 1)];
    const shape = slopes === 'element' ? channelsFirst(input) : slopes === 'shared' ? [1] : perChannel;
    const data = slopes === 'element' ? toChannelsFirst(params[0], 1, input) : params[0];
    const slope = initializer('slope', shape, data);
    return [{ opType: 'PRelu', inputs: [inputs[0], slope], outputs: [name] }];
  },

  toPyTorch: ({ slopes }, { inputShapes: [input] }) =>
    slopes === 'element' ? null : module(`nn.PReLU(${slopes === 'shared' ? 1 : channelsOf(input)})`),

  toKeras({ slopes }, { inputShapes: [input] }) {
    const axes = spatialOf(input).map((_, axis) => axis + 1);
    if (slopes === 'element' && axes.length > 0) return null;
    const shared = slopes === 'shared' ? [...axes, axes.length + 1] : axes;
    return kerasLayer(`layers.PReLU(shared_axes=${shared.length > 0 ? `[${shared.join(', ')}]` : 'None'}`);
  },

  reads: (_config, region) => region,
  explain(_config, { inputs, params, channel, y, x }) {
    const [{ layer, shape }] = inputs;
    const input = valueAt(inputs[0], channel, y, x);
    const [slopes] = params;
    const own = slopes.length === sizeOf(shape) ? valueAt({ shape, values: slopes }, channel, y, x) : slopes[channel];
    const slope = slopes.length === 1 ? slopes[0] : own;
    return {
      value: input > 0 ? input : slope * input,
      body: {
        kind: 'function',
        source: layer,
        input,
        formula: 'x > 0 ? x : slope · x',
        constants: [{ name: 'slope', value: slope }],
        curve: curveAround((at) => (at > 0 ? at : slope * at), input),
      },
    };
  },
};

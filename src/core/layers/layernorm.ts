import { channelsOf, spatialOf } from '../geometry';
import { channelsFirst } from '../tensor';
import { toChannelsFirst } from './layout';
import { module, tuple } from './pytorch';
import { readEpsilon, sampleNorm } from './sample-norm';

export interface LayerNormConfig {
  /** What shares mean and variance: the channels of each place, or all units of the sample. */
  over: 'channels' | 'all';
  epsilon: number;
}

/**
 * Layer normalization: y = (x − mean) ÷ √(variance + ε) · scale + shift, mean and variance of each place's channels (scale and shift
 * `[C]`), or with `over: 'all'` of all units of the sample (scale and shift of the input's shape). Any shape.
 * Settings: over 'channels', epsilon 1e-5. Source: Ba, Kiros & Hinton 2016; ONNX LayerNormalization.
 */
export const layernorm = sampleNorm<LayerNormConfig>({
  kind: 'layernorm',
  by: 'layer',

  parse: (settings) => ({
    over: settings.oneOf('over', 'channels', ['channels', 'all']),
    epsilon: readEpsilon(settings),
  }),
  settings: ({ over, epsilon }) => ({ over, epsilon }),

  outputShape: (_config, [input]) => input,
  statistics: ({ over }) => ({ groups: 1, eachPlace: over === 'channels' }),
  scaleShape: ({ over }, input) => (over === 'all' ? input : [channelsOf(input)]),
  traits: () => ({ maps: 'mixed', groups: 1 }),

  toOnnx({ over, epsilon }, { name, inputs, inputShapes: [input], params, initializer }) {
    const places = spatialOf(input).length;
    const all = over === 'all' && places > 0;
    const shape = all ? channelsFirst(input) : [channelsOf(input)];
    const [scale, shift] = ['scale', 'shift'].map((param, i) =>
      initializer(param, shape, all ? toChannelsFirst(params[i], 1, input) : params[i]),
    );
    const normalize = (x: string, y: string, axis: number) => ({
      opType: 'LayerNormalization',
      inputs: [x, scale, shift],
      outputs: [y],
      attributes: { axis, epsilon },
    });
    if (all || places === 0) return [normalize(inputs[0], name, 1)];
    // Channels to the end, and back.
    const axes = Array.from({ length: places }, (_, axis) => axis);
    const [last, first] = [
      [0, ...axes.map((axis) => axis + 2), 1],
      [0, places + 1, ...axes.map((axis) => axis + 1)],
    ];
    return [
      { opType: 'Transpose', inputs: [inputs[0]], outputs: [`${name}.last`], attributes: { perm: last } },
      normalize(`${name}.last`, `${name}.normalized`, -1),
      { opType: 'Transpose', inputs: [`${name}.normalized`], outputs: [name], attributes: { perm: first } },
    ];
  },

  toPyTorch({ over, epsilon }, { inputShapes: [input] }) {
    const all = over === 'all' || input.length === 1;
    const own = module(`nn.LayerNorm(${tuple(all ? channelsFirst(input) : [channelsOf(input)])}, eps=${epsilon})`);
    return all ? own : { ...own, call: (name, [x]) => `${name}(${x}.movedim(1, -1)).movedim(-1, 1)` };
  },
});

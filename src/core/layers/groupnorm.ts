import { say } from '../../words';
import { channelsOf, spatialOf } from '../geometry';
import { SpecError } from '../model/spec';
import { channelsFirst } from '../tensor';
import { module } from './pytorch';
import { readEpsilon, sampleNorm } from './sample-norm';

export interface GroupNormConfig {
  groups: number;
  epsilon: number;
}

/**
 * Group normalization: y = (x − mean) ÷ √(variance + ε) · scale + shift, mean and variance of each group of channels over all
 * places of the sample, scale and shift `[C]`. Any shape. Settings: groups (divides the channels), epsilon 1e-5.
 * Source: Wu & He 2018. Composed of ONNX's InstanceNormalization, as GroupNormalization came with version 18.
 */
export const groupnorm = sampleNorm<GroupNormConfig>({
  kind: 'groupnorm',
  by: 'group',

  parse: (settings) => ({ groups: settings.integer('groups', undefined, 1, 65536), epsilon: readEpsilon(settings) }),
  settings: ({ groups, epsilon }) => ({ groups, epsilon }),

  outputShape({ groups }, [input], name) {
    const channels = channelsOf(input);
    if (channels % groups !== 0)
      throw new SpecError(name, 'groups', groups, say('spec.divisor-channels', { channels }));
    return input;
  },
  statistics: ({ groups }) => ({ groups, eachPlace: false }),
  scaleShape: (_config, input) => [channelsOf(input)],
  traits: ({ groups }) => ({ maps: 'mixed', groups }),

  toOnnx({ groups, epsilon }, { name, inputs, inputShapes: [input], params, initializer, integers }) {
    const perChannel = [channelsOf(input), ...spatialOf(input).map(() => 1)];
    const [scale, shift] = ['scale', 'shift'].map((param, i) => initializer(param, perChannel, params[i]));
    const [ones, zeros] = [1, 0].map((value) =>
      initializer(value ? 'ones' : 'zeros', [groups], new Float32Array(groups).fill(value)),
    );
    const grouped = [`${name}.groups`, ones, zeros];
    return [
      { opType: 'Reshape', inputs: [inputs[0], integers('split', [0, groups, -1])], outputs: [`${name}.groups`] },
      { opType: 'InstanceNormalization', inputs: grouped, outputs: [`${name}.each`], attributes: { epsilon } },
      {
        opType: 'Reshape',
        inputs: [`${name}.each`, integers('join', [0, ...channelsFirst(input)])],
        outputs: [`${name}.normalized`],
      },
      { opType: 'Mul', inputs: [`${name}.normalized`, scale], outputs: [`${name}.scaled`] },
      { opType: 'Add', inputs: [`${name}.scaled`, shift], outputs: [name] },
    ];
  },

  toPyTorch: ({ groups, epsilon }, { inputShapes: [input] }) =>
    module(`nn.GroupNorm(${groups}, ${channelsOf(input)}, eps=${epsilon})`),
});

import { say } from '../../words';
import { channelsOf, spatialOf } from '../geometry';
import { SpecError } from '../model/spec';
import { channelsFirst } from '../tensor';
import { expression } from './pytorch';
import { channelChoice } from './channel-choice';

export interface ChannelShuffleConfig {
  groups: number;
}

/**
 * Channel shuffle: the first map of every group, then the second of every group, and so on, so that the groups of the next convolution
 * mix those of the one before: y[j · groups + g] = x[g · C ÷ groups + j]. Any shape. Settings: groups (divides the channels).
 * Source: Zhang et al. 2018, ShuffleNet; PyTorch's ChannelShuffle. In ONNX Reshape, Transpose, Reshape.
 */
export const channelshuffle = channelChoice<ChannelShuffleConfig>({
  kind: 'channelshuffle',

  parse: (settings) => ({ groups: settings.integer('groups', undefined, 1, 65536) }),
  settings: ({ groups }) => ({ groups }),

  outputShape({ groups }, [input], name) {
    const channels = channelsOf(input);
    if (channels % groups !== 0)
      throw new SpecError(name, 'groups', groups, say('spec.divisor-channels', { channels }));
    return input;
  },

  from: ({ groups }, channel, channels) => (channel % groups) * (channels / groups) + Math.floor(channel / groups),

  toOnnx({ groups }, { name, inputs, inputShapes: [input], integers }) {
    const places = spatialOf(input);
    // 0 keeps the batch dimension.
    const split = integers('split', [0, groups, channelsOf(input) / groups, ...places]);
    const [grouped, turned] = [`${name}.groups`, `${name}.turned`];
    const perm = [0, 2, 1, ...places.map((_, axis) => axis + 3)];
    return [
      { opType: 'Reshape', inputs: [inputs[0], split], outputs: [grouped] },
      { opType: 'Transpose', inputs: [grouped], outputs: [turned], attributes: { perm } },
      { opType: 'Reshape', inputs: [turned, integers('join', [0, ...channelsFirst(input)])], outputs: [name] },
    ];
  },

  toPyTorch: ({ groups }) => expression((x) => `${x}.unflatten(1, (${groups}, -1)).transpose(1, 2).flatten(1, 2)`),
});

import { say } from '../../words';
import { channelsOf } from '../geometry';
import { SpecError } from '../model/spec';
import { expression } from './pytorch';
import { channelChoice } from './channel-choice';

export interface ChannelSliceConfig {
  /** Index of the first channel that is kept. */
  first: number;
  count: number;
}

/**
 * Channel slice: the `count` maps from number `first` on, y[c] = x[first + c]. Two of them split a network into branches. Any shape.
 * Settings: first 0, count. Source: ONNX Slice along the channels.
 */
export const channelslice = channelChoice<ChannelSliceConfig>({
  kind: 'channelslice',

  parse: (settings) => ({
    first: settings.integer('first', 0, 0, 65535),
    count: settings.integer('count', undefined, 1, 65536),
  }),
  settings: ({ first, count }) => ({ first, count }),

  outputShape({ first, count }, [input], name) {
    const channels = channelsOf(input);
    if (first + count > channels)
      throw new SpecError(name, 'count', count, say('spec.slice-channels', { first, channels }));
    return [...input.slice(0, -1), count];
  },

  from: ({ first }, channel) => first + channel,

  toOnnx({ first, count }, { name, inputs, integers }) {
    const bounds = [integers('starts', [first]), integers('ends', [first + count]), integers('axes', [1])];
    return [{ opType: 'Slice', inputs: [inputs[0], ...bounds], outputs: [name] }];
  },

  toPyTorch: ({ first, count }) => expression((x) => `${x}[:, ${first}:${first + count}]`),
});

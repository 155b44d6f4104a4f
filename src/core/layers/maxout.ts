import { say } from '../../words';
import { valueAt } from '../explain/unit';
import { channelsOf, spatialOf } from '../geometry';
import { maxoutBackward, maxoutForward } from '../kernels/reference/maxout';
import { SpecError } from '../model/spec';
import type { LayerDefinition } from './layer';
import { expression } from './pytorch';
import { plainTraits } from './traits';

export interface MaxoutConfig {
  pieces: number;
}

/**
 * Maxout: y[c] = the largest of x[c], x[c + m], x[c + 2m], …, `pieces` of them, m being the channels of y. Any shape: x `[H, W, pieces · m]`, y `[H, W, m]`. After a
 * convolution or dense layer of pieces · m outputs: the largest of so many linear functions. On a tie the first counts and gets the whole
 * gradient; a NaN counts as the largest. In ONNX Split and Max. Settings: pieces 2.
 * Source: Goodfellow, Warde-Farley, Mirza, Courville & Bengio 2013.
 */
export const maxout: LayerDefinition<MaxoutConfig> = {
  kind: 'maxout',
  arity: 'one',

  parse: (settings) => ({ pieces: settings.integer('pieces', 2, 2, 64) }),
  settings: ({ pieces }) => ({ pieces }),

  outputShape({ pieces }, [input], name) {
    const channels = channelsOf(input);
    if (channels % pieces !== 0)
      throw new SpecError(name, 'pieces', pieces, say('spec.divisor-channels', { channels }));
    return [...input.slice(0, -1), channels / pieces];
  },

  params: () => [],
  macs: () => 0,

  traits: () => ({ ...plainTraits, negative: 'as inputs', maps: 'some' }),

  forward({ pieces }, { outputShape, x, y }) {
    maxoutForward(pieces, channelsOf(outputShape), x[0], y);
  },
  backward({ pieces }, { outputShape, x, dy, dx }) {
    if (dx[0]) maxoutBackward(pieces, channelsOf(outputShape), x[0], dy, dx[0]);
  },

  toOnnx({ pieces }, { name, inputs, outputShape, integers }) {
    const parts = Array.from({ length: pieces }, (_, piece) => `${name}.piece${piece}`);
    const sizes = integers('pieces', Array<number>(pieces).fill(channelsOf(outputShape)));
    return [
      { opType: 'Split', inputs: [inputs[0], sizes], outputs: parts, attributes: { axis: 1 } },
      { opType: 'Max', inputs: parts, outputs: [name] },
    ];
  },

  toPyTorch: ({ pieces }) => expression((x) => `${x}.unflatten(1, (${pieces}, -1)).amax(dim=1)`),

  toKeras({ pieces }, { outputShape }) {
    const shape = ['-1', ...spatialOf(outputShape), pieces, channelsOf(outputShape)].join(', ');
    return expression((x) => `ops.max(ops.reshape(${x}, (${shape})), axis=-2)`);
  },

  reads({ pieces }, region, _input, [input]) {
    const channels = channelsOf(input) / pieces;
    return { ...region, last: region.last + (pieces - 1) * channels };
  },
  explain({ pieces }, { inputs: [input], outputShape, channel, y, x }) {
    const sources = Array.from({ length: pieces }, (_, piece) => {
      const from = piece * channelsOf(outputShape) + channel;
      return { layer: input.layer, channel: from, value: valueAt(input, from, y, x) };
    });
    const value = sources.reduce((most, each) => Math.max(most, each.value), -Infinity);
    return { value, body: { kind: 'join', by: 'largest', sources } };
  },
};

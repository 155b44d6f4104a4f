import { say } from '../../words';
import { valueAt } from '../explain/unit';
import { SpecError } from '../model/spec';
import type { FeatureShape } from '../tensor';
import type { LayerDefinition } from './layer';
import { channelsOf, spatialOf } from '../geometry';
import { plainTraits } from './traits';

/** The first output channel of each input. */
function starts(inputs: readonly FeatureShape[]): number[] {
  let next = 0;
  return inputs.map((shape) => {
    const start = next;
    next += channelsOf(shape);
    return start;
  });
}

/**
 * The channels of two inputs or more, one after the other: x `[H, W, C1]`, `[H, W, C2]` …, y `[H, W, C1 + C2 + …]`. The same for flat
 * features, signals and volumes. No settings. Source: Szegedy et al. 2015, "Going deeper with convolutions"; ONNX Concat, axis 1.
 */
export const concat: LayerDefinition<object> = {
  kind: 'concat',
  arity: 'many',

  parse: () => ({}),
  settings: () => ({}),

  outputShape(_config, inputs, name) {
    const [first] = inputs;
    const places = spatialOf(first);
    const odd = inputs.find(
      (shape) => shape.length !== first.length || spatialOf(shape).some((size, axis) => size !== places[axis]),
    );
    if (odd) {
      const expected =
        first.length === 1 ? say('spec.flat-like-first') : say('spec.maps-like-first', { size: places.join(' × ') });
      throw new SpecError(name, 'inputs', odd, expected);
    }
    const channels = inputs.reduce((sum, shape) => sum + channelsOf(shape), 0);
    return [...places, channels];
  },

  params: () => [],
  macs: () => 0,

  traits: () => ({ ...plainTraits, negative: 'as inputs', maps: 'stacked' }),

  forward(_config, { inputShapes, outputShape, x, y }) {
    const total = channelsOf(outputShape);
    starts(inputShapes).forEach((start, i) => {
      const channels = channelsOf(inputShapes[i]);
      for (let p = 0; p < x[i].length; p++) y[Math.floor(p / channels) * total + start + (p % channels)] = x[i][p];
    });
  },
  backward(_config, { inputShapes, outputShape, dy, dx }) {
    const total = channelsOf(outputShape);
    starts(inputShapes).forEach((start, i) => {
      const channels = channelsOf(inputShapes[i]);
      dx[i]?.forEach((value, p, target) => {
        target[p] = value + dy[Math.floor(p / channels) * total + start + (p % channels)];
      });
    });
  },

  toOnnx: (_config, { name, inputs }) => [
    { opType: 'Concat', inputs: [...inputs], outputs: [name], attributes: { axis: 1 } },
  ],

  toPyTorch: () => ({ call: (_own, x) => `torch.cat([${x.join(', ')}], dim=1)` }),

  // Keras joins along the channels only inputs of one spatial size, all with channels of their own.
  toKeras(_config, { inputShapes, outputShape }) {
    const channels = inputShapes.reduce((sum, shape) => sum + channelsOf(shape), 0);
    return channels === channelsOf(outputShape)
      ? { call: (_own, x) => `layers.Concatenate()([${x.join(', ')}])` }
      : null;
  },

  reads(_config, region, input, inputs) {
    const start = starts(inputs)[input];
    const first = Math.max(0, region.first - start);
    const last = Math.min(channelsOf(inputs[input]) - 1, region.last - start);
    return first > last ? null : { ...region, first, last };
  },
  explain(_config, { inputs, channel, y, x }) {
    const first = starts(inputs.map((input) => input.shape));
    const own = first.findLastIndex((start) => channel >= start);
    const place = { channel: channel - first[own], y, x };
    const value = valueAt(inputs[own], place.channel, y, x);
    return { value, body: { kind: 'copy', source: inputs[own].layer, ...place } };
  },
};

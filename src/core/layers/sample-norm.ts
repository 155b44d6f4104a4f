/** What layer, group and instance norm share: mean and variance are of the sample itself, in training as at inference. */
import { say } from '../../words';
import { valueAt } from '../explain/unit';
import { asMap, channelsOf, wholeRegion } from '../geometry';
import {
  eachSet,
  momentsOf,
  normalizeBackward,
  normalizeForward,
  type NormGeometry,
} from '../kernels/reference/normalize';
import { sizeOf, type FeatureShape } from '../tensor';
import type { LayerDefinition } from './layer';
import type { SettingsReader } from './settings';
import { plainTraits } from './traits';

export interface SampleNormConfig {
  epsilon: number;
}

/** A layer of this family: `statistics` are what its kernels and its rounding follow from. */
export interface SampleNorm<C> extends LayerDefinition<C> {
  statistics(config: C, input: FeatureShape): Pick<NormGeometry, 'groups' | 'eachPlace'>;
}

interface Parts<C extends SampleNormConfig> extends Pick<
  SampleNorm<C>,
  'kind' | 'parse' | 'settings' | 'outputShape' | 'statistics' | 'toOnnx' | 'toPyTorch'
> {
  by: 'layer' | 'group' | 'instance';
  /** Of `scale` and `shift`: `[C]`, or that of the input. */
  scaleShape(config: C, input: FeatureShape): readonly number[];
  traits(config: C): Pick<ReturnType<LayerDefinition['traits']>, 'maps' | 'groups'>;
}

export const readEpsilon = (settings: SettingsReader): number =>
  settings.number('epsilon', 1e-5, (value) => value > 0 && value <= 1, say('spec.number.above', { from: 0, to: 1 }));

/** y = (x − mean) ÷ √(variance + ε) · scale + shift; the units that share mean and variance are those of `statistics`. */
export function sampleNorm<C extends SampleNormConfig>(parts: Parts<C>): SampleNorm<C> {
  const { statistics, scaleShape } = parts;
  const geometry = (config: C, n: number, input: FeatureShape): NormGeometry => {
    const channels = channelsOf(input);
    return { n, places: sizeOf(input) / channels, channels, ...statistics(config, input) };
  };
  return {
    ...parts,
    arity: 'one',
    params(config, [input]) {
      const common = { shape: scaleShape(config, input), trainable: true, decay: false, fanIn: 1, fanOut: 1 };
      return [
        { name: 'scale', init: 1, ...common },
        { name: 'shift', init: 0, ...common },
      ];
    },
    macs: () => 0,

    traits: (config) => ({ ...plainTraits, ...parts.traits(config) }),

    forward(config, { n, inputShapes, params, x, y }) {
      normalizeForward(geometry(config, n, inputShapes[0]), x[0], config.epsilon, params[0], params[1], y);
    },
    backward(config, { n, inputShapes, params, x, dy, dx, dParams }) {
      const shapes = geometry(config, n, inputShapes[0]);
      normalizeBackward(shapes, x[0], config.epsilon, params[0], dy, dx[0], dParams[0], dParams[1]);
    },

    reads(config, region, _input, [input]) {
      const { groups, eachPlace } = statistics(config, input);
      const depth = channelsOf(input) / groups;
      const first = Math.floor(region.first / depth) * depth;
      const last = (Math.floor(region.last / depth) + 1) * depth - 1;
      const { start, end } = eachPlace ? region : wholeRegion(input);
      return { start, end, first, last };
    },
    explain(config, { inputs: [source], params, channel, y, x }) {
      const { shape, values, layer } = source;
      const [, width, channels] = asMap(shape);
      const unit = (y * width + x) * channels + channel;
      let moments = { mean: 0, variance: 0 };
      let count = 0;
      eachSet(geometry(config, 1, shape), (units) => {
        if (!units.includes(unit)) return;
        moments = momentsOf(values, units);
        count = units.length;
      });
      const { epsilon } = config;
      const [scale, shift] = params.map((each) => each[unit % each.length]);
      const input = valueAt(source, channel, y, x);
      const value = ((input - moments.mean) / Math.sqrt(moments.variance + epsilon)) * scale + shift;
      const factors = { epsilon, scale, shift };
      return { value, body: { kind: 'normalize', by: parts.by, count, source: layer, input, ...moments, ...factors } };
    },
  };
}

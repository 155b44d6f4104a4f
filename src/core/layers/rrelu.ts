import { say } from '../../words';
import { curveAround } from '../explain/curve';
import { valueAt } from '../explain/unit';
import { randomSlopes } from '../kernels/reference/rrelu';
import { SpecError } from '../model/spec';
import type { LayerDefinition } from './layer';
import { module } from './pytorch';
import { plainTraits } from './traits';

export interface RreluConfig {
  lower: number;
  upper: number;
}

/** The slope below zero at inference: the mean of the two. */
export const meanSlope = ({ lower, upper }: RreluConfig): number => (lower + upper) / 2;

/**
 * Randomized leaky relu: y = x where x > 0, a · x elsewhere. In training each unit's a is drawn evenly between `lower` and `upper`; at
 * inference it is their mean. Any shape. Draws are a function of (seed, epoch, sample, layer, unit) only: see `randomSlopes`.
 * Settings: lower 1/8, upper 1/3. Source: Xu, Wang, Chen & Li 2015, "Empirical evaluation of rectified activations".
 */
export const rrelu: LayerDefinition<RreluConfig> = {
  kind: 'rrelu',
  arity: 'one',

  parse(settings, name) {
    const config = { lower: settings.number('lower', 0.125), upper: settings.number('upper', 1 / 3) };
    if (config.upper < config.lower)
      throw new SpecError(name, 'upper', config.upper, say('spec.number.from', { from: config.lower }));
    return config;
  },
  settings: ({ lower, upper }) => ({ lower, upper }),

  outputShape: (_config, [input]) => input,

  params: () => [],
  macs: () => 0,

  inTraining: 'draws',
  traits: () => plainTraits,

  forward(config, { n, training, draw, saved, x, y }) {
    const slopes = x[0].slice() as (typeof x)[0];
    if (training) {
      if (!draw) throw new Error('rrelu in training needs seed, epoch and samples to draw from');
      randomSlopes(slopes, n, config, draw);
    } else slopes.fill(meanSlope(config));
    saved.slopes = slopes;
    for (let i = 0; i < y.length; i++) y[i] = x[0][i] > 0 ? x[0][i] : slopes[i] * x[0][i];
  },
  backward(_config, { saved: { slopes }, x, dy, dx }) {
    dx[0]?.forEach((value, i, target) => (target[i] = value + dy[i] * (x[0][i] > 0 ? 1 : slopes[i])));
  },

  toOnnx: (config, { name, inputs }) => [
    { opType: 'LeakyRelu', inputs: [inputs[0]], outputs: [name], attributes: { alpha: meanSlope(config) } },
  ],

  toPyTorch: ({ lower, upper }) => module(`nn.RReLU(${lower}, ${upper})`),

  reads: (_config, region) => region,
  explain(config, { inputs, channel, y, x }) {
    const input = valueAt(inputs[0], channel, y, x);
    const slope = meanSlope(config);
    const f = (at: number): number => (at > 0 ? at : slope * at);
    const constants = [{ name: 'a', value: slope }];
    const told = { source: inputs[0].layer, input, formula: 'x > 0 ? x : a · x', constants };
    return { value: f(input), body: { kind: 'function', ...told, curve: curveAround(f, input) } };
  },
};

import { say } from '../../words';
import { explainCopy } from '../explain/copy';
import { dropoutMask } from '../kernels/reference/dropout';
import { kerasLayer } from './keras';
import type { LayerDefinition } from './layer';
import { module } from './pytorch';
import { plainTraits } from './traits';

export interface DropoutConfig {
  rate: number;
}

/**
 * Inverted dropout: in training each unit is zero with probability `rate` and divided by (1 − rate) otherwise, which keeps its mean; at
 * inference y = x. Any shape. Draws are a function of (seed, epoch, sample, layer, unit) only: see `dropoutMask`.
 * Settings: rate 0.5. Source: Srivastava et al. 2014.
 */
export const dropout: LayerDefinition<DropoutConfig> = {
  kind: 'dropout',
  arity: 'one',

  parse: (settings) => ({
    rate: settings.number(
      'rate',
      0.5,
      (value) => value >= 0 && value < 1,
      say('spec.number.below', { from: 0, to: 1 }),
    ),
  }),
  settings: ({ rate }) => ({ rate }),

  outputShape: (_config, [input]) => input,

  params: () => [],
  macs: () => 0,

  inTraining: 'draws',
  traits: () => ({ ...plainTraits, negative: 'as inputs', copies: true }),

  forward({ rate }, { n, training, draw, saved, x, y }) {
    if (!training) return y.set(x[0]);
    if (!draw) throw new Error('dropout in training needs seed, epoch and samples to draw from');
    const mask = x[0].slice() as (typeof x)[0];
    dropoutMask(mask, n, rate, draw);
    saved.mask = mask;
    for (let i = 0; i < mask.length; i++) y[i] = x[0][i] * mask[i];
  },
  backward(_config, { training, saved, dy, dx }) {
    const { mask } = saved;
    dx[0]?.forEach((value, i, target) => (target[i] = value + dy[i] * (training ? mask[i] : 1)));
  },

  toOnnx: (_config, { name, inputs }) => [{ opType: 'Dropout', inputs: [inputs[0]], outputs: [name] }],

  toPyTorch: ({ rate }) => module(`nn.Dropout(${rate})`),

  toKeras: ({ rate }) => kerasLayer(`layers.Dropout(${rate}`),

  reads: (_config, region) => region,
  explain: (_config, context) => explainCopy(context),
};

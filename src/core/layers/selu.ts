import { elementwise } from './elementwise';
import type { LayerDefinition } from './layer';

export interface SeluConfig {
  alpha: number;
  gamma: number;
}

/**
 * Scaled exponential linear unit: y = gamma · x where x > 0, gamma · alpha · (e^x − 1) elsewhere (slope gamma · alpha at 0). Any shape.
 * Settings: alpha 1.6732632, gamma 1.050701, with which mean 0 and standard deviation 1 are kept from layer to layer.
 * Source: Klambauer et al. 2017.
 */
export const selu: LayerDefinition<SeluConfig> = elementwise({
  kind: 'selu',
  parse: (settings) => ({
    // ONNX's default values, in float32.
    alpha: settings.number('alpha', 1.67326319217681884765625),
    gamma: settings.number('gamma', 1.05070102214813232421875),
  }),
  settings: ({ alpha, gamma }) => ({ alpha, gamma }),
  value: ({ alpha, gamma }, x) => gamma * (x > 0 ? x : alpha * Math.expm1(x)),
  slope: ({ alpha, gamma }, x) => gamma * (x > 0 ? 1 : alpha * Math.exp(x)),
  opType: 'Selu',
  attributes: ({ alpha, gamma }) => ({ alpha, gamma }),
  pytorch: ({ alpha, gamma }, x) => `${gamma} * F.elu(${x}, ${alpha})`,
  keras: ({ alpha, gamma }, x) => `${gamma} * ops.elu(${x}, ${alpha})`,
  formula: 'gamma · (x > 0 ? x : alpha · (e^x − 1))',
  constants: ({ alpha, gamma }) => [
    { name: 'alpha', value: alpha },
    { name: 'gamma', value: gamma },
  ],
});

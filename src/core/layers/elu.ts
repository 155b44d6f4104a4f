import { elementwise } from './elementwise';
import type { LayerDefinition } from './layer';

export interface EluConfig {
  alpha: number;
}

/**
 * Exponential linear unit: y = x where x > 0, alpha · (e^x − 1) elsewhere (slope alpha at 0). Any shape. Settings: alpha 1.
 * Source: Clevert, Unterthiner & Hochreiter 2016.
 */
export const elu: LayerDefinition<EluConfig> = elementwise({
  kind: 'elu',
  parse: (settings) => ({ alpha: settings.number('alpha', 1) }),
  settings: ({ alpha }) => ({ alpha }),
  value: ({ alpha }, x) => (x > 0 ? x : alpha * Math.expm1(x)),
  slope: ({ alpha }, x) => (x > 0 ? 1 : alpha * Math.exp(x)),
  opType: 'Elu',
  attributes: ({ alpha }) => ({ alpha }),
  pytorch: ({ alpha }, x) => `F.elu(${x}, ${alpha})`,
  keras: ({ alpha }, x) => `ops.elu(${x}, ${alpha})`,
  formula: 'x > 0 ? x : alpha · (e^x − 1)',
  constants: ({ alpha }) => [{ name: 'alpha', value: alpha }],
});

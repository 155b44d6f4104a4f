import { elementwise } from './elementwise';
import type { LayerDefinition } from './layer';

export interface LeakyReluConfig {
  alpha: number;
}

/**
 * Leaky rectified linear unit: y = x where x > 0, alpha · x elsewhere (slope alpha at 0). Any shape. Settings: alpha 0.01.
 * Source: Maas, Hannun & Ng 2013.
 */
export const leakyrelu: LayerDefinition<LeakyReluConfig> = elementwise({
  kind: 'leakyrelu',
  parse: (settings) => ({ alpha: settings.number('alpha', 0.01) }),
  settings: ({ alpha }) => ({ alpha }),
  value: ({ alpha }, x) => (x > 0 ? x : alpha * x),
  slope: ({ alpha }, x) => (x > 0 ? 1 : alpha),
  opType: 'LeakyRelu',
  attributes: ({ alpha }) => ({ alpha }),
  pytorch: ({ alpha }, x) => `F.leaky_relu(${x}, ${alpha})`,
  keras: ({ alpha }, x) => `ops.leaky_relu(${x}, ${alpha})`,
  formula: 'x > 0 ? x : alpha · x',
  constants: ({ alpha }) => [{ name: 'alpha', value: alpha }],
});

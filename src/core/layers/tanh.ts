import { elementwise } from './elementwise';
import type { LayerDefinition } from './layer';

/** Hyperbolic tangent: y = (e^x − e^−x) ÷ (e^x + e^−x), between −1 and 1. Any shape. No settings. Source: LeCun et al. 1998, "Efficient BackProp". */
export const tanh: LayerDefinition<object> = elementwise({
  kind: 'tanh',
  parse: () => ({}),
  settings: () => ({}),
  value: (_config, x) => Math.tanh(x),
  slope: (_config, x) => 1 - Math.tanh(x) ** 2,
  opType: 'Tanh',
  pytorch: (_config, x) => `torch.tanh(${x})`,
  keras: (_config, x) => `ops.tanh(${x})`,
  formula: 'tanh(x)',
});

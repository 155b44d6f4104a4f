import { elementwise } from './elementwise';
import type { LayerDefinition } from './layer';

/** Rectified linear unit: y = max(0, x), slope 0 at x = 0. Any shape. No settings. Source: Nair & Hinton 2010. */
export const relu: LayerDefinition<object> = elementwise({
  kind: 'relu',
  parse: () => ({}),
  settings: () => ({}),
  value: (_config, x) => Math.max(0, x),
  slope: (_config, x) => (x > 0 ? 1 : 0),
  opType: 'Relu',
  pytorch: (_config, x) => `F.relu(${x})`,
  keras: (_config, x) => `ops.relu(${x})`,
  nonNegative: true,
  formula: 'max(0, x)',
});

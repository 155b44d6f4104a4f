import { elementwise } from './elementwise';
import type { LayerDefinition } from './layer';

/** A smooth relu: y = ln(1 + e^x), written max(0, x) + ln(1 + e^−|x|) so that e^ never overflows. Any shape. No settings. Source: Dugas et al. 2001. */
export const softplus: LayerDefinition<object> = elementwise({
  kind: 'softplus',
  parse: () => ({}),
  settings: () => ({}),
  value: (_config, x) => Math.max(0, x) + Math.log1p(Math.exp(-Math.abs(x))),
  slope: (_config, x) => 1 / (1 + Math.exp(-x)),
  opType: 'Softplus',
  pytorch: (_config, x) => `F.softplus(${x}, threshold=80)`,
  keras: (_config, x) => `ops.softplus(${x})`,
  nonNegative: true,
  formula: 'ln(1 + e^x)',
});

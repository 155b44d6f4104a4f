import { elementwise } from './elementwise';
import type { LayerDefinition } from './layer';

const gate = (x: number): number => Math.max(0, Math.min(1, x / 6 + 0.5));

/**
 * Swish of straight lines: y = x · max(0, min(1, x ÷ 6 + ½)). Any shape. No settings.
 * Source: Howard et al. 2019, "Searching for MobileNetV3"; ONNX HardSwish.
 */
export const hardswish: LayerDefinition<object> = elementwise({
  kind: 'hardswish',
  parse: () => ({}),
  settings: () => ({}),
  value: (_config, x) => x * gate(x),
  slope: (_config, x) => gate(x) + (x > -3 && x < 3 ? x / 6 : 0),
  opType: 'HardSwish',
  pytorch: (_config, x) => `F.hardswish(${x})`,
  keras: (_config, x) => `ops.hard_silu(${x})`,
  formula: 'x · max(0, min(1, x ÷ 6 + ½))',
});

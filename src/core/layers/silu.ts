import { elementwise } from './elementwise';
import type { LayerDefinition } from './layer';
import { logistic } from './sigmoid';

/**
 * Sigmoid linear unit, also called swish: y = x ÷ (1 + e⁻ˣ). Any shape. No settings.
 * Source: Elfwing, Uchibe & Doya 2018; Ramachandran, Zoph & Le 2017. In ONNX Sigmoid and Mul.
 */
export const silu: LayerDefinition<object> = elementwise({
  kind: 'silu',
  parse: () => ({}),
  settings: () => ({}),
  value: (_config, x) => x * logistic(x),
  slope: (_config, x) => logistic(x) * (1 + x * logistic(-x)),
  nodes: (_config, { name, inputs }) => [
    { opType: 'Sigmoid', inputs: [inputs[0]], outputs: [`${name}.gate`] },
    { opType: 'Mul', inputs: [inputs[0], `${name}.gate`], outputs: [name] },
  ],
  pytorch: (_config, x) => `F.silu(${x})`,
  keras: (_config, x) => `ops.silu(${x})`,
  formula: 'x ÷ (1 + e^−x)',
});

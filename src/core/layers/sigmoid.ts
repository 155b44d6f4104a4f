import { elementwise } from './elementwise';
import type { LayerDefinition } from './layer';

/** 1 ÷ (1 + e^−x); e^−|x| never overflows. */
export function logistic(x: number): number {
  const small = Math.exp(-Math.abs(x));
  return x >= 0 ? 1 / (1 + small) : small / (1 + small);
}

/** Logistic sigmoid: y = 1 ÷ (1 + e^−x), between 0 and 1. Any shape. No settings. Source: Rumelhart, Hinton & Williams 1986. */
export const sigmoid: LayerDefinition<object> = elementwise({
  kind: 'sigmoid',
  parse: () => ({}),
  settings: () => ({}),
  value: (_config, x) => logistic(x),
  slope: (_config, x) => logistic(x) * logistic(-x),
  opType: 'Sigmoid',
  pytorch: (_config, x) => `torch.sigmoid(${x})`,
  keras: (_config, x) => `ops.sigmoid(${x})`,
  nonNegative: true,
  probability: true,
  formula: '1 ÷ (1 + e^−x)',
});

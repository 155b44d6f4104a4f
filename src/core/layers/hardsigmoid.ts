import { elementwise } from './elementwise';
import type { LayerDefinition } from './layer';

export interface HardSigmoidConfig {
  alpha: number;
  beta: number;
}

/**
 * Piecewise linear sigmoid: y = max(0, min(1, alpha · x + beta)), slope 0 at both bends. Any shape. Settings: alpha 0.2, beta 0.5.
 * Source: Courbariaux, Bengio & David 2015; ONNX HardSigmoid.
 */
export const hardsigmoid: LayerDefinition<HardSigmoidConfig> = elementwise({
  kind: 'hardsigmoid',
  parse: (settings) => ({ alpha: settings.number('alpha', 0.2), beta: settings.number('beta', 0.5) }),
  settings: ({ alpha, beta }) => ({ alpha, beta }),
  value: ({ alpha, beta }, x) => Math.max(0, Math.min(1, alpha * x + beta)),
  slope: ({ alpha, beta }, x) => (alpha * x + beta > 0 && alpha * x + beta < 1 ? alpha : 0),
  opType: 'HardSigmoid',
  attributes: ({ alpha, beta }) => ({ alpha, beta }),
  pytorch: ({ alpha, beta }, x) => `torch.clamp(${alpha} * ${x} + ${beta}, 0.0, 1.0)`,
  keras: ({ alpha, beta }, x) => `ops.clip(${alpha} * ${x} + ${beta}, 0.0, 1.0)`,
  nonNegative: true,
  formula: 'max(0, min(1, alpha · x + beta))',
  constants: ({ alpha, beta }) => [
    { name: 'alpha', value: alpha },
    { name: 'beta', value: beta },
  ],
});

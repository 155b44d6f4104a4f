import { elementwise } from './elementwise';
import type { LayerDefinition } from './layer';

/**
 * Rectified linear unit cut off at 6: y = max(0, min(6, x)), slope 0 at both bends. Any shape. No settings.
 * Source: Krizhevsky 2010, "Convolutional deep belief networks on CIFAR-10"; ONNX Clip.
 */
export const relu6: LayerDefinition<object> = elementwise({
  kind: 'relu6',
  parse: () => ({}),
  settings: () => ({}),
  value: (_config, x) => Math.max(0, Math.min(6, x)),
  slope: (_config, x) => (x > 0 && x < 6 ? 1 : 0),
  nodes: (_config, { name, inputs, initializer }) => {
    const bounds = [initializer('least', [], Float32Array.of(0)), initializer('most', [], Float32Array.of(6))];
    return [{ opType: 'Clip', inputs: [inputs[0], ...bounds], outputs: [name] }];
  },
  pytorch: (_config, x) => `F.relu6(${x})`,
  keras: (_config, x) => `ops.relu6(${x})`,
  nonNegative: true,
  formula: 'max(0, min(6, x))',
});

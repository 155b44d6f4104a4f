import { explainMaxPool } from '../explain/window';
import { maxPoolBackward, maxPoolForward } from '../kernels/reference/pool';
import type { LayerDefinition } from './layer';
import { parsePool, poolGeometry, poolOutput, poolSettings, type PoolConfig } from './pooling';
import { windowRegion } from './region';
import { windowAttributes, windowGeometry } from './window';
import { plainTraits } from './traits';

/**
 * Max pooling: y[oy, ox, c] = the largest x of the window. x `[H, W, C]`, y `[OH, OW, C]`. Padding never wins. On a tie the first in
 * row-major order wins and takes the whole error; a NaN wins over every number. A window wholly in padding, which only dilation makes,
 * gives −∞. Settings: size, stride (= size), padding 'valid', dilation 1, ceil false.
 * Source: Riesenhuber & Poggio 1999; overlapping windows Krizhevsky et al. 2012; padding and ceil mode as ONNX MaxPool.
 */
export const maxpool: LayerDefinition<PoolConfig> = {
  kind: 'maxpool',
  arity: 'one',

  parse(settings, name) {
    const config = parsePool(settings, name);
    return config;
  },
  settings: poolSettings,

  outputShape: (config, [input], name) => poolOutput(config, input, name),
  window: (config, [input]) => windowGeometry(config, input),

  params: () => [],
  macs: () => 0,

  traits: () => ({ ...plainTraits, negative: 'as inputs' }),

  forward(config, { n, inputShapes, outputShape, x, y }) {
    maxPoolForward(poolGeometry(config, n, inputShapes[0], outputShape), x[0], y);
  },
  backward(config, { n, inputShapes, outputShape, x, dy, dx }) {
    if (dx[0]) maxPoolBackward(poolGeometry(config, n, inputShapes[0], outputShape), x[0], dy, dx[0]);
  },

  toOnnx(config, { name, inputs, inputShapes }) {
    const attributes = { ...windowAttributes(windowGeometry(config, inputShapes[0])), ceil_mode: Number(config.ceil) };
    return [{ opType: 'MaxPool', inputs: [inputs[0]], outputs: [name], attributes }];
  },

  reads: (config, region, _input, [input]) => windowRegion(windowGeometry(config, input), region),
  explain: (config, context) => explainMaxPool(windowGeometry(config, context.inputs[0].shape), context),
};

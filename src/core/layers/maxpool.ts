import { explainMaxPool } from '../explain/window';
import { maxPoolBackward, maxPoolForward } from '../kernels/reference/pool';
import type { FeatureShape } from '../tensor';
import type { LayerDefinition } from './layer';
import type { Pair } from './settings';
import { parsePool, poolGeometry, poolOutput, poolRounding, poolSettings, type PoolConfig } from './pooling';
import { windowRegion } from '../geometry';
import { mapShape, windowAttributes, windowGeometry } from './window';
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

  toOnnx(config, { name, inputs, inputShapes: [input], outputShape }) {
    const geometry = windowGeometry(config, input);
    const rounding = poolRounding(config, input, outputShape);
    if (rounding !== null) {
      const attributes = { ...windowAttributes(geometry), ceil_mode: rounding };
      return [{ opType: 'MaxPool', inputs: [inputs[0]], outputs: [name], attributes }];
    }
    // Rows round otherwise than columns: the largest of each column's cells first, then of those along the rows.
    const [height, width] = mapShape(input, name);
    const rows = alongAxis(config, 0, [height, width, 1]);
    const columns = alongAxis(config, 1, [height, width, 1]);
    const between = `${name}.rows`;
    return [
      { opType: 'MaxPool', inputs: [inputs[0]], outputs: [between], attributes: rows },
      { opType: 'MaxPool', inputs: [between], outputs: [name], attributes: columns },
    ];
  },

  reads: (config, region, _input, [input]) => windowRegion(windowGeometry(config, input), region),
  explain: (config, context) => explainMaxPool(windowGeometry(config, context.inputs[0].shape), context),
};

/** ONNX attributes of the pooling along one axis alone. */
function alongAxis(config: PoolConfig, axis: 0 | 1, input: FeatureShape): Record<string, number | number[]> {
  const { kernel, stride, dilation, pad } = windowGeometry(config, input);
  const only = (pair: readonly number[], other: number): Pair => (axis === 0 ? [pair[0], other] : [other, pair[1]]);
  const along: PoolConfig = {
    kernel: only(kernel, 1),
    stride: only(stride, 1),
    dilation: only(dilation, 1),
    padding: axis === 0 ? [pad[0], 0, pad[2], 0] : [0, pad[1], 0, pad[3]],
    ceil: true,
  };
  const rounding = poolRounding(along, input, poolOutput(along, input, 'maxpool'));
  return { ...windowAttributes(windowGeometry(along, input)), ceil_mode: rounding ?? 0 };
}

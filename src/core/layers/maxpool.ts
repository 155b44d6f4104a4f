import { explainMaxPool } from '../explain/window';
import { maxPoolBackward, maxPoolForward } from '../kernels/reference/pool';
import type { FeatureShape } from '../tensor';
import { kerasPadded } from './keras';
import type { LayerDefinition } from './layer';
import { expression, neededSides, padded, tuple } from './pytorch';
import { parsePool, poolGeometry, poolOutput, poolRounding, poolSettings, type PoolConfig } from './pooling';
import { windowRegion } from '../geometry';
import { windowAttributes, windowGeometry } from './window';
import { plainTraits } from './traits';

/**
 * Max pooling: y[oy, ox, c] = the largest x of the window. x `[H, W, C]`, y `[OH, OW, C]`; signals and volumes along their axes. Padding
 * is never the largest. On a tie the first in row-major order counts and gets the whole gradient; a NaN counts as the largest. A window
 * wholly in padding (possible only with dilation) gives −∞. Settings: size, stride (= size), padding 'valid', dilation 1, ceil false.
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
    // Some axes round differently from others: one ONNX node per axis, each taking the maximum along its own axis.
    const axes = geometry.kernel.map((_, axis) => axis);
    const names = ['slices', 'rows', 'columns'].slice(-axes.length, -1);
    const values = [inputs[0], ...names.map((along) => `${name}.${along}`), name];
    return axes.map((axis) => ({
      opType: 'MaxPool',
      inputs: [values[axis]],
      outputs: [values[axis + 1]],
      attributes: alongAxis(config, axis, input, outputShape),
    }));
  },

  toPyTorch(config, context) {
    const window = windowGeometry(config, context.inputShapes[0]);
    const { kernel, stride, dilation } = window;
    const { before, after } = neededSides(window, context);
    const settings = `${tuple(kernel)}, ${tuple(stride)}, dilation=${tuple(dilation)}`;
    const pool = `F.max_pool${kernel.length}d`;
    return expression((x) => `${pool}(${padded(x, before, after, "-float('inf')")}, ${settings})`);
  },

  toKeras(config, context) {
    const window = windowGeometry(config, context.inputShapes[0]);
    const { kernel, stride, dilation } = window;
    if (dilation.some((step) => step !== 1)) return null;
    const { before, after } = neededSides(window, context);
    const pool = `layers.MaxPooling${kernel.length}D(${tuple(kernel)}, strides=${tuple(stride)})`;
    return expression((x) => `${pool}(${kerasPadded(x, before, after, '-float("inf")')})`);
  },

  reads: (config, region, _input, [input]) => windowRegion(windowGeometry(config, input), region),
  explain: (config, context) => explainMaxPool(windowGeometry(config, context.inputs[0].shape), context),
};

/** ONNX attributes for pooling along one axis only; the axes before it are already pooled. */
function alongAxis(
  config: PoolConfig,
  axis: number,
  input: FeatureShape,
  output: FeatureShape,
): Record<string, number | number[]> {
  const { kernel, stride, dilation, pad } = windowGeometry(config, input);
  const only = (values: readonly number[], other: number): number[] =>
    values.map((value, i) => (i % kernel.length === axis ? value : other));
  const along: PoolConfig = {
    kernel: only(kernel, 1),
    stride: only(stride, 1),
    dilation: only(dilation, 1),
    padding: only(pad, 0),
    ceil: true,
  };
  const before = input.map((size, i) => (i < axis ? output[i] : size));
  const rounding = poolRounding(along, before, poolOutput(along, before, 'maxpool'));
  return { ...windowAttributes(windowGeometry(along, before)), ceil_mode: rounding ?? 0 };
}

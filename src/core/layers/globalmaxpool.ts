import { explainMaxPool } from '../explain/window';
import { maxPoolBackward, maxPoolForward } from '../kernels/reference/pool';
import { kerasAxes } from './keras';
import type { LayerDefinition } from './layer';
import { expression, spatialDims } from './pytorch';
import { globalOutput, globalWindow, poolGeometry } from './pooling';
import { windowRegion } from '../geometry';
import { windowGeometry } from './window';
import { plainTraits } from './traits';

/**
 * Global max pooling: y[c] = the largest value of map c, the first in row-major order on a tie. x `[H, W, C]`, y `[1, 1, C]`. The same
 * for signals and volumes. No settings. Source: Oquab et al. 2015, "Is object localization for free?"; ONNX GlobalMaxPool.
 */
export const globalmaxpool: LayerDefinition<object> = {
  kind: 'globalmaxpool',
  arity: 'one',

  parse: () => ({}),
  settings: () => ({}),

  outputShape: (_config, [input], name) => globalOutput(input, name),
  window: (_config, [input]) => windowGeometry(globalWindow(input), input),

  params: () => [],
  macs: () => 0,

  traits: () => ({ ...plainTraits, negative: 'as inputs' }),

  forward(_config, { n, inputShapes: [input], outputShape, x, y }) {
    maxPoolForward(poolGeometry(globalWindow(input), n, input, outputShape), x[0], y);
  },
  backward(_config, { n, inputShapes: [input], outputShape, x, dy, dx }) {
    if (dx[0]) maxPoolBackward(poolGeometry(globalWindow(input), n, input, outputShape), x[0], dy, dx[0]);
  },

  toOnnx: (_config, { name, inputs }) => [{ opType: 'GlobalMaxPool', inputs: [inputs[0]], outputs: [name] }],

  toPyTorch: (_config, { inputShapes: [input] }) =>
    expression((x) => `${x}.amax(dim=${spatialDims(input)}, keepdim=True)`),

  toKeras: (_config, { inputShapes: [input] }) =>
    expression((x) => `ops.max(${x}, axis=${kerasAxes(input)}, keepdims=True)`),

  reads: (_config, region, _input, [input]) => windowRegion(windowGeometry(globalWindow(input), input), region),
  explain(_config, context) {
    const { shape } = context.inputs[0];
    return explainMaxPool(windowGeometry(globalWindow(shape), shape), context);
  },
};

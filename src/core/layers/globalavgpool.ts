import { explainAveragePool } from '../explain/window';
import { averagePoolBackward, averagePoolForward } from '../kernels/reference/pool';
import { kerasAxes } from './keras';
import type { LayerDefinition } from './layer';
import { expression, spatialDims } from './pytorch';
import { globalOutput, globalWindow, poolGeometry } from './pooling';
import { windowRegion } from '../geometry';
import { windowGeometry } from './window';
import { plainTraits } from './traits';

/**
 * Global average pooling: y[c] = the mean of map c. x `[H, W, C]`, y `[1, 1, C]`. The same for signals and volumes. No settings.
 * Source: Lin, Chen & Yan 2014, "Network in network".
 */
export const globalavgpool: LayerDefinition<object> = {
  kind: 'globalavgpool',
  arity: 'one',

  parse: () => ({}),
  settings: () => ({}),

  outputShape: (_config, [input], name) => globalOutput(input, name),
  window: (_config, [input]) => windowGeometry(globalWindow(input), input),

  params: () => [],
  macs: () => 0,

  traits: () => ({ ...plainTraits, negative: 'as inputs' }),

  forward(_config, { n, inputShapes: [input], outputShape, x, y }) {
    averagePoolForward(poolGeometry(globalWindow(input), n, input, outputShape), false, x[0], y);
  },
  backward(_config, { n, inputShapes: [input], outputShape, dy, dx }) {
    if (dx[0]) averagePoolBackward(poolGeometry(globalWindow(input), n, input, outputShape), false, dy, dx[0]);
  },

  toOnnx: (_config, { name, inputs }) => [{ opType: 'GlobalAveragePool', inputs: [inputs[0]], outputs: [name] }],

  toPyTorch: (_config, { inputShapes: [input] }) =>
    expression((x) => `${x}.mean(dim=${spatialDims(input)}, keepdim=True)`),

  toKeras: (_config, { inputShapes: [input] }) =>
    expression((x) => `ops.mean(${x}, axis=${kerasAxes(input)}, keepdims=True)`),

  reads: (_config, region, _input, [input]) => windowRegion(windowGeometry(globalWindow(input), input), region),
  explain(_config, context) {
    const { shape } = context.inputs[0];
    return explainAveragePool(windowGeometry(globalWindow(shape), shape), false, context);
  },
};

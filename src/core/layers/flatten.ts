import { explainCopy } from '../explain/copy';
import { sizeOf } from '../tensor';
import { toChannelsFirst, toChannelsLast } from './layout';
import { kerasChannelsFirst } from './keras';
import type { LayerDefinition } from './layer';
import { expression } from './pytorch';
import { reshapeRegion } from '../geometry';
import { plainTraits } from './traits';

/**
 * A feature map as one list of features, in channel-major order as in ONNX: y[(c·H + h)·W + w] = x[h, w, c]. So dense weights mean the
 * same inside and in ONNX. x `[H, W, C]` (or a signal or volume), y `[H·W·C]`; flat features are unchanged. No settings.
 * Source: ONNX Flatten, axis 1.
 */
export const flatten: LayerDefinition<object> = {
  kind: 'flatten',
  arity: 'one',

  parse: () => ({}),
  settings: () => ({}),

  outputShape: (_config, [input]) => [sizeOf(input)],

  params: () => [],
  macs: () => 0,

  traits: () => ({ ...plainTraits, negative: 'as inputs', maps: 'reshaped', copies: true }),

  forward(_config, { n, inputShapes, x, y }) {
    y.set(toChannelsFirst(x[0], n, inputShapes[0]));
  },
  backward(_config, { n, inputShapes, dy, dx }) {
    const back = toChannelsLast(dy, n, inputShapes[0]);
    dx[0]?.forEach((value, i, target) => (target[i] = value + back[i]));
  },

  toOnnx: (_config, { name, inputs }) => [
    { opType: 'Flatten', inputs: [inputs[0]], outputs: [name], attributes: { axis: 1 } },
  ],

  toPyTorch: () => expression((x) => `torch.flatten(${x}, 1)`),

  toKeras: (_config, { inputShapes: [input] }) =>
    expression((x) => (input.length > 1 ? `layers.Flatten()(${kerasChannelsFirst(input, x)})` : x)),

  reads: (_config, region, _input, [input]) => reshapeRegion(region, [sizeOf(input)], input),
  explain: (_config, context) => explainCopy(context),
};

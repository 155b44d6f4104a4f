import { multiplyBackward, multiplyForward } from '../kernels/reference/multiply';
import { joinedRegion, joinedShape, joinedValues } from './broadcast';
import { merged } from './keras';
import type { LayerDefinition, OnnxNodeSpec } from './layer';
import { plainTraits } from './traits';

/**
 * Product of two inputs or more, unit by unit: y = Π x. All of as many dimensions, `[H, W, C]` or `[C]`; a dimension of 1 is repeated to fit the
 * others, so that `[1, 1, C]` weighs the channels of a map. No settings.
 * Source: Hu, Shen & Sun 2018, "Squeeze-and-excitation networks"; broadcasting as in ONNX Mul.
 */
export const multiply: LayerDefinition<object> = {
  kind: 'multiply',
  arity: 'many',

  parse: () => ({}),
  settings: () => ({}),

  outputShape: (_config, inputs, name) => joinedShape(inputs, name),

  params: () => [],
  macs: () => 0,

  traits: () => ({ ...plainTraits, negative: 'as inputs' }),

  forward(_config, { n, inputShapes, outputShape, x, y }) {
    const geometries = inputShapes.map((input) => ({ n, input, output: outputShape }));
    multiplyForward(geometries, x, y);
  },
  backward(_config, { n, inputShapes, outputShape, x, dy, dx }) {
    const geometries = inputShapes.map((input) => ({ n, input, output: outputShape }));
    multiplyBackward(geometries, x, dy, dx);
  },

  toOnnx: (_config, { name, inputs }) =>
    inputs.slice(1).map((input, i): OnnxNodeSpec => {
      const product = (upTo: number): string => (upTo === inputs.length - 1 ? name : `${name}.product${upTo}`);
      return { opType: 'Mul', inputs: [i === 0 ? inputs[0] : product(i), input], outputs: [product(i + 1)] };
    }),

  toPyTorch: () => ({ call: (_own, x) => x.join(' * ') }),

  toKeras: (_config, shapes) => merged('Multiply', shapes),

  reads: (_config, region, input, inputs) => joinedRegion(region, inputs[input]),
  explain(_config, context) {
    const sources = joinedValues(context);
    const value = sources.reduce((product, each) => product * each.value, 1);
    return { value, body: { kind: 'join', by: 'product', sources } };
  },
};

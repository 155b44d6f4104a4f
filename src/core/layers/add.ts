import { addBackward, addForward } from '../kernels/reference/add';
import { joinedRegion, joinedShape, joinedValues } from './broadcast';
import { merged } from './keras';
import type { LayerDefinition } from './layer';
import { plainTraits } from './traits';

/**
 * Sum of two inputs or more, unit by unit: y = Σ x. All of as many dimensions, `[H, W, C]` or `[C]`; a dimension of 1 is repeated to fit the others.
 * No settings. Source: He et al. 2016, "Deep residual learning"; broadcasting as in ONNX Add.
 */
export const add: LayerDefinition<object> = {
  kind: 'add',
  arity: 'many',

  parse: () => ({}),
  settings: () => ({}),

  outputShape: (_config, inputs, name) => joinedShape(inputs, name),

  params: () => [],
  macs: () => 0,

  traits: () => ({ ...plainTraits, negative: 'as inputs' }),

  forward(_config, { n, inputShapes, outputShape, x, y }) {
    const geometries = inputShapes.map((input) => ({ n, input, output: outputShape }));
    addForward(geometries, x, y);
  },
  backward(_config, { n, inputShapes, outputShape, dy, dx }) {
    dx.forEach((each, i) => each && addBackward({ n, input: inputShapes[i], output: outputShape }, dy, each));
  },

  toOnnx: (_config, { name, inputs }) => [
    { opType: inputs.length === 2 ? 'Add' : 'Sum', inputs: [...inputs], outputs: [name] },
  ],

  toPyTorch: () => ({ call: (_own, x) => x.join(' + ') }),

  toKeras: (_config, shapes) => merged('Add', shapes),

  reads: (_config, region, input, inputs) => joinedRegion(region, inputs[input]),
  explain(_config, context) {
    const sources = joinedValues(context);
    const value = sources.reduce((sum, each) => sum + each.value, 0);
    return { value, body: { kind: 'join', by: 'sum', sources } };
  },
};

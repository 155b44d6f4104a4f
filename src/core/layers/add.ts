import { say } from '../../words';
import { valueAt } from '../explain/unit';
import { addBackward, addForward, type AddGeometry } from '../kernels/reference/add';
import { SpecError } from '../model/spec';
import type { FeatureShape } from '../tensor';
import type { LayerDefinition } from './layer';
import { asMap } from '../geometry';
import { plainTraits } from './traits';

function geometry(n: number, input: FeatureShape, output: FeatureShape): AddGeometry {
  return { n, input: asMap(input), output: asMap(output) };
}

/**
 * Sum of two inputs or more, unit by unit: y = Σ x. All `[H, W, C]` or all `[C]`; a dimension of 1 is repeated to fit the others.
 * No settings. Source: He et al. 2016, "Deep residual learning"; broadcasting as in ONNX Add.
 */
export const add: LayerDefinition<object> = {
  kind: 'add',
  arity: 'many',

  parse: () => ({}),
  settings: () => ({}),

  outputShape(_config, inputs, name) {
    const [first] = inputs;
    const largest = first.map((_, axis) => Math.max(...inputs.map((shape) => shape[axis] ?? 0)));
    const fits = (shape: FeatureShape): boolean =>
      shape.length === first.length && shape.every((size, axis) => size === largest[axis] || size === 1);
    const odd = inputs.find((shape) => !fits(shape));
    if (odd) {
      const expected = say('spec.equal-shapes', { shapes: inputs.map((shape) => `[${shape.join(', ')}]`) });
      throw new SpecError(name, 'inputs', odd, expected);
    }
    return largest.length === 1 ? [largest[0]] : [largest[0], largest[1], largest[2]];
  },

  params: () => [],
  macs: () => 0,

  traits: () => ({ ...plainTraits, negative: 'as inputs' }),

  forward(_config, { n, inputShapes, outputShape, x, y }) {
    const geometries = inputShapes.map((shape) => geometry(n, shape, outputShape));
    addForward(geometries, x, y);
  },
  backward(_config, { n, inputShapes, outputShape, dy, dx }) {
    dx.forEach((each, i) => each && addBackward(geometry(n, inputShapes[i], outputShape), dy, each));
  },

  toOnnx: (_config, { name, inputs }) => [
    { opType: inputs.length === 2 ? 'Add' : 'Sum', inputs: [...inputs], outputs: [name] },
  ],

  reads(_config, region, input, inputs) {
    const [height, width, channels] = asMap(inputs[input]);
    // Along a repeated dimension all units read the same one.
    return {
      ...region,
      ...(height === 1 && { top: 0, bottom: 0 }),
      ...(width === 1 && { left: 0, right: 0 }),
      ...(channels === 1 && { first: 0, last: 0 }),
    };
  },
  explain(_config, { inputs, channel, y, x }) {
    const sources = inputs.map((input) => {
      const [height, width, channels] = asMap(input.shape);
      const value = valueAt(input, Math.min(channel, channels - 1), Math.min(y, height - 1), Math.min(x, width - 1));
      return { layer: input.layer, value };
    });
    return { value: sources.reduce((sum, { value }) => sum + value, 0), body: { kind: 'join', sources } };
  },
};

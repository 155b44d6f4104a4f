import { say } from '../../words';
import { valueAt } from '../explain/unit';
import { addBackward, addForward } from '../kernels/reference/add';
import { SpecError } from '../model/spec';
import type { FeatureShape } from '../tensor';
import type { LayerDefinition } from './layer';
import { placeAt, planeAt, wholeRegion } from '../geometry';
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
    return largest;
  },

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

  reads(_config, region, input, inputs) {
    // Along a repeated dimension all units read the same one.
    const { end, last } = wholeRegion(inputs[input]);
    const own = (places: readonly number[]): number[] => places.map((place, axis) => (end[axis] === 0 ? 0 : place));
    return { ...region, start: own(region.start), end: own(region.end), ...(last === 0 && { first: 0, last: 0 }) };
  },
  explain(_config, { inputs, outputShape, channel, y, x }) {
    const at = placeAt(outputShape, y, x);
    const sources = inputs.map((input) => {
      const { end, last } = wholeRegion(input.shape);
      const own = planeAt(
        input.shape,
        at.map((place, axis) => Math.min(place, end[axis])),
      );
      return { layer: input.layer, value: valueAt(input, Math.min(channel, last), own.y, own.x) };
    });
    return { value: sources.reduce((sum, { value }) => sum + value, 0), body: { kind: 'join', sources } };
  },
};

/** What layers that join inputs unit by unit share: a dimension of 1 is repeated to fit the others, as in ONNX. */
import { say } from '../../words';
import { valueAt } from '../explain/unit';
import { placeAt, planeAt, wholeRegion, type Region } from '../geometry';
import { SpecError } from '../model/spec';
import type { FeatureShape } from '../tensor';
import type { ExplainContext } from './layer';

/** The shape to which all inputs are repeated. Throws SpecError where one does not fit. */
export function joinedShape(inputs: readonly FeatureShape[], name: string): FeatureShape {
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
}

/** The box of an input that a box of the output is made of: along a repeated dimension all units read the same one. */
export function joinedRegion(region: Region, input: FeatureShape): Region {
  const { end, last } = wholeRegion(input);
  const own = (places: readonly number[]): number[] => places.map((place, axis) => (end[axis] === 0 ? 0 : place));
  return { ...region, start: own(region.start), end: own(region.end), ...(last === 0 && { first: 0, last: 0 }) };
}

/** One value of each input: what a unit of the output is made of. */
export function joinedValues({
  inputs,
  outputShape,
  channel,
  y,
  x,
}: ExplainContext): { layer: number; value: number }[] {
  const at = placeAt(outputShape, y, x);
  return inputs.map((input) => {
    const { end, last } = wholeRegion(input.shape);
    const own = planeAt(
      input.shape,
      at.map((place, axis) => Math.min(place, end[axis])),
    );
    return { layer: input.layer, value: valueAt(input, Math.min(channel, last), own.y, own.x) };
  });
}

import { sizeOf, type FeatureShape, type FloatArray } from '../../tensor';
import { accumulate } from './conv';

export interface AddGeometry {
  n: number;
  /** As many dimensions as `output`; one of 1 is repeated. */
  input: FeatureShape;
  output: FeatureShape;
}

/** Calls `visit` for every unit of the output with the index in the input that it reads. */
export function eachUnit({ n, input, output }: AddGeometry, visit: (out: number, from: number) => void): void {
  const own = sizeOf(input);
  // By how much the input's index grows with a step along each dimension of the output.
  const steps = input.map((size, axis) => (size === 1 ? 0 : sizeOf(input.slice(axis + 1))));
  let out = 0;
  const walk = (axis: number, from: number): void => {
    if (axis === output.length) return visit(out++, from);
    for (let i = 0; i < output[axis]; i++) walk(axis + 1, from + i * steps[axis]);
  };
  for (let k = 0; k < n; k++) walk(0, k * own);
}

/** y = Σ x, each rounded once. */
export function addForward<A extends FloatArray>(geometries: readonly AddGeometry[], x: readonly A[], y: A): void {
  const sums = new Float64Array(y.length);
  geometries.forEach((geometry, i) => eachUnit(geometry, (out, from) => (sums[out] += x[i][from])));
  y.set(sums);
}

/** dx += dy, summed over the repeated dimensions. */
export function addBackward<A extends FloatArray>(geometry: AddGeometry, dy: A, dx: A): void {
  const sums = new Float64Array(dx.length);
  eachUnit(geometry, (out, from) => (sums[from] += dy[out]));
  accumulate(sums, dx);
}

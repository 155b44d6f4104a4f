import type { FloatArray } from '../../tensor';
import { eachUnit, type AddGeometry } from './add';
import { accumulate } from './conv';

/** The inputs at the size of the output, in doubles. */
function repeated<A extends FloatArray>(
  geometries: readonly AddGeometry[],
  x: readonly A[],
  size: number,
): Float64Array[] {
  return geometries.map((geometry, i) => {
    const all = new Float64Array(size);
    eachUnit(geometry, (out, from) => (all[out] = x[i][from]));
    return all;
  });
}

/** y = Π x, each rounded once. */
export function multiplyForward<A extends FloatArray>(geometries: readonly AddGeometry[], x: readonly A[], y: A): void {
  const products = new Float64Array(y.length).fill(1);
  for (const all of repeated(geometries, x, y.length)) all.forEach((value, i) => (products[i] *= value));
  y.set(products);
}

/** dx += dy · the product of the other inputs, summed over what was repeated. */
export function multiplyBackward<A extends FloatArray>(
  geometries: readonly AddGeometry[],
  x: readonly A[],
  dy: A,
  dx: readonly (A | undefined)[],
): void {
  const factors = repeated(geometries, x, dy.length);
  geometries.forEach((geometry, own) => {
    const target = dx[own];
    if (!target) return;
    const errors = Float64Array.from(dy);
    factors.forEach((all, other) => {
      if (other !== own) all.forEach((value, i) => (errors[i] *= value));
    });
    const sums = new Float64Array(target.length);
    eachUnit(geometry, (out, from) => (sums[from] += errors[out]));
    accumulate(sums, target);
  });
}

/** Numbers in rows, planes, stacks: as a scene's state has them, JSON as it is. */
export type Nested = readonly (number | Nested)[];

/** All numbers in order. */
export const flat = (values: Nested): number[] =>
  values.flatMap((value) => (typeof value === 'number' ? [value] : flat(value)));

/** The length along every axis, told by the first of each. */
export function sizesOf(values: Nested): number[] {
  const [first] = values;
  return typeof first === 'object' ? [values.length, ...sizesOf(first)] : [values.length];
}

/** Made anew from what `at` gives for every place. */
export function nested<N extends Nested>(sizes: readonly number[], at: (place: readonly number[]) => number): N {
  const make = (before: readonly number[]): Nested =>
    Array.from({ length: sizes[before.length] }, (_, i) => {
      const place = [...before, i];
      return place.length === sizes.length ? at(place) : make(place);
    });
  return make([]) as N;
}

/** The number at a place; undefined outside. */
export function valueAt(values: Nested, place: readonly number[]): number | undefined {
  let found: number | Nested | undefined = values;
  for (const i of place) found = typeof found === 'object' ? found[i] : undefined;
  return typeof found === 'number' ? found : undefined;
}

/** A copy with number `index` (in order) changed. */
export function withNumber<N extends Nested>(values: N, index: number, to: number): N {
  let at = 0;
  return nested<N>(sizesOf(values), (place) => (at++ === index ? to : valueAt(values, place)!));
}

/** A copy of other sizes: what was there stays, what is new is 0 or what `fill` gives. */
export const resized = <N extends Nested>(
  values: N,
  sizes: readonly number[],
  fill: (place: readonly number[]) => number = () => 0,
): N => nested<N>(sizes, (place) => valueAt(values, place) ?? fill(place));

/** Rows of a plane, for tables. */
export const inRows = (values: ArrayLike<number>, columns: number): number[][] =>
  Array.from({ length: values.length / columns }, (_, row) =>
    Array.from({ length: columns }, (_, column) => values[row * columns + column]),
  );

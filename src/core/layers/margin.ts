/** What padding and cropping share: a map inside a larger one, `before` cells from its start along each axis. */
import { spatialOf, unravel, channelsOf } from '../geometry';
import { sizeOf, type FeatureShape } from '../tensor';

export interface Margin {
  n: number;
  inner: FeatureShape;
  outer: FeatureShape;
  /** Cells of the outer map before the inner one, along each axis. */
  before: readonly number[];
}

/** Calls `visit` with the first index of each place of the inner map, in the inner and in the outer array. */
export function eachPlace({ n, inner, outer, before }: Margin, visit: (inner: number, outer: number) => void): void {
  const [sizes, outerSizes] = [spatialOf(inner), spatialOf(outer)];
  const channels = channelsOf(inner);
  const places = sizeOf(sizes);
  for (let k = 0; k < n; k++) {
    for (let place = 0; place < places; place++) {
      const at = unravel(place, sizes);
      const outerPlace = at.reduce((index, each, axis) => index * outerSizes[axis] + each + before[axis], 0);
      visit((k * places + place) * channels, (k * sizeOf(outerSizes) + outerPlace) * channels);
    }
  }
}

/** The places of a region moved by `cells` along each axis. */
export const moved = (places: readonly number[], cells: readonly number[], sign: 1 | -1): number[] =>
  places.map((place, axis) => place + sign * cells[axis]);

/** The first half: cells before each axis. */
export const beforeOf = (sides: readonly number[]): readonly number[] => sides.slice(0, sides.length / 2);

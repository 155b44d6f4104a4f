import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  flatIndex,
  placeAt,
  placeOf,
  planeAt,
  planeWindow,
  reshapeRegion,
  windowInside,
  windowRegion,
  type Region,
  type WindowGeometry,
} from '../../src/core/geometry';
import type { Graph } from '../../src/core/model/graph';
import { unitField } from '../../src/core/model/receptive-field';
import type { InputSpec } from '../../src/core/model/spec';
import { sizeOf } from '../../src/core/tensor';
import { graphOf } from './helpers';
import { forCases, size } from './kernels/draws';

/** Every place of a box, in row-major order. */
function places(start: readonly number[], end: readonly number[]): number[][] {
  return start.reduce<number[][]>(
    (all, from, axis) =>
      all.flatMap((place) => Array.from({ length: end[axis] - from + 1 }, (_, i) => [...place, from + i])),
    [[]],
  );
}

const first = (sizes: readonly number[]): number[] => sizes.map(() => 0);
const last = (sizes: readonly number[]): number[] => sizes.map((each) => each - 1);

/** The box around places; null around none. */
function box(all: readonly number[][]): Pick<Region, 'start' | 'end'> | null {
  if (all.length === 0) return null;
  const along = (pick: (...values: number[]) => number) =>
    all[0].map((_, axis) => pick(...all.map((place) => place[axis])));
  return { start: along(Math.min), end: along(Math.max) };
}

/** The cells that the windows over a box read, one by one. */
function cells({ kernel, stride, dilation, pad }: WindowGeometry, { start, end }: Pick<Region, 'start' | 'end'>) {
  return places(start, end).flatMap((at) =>
    places(first(kernel), last(kernel)).map((cell) =>
      cell.map((each, axis) => at[axis] * stride[axis] - pad[axis] + each * dilation[axis]),
    ),
  );
}

const isInside = (place: readonly number[], sizes: readonly number[]): boolean =>
  place.every((each, axis) => each >= 0 && each < sizes[axis]);

const rank = fc.integer({ min: 1, max: 3 });
const each = (axes: number, min: number, max: number) => fc.array(size(min, max), { minLength: axes, maxLength: axes });
const windows = rank.chain((axes) =>
  fc.record({
    window: fc.record({
      kernel: each(axes, 1, 3),
      stride: each(axes, 1, 3),
      dilation: each(axes, 1, 3),
      pad: each(2 * axes, 0, 4),
    }),
    sizes: each(axes, 1, 6),
    start: each(axes, 0, 2),
    extent: each(axes, 0, 2),
  }),
);

it('windows read the cells that loops over them find, in one, two and three dimensions', () => {
  forCases(windows, 300, ({ window, sizes, start, extent }) => {
    const region = { start, end: start.map((from, axis) => from + extent[axis]), first: 0, last: 1 };
    const read = cells(window, region);
    expect(windowRegion(window, region)).toEqual({ ...region, ...box(read) });
    const inside = box(read.filter((place) => isInside(place, sizes)));
    expect(windowInside(window, region, [...sizes, 2])).toEqual(inside && { ...region, ...inside });
    const plane = planeWindow(window);
    expect(plane === null).toBe(sizes.length === 3);
    if (!plane || sizes.length > 1) return;
    const row = { ...region, start: [0, ...start], end: [0, ...region.end] };
    expect(windowInside(plane, row, [1, ...sizes, 2])?.start.slice(1)).toEqual(inside?.start);
  });
});

it('places go to a plane, to a flat index and back', () => {
  forCases(
    rank.chain((axes) => each(axes + 1, 1, 4)),
    100,
    (shape) => {
      const channels = shape[shape.length - 1];
      const all = places(first(shape.slice(0, -1)), last(shape.slice(0, -1)));
      let index = 0;
      for (let channel = 0; channel < channels; channel++) {
        for (const place of all) {
          const { y, x } = planeAt(shape, place);
          expect(placeAt(shape, y, x)).toEqual(place);
          expect(flatIndex(shape, channel, y, x)).toBe(index);
          expect(placeOf(shape, index)).toEqual({ channel, y, x });
          const unit = { start: place, end: place, first: channel, last: channel };
          expect(reshapeRegion(unit, shape, [sizeOf(shape)])).toEqual({
            start: [],
            end: [],
            first: index,
            last: index,
          });
          index++;
        }
      }
    },
  );
});

/** What a unit sees, layer by layer, with loops over windows. */
function naiveField(graph: Graph, place: number[]): Pick<Region, 'start' | 'end'> | null {
  let seen = box([place]);
  for (const { window, inputShapes } of [...graph.layers].reverse()) {
    if (!seen || !window) return seen;
    seen = box(cells(window, seen).filter((cell) => isInside(cell, inputShapes[0].slice(0, -1))));
  }
  return seen;
}

it('the receptive field of a unit is what loops over all windows find, of signals, maps and volumes', () => {
  const setting = (axes: number) =>
    fc.record({
      kind: fc.constantFrom('conv', 'maxpool'),
      kernel: each(axes, 1, 3),
      stride: each(axes, 1, 2),
      dilation: each(axes, 1, 2),
      padding: size(0, 1),
    });
  const networks = rank.chain((axes) =>
    fc.record({ sizes: each(axes, 8, 10), layers: fc.array(setting(axes), { minLength: 1, maxLength: 3 }) }),
  );
  let compared = 0;
  forCases(networks, 60, ({ sizes, layers }, generator) => {
    const names = [['length'], ['height', 'width'], ['depth', 'height', 'width']][sizes.length - 1];
    const input = { ...Object.fromEntries(names.map((name, i) => [name, sizes[i]])), channels: 1 } as InputSpec;
    let graph: Graph;
    try {
      graph = graphOf(
        layers.map(({ kind, kernel, padding, ...rest }) => ({
          kind,
          ...(kind === 'conv' ? { filters: 1, kernel } : { size: kernel }),
          ...rest,
          padding: Math.min(padding, ...kernel.map((cells) => cells - 1)),
        })),
        input,
      );
    } catch {
      return; // A window that does not fit.
    }
    const shape = graph.layers[layers.length - 1].outputShape;
    const place = shape.slice(0, -1).map((cells) => generator.integer(cells));
    const { y, x } = planeAt(shape, place);
    const field = unitField(graph, layers.length - 1, 0, y, x);
    expect(field && { start: field.start, end: field.end }).toEqual(naiveField(graph, place));
    compared++;
  });
  expect(compared).toBeGreaterThan(30);
});

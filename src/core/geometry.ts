import type { FeatureShape } from './tensor';

/**
 * A window sliding along every spatial axis, for receptive fields and the pixel view. One number an axis, in the axes' order
 * (rows before columns); `pad` holds the cells of padding before each axis, then those after each, as ONNX has it.
 */
export interface WindowGeometry {
  kernel: readonly number[];
  stride: readonly number[];
  dilation: readonly number[];
  pad: readonly number[];
}

/** A box of units, all bounds inclusive. */
export interface Region {
  /** First and last place along each spatial axis; empty for flat features. */
  start: readonly number[];
  end: readonly number[];
  /** First and last channel. */
  first: number;
  last: number;
}

/** Sizes of the spatial axes: `[H, W]` of `[H, W, C]`, none of flat features. */
export function spatialOf(shape: FeatureShape): readonly number[] {
  return shape.slice(0, -1);
}

export function channelsOf(shape: FeatureShape): number {
  return shape[shape.length - 1];
}

/**
 * `[H, W, C]` of any feature shape, its places in the same order: flat features are 1 × 1 × C, a signal is one row, the slices of
 * a volume lie below each other.
 */
export function asMap(shape: FeatureShape): readonly [height: number, width: number, channels: number] {
  const width = shape[shape.length - 2] ?? 1;
  const height = shape.slice(0, -2).reduce((product, size) => product * size, 1);
  return [height, width, channelsOf(shape)];
}

/** The place along every spatial axis at row y and column x of `asMap`. */
export function placeAt(shape: FeatureShape, y: number, x: number): number[] {
  return unravel(y * asMap(shape)[1] + x, spatialOf(shape));
}

/** Row and column in `asMap` of a place along every spatial axis. */
export function planeAt(shape: FeatureShape, place: readonly number[]): { y: number; x: number } {
  const width = asMap(shape)[1];
  const index = ravel(place, spatialOf(shape));
  return { y: Math.floor(index / width), x: index % width };
}

/** Row-major index of a place. */
function ravel(place: readonly number[], sizes: readonly number[]): number {
  return sizes.reduce((index, size, axis) => index * size + place[axis], 0);
}

/** The place with a row-major index. */
export function unravel(index: number, sizes: readonly number[]): number[] {
  const place = sizes.map(() => 0);
  for (let axis = sizes.length - 1; axis >= 0; axis--) {
    place[axis] = index % sizes[axis];
    index = Math.floor(index / sizes[axis]);
  }
  return place;
}

export function wholeRegion(shape: FeatureShape): Region {
  const sizes = spatialOf(shape);
  return { start: sizes.map(() => 0), end: sizes.map((size) => size - 1), first: 0, last: channelsOf(shape) - 1 };
}

/** Channels `first` to `last` of one place. */
export function unitRegion(place: readonly number[], first: number, last = first): Region {
  return { start: place, end: place, first, last };
}

/** The smallest box that holds both. */
export function union(a: Region, b: Region): Region {
  return {
    start: a.start.map((place, axis) => Math.min(place, b.start[axis])),
    end: a.end.map((place, axis) => Math.max(place, b.end[axis])),
    first: Math.min(a.first, b.first),
    last: Math.max(a.last, b.last),
  };
}

/** What two boxes have in common; null for nothing. */
export function intersection(a: Region, b: Region): Region | null {
  const both = {
    start: a.start.map((place, axis) => Math.max(place, b.start[axis])),
    end: a.end.map((place, axis) => Math.min(place, b.end[axis])),
    first: Math.max(a.first, b.first),
    last: Math.min(a.last, b.last),
  };
  return both.first > both.last || both.start.some((place, axis) => place > both.end[axis]) ? null : both;
}

/** What windows over `region` read, all channels, not clipped: padding counts. */
export function windowRegion({ kernel, stride, dilation, pad }: WindowGeometry, region: Region): Region {
  const starts = (places: readonly number[]): number[] => places.map((place, axis) => place * stride[axis] - pad[axis]);
  return {
    ...region,
    start: starts(region.start),
    end: starts(region.end).map((start, axis) => start + (kernel[axis] - 1) * dilation[axis]),
  };
}

/** The places of `shape` that windows over `region` read, without those that fall between a dilated kernel's cells at the border; null for none. */
export function windowInside(geometry: WindowGeometry, region: Region, shape: FeatureShape): Region | null {
  const ranges = spatialOf(shape).map((size, axis) =>
    cellsInside(geometry, axis, region.start[axis], region.end[axis], size),
  );
  const found = ranges.filter((range) => range !== null);
  if (found.length < ranges.length) return null;
  return { ...region, start: found.map(([start]) => start), end: found.map(([, end]) => end) };
}

/** First and last cell inside 0 … size − 1 of the windows number `from` to `to` along one axis. */
function cellsInside(
  { kernel, stride, dilation, pad }: WindowGeometry,
  axis: number,
  from: number,
  to: number,
  size: number,
): [number, number] | null {
  const [cells, step] = [kernel[axis], dilation[axis]];
  let [first, last] = [Infinity, -Infinity];
  for (let window = from; window <= to; window++) {
    const start = window * stride[axis] - pad[axis];
    const skipped = Math.max(0, Math.ceil(-start / step));
    const counted = Math.min(cells, Math.floor((size - 1 - start) / step) + 1);
    if (skipped >= counted) continue;
    first = Math.min(first, start + skipped * step);
    last = Math.max(last, start + (counted - 1) * step);
  }
  return first <= last ? [first, last] : null;
}

/** A window over rows and columns. */
export interface PlaneWindow extends WindowGeometry {
  kernel: readonly [height: number, width: number];
  stride: readonly [height: number, width: number];
  dilation: readonly [height: number, width: number];
  pad: readonly [top: number, left: number, bottom: number, right: number];
}

/** A window over one or two axes as one over rows and columns: a signal is a map of one row. Null for more axes. */
export function planeWindow({ kernel, stride, dilation, pad }: WindowGeometry): PlaneWindow | null {
  if (kernel.length > 2) return null;
  const [rows, columns] = kernel.length === 1 ? [-1, 0] : [0, 1];
  const pair = (values: readonly number[]) => [values[rows] ?? 1, values[columns]] as const;
  const padding = [pad[rows] ?? 0, pad[columns], pad[rows + kernel.length] ?? 0, pad[columns + kernel.length]] as const;
  return { kernel: pair(kernel), stride: pair(stride), dilation: pair(dilation), pad: padding };
}

/** Index of a unit in channel-major order (`[C, H, W]`), the order of flattened features; y and x as in `asMap`. */
export function flatIndex(shape: FeatureShape, channel: number, y: number, x: number): number {
  const [height, width] = asMap(shape);
  return (channel * height + y) * width + x;
}

/** The unit at an index of channel-major order; y and x as in `asMap`. */
export function placeOf(shape: FeatureShape, index: number): { channel: number; y: number; x: number } {
  const [height, width] = asMap(shape);
  const channel = Math.floor(index / (height * width));
  const y = Math.floor((index % (height * width)) / width);
  return { channel, y, x: index % width };
}

/**
 * The box in `to` that holds the units of `region` in `from`, where both are the same numbers in channel-major order. Places beyond the
 * edges, which windows at the border ask for, are those at the edge: there is no other number.
 */
export function reshapeRegion(region: Region, from: FeatureShape, to: FeatureShape): Region {
  const [sizes, target] = [channelMajor(from), channelMajor(to)];
  const within = (places: readonly number[]): number[] =>
    places.map((place, axis) => Math.min(Math.max(place, 0), sizes[axis] - 1));
  const start = unravel(ravel(within([region.first, ...region.start]), sizes), target);
  const end = unravel(ravel(within([region.last, ...region.end]), sizes), target);
  // After the first axis along which they differ, every place is between the two.
  const open = start.findIndex((place, axis) => place !== end[axis]);
  const whole = target.map((size, axis) => (open !== -1 && axis > open ? [0, size - 1] : [start[axis], end[axis]]));
  const [[first, last], ...places] = whole;
  return { start: places.map(([from]) => from), end: places.map(([, to]) => to), first, last };
}

const channelMajor = (shape: FeatureShape): number[] => [channelsOf(shape), ...spatialOf(shape)];

import type { FeatureShape } from './tensor';

/** A window sliding over rows and columns, for receptive fields and the pixel view. Pad: top, left, bottom, right. */
export interface WindowGeometry {
  kernel: readonly [height: number, width: number];
  stride: readonly [height: number, width: number];
  dilation: readonly [height: number, width: number];
  pad: readonly [top: number, left: number, bottom: number, right: number];
}

/** A box of units, all bounds inclusive. Flat features are a map of one row and one column. */
export interface Region {
  top: number;
  left: number;
  bottom: number;
  right: number;
  /** First and last channel. */
  first: number;
  last: number;
}

/** `[H, W, C]` of any feature shape: flat features are 1 × 1 × C. */
export function asMap(shape: FeatureShape): readonly [height: number, width: number, channels: number] {
  return shape.length === 3 ? shape : [1, 1, shape[0]];
}

export function wholeRegion(shape: FeatureShape): Region {
  const [height, width, channels] = asMap(shape);
  return { top: 0, left: 0, bottom: height - 1, right: width - 1, first: 0, last: channels - 1 };
}

/** The smallest box that holds both. */
export function union(a: Region, b: Region): Region {
  return {
    top: Math.min(a.top, b.top),
    left: Math.min(a.left, b.left),
    bottom: Math.max(a.bottom, b.bottom),
    right: Math.max(a.right, b.right),
    first: Math.min(a.first, b.first),
    last: Math.max(a.last, b.last),
  };
}

/** What windows over `region` read, all channels, not clipped: padding counts. */
export function windowRegion(geometry: WindowGeometry, region: Region): Region {
  const { kernel, stride, dilation, pad } = geometry;
  return {
    ...region,
    top: region.top * stride[0] - pad[0],
    left: region.left * stride[1] - pad[1],
    bottom: region.bottom * stride[0] - pad[0] + (kernel[0] - 1) * dilation[0],
    right: region.right * stride[1] - pad[1] + (kernel[1] - 1) * dilation[1],
  };
}

/** The rows and columns of `shape` that windows over `region` read, without those that fall between a dilated kernel's cells at the border; null for none. */
export function windowInside(geometry: WindowGeometry, region: Region, shape: FeatureShape): Region | null {
  const [height, width] = asMap(shape);
  const rows = cellsInside(geometry, 0, region.top, region.bottom, height);
  const columns = cellsInside(geometry, 1, region.left, region.right, width);
  return rows && columns && { ...region, top: rows[0], bottom: rows[1], left: columns[0], right: columns[1] };
}

/** First and last cell inside 0 … size − 1 of the windows number `from` to `to` along one axis. */
function cellsInside(
  { kernel, stride, dilation, pad }: WindowGeometry,
  axis: 0 | 1,
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

/** Index of a unit in channel-major (CHW) order, the order of flattened features. */
export function flatIndex(shape: FeatureShape, channel: number, y: number, x: number): number {
  const [height, width] = asMap(shape);
  return (channel * height + y) * width + x;
}

/** The unit at an index of channel-major order. */
export function placeOf(shape: FeatureShape, index: number): { channel: number; y: number; x: number } {
  const [height, width] = asMap(shape);
  const channel = Math.floor(index / (height * width));
  const y = Math.floor((index % (height * width)) / width);
  return { channel, y, x: index % width };
}

/** The box in `to` that holds the units of `region` in `from`, where both are the same numbers in channel-major order. */
export function reshapeRegion(region: Region, from: FeatureShape, to: FeatureShape): Region {
  const start = placeOf(to, flatIndex(from, region.first, region.top, region.left));
  const end = placeOf(to, flatIndex(from, region.last, region.bottom, region.right));
  const whole = wholeRegion(to);
  const oneChannel = start.channel === end.channel;
  const oneRow = oneChannel && start.y === end.y;
  return {
    first: start.channel,
    last: end.channel,
    top: oneChannel ? start.y : 0,
    bottom: oneChannel ? end.y : whole.bottom,
    left: oneRow ? start.x : 0,
    right: oneRow ? end.x : whole.right,
  };
}

import type { PlaneWindow } from '../../../src/core/geometry';
import type { WindowedShapes } from '../../../src/core/kernels/reference/windows';

/** One image `[H, W, C]` without gaps, placed in a buffer of `height` × `row` floats at (top, left). Zero elsewhere. */
export function withHalo(
  image: Float32Array,
  [height, width, channels]: readonly [number, number, number],
  [top, left, bottom, right]: readonly [number, number, number, number],
  extra = 0,
): { data: Float32Array; row: number; rows: number } {
  const row = (left + width + right) * channels + extra;
  const rows = top + height + bottom;
  const data = new Float32Array(rows * row);
  for (let i = 0; i < height; i++) {
    data.set(image.subarray(i * width * channels, (i + 1) * width * channels), (top + i) * row + left * channels);
  }
  return { data, row, rows };
}

/** The inverse: `[H, W, C]` out of a buffer, from (top, left) on. */
export function cut(
  data: Float32Array,
  row: number,
  [height, width, channels]: readonly [number, number, number],
  top = 0,
  left = 0,
): Float32Array {
  const image = new Float32Array(height * width * channels);
  for (let i = 0; i < height; i++) {
    const from = (top + i) * row + left * channels;
    image.set(data.subarray(from, from + width * channels), i * width * channels);
  }
  return image;
}

/** Canonical `[O][K]` → `[⌈O/8⌉][K][8]`, written out plainly. */
export function panels(weights: ArrayLike<number>, outputs: number, depth: number): Float32Array {
  const result = new Float32Array(Math.ceil(outputs / 8) * 8 * depth);
  for (let o = 0; o < outputs; o++) {
    for (let k = 0; k < depth; k++) result[((o >> 3) * depth + k) * 8 + (o & 7)] = weights[o * depth + k];
  }
  return result;
}

export function fromPanels(data: ArrayLike<number>, outputs: number, depth: number): Float32Array {
  const result = new Float32Array(outputs * depth);
  for (let o = 0; o < outputs; o++) {
    for (let k = 0; k < depth; k++) result[o * depth + k] = data[((o >> 3) * depth + k) * 8 + (o & 7)];
  }
  return result;
}

/** Filled up with zeros to a multiple of 8. */
export function padded8(values: ArrayLike<number>): Float32Array {
  const result = new Float32Array(Math.ceil(values.length / 8) * 8);
  result.set(values);
  return result;
}

/** A window on one map. */
export interface MapWindow extends PlaneWindow {
  height: number;
  width: number;
  channels: number;
  outHeight: number;
  outWidth: number;
}

/** The same for the reference kernels: `filters` are the output's channels, the input's where there are none. */
export function onMap<T extends MapWindow & { filters?: number }>(map: T): T & WindowedShapes {
  const { height, width, channels, outHeight, outWidth, filters = channels } = map;
  return { ...map, window: map, n: 1, input: [height, width, channels], output: [outHeight, outWidth, filters] };
}

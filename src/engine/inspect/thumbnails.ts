import type { Thumbnails } from '../../shared/protocol';
import type { Maps } from './tensor';

/** The longest side of a thumbnail. */
const SIDE = 64;

/**
 * Maps `first` … `first + count − 1` as bytes, see `Thumbnails`. A map with a side over 64 is averaged down by the same whole
 * factor in both directions; averages at the right and lower edge are over what is there.
 * @param most the largest absolute value of the whole layer.
 */
export function thumbnailsOf(maps: Maps, layer: number, first: number, count: number, most: number): Thumbnails {
  const { data } = maps;
  const [height, width] = [maps.row.length, maps.column.length];
  const starts = maps.map.subarray(first, first + count);
  const factor = Math.ceil(Math.max(height, width) / SIDE);
  const rows = Math.ceil(height / factor);
  const columns = Math.ceil(width / factor);
  const area = rows * columns;
  const sums = new Float64Array(count * area);
  const min = new Float32Array(count).fill(Infinity);
  const max = new Float32Array(count).fill(-Infinity);
  for (let y = 0; y < height; y++) {
    const row = Math.floor(y / factor) * columns;
    for (let x = 0; x < width; x++) {
      const cell = row + Math.floor(x / factor);
      const pixel = maps.row[y] + maps.column[x];
      for (let i = 0; i < count; i++) {
        const value = data[pixel + starts[i]];
        sums[i * area + cell] += value;
        if (value < min[i]) min[i] = value;
        if (value > max[i]) max[i] = value;
      }
    }
  }
  const absMax = Float32Array.from(min, (least, i) => Math.max(0, -least, max[i]));
  const bytes = new Int8Array(count * area);
  for (let row = 0; row < rows; row++) {
    const high = Math.min(factor, height - row * factor);
    for (let column = 0; column < columns; column++) {
      const wide = Math.min(factor, width - column * factor);
      const cell = row * columns + column;
      for (let i = 0; i < count; i++) {
        // NaN and 0 ÷ 0 become 0, as typed arrays have it.
        bytes[i * area + cell] = Math.round(((127 / absMax[i]) * sums[i * area + cell]) / (high * wide));
      }
    }
  }
  return { layer, first, count, most, height: rows, width: columns, absMax, min, max, data: bytes };
}

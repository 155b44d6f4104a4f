import type { FloatArray } from './tensor';

/** Statistics of a map's values. Computed in doubles from unrounded values; a single NaN makes all but `zeroFraction` NaN. */
export interface Statistics {
  min: number;
  max: number;
  mean: number;
  /** Population standard deviation. */
  deviation: number;
  /** Share of exact zeros, 0 … 1. */
  zeroFraction: number;
}

/** Counts of equal bins from `from` to `to` (the last one holds `to` as well); exact zeros are counted in `zeros` alone. */
export interface HistogramCounts {
  counts: Uint32Array;
  from: number;
  to: number;
  zeros: number;
}

/**
 * Statistics of every `step`-th value from `start`: a whole tensor as it is, map c of `[H, W, C]` with start c and step C.
 * Two passes: the mean first, then the squares about it.
 */
export function statistics(data: FloatArray, start = 0, step = 1): Statistics {
  let [min, max, sum, zeros, count] = [Infinity, -Infinity, 0, 0, 0];
  for (let i = start; i < data.length; i += step) {
    const value = data[i];
    if (value < min) min = value;
    if (value > max) max = value;
    if (value === 0) zeros++;
    sum += value;
    count++;
  }
  const mean = sum / count;
  let squares = 0;
  for (let i = start; i < data.length; i += step) squares += (data[i] - mean) ** 2;
  const zeroFraction = zeros / count;
  if (Number.isNaN(sum) && hasNaN(data, start, step)) [min, max] = [NaN, NaN];
  return { min, max, mean, deviation: Math.sqrt(squares / count), zeroFraction };
}

/**
 * A histogram of the finite values over `bins` equal bins. Without a range it is the data's own, zero included only if
 * values lie there. Values outside a given range, infinities and NaN are not counted.
 */
export function histogram(
  data: FloatArray,
  bins: number,
  { start = 0, step = 1, from, to }: { start?: number; step?: number; from?: number; to?: number } = {},
): HistogramCounts {
  let [low, high] = [from ?? Infinity, to ?? -Infinity];
  if (from === undefined || to === undefined) {
    for (let i = start; i < data.length; i += step) {
      if (data[i] === 0 || !Number.isFinite(data[i])) continue;
      if (from === undefined && data[i] < low) low = data[i];
      if (to === undefined && data[i] > high) high = data[i];
    }
  }
  if (!(low <= high)) [low, high] = [0, 0];
  const counts = new Uint32Array(bins);
  let zeros = 0;
  for (let i = start; i < data.length; i += step) {
    const value = data[i];
    if (value === 0) zeros++;
    else if (value >= low && value <= high && Number.isFinite(value)) {
      const bin = high > low ? Math.floor(((value - low) / (high - low)) * bins) : 0;
      counts[Math.min(bins - 1, bin)]++;
    }
  }
  return { counts, from: low, to: high, zeros };
}

function hasNaN(data: FloatArray, start: number, step: number): boolean {
  for (let i = start; i < data.length; i += step) if (Number.isNaN(data[i])) return true;
  return false;
}

import { channelsOf, spatialOf, unravel } from '../../geometry';
import { sizeOf, type FeatureShape, type FloatArray } from '../../tensor';
import { accumulate } from './conv';

/** Cells from `start` on, before `end`. */
export interface Bin {
  start: number;
  end: number;
}

/** The bins of a level along an axis of `size` cells: ⌊i · size ÷ level⌋ to ⌈(i + 1) · size ÷ level⌉. */
export function binsOf(size: number, level: number): Bin[] {
  return Array.from({ length: level }, (_, i) => ({
    start: Math.floor((i * size) / level),
    end: Math.ceil(((i + 1) * size) / level),
  }));
}

/** Per bin of a level, in row-major order, the row-major indices of its cells. */
function cellsOf(sizes: readonly number[], level: number): Int32Array[] {
  const all = sizes.map((size) => binsOf(size, level));
  return Array.from({ length: level ** sizes.length }, (_, bin) => {
    const place = unravel(
      bin,
      sizes.map(() => level),
    );
    const own = place.map((each, axis) => all[axis][each]);
    const lengths = own.map(({ start, end }) => end - start);
    return Int32Array.from({ length: sizeOf(lengths) }, (_each, cell) =>
      unravel(cell, lengths).reduce((index, each, axis) => index * sizes[axis] + own[axis].start + each, 0),
    );
  });
}

/** Calls `visit` for every unit of y in order, with the index in `x` of its bin's largest value: the first NaN, on a tie the first. */
function eachWinner<A extends FloatArray>(
  levels: readonly number[],
  n: number,
  input: FeatureShape,
  x: A,
  visit: (out: number, winner: number) => void,
): void {
  const [sizes, channels] = [spatialOf(input), channelsOf(input)];
  const all = levels.map((level) => cellsOf(sizes, level));
  let out = 0;
  for (let sample = 0; sample < n; sample++)
    for (const bins of all)
      for (let c = 0; c < channels; c++)
        for (const cells of bins) {
          const first = sample * sizeOf(input) + c;
          let best = first + cells[0] * channels;
          for (const cell of cells) {
            const index = first + cell * channels;
            if (x[index] > x[best] || (Number.isNaN(x[index]) && !Number.isNaN(x[best]))) best = index;
          }
          visit(out++, best);
        }
}

/** y = the largest value of each bin: level by level, in each `[C, …bins]`. x `[n, …spatial, C]`. */
export function pyramidForward<A extends FloatArray>(
  levels: readonly number[],
  n: number,
  input: FeatureShape,
  x: A,
  y: A,
): void {
  eachWinner(levels, n, input, x, (out, winner) => (y[out] = x[winner]));
}

/** dx[largest] += dy. */
export function pyramidBackward<A extends FloatArray>(
  levels: readonly number[],
  n: number,
  input: FeatureShape,
  x: A,
  dy: A,
  dx: A,
): void {
  const sums = new Float64Array(dx.length);
  eachWinner(levels, n, input, x, (out, winner) => (sums[winner] += dy[out]));
  accumulate(sums, dx);
}

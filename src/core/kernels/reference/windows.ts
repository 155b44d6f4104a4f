import type { WindowGeometry } from '../../geometry';
import { spatialOf } from '../../geometry';
import { sizeOf, type FeatureShape } from '../../tensor';

/** Windows over a batch: shapes are `[...spatial, C]`, with as many spatial axes as the window has. */
export interface WindowedShapes {
  window: WindowGeometry;
  n: number;
  input: FeatureShape;
  output: FeatureShape;
}

/** The cells of one window that lie inside the input, in row-major order. */
export interface Cells {
  count: number;
  /** Row-major index of each in one sample of the input. */
  readonly places: Int32Array;
  /** Row-major index of each in the window. */
  readonly cells: Int32Array;
}

/**
 * Calls `visit` for every window of every sample, in order.
 * @param visit gets the number of the output place, the number of the sample's first input place, the window's cells inside the
 * input and its place along every axis. `cells` and `at` are the same objects each time.
 */
export function eachWindow(
  { window, n, input, output }: WindowedShapes,
  visit: (out: number, first: number, cells: Cells, at: readonly number[]) => void,
): void {
  const [from, to] = [spatialOf(input), spatialOf(output)];
  const most = window.kernel.reduce((product, size, axis) => product * Math.min(size, from[axis]), 1);
  const cells: Cells = { count: 0, places: new Int32Array(most), cells: new Int32Array(most) };
  const at = to.map(() => 0);
  const places = sizeOf(from);
  const windows = sizeOf(to);
  for (let k = 0, out = 0; k < n; k++) {
    for (let i = 0; i < windows; i++, out++) {
      findCells(window, from, at, cells);
      visit(out, k * places, cells, at);
      step(at, to);
    }
  }
}

/** Moves to the next place in row-major order; after the last one to the first. */
function step(at: number[], sizes: readonly number[]): void {
  for (let axis = at.length - 1; axis >= 0; axis--) {
    if (++at[axis] < sizes[axis]) return;
    at[axis] = 0;
  }
}

/** Axis by axis: each cell so far becomes those along the next axis. */
function findCells(window: WindowGeometry, sizes: readonly number[], at: readonly number[], found: Cells): void {
  const { kernel, stride, dilation, pad } = window;
  const { places, cells } = found;
  found.count = 1;
  places[0] = cells[0] = 0;
  for (let axis = 0; axis < sizes.length; axis++) {
    const start = at[axis] * stride[axis] - pad[axis];
    const skipped = start < 0 ? Math.min(kernel[axis], Math.ceil(-start / dilation[axis])) : 0;
    const room = Math.floor((sizes[axis] - 1 - start) / dilation[axis]) + 1;
    const inside = Math.max(0, Math.min(kernel[axis], room) - skipped);
    // From the last one backwards, so that no entry is overwritten before it is read.
    for (let i = found.count - 1; i >= 0; i--) {
      const [place, cell] = [places[i] * sizes[axis] + start, cells[i] * kernel[axis]];
      for (let j = inside - 1; j >= 0; j--) {
        places[i * inside + j] = place + (skipped + j) * dilation[axis];
        cells[i * inside + j] = cell + skipped + j;
      }
    }
    found.count *= inside;
  }
}

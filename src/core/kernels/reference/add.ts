import type { FloatArray } from '../../tensor';
import { accumulate } from './conv';

type MapShape = readonly [height: number, width: number, channels: number];

export interface AddGeometry {
  n: number;
  /** A dimension of 1 is repeated. */
  input: MapShape;
  output: MapShape;
}

/** Calls `visit` for every unit of the output with the index in the input that it reads. */
function eachUnit({ n, input, output }: AddGeometry, visit: (out: number, from: number) => void): void {
  const [height, width, channels] = input;
  let out = 0;
  for (let k = 0; k < n; k++) {
    for (let y = 0; y < output[0]; y++) {
      for (let x = 0; x < output[1]; x++) {
        const row = k * height + (height === 1 ? 0 : y);
        const from = (row * width + (width === 1 ? 0 : x)) * channels;
        for (let c = 0; c < output[2]; c++) visit(out++, from + (channels === 1 ? 0 : c));
      }
    }
  }
}

/** y = Σ x, each rounded once. */
export function addForward<A extends FloatArray>(geometries: readonly AddGeometry[], x: readonly A[], y: A): void {
  const sums = new Float64Array(y.length);
  geometries.forEach((geometry, i) => eachUnit(geometry, (out, from) => (sums[out] += x[i][from])));
  y.set(sums);
}

/** dx += dy, summed over what was repeated. */
export function addBackward<A extends FloatArray>(geometry: AddGeometry, dy: A, dx: A): void {
  const sums = new Float64Array(dx.length);
  eachUnit(geometry, (out, from) => (sums[from] += dy[out]));
  accumulate(sums, dx);
}

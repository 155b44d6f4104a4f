import type { FeatureShape, FloatArray } from '../../tensor';

/** The direction along which values sum to one. */
export type SoftmaxAxis = 'channel' | 'height' | 'width';

/** The dimension of an axis: channels are the last one, columns the one before, rows before that. Negative if the shape has none. */
export function axisOf(axis: SoftmaxAxis, shape: FeatureShape): number {
  return shape.length - { channel: 1, width: 2, height: 3 }[axis];
}

/** Layout of the rows that sum to one: `outer` blocks of `inner` rows each; a row has `count` values, `inner` apart. */
export interface SoftmaxRows {
  outer: number;
  count: number;
  inner: number;
}

function eachRow(rows: SoftmaxRows, visit: (start: number) => void): void {
  for (let o = 0; o < rows.outer; o++) {
    for (let i = 0; i < rows.inner; i++) visit(o * rows.count * rows.inner + i);
  }
}

/** y = e^(x − max) ÷ Σ e^(x − max); with `log`, y = x − max − ln Σ e^(x − max). Subtracting the largest keeps e^ from overflowing. */
export function softmaxForward<A extends FloatArray>(rows: SoftmaxRows, log: boolean, x: A, y: A): void {
  const { count, inner } = rows;
  eachRow(rows, (start) => {
    const end = start + count * inner;
    let largest = -Infinity;
    for (let i = start; i < end; i += inner) largest = Math.max(largest, x[i]);
    let sum = 0;
    for (let i = start; i < end; i += inner) sum += Math.exp(x[i] - largest);
    for (let i = start; i < end; i += inner) {
      y[i] = log ? x[i] - largest - Math.log(sum) : Math.exp(x[i] - largest) / sum;
    }
  });
}

/** Softmax: dx += y · (dy − Σ dy · y). Log-softmax: dx += dy − e^y · Σ dy. */
export function softmaxBackward<A extends FloatArray>(rows: SoftmaxRows, log: boolean, y: A, dy: A, dx: A): void {
  const { count, inner } = rows;
  eachRow(rows, (start) => {
    const end = start + count * inner;
    let sum = 0;
    for (let i = start; i < end; i += inner) sum += log ? dy[i] : dy[i] * y[i];
    for (let i = start; i < end; i += inner) dx[i] += log ? dy[i] - Math.exp(y[i]) * sum : y[i] * (dy[i] - sum);
  });
}

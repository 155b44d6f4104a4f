import type { Term, WindowPlane } from '../../../../core/explain/types';

/**
 * A dense unit's weights folded back to the maps that they look at: one plane a map, sums in doubles.
 * `vector` and `weights` are `C·H·W` long in CHW order, as flatten leaves them.
 */
export function densePlanes(
  vector: ArrayLike<number>,
  weights: ArrayLike<number>,
  [channels, height, width]: readonly [number, number, number],
): WindowPlane[] {
  const cells = height * width;
  if (vector.length !== channels * cells || weights.length !== channels * cells)
    throw new RangeError(
      `expected ${channels * cells} values and weights, found ${vector.length} and ${weights.length}`,
    );
  return Array.from({ length: channels }, (_, channel) => {
    const plane: WindowPlane = {
      channel,
      values: new Float64Array(cells),
      weights: new Float64Array(cells),
      inside: new Uint8Array(cells).fill(1),
      sum: 0,
    };
    for (let k = 0; k < cells; k++) {
      const value = vector[channel * cells + k];
      const weight = weights[channel * cells + k];
      plane.values[k] = value;
      plane.weights![k] = weight;
      plane.sum += value * weight;
    }
    return plane;
  });
}

/** Every product of a plane, row by row; the values where it has no weights. */
export function products(plane: WindowPlane): Float64Array {
  return plane.weights ? plane.values.map((value, k) => value * plane.weights![k]) : plane.values;
}

/** The largest absolute value, at least `floor`: what a table's colors are scaled by. */
export function largest(values: ArrayLike<number>, floor = 1e-12): number {
  let most = floor;
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i]));
  return most;
}

/** A row of the table of sums. */
export interface SumRow {
  /** Null for what is no input channel: bias and rest. */
  channel: number | null;
  value: number;
  /** 0 … 1 of the half track. */
  length: number;
  negative: boolean;
}

export type SumOrder = 'channel' | 'size';

/** The sums per input channel with their bars, on one scale with the bias. */
export function sumRows(
  planes: readonly WindowPlane[],
  bias: number,
  order: SumOrder,
): { rows: SumRow[]; bias: SumRow } {
  const most = largest([...planes.map((plane) => plane.sum), bias]);
  const row = (channel: number | null, value: number): SumRow => ({
    channel,
    value,
    length: Math.abs(value) / most,
    negative: value < 0,
  });
  const rows = planes.map((plane) => row(plane.channel, plane.sum));
  if (order === 'size') rows.sort((a, b) => Math.abs(b.value) - Math.abs(a.value) || a.channel! - b.channel!);
  return { rows, bias: row(null, bias) };
}

/** Terms largest first with the sum so far, from the bias on: how the value comes about. */
export function runningTotal(terms: readonly Term[], bias: number): { term: Term; total: number }[] {
  let total = bias;
  return terms.map((term) => ({ term, total: (total += term.product) }));
}

/** A class of a softmax, with what its probability is made of. */
export interface SoftmaxRow {
  index: number;
  logit: number;
  /** logit − largest logit. */
  shifted: number;
  exponential: number;
  probability: number;
}

export function softmaxRows(
  logits: ArrayLike<number>,
  exponentials: ArrayLike<number>,
  maximum: number,
  sum: number,
): SoftmaxRow[] {
  return Array.from({ length: logits.length }, (_, index) => ({
    index,
    logit: logits[index],
    shifted: logits[index] - maximum,
    exponential: exponentials[index],
    probability: exponentials[index] / sum,
  }));
}

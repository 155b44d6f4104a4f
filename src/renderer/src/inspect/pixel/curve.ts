import type { Curve } from '../../../../core/explain/types';

/** A curve as points from left to right, in values, and the box that holds them and zero. */
export interface Drawn {
  points: { x: number; y: number }[];
  from: { x: number; y: number };
  to: { x: number; y: number };
}

export function drawn({ from, to, values }: Curve): Drawn {
  const points = Array.from(values, (y, i) => ({ x: from + ((to - from) * i) / (values.length - 1), y }));
  const low = Math.min(0, ...values);
  const high = Math.max(...values, low + 1e-9);
  return { points, from: { x: from, y: low }, to: { x: to, y: high } };
}

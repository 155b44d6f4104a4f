import type { Curve } from './types';

/** How far a curve is drawn to either side of zero, at least. */
const REACH = 4;
const POINTS = 97;

/** A function of one number around `at`: wide enough to hold it and to show the bend at zero. */
export function curveAround(f: (x: number) => number, at: number): Curve | null {
  if (!Number.isFinite(at)) return null;
  const reach = Math.max(REACH, Math.abs(at) * 1.25);
  const values = Float64Array.from({ length: POINTS }, (_, i) => f(-reach + (2 * reach * i) / (POINTS - 1)));
  return { from: -reach, to: reach, values };
}

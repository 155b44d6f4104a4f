import type { FloatArray } from '../../tensor';

/** y = f(x), unit by unit. */
export function mapForward<A extends FloatArray>(f: (x: number) => number, x: A, y: A): void {
  for (let i = 0; i < x.length; i++) y[i] = f(x[i]);
}

/** dx += dy · f′(x). */
export function mapBackward<A extends FloatArray>(slope: (x: number) => number, x: A, dy: A, dx: A): void {
  for (let i = 0; i < x.length; i++) dx[i] += dy[i] * slope(x[i]);
}

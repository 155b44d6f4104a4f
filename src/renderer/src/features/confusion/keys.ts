import type { Cell } from './matrix';

const steps: Readonly<Record<string, readonly [down: number, right: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  Home: [0, -Infinity],
  End: [0, Infinity],
  PageUp: [-Infinity, 0],
  PageDown: [Infinity, 0],
};

/** The cell that a key goes to in a matrix of `count` classes; null for a key that moves nothing. */
export function cellAfter(key: string, { truth, predicted }: Cell, count: number): Cell | null {
  if (!Object.hasOwn(steps, key)) return null;
  const [down, right] = steps[key];
  const inside = (value: number): number => Math.max(0, Math.min(count - 1, value));
  return { truth: inside(truth + down), predicted: inside(predicted + right) };
}

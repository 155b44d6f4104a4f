import { wilson } from './wilson';

/** How far a share of so many pictures may be from the true one: half the width of its 95 % interval. */
export function marginOf(share: number, count: number): number {
  if (count === 0) return 1;
  const { low, high } = wilson(share * count, count);
  return (high - low) / 2;
}

/** What came of a run. `margin` is that of `accuracy`; all shares are 0 … 1. */
export type Verdict = { accuracy: number; chance: number; margin: number } & (
  { kind: 'not learned' } | { kind: 'by heart'; train: number } | { kind: 'learned' }
);

/** The training accuracy is this much above the judged one, at least, where pictures were learned by heart. */
const GAP = 0.12;

/**
 * What came of a run, by its accuracy on pictures that it did not learn from: not above guessing by more than chance can be; learned by heart,
 * where the training pictures are answered far better; otherwise learned, as well as so many pictures can tell.
 * @param chance the share of the commonest class among the judged pictures.
 * @param train accuracy of the same weights on the training pictures; null where unknown.
 */
export function verdictOf(accuracy: number, count: number, chance: number, train: number | null): Verdict {
  const margin = marginOf(accuracy, count);
  const told = { accuracy, chance, margin };
  if (accuracy - chance <= margin && (train === null || train - chance <= GAP)) return { kind: 'not learned', ...told };
  if (train !== null && train - accuracy > Math.max(GAP, margin)) return { kind: 'by heart', train, ...told };
  return { kind: accuracy - chance <= margin ? 'not learned' : 'learned', ...told };
}

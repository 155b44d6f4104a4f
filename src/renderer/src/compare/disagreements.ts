import type { PictureChoice } from '../../../shared/evaluation';

/** What can be chosen for so many contenders: with two of them each alone, with more any pair. */
export function choices(contenders: number): PictureChoice[] {
  if (contenders !== 2) return [{ kind: 'disagree' }, { kind: 'only', right: 0, wrong: 1 }, { kind: 'none' }];
  return [
    { kind: 'disagree' },
    { kind: 'only', right: 0, wrong: 1 },
    { kind: 'only', right: 1, wrong: 0 },
    { kind: 'none' },
  ];
}

/** Another pair: where both would be the same contender, the other one moves on. */
export function repair(
  pair: { right: number; wrong: number },
  change: Partial<{ right: number; wrong: number }>,
  contenders: number,
): { right: number; wrong: number } {
  const next = { ...pair, ...change };
  if (next.right !== next.wrong) return next;
  const other = (next.right + 1) % contenders;
  return 'right' in change ? { ...next, wrong: other } : { ...next, right: other };
}

/** A choice that fits so many contenders and classes; the disagreements where it does not. */
export function fitting(shown: PictureChoice, contenders: number, classes: number): PictureChoice {
  const ok =
    shown.kind === 'only'
      ? Math.max(shown.right, shown.wrong) < contenders
      : shown.kind !== 'cell' || (shown.contender < contenders && Math.max(shown.truth, shown.predicted) < classes);
  return ok ? shown : { kind: 'disagree' };
}

/** Where the pair `a` < `b` stands in the list of all pairs of so many contenders: A and B, A and C, …, B and C, … */
export const pairIndex = (a: number, b: number, contenders: number): number =>
  (a * (2 * contenders - a - 1)) / 2 + (b - a - 1);

/**
 * How many members of each class a stratified share takes. Rounding is by largest remainders, so that the numbers add
 * up to the share of the whole. A class of two or more gives at least one and keeps at least one; a class of one gives
 * none.
 * @param counts members of each class. @param share 0 … 1; of 0 nothing is taken.
 */
export function quotas(counts: readonly number[], share: number): number[] {
  if (share === 0) return counts.map(() => 0);
  const exact = counts.map((count) => count * share);
  const takes = exact.map(Math.floor);
  const total = Math.round(counts.reduce((sum, count) => sum + count, 0) * share);
  let missing = total - takes.reduce((sum, take) => sum + take, 0);
  const byRemainder = exact
    .map((value, i) => ({ i, remainder: value - takes[i] }))
    .sort((a, b) => b.remainder - a.remainder || a.i - b.i);
  for (const { i } of byRemainder) {
    if (missing-- <= 0) break;
    takes[i]++;
  }
  return takes.map((take, i) => (counts[i] >= 2 ? Math.min(Math.max(take, 1), counts[i] - 1) : 0));
}

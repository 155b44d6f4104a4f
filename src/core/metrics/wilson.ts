/** 97.5 % of a standard normal distribution lies below it. */
const Z = 1.959963984540054;

/**
 * Between which shares the true one lies, with 95 % confidence, where `right` of `total` were right (0 … 1). It does not leave that
 * range and stands for few pictures, too. (Wilson 1927, "Probable inference, the law of succession, and statistical inference".)
 */
export function wilson(right: number, total: number): { low: number; high: number } {
  if (total === 0) return { low: 0, high: 1 };
  const share = right / total;
  const weight = 1 + Z ** 2 / total;
  const middle = (share + Z ** 2 / (2 * total)) / weight;
  const half = (Z / weight) * Math.sqrt((share * (1 - share)) / total + (Z / (2 * total)) ** 2);
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}

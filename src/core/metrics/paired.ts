/** 97.5 % of a standard normal distribution lies below it. */
const Z = 1.959963984540054;

/** Of pictures that two networks answered: both right, only one of the two, neither. */
export interface PairedCounts {
  both: number;
  onlyA: number;
  onlyB: number;
  neither: number;
}

/** @param rightA of each picture 1 where A is correct. @param rightB the same of B. */
export function pairedCounts(rightA: Uint8Array, rightB: Uint8Array): PairedCounts {
  const counts: PairedCounts = { both: 0, onlyA: 0, onlyB: 0, neither: 0 };
  rightA.forEach((hit, i) => counts[hit ? (rightB[i] ? 'both' : 'onlyA') : rightB[i] ? 'onlyB' : 'neither']++);
  return counts;
}

/**
 * The exact two-sided p-value of McNemar's test: how likely so uneven a split of the pictures that only one of the two got right would be
 * if each fell to either by a fair coin. 1 where there are none. (McNemar 1947; exact by the binomial distribution, doubled, at most 1.)
 */
export function mcnemar({ onlyA, onlyB }: Pick<PairedCounts, 'onlyA' | 'onlyB'>): number {
  const total = onlyA + onlyB;
  const fewer = Math.min(onlyA, onlyB);
  // Logarithms of the binomial coefficients: 2^-total alone is 0 in doubles from 1075 on.
  let log = -total * Math.LN2;
  let sum = Math.exp(log);
  for (let k = 1; k <= fewer; k++) {
    log += Math.log((total - k + 1) / k);
    sum += Math.exp(log);
  }
  return Math.min(1, 2 * sum);
}

/**
 * By how much the accuracy of A is above that of B on the same pictures (−1 … 1), and between which values the true difference lies with 95 %
 * confidence. (Agresti and Min 2005, "Simple improved confidence intervals for comparing matched proportions": half a picture is added to
 * each of the four counts.)
 */
export function accuracyDifference({ both, onlyA, onlyB, neither }: PairedCounts): {
  difference: number;
  low: number;
  high: number;
} {
  const pictures = both + onlyA + onlyB + neither;
  if (pictures === 0) return { difference: 0, low: -1, high: 1 };
  const [a, b, n] = [onlyA + 0.5, onlyB + 0.5, pictures + 2];
  const middle = (a - b) / n;
  const half = (Z / n) * Math.sqrt(a + b - (a - b) ** 2 / n);
  return {
    difference: (onlyA - onlyB) / pictures,
    low: Math.max(-1, middle - half),
    high: Math.min(1, middle + half),
  };
}

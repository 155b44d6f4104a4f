import fc from 'fast-check';
import { expect, it } from 'vitest';
import { accuracyDifference, mcnemar, pairedCounts } from '../../../src/core/metrics/paired';
import { pairedMessage } from '../../../src/core/metrics/paired-message';
import { sentence } from '../../../src/words';

const count = fc.nat(400);
const counts = fc.record({ both: count, onlyA: count, onlyB: count, neither: count });

/** Two-sided, by adding up whole numbers: all splits that are no likelier than the one there is. */
function exact(onlyA: number, onlyB: number): number {
  const total = onlyA + onlyB;
  let [coefficient, sum] = [1n, 0n];
  for (let k = 0; k <= Math.min(onlyA, onlyB); k++) {
    sum += coefficient;
    coefficient = (coefficient * BigInt(total - k)) / BigInt(k + 1);
  }
  const scaled = (2n * sum * 10n ** 40n) / (1n << BigInt(total));
  return Math.min(1, Number(scaled) / 1e40);
}

it('p is that of whole numbers, the same for both orders, and 1 where nothing differs', () => {
  fc.assert(
    fc.property(count, count, (onlyA, onlyB) => {
      const p = mcnemar({ onlyA, onlyB });
      expect(p).toBe(mcnemar({ onlyA: onlyB, onlyB: onlyA }));
      expect(Math.abs(p - exact(onlyA, onlyB))).toBeLessThan(1e-12);
    }),
  );
  expect(mcnemar({ onlyA: 0, onlyB: 0 })).toBe(1);
  // scipy 1.17.1: binomtest(5, 20).pvalue
  expect(mcnemar({ onlyA: 5, onlyB: 15 })).toBeCloseTo(0.04138947, 8);
  expect(mcnemar({ onlyA: 600, onlyB: 1400 })).toBeGreaterThan(0);
});

it('the interval holds the difference nearly, turns with the order, and narrows with more pictures', () => {
  fc.assert(
    fc.property(counts, (each) => {
      const { difference, low, high } = accuracyDifference(each);
      expect(-1 <= low && low < high && high <= 1).toBe(true);
      const turned = accuracyDifference({ ...each, onlyA: each.onlyB, onlyB: each.onlyA });
      expect(turned.low).toBeCloseTo(-high, 12);
      expect(turned.difference).toBe(-difference || 0);
      const tenfold = Object.fromEntries(Object.entries(each).map(([key, value]) => [key, 10 * value]));
      const wide = accuracyDifference(tenfold as unknown as typeof each);
      expect(wide.high - wide.low).toBeLessThan(high - low);
    }),
  );
});

it('covers the true difference in about 95 of 100 draws', () => {
  // Two networks of 80 and 75 % that are right together on 70 %.
  let [state, covered] = [12345, 0];
  const random = (): number => (state = (state * 48271) % 2147483647) / 2147483647;
  for (let draw = 0; draw < 2000; draw++) {
    const drawn = { both: 0, onlyA: 0, onlyB: 0, neither: 0 };
    for (let i = 0; i < 150; i++) {
      const at = random();
      drawn[at < 0.7 ? 'both' : at < 0.8 ? 'onlyA' : at < 0.85 ? 'onlyB' : 'neither']++;
    }
    const { low, high } = accuracyDifference(drawn);
    if (low <= 0.05 && 0.05 <= high) covered++;
  }
  expect(covered / 2000).toBeGreaterThan(0.935);
  expect(covered / 2000).toBeLessThan(0.97);
});

it('counts pictures by who was right, and says no more than they tell', () => {
  const [a, b] = [Uint8Array.of(1, 1, 0, 0, 1), Uint8Array.of(1, 0, 1, 0, 0)];
  expect(pairedCounts(a, b)).toEqual({ both: 1, onlyA: 2, onlyB: 1, neither: 1 });
  const few = { both: 80, onlyA: 5, onlyB: 9, neither: 6 };
  expect(sentence(pairedMessage('A', 'B', few))).toMatch(/^B is right on 4\.00 points more .* do not tell which/);
  const many = { both: 8000, onlyA: 700, onlyB: 500, neither: 800 };
  expect(sentence(pairedMessage('A', 'B', many))).toMatch(/^A is right more often than B, by 2\.00 points .* p < 0/);
  expect(sentence(pairedMessage('A', 'B', { ...few, onlyA: 0, onlyB: 0 }))).toContain('the same of these 86 pictures');
});

import type { Term } from './types';

/** How many terms of a long sum are listed. */
export const TERMS_SHOWN = 32;

/** The terms of largest magnitude, largest first; the earlier one on a tie. */
export function largestTerms(products: Float64Array, term: (index: number) => Term): Term[] {
  const order = Array.from(products.keys());
  order.sort((a, b) => Math.abs(products[b]) - Math.abs(products[a]) || a - b);
  return order.slice(0, TERMS_SHOWN).map(term);
}

/**
 * A sum of products in figures: the number of terms, the sums of the positive and of the negative ones, and the sum of
 * those not listed.
 */
export function parts(
  products: Float64Array,
  largest: readonly Term[],
): { terms: number; positive: number; negative: number; rest: number } {
  let positive = 0;
  let negative = 0;
  for (const product of products) {
    if (product > 0) positive += product;
    else negative += product;
  }
  const rest = positive + negative - largest.reduce((sum, term) => sum + term.product, 0);
  return { terms: products.length, positive, negative, rest };
}

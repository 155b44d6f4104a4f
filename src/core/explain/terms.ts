import type { Term } from './types';

/** How many terms of a long sum are written out. */
export const TERMS_SHOWN = 32;

/** The terms of largest magnitude, largest first; the earlier one on a tie. */
export function largestTerms(products: Float64Array, term: (index: number) => Term): Term[] {
  const order = Array.from(products.keys());
  order.sort((a, b) => Math.abs(products[b]) - Math.abs(products[a]) || a - b);
  return order.slice(0, TERMS_SHOWN).map(term);
}

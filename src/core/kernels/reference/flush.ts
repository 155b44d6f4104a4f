/** Factors are zero or at least this large, so that a product is never a denormal number. */
const SMALLEST_FACTOR = 2 ** -60;

/**
 * Activations, their gradients and weights smaller than 2⁻⁶⁰ count as zero. Processors multiply into denormal numbers (under 2⁻¹²⁶) up to
 * a hundred times slower, and WebAssembly cannot turn them off. NaN stays.
 */
export function flush(value: number): number {
  return Math.abs(value) < SMALLEST_FACTOR ? 0 : value;
}

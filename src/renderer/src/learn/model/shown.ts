import { num } from '../../format';

/** A number in a cell or a formula: whole ones whole, others with about three digits. */
export function shown(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return num(value, 0);
  return num(value);
}

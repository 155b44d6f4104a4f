import { parseNumber } from '../../widgets/number';

/** A number as people type it, or a fraction of two: `1/36`. NaN for anything else. */
export function readNumber(text: string): number {
  const [over, under = '1', ...rest] = text.split('/');
  const value = rest.length > 0 ? NaN : parseNumber(over) / parseNumber(under);
  return Number.isFinite(value) ? value : NaN;
}

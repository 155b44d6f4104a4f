import type { Explanation } from '../../../../core/explain/types';

/** Agreement between float32 and float64 is expected to this share of the value (or of 1, for values below 1). */
const tolerance = 1e-4;

/** The difference as a share of the shown value; null where that is zero and the difference is not. */
export function relativeDifference({ shown, difference }: Pick<Explanation, 'shown' | 'difference'>): {
  value: number | null;
  agrees: boolean;
} {
  const size = Math.abs(difference);
  const agrees = size <= tolerance * Math.max(1, Math.abs(shown));
  if (size === 0) return { value: 0, agrees };
  return { value: shown === 0 ? null : size / Math.abs(shown), agrees };
}

/** A float32 with the digits that tell it from its neighbors (at most nine). */
export function float32Text(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  for (let digits = 6; digits < 9; digits++)
    if (Math.fround(Number(value.toPrecision(digits))) === Math.fround(value)) return plain(value.toPrecision(digits));
  return plain(value.toPrecision(9));
}

/** A double to twelve significant digits: more than float32 can tell, fewer than its own rounding. */
export function float64Text(value: number): string {
  return Number.isFinite(value) ? plain(value.toPrecision(12)) : String(value);
}

/** `−0.00012345`: no trailing noughts behind the point, `×10` instead of `e`, U+2212 for minus. */
function plain(text: string): string {
  const [mantissa, exponent] = text.split('e');
  const trimmed = (mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa).replace('-', '−');
  if (trimmed === '−0') return '0';
  if (exponent === undefined) return trimmed;
  const raised = [...String(Number(exponent))].map((c) => (c === '-' ? '⁻' : '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(c)])).join('');
  return `${trimmed} × 10${raised}`;
}

import { num, sci, superscript } from '../../format';

/** Even marks on an axis as text: as many places as tell two neighbors apart. */
export function marks(splits: readonly (number | null)[]): string[] {
  const there = splits.filter((value) => value !== null);
  const step = there.length > 1 ? Math.abs(there[1] - there[0]) : Math.abs(there[0] ?? 1);
  // As many as the step itself has: 0.25 takes two.
  const whole = (places: number): boolean => Math.abs(step * 10 ** places - Math.round(step * 10 ** places)) < 1e-6;
  let places = 0;
  while (places < 8 && step > 0 && !(whole(places) && step * 10 ** places >= 0.5)) places++;
  return splits.map((value) =>
    value === null ? '' : Math.abs(value) >= 1e5 ? sci(value) : num(Number(value.toFixed(places)), places),
  );
}

/** Marks of a logarithmic axis: powers of ten, what lies between them goes without. */
export function logMarks(splits: readonly (number | null)[]): string[] {
  return splits.map((value) => {
    if (value === null) return '';
    const power = Math.round(Math.log10(value));
    if (Math.abs(value / 10 ** power - 1) > 1e-9) return '';
    return power >= -2 && power <= 3 ? String(10 ** power) : `10${power < 0 ? '⁻' : ''}${superscript(Math.abs(power))}`;
  });
}

/** A number as people type it, decimal point, comma or the Chinese full stop alike; NaN for anything else. */
export function parseNumber(text: string): number {
  const plain = text
    .trim()
    .replace('−', '-')
    .replace(/[,，。]/, '.');
  return plain === '' ? NaN : Number(plain);
}

/** Shortest decimal text of a number: no exponent from 10⁻⁹ on, no noise of binary fractions. */
export function numberText(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return String(value);
  const rounded = Number(value.toPrecision(12));
  return Math.abs(rounded) < 1e-6 ? rounded.toFixed(12).replace(/0+$/, '') : String(rounded);
}

/** The next value up (1) or down (−1): by `step`, or along 1 – 2 – 5 – 10 where `step` is `'decades'`. Kept within the range. */
export function stepNumber(
  value: number,
  direction: 1 | -1,
  step: number | 'decades',
  { min = -Infinity, max = Infinity }: { min?: number; max?: number } = {},
): number {
  const next = step === 'decades' ? nextOfDecades(value, direction) : onGrid(value, direction, step);
  return Math.min(max, Math.max(min, next));
}

/** Multiples of the step: 64 goes to 96 by 32, 50 to 64. */
function onGrid(value: number, direction: 1 | -1, step: number): number {
  const cells = value / step;
  const next = direction > 0 ? Math.floor(cells + 1e-9) + 1 : Math.ceil(cells - 1e-9) - 1;
  return Number((next * step).toPrecision(12));
}

function nextOfDecades(value: number, direction: 1 | -1): number {
  if (!(value > 0)) return direction > 0 ? 1e-6 : 0;
  const power = Math.floor(Math.log10(value) + 1e-9);
  const steps = [-1, 0, 1].flatMap((by) => [1, 2, 5].map((mantissa) => Number(`${mantissa}e${power + by}`)));
  const next =
    direction > 0
      ? steps.find((each) => each > value * (1 + 1e-9))
      : steps.findLast((each) => each < value * (1 - 1e-9));
  return next ?? value;
}

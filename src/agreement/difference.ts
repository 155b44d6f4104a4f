/** The expected tensor, and how far a float32 computation of it may differ. */
export interface Expected {
  readonly values: Float64Array;
  readonly bound: number;
}

/** Where two ways of computing the same network differ beyond rounding. */
export interface Difference {
  /** What was compared with what, and how it was run. */
  readonly what: string;
  /** The layer, or `input`. */
  readonly layer: string;
  /** `output`, `gradient of weight` … */
  readonly quantity: string;
  /** The largest difference, the largest that rounding explains, and the largest value of the tensor. */
  readonly difference: number;
  readonly bound: number;
  readonly largest: number;
}

/** A run that failed: the program was not built, or a call threw. */
export interface Failure {
  readonly what: string;
  readonly error: string;
}

export type Finding = Difference | Failure;

/** The largest difference if it exceeds what rounding explains; null otherwise. */
export function compare(
  found: ArrayLike<number>,
  { values, bound }: Expected,
  where: { what: string; layer: string; quantity: string },
): Difference | null {
  if (found.length !== values.length) return { ...where, difference: Infinity, bound, largest: values.length };
  let [difference, largest] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    const each = Math.abs(found[i] - values[i]);
    // NaN counts as the largest.
    if (!(each <= difference)) difference = each;
    largest = Math.max(largest, Math.abs(values[i]));
  }
  return difference <= bound ? null : { ...where, difference, bound, largest };
}

export function tell(finding: Finding): string {
  if ('error' in finding) return `${finding.what}: ${finding.error}`;
  const { what, layer, quantity, difference, bound, largest } = finding;
  const figures = [difference, bound, largest].map((each) => each.toPrecision(3));
  return `${what}: ${quantity} of ${layer} differs by ${figures[0]} (rounding explains ${figures[1]}, the largest number is ${figures[2]})`;
}

import type { FloatArray } from '../../tensor';
import { accumulate } from './conv';

/** Which units of a sample share a mean and a variance: those of one group of channels, over all places or of each place by itself. */
export interface NormGeometry {
  n: number;
  places: number;
  channels: number;
  groups: number;
  eachPlace: boolean;
}

/** Calls `visit` with the indices of the units of each set; the same array each time. */
export function eachSet(g: NormGeometry, visit: (units: Int32Array) => void): void {
  const { n, places, channels, groups, eachPlace } = g;
  const depth = channels / groups;
  const [rounds, run] = eachPlace ? [n * places, 1] : [n, places];
  const units = new Int32Array(run * depth);
  for (let round = 0; round < rounds; round++) {
    for (let group = 0; group < groups; group++) {
      for (let i = 0; i < units.length; i++)
        units[i] = (round * run + Math.floor(i / depth)) * channels + group * depth + (i % depth);
      visit(units);
    }
  }
}

/** Mean and population variance, in doubles. */
export function momentsOf(x: FloatArray, units: Int32Array): { mean: number; variance: number } {
  let sum = 0;
  for (const i of units) sum += x[i];
  const mean = sum / units.length;
  let squares = 0;
  for (const i of units) squares += (x[i] - mean) ** 2;
  return { mean, variance: squares / units.length };
}

/** y = (x − mean) ÷ √(variance + ε) · scale + shift. `scale` and `shift` repeat: one number per channel, or per unit of a sample. */
export function normalizeForward<A extends FloatArray>(
  g: NormGeometry,
  x: A,
  epsilon: number,
  scale: A,
  shift: A,
  y: A,
): void {
  eachSet(g, (units) => {
    const { mean, variance } = momentsOf(x, units);
    for (const i of units) {
      const own = i % scale.length;
      y[i] = ((x[i] - mean) / Math.sqrt(variance + epsilon)) * scale[own] + shift[own];
    }
  });
}

/**
 * With x̂ = (x − mean) ÷ √(variance + ε) and g = scale · dy: dshift += dy, dscale += dy · x̂,
 * dx += (g − mean(g) − x̂ · mean(g · x̂)) ÷ √(variance + ε), the means over the units that share the statistics.
 */
export function normalizeBackward<A extends FloatArray>(
  g: NormGeometry,
  x: A,
  epsilon: number,
  scale: A,
  dy: A,
  dx: A | undefined,
  dscale: A | undefined,
  dshift: A | undefined,
): void {
  const [sumScale, sumShift] = [new Float64Array(scale.length), new Float64Array(scale.length)];
  eachSet(g, (units) => {
    const { mean, variance } = momentsOf(x, units);
    const inverse = 1 / Math.sqrt(variance + epsilon);
    let [average, along] = [0, 0];
    for (const i of units) {
      const own = i % scale.length;
      const normalized = (x[i] - mean) * inverse;
      sumScale[own] += dy[i] * normalized;
      sumShift[own] += dy[i];
      average += (scale[own] * dy[i]) / units.length;
      along += (scale[own] * dy[i] * normalized) / units.length;
    }
    if (!dx) return;
    for (const i of units)
      dx[i] += inverse * (scale[i % scale.length] * dy[i] - average - (x[i] - mean) * inverse * along);
  });
  if (dscale) accumulate(sumScale, dscale);
  if (dshift) accumulate(sumShift, dshift);
}

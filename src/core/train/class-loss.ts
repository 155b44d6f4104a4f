import type { FloatArray } from '../tensor';

/** What a training minimizes. JSON-able. */
export interface LossSettings {
  kind: 'cross-entropy' | 'focal' | 'mse' | 'hinge';
  /** Of cross-entropy: the share of the target that is spread evenly over all classes, 0 … 1. */
  smoothing: number;
  /** Of the focal loss: the power of 1 − p, 0 or more. */
  gamma: number;
  /** What a picture's loss is multiplied by, one a class; null where all count the same. */
  weights: readonly number[] | null;
}

export const plainLoss: LossSettings = { kind: 'cross-entropy', smoothing: 0, gamma: 2, weights: null };

/** Whether it is softmax cross-entropy and nothing more. */
export const isPlain = ({ kind, smoothing, weights }: LossSettings): boolean =>
  kind === 'cross-entropy' && smoothing === 0 && weights === null;

/** Pictures mixed of two: the class of the second, and the share of the first (1 where there is no second). */
export interface Mixed {
  others: Int32Array;
  shares: Float32Array;
}

/**
 * The mean loss of rows of logits, and its gradient. With p = softmax(x), K classes and the picture's class t:
 *
 *   cross-entropy: −Σ q[c] · ln p[c],  q[c] = (1 − smoothing) · [c = t] + smoothing ÷ K
 *   focal:         −(1 − p[t])^gamma · ln p[t]
 *   mse:           ½ · Σ (p[c] − [c = t])²
 *   hinge:         Σ over c ≠ t of max(0, 1 + x[c] − x[t])
 *
 * times the weight of class t. A picture mixed of two has share · loss(t) + (1 − share) · loss(other). The mean is over the n pictures, whatever they weigh.
 * Sources: Szegedy et al. 2016 (smoothing); Lin et al. 2017 (focal); Weston & Watkins 1999 (hinge); Zhang et al. 2018 (mixed).
 *
 * @param x `[n, classes]`. @returns dx in doubles, like x.
 */
export function classLoss(
  settings: LossSettings,
  x: FloatArray,
  labels: ArrayLike<number>,
  n: number,
  classes: number,
  mixed?: Mixed,
): { loss: number; dx: Float64Array } {
  const dx = new Float64Array(n * classes);
  const p = new Float64Array(classes);
  let total = 0;
  for (let i = 0; i < n; i++) {
    const row = x.subarray(i * classes, (i + 1) * classes);
    const own = dx.subarray(i * classes, (i + 1) * classes);
    const log = probabilities(row, p);
    const share = mixed ? mixed.shares[i] : 1;
    const parts: [label: number, share: number][] = [[labels[i], share]];
    if (mixed && share < 1) parts.push([mixed.others[i], 1 - share]);
    for (const [label, part] of parts) {
      const factor = part * (settings.weights?.[label] ?? 1);
      total += factor * addLoss(settings, row, p, log, label, factor / n, own);
    }
  }
  return { loss: total / n, dx };
}

/** p = softmax(x). @returns the logarithm of the exponentials' sum, with the largest x. */
function probabilities(x: FloatArray, p: Float64Array): number {
  let most = -Infinity;
  for (const value of x) most = value > most || Number.isNaN(value) ? value : most;
  let sum = 0;
  for (let c = 0; c < p.length; c++) sum += p[c] = Math.exp(x[c] - most);
  for (let c = 0; c < p.length; c++) p[c] /= sum;
  return most + Math.log(sum);
}

/** Adds factor · the gradient to dx. @returns the loss of one row for one class. */
function addLoss(
  { kind, smoothing, gamma }: LossSettings,
  x: FloatArray,
  p: Float64Array,
  log: number,
  label: number,
  factor: number,
  dx: Float64Array,
): number {
  const classes = p.length;
  let loss = 0;
  switch (kind) {
    case 'cross-entropy':
      for (let c = 0; c < classes; c++) {
        const target = (c === label ? 1 - smoothing : 0) + smoothing / classes;
        if (target > 0) loss += target * (log - x[c]);
        dx[c] += factor * (p[c] - target);
      }
      return loss;
    case 'focal': {
      // 1 − p as the sum of the others: near 1 the difference would lose its digits.
      let rest = 0;
      for (let c = 0; c < classes; c++) if (c !== label) rest += p[c];
      const ln = x[label] - log;
      // The slope of the loss in ln p[t].
      const power = rest > 0 ? gamma * rest ** (gamma - 1) : 0;
      const slope = -(rest ** gamma) + power * p[label] * ln;
      for (let c = 0; c < classes; c++) dx[c] += factor * slope * ((c === label ? 1 : 0) - p[c]);
      return -(rest ** gamma) * ln;
    }
    case 'mse': {
      let mean = 0;
      for (let c = 0; c < classes; c++) {
        const error = p[c] - (c === label ? 1 : 0);
        loss += (error * error) / 2;
        mean += error * p[c];
      }
      for (let c = 0; c < classes; c++) dx[c] += factor * p[c] * (p[c] - (c === label ? 1 : 0) - mean);
      return loss;
    }
    case 'hinge':
      for (let c = 0; c < classes; c++) {
        const margin = 1 + x[c] - x[label];
        if (c === label || margin <= 0) continue;
        loss += margin;
        dx[c] += factor;
        dx[label] -= factor;
      }
      return loss;
  }
}

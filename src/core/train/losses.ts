import type { FloatArray } from '../tensor';

/** How the samples' losses are combined: left as they are, added up, or averaged (weighted where classes have weights). */
export type Reduction = 'none' | 'sum' | 'mean';

export interface LossOptions {
  /** One per class; 1 where left out. */
  weights?: ArrayLike<number>;
  /** Samples with this label are ignored: in the loss, in the mean's divisor and in the gradient. */
  ignoreIndex?: number;
  /** `mean` where left out. */
  reduction?: Reduction;
}

export interface LossResult {
  /** One value for `sum` and `mean`; for `none` one per label, in the order of the labels. */
  loss: Float64Array;
  /** ∂loss/∂x, like `x`; for `none` of the sum of all losses. */
  dx: Float64Array;
}

/**
 * Negative log-likelihood, as ONNX defines NegativeLogLikelihoodLoss (opset 13).
 *
 *   loss[n, d] = −weights[t] · x[n, t, d],  t = labels[n, d]
 *   mean: Σ loss ÷ Σ weights[t] over the labels that are not ignored.
 *
 * A mean over nothing (every label ignored) is 0 ÷ 0 = NaN, as in ONNX and PyTorch.
 *
 * @param x log-probabilities, `[n, classes, positions]`: the class axis second, all further axes as one.
 * @param labels `[n, positions]`. @throws RangeError for a label that is neither a class nor `ignoreIndex`.
 */
export function negativeLogLikelihood(
  x: FloatArray,
  labels: ArrayLike<number>,
  n: number,
  classes: number,
  positions: number,
  options: LossOptions = {},
): LossResult {
  const { weights, ignoreIndex, reduction = 'mean' } = options;
  const losses = new Float64Array(n * positions);
  const dx = new Float64Array(n * classes * positions);
  let sum = 0;
  let divisor = 0;
  for (let sample = 0; sample < n; sample++) {
    for (let position = 0; position < positions; position++) {
      const place = sample * positions + position;
      const label = labels[place];
      if (label === ignoreIndex) continue;
      if (!(label >= 0 && label < classes)) {
        throw new RangeError(`label ${place}: found ${label}, expected a class from 0 to ${classes - 1}`);
      }
      const weight = weights ? weights[label] : 1;
      const index = (sample * classes + label) * positions + position;
      losses[place] = -weight * x[index];
      dx[index] = -weight;
      sum += losses[place];
      divisor += weight;
    }
  }
  if (reduction === 'none') return { loss: losses, dx };
  if (reduction === 'sum') return { loss: Float64Array.of(sum), dx };
  for (let i = 0; i < dx.length; i++) dx[i] /= divisor;
  return { loss: Float64Array.of(sum / divisor), dx };
}

/**
 * Softmax cross-entropy, as ONNX defines SoftmaxCrossEntropyLoss (opset 13): log-softmax over the class axis, then
 * negative log-likelihood. The largest logit is subtracted first, so that no exponential overflows.
 *
 *   p = softmax(x),  loss = −weights[t] · log p[t],  ∂loss/∂x[c] = weights[t] · (p[c] − [c = t])
 *
 * Shapes, reductions and what it throws are those of `negativeLogLikelihood`.
 */
export function softmaxCrossEntropy(
  x: FloatArray,
  labels: ArrayLike<number>,
  n: number,
  classes: number,
  positions = 1,
  options: LossOptions = {},
): LossResult & { logProbabilities: Float64Array } {
  const logProbabilities = logSoftmax(x, n, classes, positions);
  const { loss, dx } = negativeLogLikelihood(logProbabilities, labels, n, classes, positions, options);
  for (let sample = 0; sample < n; sample++) {
    for (let position = 0; position < positions; position++) {
      const first = sample * classes * positions + position;
      // Through log-softmax: dx − p · Σ dx. Only the label's entry of the incoming gradient is not zero.
      let total = 0;
      for (let c = 0; c < classes; c++) total += dx[first + c * positions];
      if (total === 0) continue;
      for (let c = 0; c < classes; c++) {
        const index = first + c * positions;
        dx[index] -= Math.exp(logProbabilities[index]) * total;
      }
    }
  }
  return { loss, dx, logProbabilities };
}

/** `x − max − log Σ exp(x − max)` over the class axis of `[n, classes, positions]`. */
export function logSoftmax(x: FloatArray, n: number, classes: number, positions: number): Float64Array {
  const y = new Float64Array(n * classes * positions);
  for (let sample = 0; sample < n; sample++) {
    for (let position = 0; position < positions; position++) {
      const first = sample * classes * positions + position;
      let maximum = -Infinity;
      for (let c = 0; c < classes; c++) maximum = Math.max(maximum, x[first + c * positions]);
      let sum = 0;
      for (let c = 0; c < classes; c++) sum += Math.exp(x[first + c * positions] - maximum);
      const log = maximum + Math.log(sum);
      for (let c = 0; c < classes; c++) y[first + c * positions] = x[first + c * positions] - log;
    }
  }
  return y;
}

/** Samples whose largest logit is the label's; the first of equal ones counts as the largest. */
export function countCorrect(logits: FloatArray, labels: ArrayLike<number>, n: number, classes: number): number {
  let correct = 0;
  for (let sample = 0; sample < n; sample++) {
    let best = 0;
    for (let c = 1; c < classes; c++) {
      if (logits[sample * classes + c] > logits[sample * classes + best]) best = c;
    }
    if (best === labels[sample]) correct++;
  }
  return correct;
}

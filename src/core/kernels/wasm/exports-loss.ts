import { kernel, measure } from './kernel';

/** Losses, and reductions over arrays. */
export const lossKernels = {
  /**
   * Softmax cross-entropy of rows of logits: losses[i] = −weight[label] · ln softmax(row)[label], hits[i] = 1 where the
   * first largest logit is the label's, else 0. The caller adds them up (in order, in doubles) and divides.
   * A label outside [0, classes) is ignored: loss, hit and gradient 0.
   * @param labels int32 `[rows]`. @param classWeights `[classes]`, 0: all 1.
   * @param losses float32 `[rows]`. @param hits int32 `[rows]`.
   * @param dx gradient of scale · Σ losses, assigned; 0: not wanted.
   */
  softmaxCrossEntropy: kernel('x xRow rows classes labels classWeights losses hits dx dxRow scale'),
  /**
   * The same for any of the losses of `src/core/train/class-loss.ts`, numbered 0 cross-entropy, 1 focal, 2 mean squared error, 3 hinge, of pictures mixed of two: share ·
   * loss(label) + (1 − share) · loss(other). A hit is the label of the larger share. `others` is not read where the share is 1.
   * @param others int32 `[rows]`. @param shares float32 `[rows]`.
   */
  classLoss: kernel(
    'x xRow rows classes labels others shares classWeights losses hits dx dxRow scale kind smoothing gamma',
  ),
  /** losses[i] = −weight[label] · x[label] for rows of log-probabilities; dx as above (assigned, 0 elsewhere). */
  negativeLogLikelihood: kernel('x xRow rows classes labels classWeights losses dx dxRow scale'),

  /** Σ x² of `count` floats, in doubles. */
  squaredNorm: measure('x count'),
  /** Σ (x − y)² of `count` floats, in doubles. */
  squaredDistance: measure('x y count'),
  /** result (double `[3]`) += Σ x, Σ x² and the number of exact zeros, over rows. */
  moments: kernel('x xRow rows length result'),
  /** Values smaller than 2⁻⁶⁰ become 0, in place: see `flush` in `../reference/flush`. */
  flushRows: kernel('x xRow rows length'),
  /** 1 where every value of the rows is finite, else 0. */
  allFinite: measure('x xRow rows length'),
};

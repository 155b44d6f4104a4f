/** Losses, and looks over arrays. */
export interface LossKernels {
  /**
   * Softmax cross-entropy of rows of logits: losses[i] = −weight[label] · ln softmax(row)[label], hits[i] = 1 where the
   * first largest logit is the label's, else 0. The caller adds them up (in order, in doubles) and divides.
   * A label outside [0, classes) is ignored: loss, hit and gradient 0.
   * @param labels int32 `[rows]`. @param classWeights `[classes]`, 0: all 1.
   * @param losses float32 `[rows]`. @param hits int32 `[rows]`.
   * @param dx gradient of scale · Σ losses, assigned; 0: not wanted.
   */
  softmaxCrossEntropy(
    x: number,
    xRow: number,
    rows: number,
    classes: number,
    labels: number,
    classWeights: number,
    losses: number,
    hits: number,
    dx: number,
    dxRow: number,
    scale: number,
  ): void;
  /** losses[i] = −weight[label] · x[label] for rows of log-probabilities; dx as above (assigned, 0 elsewhere). */
  negativeLogLikelihood(
    x: number,
    xRow: number,
    rows: number,
    classes: number,
    labels: number,
    classWeights: number,
    losses: number,
    dx: number,
    dxRow: number,
    scale: number,
  ): void;

  /** Σ x² of `count` floats, in doubles. */
  squaredNorm(x: number, count: number): number;
  /** Σ (a − b)² of `count` floats, in doubles. */
  squaredDistance(a: number, b: number, count: number): number;
  /** result (double `[3]`) += Σ x, Σ x² and the number of exact zeros, over rows. */
  moments(x: number, xRow: number, rows: number, length: number, result: number): void;
  /** Values smaller than 2⁻⁶⁰ become 0, in place: see `flush` in `../reference/flush`. */
  flushRows(x: number, xRow: number, rows: number, length: number): void;
  /** 1 where every value of the rows is finite, else 0. */
  allFinite(x: number, xRow: number, rows: number, length: number): number;
}

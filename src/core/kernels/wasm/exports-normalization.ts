/**
 * Batch norm over pixels of `channels` floats, and softmax over rows. Statistics are summed in doubles, a partial sum for
 * each fixed shard of the batch; the partial sums are combined in their order, whoever computed them.
 */
export interface NormalizationKernels {
  /**
   * sums (double `[2][C]`) += Σ x and Σ x² over `rows` × `width` pixels. Zero them first (`fillZero`, 16·C bytes).
   */
  batchNormSums(x: number, xRow: number, rows: number, width: number, channels: number, sums: number): void;
  /**
   * Combines `shards` partial sums, `shardStride` bytes apart, over `count` pixels in all: mean and inverse = 1/√(variance
   * + epsilon), both `[C]`, variance being of the population. Running statistics (0: none) become
   * momentum · running + (1 − momentum) · batch (ONNX).
   */
  batchNormStatistics(
    sums: number,
    shards: number,
    shardStride: number,
    channels: number,
    count: number,
    epsilon: number,
    momentum: number,
    mean: number,
    inverse: number,
    runningMean: number,
    runningVariance: number,
  ): void;
  /** inverse = 1/√(variance + epsilon), for inference from running statistics. */
  batchNormInverse(variance: number, channels: number, epsilon: number, inverse: number): void;
  /** y = (x − mean) · inverse · scale + shift, with `relu` if asked. In place where backward's x is not needed. */
  batchNormForward(
    x: number,
    xRow: number,
    y: number,
    yRow: number,
    rows: number,
    width: number,
    channels: number,
    mean: number,
    inverse: number,
    scale: number,
    shift: number,
    relu: number,
  ): void;
  /** sums (double `[2][C]`) += Σ dy and Σ dy · x̂ with x̂ = (x − mean) · inverse. */
  batchNormGradientSums(
    x: number,
    xRow: number,
    dy: number,
    dyRow: number,
    rows: number,
    width: number,
    channels: number,
    mean: number,
    inverse: number,
    sums: number,
  ): void;
  /**
   * Combines the shards' gradient sums: dShift += Σ dy, dScale += Σ dy · x̂, and the two means over `count` pixels, which
   * `batchNormBackward` takes: means `[2][C]`.
   */
  batchNormGradients(
    sums: number,
    shards: number,
    shardStride: number,
    channels: number,
    count: number,
    dScale: number,
    dShift: number,
    means: number,
  ): void;
  /**
   * dx = scale · inverse · (dy − means[0] − x̂ · means[1]), or += with `accumulate`.
   * @param means 0: statistics were constants (running), dx = scale · inverse · dy.
   */
  batchNormBackward(
    x: number,
    xRow: number,
    dy: number,
    dyRow: number,
    dx: number,
    dxRow: number,
    rows: number,
    width: number,
    channels: number,
    mean: number,
    inverse: number,
    scale: number,
    means: number,
    accumulate: number,
  ): void;

  /** y = softmax of each row of `length` values; in place if wanted. A row with +∞ or NaN gives NaN. */
  softmaxForward(x: number, xRow: number, y: number, yRow: number, rows: number, length: number): void;
  /** dx = y · (dy − Σ dy · y), or +=. */
  softmaxBackward(
    y: number,
    yRow: number,
    dy: number,
    dyRow: number,
    dx: number,
    dxRow: number,
    rows: number,
    length: number,
    accumulate: number,
  ): void;
  logSoftmaxForward(x: number, xRow: number, y: number, yRow: number, rows: number, length: number): void;
  /** dx = dy − softmax · Σ dy, or +=; y is the log-softmax. */
  logSoftmaxBackward(
    y: number,
    yRow: number,
    dy: number,
    dyRow: number,
    dx: number,
    dxRow: number,
    rows: number,
    length: number,
    accumulate: number,
  ): void;
}

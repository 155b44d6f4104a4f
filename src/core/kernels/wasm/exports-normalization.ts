import { kernel } from './kernel';

/**
 * Batch norm over pixels of `channels` floats, and softmax over rows. Statistics are summed in doubles, a partial sum for
 * each fixed shard of the batch; the partial sums are combined in the shards' order, whichever thread computed them.
 */
export const normalizationKernels = {
  /**
   * sums (double `[2][C]`) += Σ x and Σ x² over `rows` × `width` pixels. Zero them first (`fillZero`, 16·C bytes).
   */
  batchNormSums: kernel('x xRow rows width channels sums'),
  /**
   * Combines `shards` partial sums, `shardStride` bytes apart, over `count` pixels in all: mean and inverse = 1/√(variance
   * + epsilon), both `[C]`, variance being of the population. Running statistics (0: none) become
   * momentum · running + (1 − momentum) · batch (ONNX).
   */
  batchNormStatistics: kernel(
    'sums shards shardStride channels count epsilon',
    'momentum mean inverse runningMean runningVariance',
  ),
  /** inverse = 1/√(variance + epsilon), for inference from running statistics. */
  batchNormInverse: kernel('variance channels epsilon inverse'),
  /** y = (x − mean) · inverse · scale + shift, and with `relu` 1 the relu of that. May work in place if backward needs no x. */
  batchNormForward: kernel('x xRow y yRow rows width channels mean inverse scale shift relu'),
  /** sums (double `[2][C]`) += Σ dy and Σ dy · x̂ with x̂ = (x − mean) · inverse. */
  batchNormGradientSums: kernel('x xRow dy dyRow rows width channels mean inverse sums'),
  /**
   * Combines the shards' gradient sums: dShift += Σ dy, dScale += Σ dy · x̂, and the two means over `count` pixels, which
   * `batchNormBackward` takes: means `[2][C]`.
   */
  batchNormGradients: kernel('sums shards shardStride channels count dScale dShift means'),
  /**
   * dx = scale · inverse · (dy − means[0] − x̂ · means[1]), or += with `accumulate`.
   * @param means 0: statistics were constants (running), dx = scale · inverse · dy.
   */
  batchNormBackward: kernel('x xRow dy dyRow dx dxRow rows width channels mean inverse scale means accumulate'),

  /** y = (x − mean) · inverse · scale + shift for rows of `length` values, mean and inverse of the row itself; scale, shift `[length]`. */
  layerNormForward: kernel('x xRow y yRow rows length scale shift epsilon'),
  /**
   * dShift += dy, dScale += dy · x̂, and with g = scale · dy: dx = inverse · (g − mean(g) − x̂ · mean(g · x̂)), or += with `accumulate`.
   * @param dx 0: not wanted.
   */
  layerNormBackward: kernel('x xRow dy dyRow dx dxRow rows length scale epsilon dScale dShift accumulate'),
  /** From the sums of one image (`batchNormSums`): mean and inverse `[C]`, those of each channel's group over `places`. */
  groupNormStatistics: kernel('sums channels groups places epsilon mean inverse'),
  /**
   * From the sums of one image (`batchNormGradientSums`): dShift += Σ dy, dScale += Σ dy · x̂, and the means of scale · dy and scale · dy · x̂
   * over each channel's group: means `[2][C]`.
   */
  groupNormGradients: kernel('sums channels groups places scale dScale dShift means'),
  /** dx = inverse · (scale · dy − means[0] − x̂ · means[1]), or += with `accumulate`. */
  groupNormBackward: kernel('x xRow dy dyRow dx dxRow rows width channels mean inverse scale means accumulate'),
  /**
   * y = x · (bias + alpha · Σ x²)^−beta for rows of `channels`, the sum from `before` channels before the own one to `after` after it.
   * @param scratch `[⌈C/4⌉·4]`, backward twice that.
   */
  lrnForward: kernel('x xRow y yRow rows channels before after alpha beta bias scratch'),
  lrnBackward: kernel('x xRow dy dyRow dx dxRow rows channels before after alpha beta bias scratch accumulate'),

  /** y = softmax of each row of `length` values; y may be x. A row with +∞ or NaN gives NaN. */
  softmaxForward: kernel('x xRow y yRow rows length'),
  /** dx = y · (dy − Σ dy · y), or +=. */
  softmaxBackward: kernel('y yRow dy dyRow dx dxRow rows length accumulate'),
  logSoftmaxForward: kernel('x xRow y yRow rows length'),
  /** dx = dy − softmax · Σ dy, or +=; y is the log-softmax. */
  logSoftmaxBackward: kernel('y yRow dy dyRow dx dxRow rows length accumulate'),
};

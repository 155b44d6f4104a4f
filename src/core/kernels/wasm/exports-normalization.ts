import { kernel } from './kernel';

/**
 * Batch norm over pixels of `channels` floats, and softmax over rows. Statistics are summed in doubles, a partial sum for
 * each fixed shard of the batch; the partial sums are combined in their order, whoever computed them.
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
  /** y = (x − mean) · inverse · scale + shift, with `relu` if asked. In place where backward's x is not needed. */
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

  /** y = softmax of each row of `length` values; in place if wanted. A row with +∞ or NaN gives NaN. */
  softmaxForward: kernel('x xRow y yRow rows length'),
  /** dx = y · (dy − Σ dy · y), or +=. */
  softmaxBackward: kernel('y yRow dy dyRow dx dxRow rows length accumulate'),
  logSoftmaxForward: kernel('x xRow y yRow rows length'),
  /** dx = dy − softmax · Σ dy, or +=; y is the log-softmax. */
  logSoftmaxBackward: kernel('y yRow dy dyRow dx dxRow rows length accumulate'),
};

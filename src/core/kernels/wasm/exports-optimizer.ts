import { kernel } from './kernel';

const SHARED = 'weights gradient gradientStride shards count clear rate gradientScale decay';

/**
 * Optimizers, element by element over `count` parameters (weights, gradients and states have the same layout). Every kernel first
 * adds up the shards' gradients in their order, g = Σ gradient[s], `shards` arrays `gradientStride` bytes apart, and with
 * `clear` sets them to zero; then g ← gradientScale · g + decay · w (clipping, L2). Arrays are padded to a multiple of 4.
 * g, weights, velocities and first moments smaller than 2⁻⁶⁰ become 0, mean squares smaller than the smallest normal float: denormals
 * would slow every later step.
 */
export const optimizerKernels = {
  /** gradient[0] = Σ gradient[s], in order; the others are cleared with `clear`. For clipping by the global norm. */
  reduceGradients: kernel('gradient gradientStride shards count clear'),
  /** w −= rate · g. */
  sgd: kernel(SHARED),
  /** v = momentum · v + g; w −= rate · v. */
  momentum: kernel(SHARED, 'velocity momentum'),
  /** v = momentum · v + g; w −= rate · (g + momentum · v). */
  nesterov: kernel(SHARED, 'velocity momentum'),
  /** h += g²; w −= rate · g / (√h + epsilon). */
  adagrad: kernel(SHARED, 'sum epsilon'),
  /** h = rho · h + (1 − rho) · g²; w −= rate · g / (√h + epsilon). */
  rmsprop: kernel(SHARED, 'mean rho epsilon'),
  /**
   * m = beta1 · m + (1 − beta1) · g; h = beta2 · h + (1 − beta2) · g²; w ← shrink · w − rate · m / (√h · root + epsilon).
   * The caller puts the bias corrections into `rate` = η / (1 − beta1ᵗ) and `root` = 1 / √(1 − beta2ᵗ).
   * AdamW: `shrink` = 1 − η · weight decay, and decay 0; Adam: shrink 1.
   */
  adam: kernel(SHARED, 'first second beta1 beta2 epsilon root shrink'),
};

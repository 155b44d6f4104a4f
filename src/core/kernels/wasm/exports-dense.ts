import { kernel } from './kernel';

/**
 * Dense layers over the whole batch. x is `[batch][inputs]` without gaps. Output panels are independent: a thread that
 * owns outputs [from, to), from % 8 = 0, passes weights + from·inputs·4 bytes, bias + from·4, y + from·4 and
 * outputs = to − from, with yRow the full number of outputs.
 */
export const denseKernels = {
  /**
   * y = x W + bias, weights in panels `[⌈outputs/8⌉][inputs][8]`. Also dX: x is dY, the weights come from
   * `transposePanels`.
   * @param bias 0: none. @param yRow floats from a sample's outputs to the next sample's.
   */
  denseForward: kernel('x batch inputs weights bias outputs y yRow relu'),
  /**
   * With the gradient of the weights g = xᵀ dy, in panels: dWeights = keep · dWeights + scale · g.
   * `scale` 1 and `keep` 1 accumulate; `keep` 0 assigns; with the weights themselves as `dWeights`, `scale` = −rate and
   * `keep` = 1 − rate · decay it is a fused step of SGD.
   * @param dyRow floats from a sample's gradients to the next sample's.
   * @param work scratch of batch · (inputs + 8) + 16 floats.
   */
  denseWeightGradient: kernel('x batch inputs dy dyRow outputs dWeights work scale keep'),
  /** dBias += the sum of dy `[batch][outputs]` over the batch; writes ⌈outputs/4⌉·4 floats. */
  denseBiasGradient: kernel('dy dyRow batch outputs dBias'),
  /**
   * Panels `[⌈outputs/8⌉][inputs][8]` → `[⌈inputs/8⌉][outputs][8]`, lanes past `inputs` zero, `count` matrices (a
   * Winograd U has n²) at the given distances in bytes.
   */
  transposePanels: kernel('count panels panelStride inputs outputs transposed transposedStride'),
};

/**
 * Dense layers over the whole batch. x is `[batch][inputs]` without gaps. Output panels are independent: a thread that
 * owns outputs [from, to), from % 8 = 0, passes weights + from·inputs·4 bytes, bias + from·4, y + from·4 and
 * outputs = to − from, with yRow the full number of outputs.
 */
export interface DenseKernels {
  /**
   * y = x W + bias, weights in panels `[⌈outputs/8⌉][inputs][8]`. Also dX: x is dY, the weights come from
   * `transposePanels`.
   * @param bias 0: none. @param yRow floats from a sample's outputs to the next sample's.
   */
  denseForward(
    x: number,
    batch: number,
    inputs: number,
    weights: number,
    bias: number,
    outputs: number,
    y: number,
    yRow: number,
    relu: number,
  ): void;
  /**
   * Gradient of the weights g = xᵀ dy, in panels. What becomes of it:
   * `scale` 1 and `keep` 1 accumulate (dWeights += g); `keep` 0 assigns (dWeights = scale · g); with the weights
   * themselves as `dWeights`, `scale` = −rate and `keep` = 1 − rate · decay it is the step of SGD, fused.
   * In general dWeights = keep · dWeights + scale · g.
   * @param dyRow floats from a sample's gradients to the next sample's.
   * @param work scratch of batch · (inputs + 8) + 16 floats.
   */
  denseWeightGradient(
    x: number,
    batch: number,
    inputs: number,
    dy: number,
    dyRow: number,
    outputs: number,
    dWeights: number,
    work: number,
    scale: number,
    keep: number,
  ): void;
  /** dBias += the sum of dy `[batch][outputs]` over the batch; writes ⌈outputs/4⌉·4 floats. */
  denseBiasGradient(dy: number, dyRow: number, batch: number, outputs: number, dBias: number): void;
  /**
   * Panels `[⌈outputs/8⌉][inputs][8]` → `[⌈inputs/8⌉][outputs][8]`, lanes past `inputs` zero, `count` matrices (a
   * Winograd U has n²) at the given distances in bytes.
   */
  transposePanels(
    count: number,
    panels: number,
    panelStride: number,
    inputs: number,
    outputs: number,
    transposed: number,
    transposedStride: number,
  ): void;
}

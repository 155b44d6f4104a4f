/**
 * What views must know of a layer to draw and explain it without knowing its kind: told by the layer's own file, carried to
 * the window in `LayerInfo`.
 */
export interface Traits {
  /** Whether an output can be below zero: never, only where an input is, or for any input. */
  readonly negative: 'never' | 'as inputs' | 'always';
  /**
   * Which maps of an input one output map is made of.
   * - `own`: the map of the same number alone (activations, pooling, batch norm, add).
   * - `mixed`: every map of its group (convolution, dense, softmax over channels).
   * - `some`: certain maps, as the layer's `reads` tells.
   * - `stacked`: the inputs' maps one after the other (concat).
   * - `reshaped`: the same numbers in the same channel-major order, in another shape (flatten, reshape).
   */
  readonly maps: 'own' | 'mixed' | 'some' | 'stacked' | 'reshaped';
  /** Groups of maps that do not mix, 1 for most. */
  readonly groups: number;
  /** What its `weight` is: a kernel per pair of maps `[O, KH, KW, C / groups]`, a matrix `[O, I]`, or none. */
  readonly weights: 'kernel' | 'matrix' | null;
  /** True where the output at inference is the input's numbers in the same channel-major order: flatten, reshape, dropout. */
  readonly copies: boolean;
  /**
   * Where the output is made of probabilities, and the input of their logits: shares of one along the channels (softmax), the
   * logarithms of such shares (logsoftmax), or each one its own (sigmoid).
   */
  readonly probability: 'share' | 'log share' | 'own' | null;
}

/** A layer that treats each map by itself, without weights: what most kinds are, changed where they differ. */
export const plainTraits: Traits = {
  negative: 'always',
  maps: 'own',
  groups: 1,
  weights: null,
  copies: false,
  probability: null,
};

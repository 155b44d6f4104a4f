import type { Graph, ParamSet } from './model/graph';

/** What makes dropout and augmentation draw the same for any batching and any number of threads. */
export interface Draw {
  seed: number;
  epoch: number;
  /** Index in the data set of each sample of the batch. */
  samples: ArrayLike<number>;
}

/**
 * Runs a graph forward and backward. There are two: the reference (plain TypeScript, sums in doubles, the truth for
 * tests and explanations) and the WASM one (SIMD, threads, for work). Both take and give the same arrays: dense NHWC
 * float32, parameters in canonical layout.
 */
export interface Executor {
  readonly graph: Graph;
  /** The most samples that one call takes. */
  readonly maxBatch: number;
  setParams(params: ParamSet): void;
  /** Copies, canonical layout; running statistics included. */
  getParams(): Map<string, Float32Array>;
  /**
   * @param input `[n, H, W, C]`, as preprocessed.
   * @param training batch statistics and dropout are on; `draw` is needed then.
   */
  forward(input: Float32Array, n: number, training?: boolean, draw?: Draw): void;
  /** The output of layer `index` from the last `forward`: a copy, `[n, ...outputShape]`. Index −1 is the input. */
  activation(index: number): Float32Array;
  /**
   * From the gradient of the last layer's output, `[n, ...]`. Zeroes gradients first. With `fromIndex`, `dOutput` is the
   * gradient of that layer's output instead (the loss starts at the logits and passes a final softmax by).
   */
  backward(dOutput: Float32Array, fromIndex?: number): void;
  /** Copies of the gradients of trainable parameters after `backward`, canonical layout. */
  gradients(): Map<string, Float32Array>;
  /** Gradient of the input after `backward`, `[n, H, W, C]`. */
  inputGradient(): Float32Array;
  /** Frees what it holds (threads, memory). */
  dispose(): void;
}

import type { Graph, ParamSet } from '../model/graph';
import type { Mixed } from '../train/class-loss';

/**
 * Identifies the random draws of a batch: dropout and augmentation then draw the same for any batch size and number of
 * threads.
 */
export interface Draw {
  seed: number;
  epoch: number;
  /** Index in the data set of each sample of the batch. */
  samples: ArrayLike<number>;
}

/** At once or later. */
type Awaitable<T> = T | Promise<T>;

/**
 * Runs a graph forward and backward. There are two: the reference (plain TypeScript, sums in doubles, the truth for
 * tests and explanations) and the WASM one (SIMD, threads, for work). Both take and give the same arrays: dense NHWC
 * float32, parameters in canonical layout. These two return values directly; an executor on another device returns promises, so
 * callers of this contract await each call before the next.
 */
export interface Executor {
  readonly graph: Graph;
  /** The largest number of samples per call. */
  readonly maxBatch: number;
  setParams(params: ParamSet): Awaitable<void>;
  /** Copies, canonical layout; running statistics included. */
  getParams(): Awaitable<Map<string, Float32Array>>;
  /**
   * @param input `[n, H, W, C]`, as preprocessed.
   * @param training batch statistics and dropout are on; `draw` is needed then.
   */
  forward(input: Float32Array, n: number, training?: boolean, draw?: Draw): Awaitable<void>;
  /** The output of layer `index` from the last `forward`: a copy, `[n, ...outputShape]`. Index −1 is the input. */
  activation(index: number): Awaitable<Float32Array>;
  /**
   * From the gradient of the last layer's output, `[n, ...]`. Zeroes gradients first. With `fromIndex`, `dOutput` is the
   * gradient of that layer's output instead (the loss starts at the logits and skips a final softmax).
   */
  backward(dOutput: Float32Array, fromIndex?: number): Awaitable<void>;
  /** Copies of the gradients of trainable parameters after `backward`, canonical layout. */
  gradients(): Awaitable<Map<string, Float32Array>>;
  /**
   * The gradient of the output of layer `index` after `backward` or `trainStep`: a copy, `[n, ...outputShape]`, zeros where the
   * backward pass does not reach it. Index −1 is the input. The reference has every one; the WASM executor has every one with
   * `keep: 'all'`, and otherwise those named in `keepGradients`. Throws for one that is not kept.
   */
  gradient(index: number): Awaitable<Float32Array>;
  /** Frees what it holds (threads, memory). */
  dispose(): void;
}

export interface OptimizerSettings {
  kind: 'sgd' | 'momentum' | 'nesterov' | 'adagrad' | 'rmsprop' | 'adam' | 'adamw';
  /** Decay of the velocity, for momentum and Nesterov. */
  momentum: number;
  beta1: number;
  beta2: number;
  /** Decay of the mean square, for RMSprop. */
  rho: number;
  epsilon: number;
  /** L2: added to the gradient (AdamW: taken off the weight, decoupled). Only parameters marked `decay`. */
  weightDecay: number;
  /** Largest global norm of the gradient; 0 is no limit. */
  clipNorm: number;
}

export interface StepResult {
  /** Mean loss over the batch, before the update. */
  loss: number;
  /** Samples whose largest logit is the label; of a mixed one that of the larger share. */
  correct: number;
}

/** Figures of the last step for each layer with parameters; they show whether training is healthy. */
export interface LayerWatch {
  layer: string;
  /** L2 norms over the layer's trainable parameters. */
  gradientNorm: number;
  weightNorm: number;
  /** ‖update‖ ÷ ‖weights‖. */
  updateRatio: number;
  activationMean: number;
  activationDeviation: number;
  /** Share of exact zeros in the output. */
  zeroFraction: number;
}

/** An executor that also learns: forward, loss, backward and update as one step. */
export interface TrainingExecutor extends Executor {
  /** `[maxBatch, H, W, C]`: a batch written here is not copied on its way into a step. It lasts until the next one is written.
   * Values smaller than 2⁻⁶⁰ should be 0: they slow a step. */
  readonly batchInput: Float32Array;
  /**
   * One step on one batch. The loss (softmax cross-entropy, unless another was chosen) takes the logits; a final softmax layer is skipped.
   * @param input `[n, H, W, C]`, preprocessed and augmented. @param labels class indices.
   * @param step 1-based number of the update, for Adam's bias correction.
   */
  trainStep(
    input: Float32Array,
    labels: Int32Array,
    n: number,
    draw: Draw,
    learningRate: number,
    step: number,
    mixed?: Mixed,
  ): Awaitable<StepResult>;
  /** Loss and hits on a batch at inference (no update, running statistics). */
  evaluateStep(input: Float32Array, labels: Int32Array, n: number): Awaitable<StepResult>;
  /** Velocities and moments by `conv1.weight/velocity`, canonical layout; copies. */
  optimizerState(): Awaitable<Map<string, Float32Array>>;
  setOptimizerState(state: ReadonlyMap<string, Float32Array>): Awaitable<void>;
  /** Computed on each call. */
  watch(): Awaitable<LayerWatch[]>;
  /** The first layer (topological order) whose last output holds NaN or infinity; null where all are finite. */
  firstNonFinite(): Awaitable<string | null>;
}

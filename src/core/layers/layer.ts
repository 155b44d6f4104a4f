import type { ExplanationBody } from '../explain/types';
import type { FeatureShape, FloatArray } from '../tensor';
import type { Region, WindowGeometry } from '../geometry';
import type { KerasForm } from './keras';
import type { ScriptContext, PyTorchForm } from './pytorch';
import type { SettingsReader } from './settings';
import type { Traits } from './traits';

/** A trainable or running tensor that a layer owns. */
export interface ParamSpec {
  /** `weight`, `bias`, `scale`, `shift`, `mean`, `variance`, `slope`. */
  name: string;
  /** Convolution: `[O, KH, KW, C / groups]`. Dense: `[O, I]`. Vectors: `[C]`. */
  shape: readonly number[];
  /** False for statistics that are kept, not learned (batch norm's running mean and variance). */
  trainable: boolean;
  /** True where L2 weight decay applies: kernels and dense weights, not biases, scales or shifts. */
  decay: boolean;
  /** How a fresh parameter starts: `weight` takes the run's initializer, the others a constant. */
  init: 'weight' | number;
  /** Inputs that feed one output and outputs that one input feeds, for He and Glorot. */
  fanIn: number;
  fanOut: number;
}

/** What a layer draws on when it runs. Arrays are dense NHWC, batch first. */
export interface LayerContext<A extends FloatArray> {
  /** Samples in the batch. */
  n: number;
  inputShapes: readonly FeatureShape[];
  outputShape: FeatureShape;
  /** In the order of `params()`. */
  params: readonly A[];
  training: boolean;
  /** In training, for dropout: draws are a function of (seed, epoch, sample, layer) only. */
  draw?: { seed: number; epoch: number; samples: ArrayLike<number>; layer: number };
  /** Values that forward leaves for backward (batch statistics, dropout masks), owned by the executor. */
  saved: Record<string, A>;
}

export interface ForwardContext<A extends FloatArray> extends LayerContext<A> {
  x: readonly A[];
  y: A;
}

/** The gradient rule: both parameter and activation gradients accumulate (`+=`) into zeroed buffers, so that branches add up. */
export interface BackwardContext<A extends FloatArray> extends LayerContext<A> {
  x: readonly A[];
  y: A;
  dy: A;
  /** One per input; undefined if that gradient is not needed. */
  dx: readonly (A | undefined)[];
  /** One per parameter; undefined for one that is not trained. */
  dParams: readonly (A | undefined)[];
}

/** A context without the shapes: a bound layer has them. */
export type Call<T extends { inputShapes: unknown; outputShape: unknown }> = Omit<T, 'inputShapes' | 'outputShape'>;

/** A node of an ONNX graph, as `toOnnx` gives it. Tensors are NCHW. */
export interface OnnxNodeSpec {
  opType: string;
  inputs: string[];
  outputs: string[];
  attributes?: Record<string, number | number[] | string>;
}

export interface OnnxContext {
  /** The layer's name; a single node's output carries the same name. */
  name: string;
  inputs: readonly string[];
  inputShapes: readonly FeatureShape[];
  outputShape: FeatureShape;
  params: readonly Float32Array[];
  /** Adds a float32 initializer, returns its name (`layer.weight`). */
  initializer(name: string, shape: readonly number[], data: Float32Array): string;
  /** Adds an int64 initializer, for shapes. */
  integers(name: string, data: readonly number[]): string;
}

/** One unit to explain, with everything its value is computed from, for one sample. */
export interface ExplainContext {
  inputs: readonly ExplainInput[];
  outputShape: FeatureShape;
  /** In the order of `params()`. */
  params: readonly Float32Array[];
  /** The unit; flat features have y = x = 0. */
  channel: number;
  y: number;
  x: number;
}

export interface ExplainInput {
  /** Index of the layer; −1 is the image. */
  layer: number;
  shape: FeatureShape;
  /** Its float32 output, NHWC, one sample. */
  values: Float32Array;
  /** If these are flat features made from a map, that map (the same numbers in channel-major order); otherwise this value itself. */
  origin: { layer: number; shape: FeatureShape };
}

export interface Recomputed {
  /** In doubles, from the inputs and the weights alone. */
  value: number;
  body: ExplanationBody;
}

/**
 * One kind of layer, in one file, always in this order: config → output shape → parameters → forward → backward → ONNX →
 * what a unit reads and how it is computed. `C` is the layer's config with every default filled in.
 */
export interface LayerDefinition<C = unknown> {
  readonly kind: string;
  /** Number of inputs: one, or any number from two up for those that join branches. */
  readonly arity: 'one' | 'many';
  /**
   * The config, each field read from the settings; docs/spec.md is generated from the fields it reads. Throws SpecError naming layer,
   * field, value and what was expected.
   */
  parse(settings: SettingsReader, name: string): C;
  /** Settings from which `parse` makes the same config again (the config round trip). */
  settings(config: C): Record<string, unknown>;
  /** Throws SpecError if the inputs do not fit. */
  outputShape(config: C, inputs: readonly FeatureShape[], name: string): FeatureShape;
  params(config: C, inputs: readonly FeatureShape[]): ParamSpec[];
  /** Multiply-adds for one sample: what conv and dense layers cost; 0 for the others. */
  macs(config: C, inputs: readonly FeatureShape[], output: FeatureShape): number;
  /**
   * What its output in training depends on besides the sample itself: the whole batch (batch norm's statistics), or random
   * draws (dropout). Absent: nothing.
   */
  readonly inTraining?: 'batch' | 'draws';
  /** What views need to know about it. */
  traits(config: C): Traits;
  /** The window of one output unit in the layer before, where it has one (conv and pooling). */
  window?(config: C, inputs: readonly FeatureShape[]): WindowGeometry;
  /** Writes `y`. In training, batch norm also moves its running statistics, in `params`. */
  forward<A extends FloatArray>(config: C, context: ForwardContext<A>): void;
  backward<A extends FloatArray>(config: C, context: BackwardContext<A>): void;
  /** Inference. The last node's only output is `context.name`; other values are named `context.name` + '.' + something. */
  toOnnx(config: C, context: OnnxContext): OnnxNodeSpec[];
  /** What it is in PyTorch, with the parameters as they lie in an ONNX file; null for settings that have no form there. */
  toPyTorch?(config: C, context: ScriptContext): PyTorchForm | null;
  /** What it is in Keras, channels last; null for settings that have no form there. */
  toKeras?(config: C, context: ScriptContext): KerasForm | null;
  /** How its parameters lie in a file, where that is not what `traits.weights` says (see `src/core/onnx/read.ts`). */
  readonly inFile?: {
    /** Numbers of a parameter in the file, where they are more than its own: zeros, repetitions. */
    size?(config: C, param: string, inputs: readonly FeatureShape[]): number;
    /** A parameter from the layout that `toOnnx` writes. */
    read(config: C, param: string, data: Float32Array, inputs: readonly FeatureShape[]): Float32Array;
  };
  /** The kernels as views show them, `[O, ...kernel, C / groups]`, where `weight` leaves out those that are zero. */
  wholeWeight?(
    config: C,
    weight: Float32Array,
    inputs: readonly FeatureShape[],
  ): { shape: readonly number[]; data: Float32Array };
  /**
   * The box of units of input number `input` that a box of output units is computed from at inference, not clipped to the map
   * (padding counts); null for none of them.
   */
  reads(config: C, region: Region, input: number, inputs: readonly FeatureShape[]): Region | null;
  /** Recomputes one unit independently of `forward`, and describes the computation. */
  explain(config: C, context: ExplainContext): Recomputed;
}

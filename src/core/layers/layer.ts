import type { FeatureShape, FloatArray } from '../tensor';

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
  /** How a fresh parameter starts: `weight` takes the run's initialiser, the others a constant. */
  init: 'weight' | number;
  /** Inputs that feed one output and outputs that one input feeds, for He and Glorot. */
  fanIn: number;
  fanOut: number;
}

/** A window sliding over rows and columns, for receptive fields and the pixel view. Pad: top, left, bottom, right. */
export interface WindowGeometry {
  kernel: readonly [height: number, width: number];
  stride: readonly [height: number, width: number];
  dilation: readonly [height: number, width: number];
  pad: readonly [top: number, left: number, bottom: number, right: number];
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
  /** For dropout: draws are a function of (seed, epoch, sample, layer) only. */
  draw?: { seed: number; epoch: number; samples: ArrayLike<number>; layer: number };
  /** Values that forward leaves for backward (batch statistics, dropout masks), owned by the executor. */
  saved: Record<string, A>;
}

export interface ForwardContext<A extends FloatArray> extends LayerContext<A> {
  x: readonly A[];
  y: A;
}

/** The one gradient rule: parameters accumulate (`+=`), activations accumulate too, into zeroed buffers, so that branches join. */
export interface BackwardContext<A extends FloatArray> extends LayerContext<A> {
  x: readonly A[];
  y: A;
  dy: A;
  /** One per input; undefined where nobody asks for it. */
  dx: readonly (A | undefined)[];
  /** One per parameter; undefined for one that is not trained. */
  dParams: readonly (A | undefined)[];
}

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

/**
 * One kind of layer, in one file, always in this order: config → output shape → parameters → forward → backward → ONNX.
 * `C` is the layer's config with every default filled in.
 */
export interface LayerDefinition<C = unknown> {
  readonly kind: string;
  /** Number of inputs: one, or any number from two up for those that join branches. */
  readonly arity: 'one' | 'many';
  /** Checks the settings and fills defaults. Throws SpecError naming layer, field, value and what was expected. */
  parse(settings: Readonly<Record<string, unknown>>, name: string): C;
  /** Settings from which `parse` makes the same config again (the config round trip). */
  settings(config: C): Record<string, unknown>;
  /** Throws SpecError where the inputs do not fit. */
  outputShape(config: C, inputs: readonly FeatureShape[], name: string): FeatureShape;
  params(config: C, inputs: readonly FeatureShape[]): ParamSpec[];
  /** Multiply-adds for one sample: what conv and dense layers cost; 0 for the others. */
  macs(config: C, inputs: readonly FeatureShape[], output: FeatureShape): number;
  /** The window of one output unit in the layer before, where it has one (conv and pooling). */
  window?(config: C, inputs: readonly FeatureShape[]): WindowGeometry;
  forward<A extends FloatArray>(config: C, context: ForwardContext<A>): void;
  backward<A extends FloatArray>(config: C, context: BackwardContext<A>): void;
  toOnnx(config: C, context: OnnxContext): OnnxNodeSpec[];
}

/** The sum behind one unit, recomputed in double precision from the layer's inputs and weights alone. */
export interface Explanation {
  layer: number;
  channel: number;
  y: number;
  x: number;
  /** The value on screen, float32, from the forward pass. */
  shown: number;
  /** The same in doubles. */
  recomputed: number;
  difference: number;
  /** Of a quantized operator: its scales and zero points. The terms of `body` add up to `quantized.sum`. */
  quantized?: Quantized;
  /** Rows and columns of the input image that influence this unit, clipped to the image; inclusive. */
  receptiveField: { top: number; left: number; bottom: number; right: number; height: number; width: number };
  body: ExplanationBody;
}

/** How a quantized number q is read: as (q − zero) · scale, or where `scale` is null as q − zero. */
export interface QuantizedRead {
  /** The tensor's name in the file. */
  name: string;
  scale: number | null;
  zero: number;
}

/**
 * The body's terms are whole numbers, q − zero, or where `real` the numbers that they stand for. Their sum goes on as
 * sum · factor + shift, and where there is an output as clamp(round(… ÷ scale) + zero, low, high).
 */
export interface Quantized {
  reads: QuantizedRead[];
  real: boolean;
  /** The result of `body`, before scaling and rounding. */
  sum: number;
  /** The product of the scales of what is multiplied; 1 where the terms are real. */
  factor: number;
  /** Added behind the scales. */
  shift: number;
  /** Null where the result is not quantized again. */
  output: { scale: number; zero: number; low: number; high: number } | null;
}

/** A unit whose arithmetic is not known: what it was made of. */
export interface Unexplained extends Pick<Explanation, 'layer' | 'channel' | 'y' | 'x' | 'shown'> {
  /** What the node reads. */
  sources: number[];
  body: null;
}

export type Explained = Explanation | Unexplained;

/** One factor pair of a sum. `y`, `x` are the place in the input layer's map. */
export interface Term {
  channel: number;
  y: number;
  x: number;
  value: number;
  weight: number;
  product: number;
}

/** A window on one input channel. Cells outside the map are padding: value 0, `inside` 0. */
export interface WindowPlane {
  channel: number;
  values: Float64Array;
  weights: Float64Array | null;
  inside: Uint8Array;
  /** Sum of products over the window. */
  sum: number;
}

export interface Window {
  /** The layer that the window reads; −1 is the input. */
  source: number;
  /** First row and column in the source map, possibly negative (padding). */
  top: number;
  left: number;
  height: number;
  width: number;
  stride: [number, number];
  dilation: [number, number];
}

/** A function to be plotted: its values at equal steps from `from` to `to`, both included. */
export interface Curve {
  from: number;
  to: number;
  values: Float64Array;
}

/**
 * How one value is computed, by type of arithmetic rather than by layer. `source` is the layer that is read, −1 the
 * input; `input` the value that is read.
 */
export type ExplanationBody =
  /** bias + Σ value · weight: over a window (`planes`, one per map), or over all features (`window` and `planes` null). */
  | {
      kind: 'sum';
      source: number;
      window: Window | null;
      planes: WindowPlane[] | null;
      bias: number;
      terms: number;
      /** The terms of largest magnitude. */
      largest: Term[];
      /** Sums of the terms above and below zero, and of those that are not among the largest. */
      positive: number;
      negative: number;
      rest: number;
    }
  /** One value of a window is picked. */
  | {
      kind: 'pick';
      source: number;
      window: Window;
      plane: WindowPlane;
      winner: { y: number; x: number; value: number };
    }
  /** The sum of a window ÷ divisor. */
  | { kind: 'mean'; source: number; window: Window; plane: WindowPlane; divisor: number }
  /** A function of one value; the formula names its constants. */
  | {
      kind: 'function';
      source: number;
      input: number;
      formula: string;
      constants: { name: string; value: number }[];
      /** Null if the input is not finite. */
      curve: Curve | null;
    }
  /** (x − mean) ÷ √(variance + epsilon) · scale + shift. */
  | {
      kind: 'normalize';
      /** Whose mean and variance these are: its channel's in training (`batch`), or those of `count` values of this very sample. */
      by: 'batch' | 'layer' | 'group' | 'instance';
      /** How many values of the sample share mean and variance; null for `batch`. */
      count: number | null;
      source: number;
      input: number;
      mean: number;
      variance: number;
      epsilon: number;
      scale: number;
      shift: number;
    }
  /** Its share of a sum of exponentials: softmax, or its logarithm. */
  | {
      kind: 'share';
      source: number;
      logits: Float64Array;
      /** Which of the logits is the unit's own. */
      own: number;
      maximum: number;
      exponentials: Float64Array;
      sum: number;
      log: boolean;
    }
  /** The sum, the product or the largest of several values, of the unit's own channel where none is told. */
  | {
      kind: 'join';
      by: 'sum' | 'product' | 'largest';
      sources: { layer: number; channel?: number; value: number }[];
    }
  /** Flatten, reshape, concat, dropout at inference: the number comes unchanged from one place. */
  | { kind: 'copy'; source: number; channel: number; y: number; x: number };

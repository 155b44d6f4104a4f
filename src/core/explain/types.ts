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
  /** Rows and columns of the input image that reach this unit, clipped to the image; inclusive. */
  receptiveField: { top: number; left: number; bottom: number; right: number; height: number; width: number };
  body: ExplanationBody;
}

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
  /** Layer that is looked at; −1 is the input. */
  source: number;
  /** First row and column in the source map, possibly negative (padding). */
  top: number;
  left: number;
  height: number;
  width: number;
  dilation: [number, number];
}

export type ExplanationBody =
  | { kind: 'conv'; window: Window; planes: WindowPlane[]; bias: number; largest: Term[]; terms: number }
  | { kind: 'maxpool'; window: Window; plane: WindowPlane; winner: { y: number; x: number; value: number } }
  | { kind: 'avgpool'; window: Window; plane: WindowPlane; divisor: number }
  | {
      kind: 'dense';
      source: number;
      bias: number;
      terms: number;
      largest: Term[];
      positive: number;
      negative: number;
      rest: number;
    }
  /** Elementwise: `value` goes in, the formula with the numbers put in comes out as parts. */
  | {
      kind: 'elementwise';
      source: number;
      input: number;
      formula: string;
      constants: { name: string; value: number }[];
    }
  /** (x − mean) ÷ √(variance + epsilon) · scale + shift. */
  | {
      kind: 'batchnorm';
      source: number;
      input: number;
      mean: number;
      variance: number;
      epsilon: number;
      scale: number;
      shift: number;
    }
  | {
      kind: 'softmax';
      source: number;
      logits: Float64Array;
      maximum: number;
      exponentials: Float64Array;
      sum: number;
      log: boolean;
    }
  | { kind: 'add'; sources: { layer: number; value: number }[] }
  /** Flatten, reshape, concat, dropout at inference: the number comes unchanged from one place. */
  | { kind: 'copy'; source: number; channel: number; y: number; x: number };

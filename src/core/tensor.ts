/** Element storage of a tensor: float32 for work, float64 for gradient checks and explanations. */
export type FloatArray = Float32Array | Float64Array;

/**
 * A dense tensor in row-major order. Feature maps are NHWC, `[N, H, W, C]`, inside the core and NCHW only at its
 * edges (ONNX files, display, `.npy`). The same goes for signals and volumes; flat features are `[N, C]`.
 */
export interface Tensor<A extends FloatArray = Float32Array> {
  readonly shape: readonly number[];
  readonly data: A;
}

/**
 * Shape of one sample of a layer's output, batch left out, channels last: a signal `[L, C]`, a feature map `[H, W, C]`, a volume
 * `[D, H, W, C]`, or flat features `[C]`, which have no spatial axes.
 */
export type FeatureShape = readonly number[];

/** Product of the dimensions: the number of elements of one sample (or of a tensor); 1 for a scalar's `[]`. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, dimension) => product * dimension, 1);
}

/** The order for files and display: `[H, W, C]` becomes `[C, H, W]`; `[C]` stays. */
export function channelsFirst(shape: FeatureShape): number[] {
  return [shape[shape.length - 1], ...shape.slice(0, -1)];
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

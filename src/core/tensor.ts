/** Element storage of a tensor: float32 for work, float64 for gradient checks and explanations. */
export type FloatArray = Float32Array | Float64Array;

/**
 * A dense tensor in row-major order. Feature maps are NHWC, `[N, H, W, C]`, inside the core and NCHW only at its
 * edges (ONNX files, display, `.npy`); flat features are `[N, C]`.
 */
export interface Tensor<A extends FloatArray = Float32Array> {
  readonly shape: readonly number[];
  readonly data: A;
}

/** Shape of one sample of a layer's output, batch left out: a feature map `[H, W, C]` or flat features `[C]`. */
export type FeatureShape = readonly [height: number, width: number, channels: number] | readonly [features: number];

/** Product of the dimensions: the number of elements of one sample (or of a tensor); 1 for a scalar's `[]`. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, dimension) => product * dimension, 1);
}

/** The order in which people and files read a shape: `[H, W, C]` becomes `[C, H, W]`; `[C]` stays. */
export function channelsFirst(shape: FeatureShape): number[] {
  return shape.length === 3 ? [shape[2], shape[0], shape[1]] : [shape[0]];
}

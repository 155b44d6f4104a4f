import { toChannelsFirst, toChannelsLast } from '../core/layers/layout';
import { limits } from '../core/model/build';
import { sizeOf, type FeatureShape } from '../core/tensor';
import { floats, type FloatValue } from './value';

/** How a tensor of any rank becomes samples of feature maps. */
export interface View {
  n: number;
  feature: FeatureShape;
}

/**
 * `[N, C]` flat features, `[N, C, L]` maps of one row, `[N, C, H, W]` maps, one sample for fewer dimensions. Further dimensions
 * join the last: right for operators that treat all places of a map alike.
 */
export function natural(shape: readonly number[]): View {
  if (shape.length < 2) return { n: 1, feature: [sizeOf(shape)] };
  return { n: shape[0], feature: sampleShape(shape.slice(1)) };
}

/** One sample's dimensions `[C, ...]` as a feature shape with the same channel-major order. */
export function sampleShape(dims: readonly number[]): FeatureShape {
  if (dims.length < 2) return [sizeOf(dims)];
  if (dims.length === 2) return mapOf(dims[0], dims[1]);
  return [dims[1], sizeOf(dims.slice(2)), dims[0]];
}

/** A map of `channels` with `places` places, in one row where a row may be so long. */
export function mapOf(channels: number, places: number): FeatureShape {
  let width = places;
  for (let height = 1; width > limits.side; height++) if (places % height === 0) width = places / height;
  return [places / width, width, channels];
}

/** ONNX's order to the core's: `[n, ...feature]`. */
export function toCore(value: FloatValue, { n, feature }: View): Float32Array {
  return toChannelsLast(value.data, n, feature);
}

/** The core's order to ONNX's, in the shape that ONNX has. */
export function fromCore(data: Float32Array, { n, feature }: View, shape: readonly number[]): FloatValue {
  return floats(shape, toChannelsFirst(data, n, feature));
}

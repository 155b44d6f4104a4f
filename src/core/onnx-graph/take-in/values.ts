/** What the values of a file's graph are while it is taken in. */
import type { ElementTypeName } from '../../onnx/proto';
import { sizeOf, type FeatureShape, type FloatArray } from '../../tensor';

/** The batch among `Features.axes`. */
export const BATCH = -1;

/** Numbers that are the same in every run. Whole numbers of 64 bits to a double's precision. */
export interface Constant {
  is: 'constant';
  type: ElementTypeName;
  shape: readonly number[];
  /** In row-major order; worked out when first asked for. */
  numbers(): FloatArray;
}

/** What a layer of ours gives out, and how the file's tensor holds it. */
export interface Features {
  is: 'features';
  /** The layer's name, or `input`. */
  layer: string;
  /** Ours, channels last. */
  shape: FeatureShape;
  /** Size of the batch axis. */
  batch: number;
  /** For each axis of the file's tensor the axis of `shape` that it is, or BATCH. */
  axes: readonly number[];
  /** Of flat features in another order than ours: where number i of the file's lies in ours. */
  places: Int32Array | null;
  /** Sizes behind the batch where the file's tensor is the same numbers, channels first, in another shape. */
  view: readonly number[] | null;
  /** Zeros around it that no layer adds yet: before each spatial axis of `shape`, then after each. */
  pad: readonly number[] | null;
  /** Whether what follows is all that reads the layer. */
  alone: boolean;
}

/** Behind a node that stands in the way. */
export interface Unknown {
  is: 'unknown';
}

export type Held = Constant | Features | Unknown;

export const UNKNOWN: Unknown = { is: 'unknown' };

/** A constant of numbers at hand. */
export const constantOf = (
  shape: readonly number[],
  data: FloatArray | readonly number[],
  type: ElementTypeName = 'float32',
): Constant => ({
  is: 'constant',
  type,
  shape,
  numbers: () => (Array.isArray(data) ? Float64Array.from(data) : (data as FloatArray)),
});

/** ONNX's order of a layer's axes: batch, channels, then space; of flat features batch and channels. */
const channelsFirstAxes = (shape: FeatureShape): number[] => {
  const last = shape.length - 1;
  return [BATCH, last, ...Array.from({ length: last }, (_, axis) => axis)];
};

/** What a layer gives out, as ONNX lays it out. */
export const featuresOf = (layer: string, shape: FeatureShape, batch: number): Features => ({
  is: 'features',
  layer,
  shape,
  batch,
  axes: channelsFirstAxes(shape),
  places: null,
  view: null,
  pad: null,
  alone: true,
});

/** The shape of the file's tensor. */
export function dimsOf({ shape, batch, axes, view, pad }: Features): number[] {
  if (view) return [batch, ...view];
  const spatial = shape.length - 1;
  return axes.map((axis) =>
    axis === BATCH ? batch : shape[axis] + (pad && axis < spatial ? pad[axis] + pad[axis + spatial] : 0),
  );
}

/** Whether the file's tensor holds the layer's numbers batch first and channels before space. */
export function inOnnxOrder({ shape, axes, places, view }: Features): boolean {
  if (places) return false;
  if (view || channelsFirstAxes(shape).every((axis, at) => axis === axes[at])) return true;
  // Axes of size one may stand anywhere.
  const long = axes.filter((axis) => axis === BATCH || shape[axis] > 1);
  const usual = channelsFirstAxes(shape).filter((axis) => axis === BATCH || shape[axis] > 1);
  return axes[0] === BATCH && long.every((axis, at) => axis === usual[at]);
}

/**
 * For each number of one sample of the file's tensor, in its order, where it lies in ours.
 * @returns a function of the indices along the file's axes, without the batch's.
 */
export function placesOf(features: Features): Int32Array {
  const { shape, axes, places, view } = features;
  if (places) return places;
  const count = sizeOf(shape);
  const strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
  const order = (view ? channelsFirstAxes(shape) : axes).filter((axis) => axis !== BATCH);
  const found = new Int32Array(count);
  const at = order.map(() => 0);
  for (let i = 0; i < count; i++) {
    found[i] = order.reduce((sum, axis, k) => sum + at[k] * strides[axis], 0);
    for (let k = order.length - 1; k >= 0 && ++at[k] === shape[order[k]]; k--) at[k] = 0;
  }
  return found;
}

/**
 * The arithmetic of a sliding window, shared by convolution and pooling.
 * Source: Dumoulin & Visin 2016, "A guide to convolution arithmetic for deep learning"; ONNX for `same` and ceil mode.
 */
import type { WindowGeometry } from '../geometry';
import { say } from '../../words';
import { SpecError } from '../model/spec';
import type { FeatureShape } from '../tensor';
import type { Padding, Pair } from './settings';

/** Largest kernel, stride, dilation and padding that a spec may ask for. */
export const WINDOW_LIMIT = 4096;

export interface WindowSettings {
  kernel: Pair;
  stride: Pair;
  dilation: Pair;
  padding: Padding;
}

/** Rows (or columns) from the first to the last cell of a dilated kernel: d·(k − 1) + 1. */
export function spread(kernel: number, dilation: number): number {
  return dilation * (kernel - 1) + 1;
}

/** Padding in cells. For `same`, the output has ⌈input ÷ stride⌉ cells and an odd cell of padding goes to the end (`same-lower`: to the start). */
export function windowGeometry(settings: WindowSettings, input: FeatureShape): WindowGeometry {
  const { kernel, stride, dilation, padding } = settings;
  const sizes = mapShape(input, 'window');
  const geometry = { kernel, stride, dilation };
  if (padding === 'valid') return { ...geometry, pad: [0, 0, 0, 0] };
  if (typeof padding !== 'string') return { ...geometry, pad: padding };
  const [y, x] = ([0, 1] as const).map((axis) => {
    const output = Math.ceil(sizes[axis] / stride[axis]);
    const total = Math.max(0, (output - 1) * stride[axis] + spread(kernel[axis], dilation[axis]) - sizes[axis]);
    const half = Math.floor(total / 2);
    return padding === 'same' ? [half, total - half] : [total - half, half];
  });
  return { ...geometry, pad: [y[0], x[0], y[1], x[1]] };
}

/**
 * Rows and columns of the output: ⌊(i + p − d·(k − 1) − 1) ÷ s⌋ + 1. With `ceil` the division rounds up, but no window starts
 * beyond the input and its leading padding (as ONNX and PyTorch have it).
 * Throws SpecError, naming the setting `field`, where not one window fits.
 */
export function windowOutput(
  geometry: WindowGeometry,
  shape: FeatureShape,
  ceil: boolean,
  name: string,
  field = 'kernel',
): Pair {
  const { kernel, stride, dilation, pad } = geometry;
  const sizes = mapShape(shape, name);
  const [height, width] = ([0, 1] as const).map((axis) => {
    const input = sizes[axis];
    const room = input + pad[axis] + pad[axis + 2] - spread(kernel[axis], dilation[axis]);
    if (room < 0) {
      const what = say(axis === 0 ? 'spec.rows' : 'spec.columns');
      throw new SpecError(
        name,
        field,
        kernel[axis],
        say('spec.window', {
          most: input + pad[axis] + pad[axis + 2],
          what,
          input,
          spread: spread(kernel[axis], dilation[axis]),
        }),
      );
    }
    if (!ceil) return Math.floor(room / stride[axis]) + 1;
    const output = Math.ceil(room / stride[axis]) + 1;
    return (output - 1) * stride[axis] >= input + pad[axis] ? output - 1 : output;
  });
  return [height, width];
}

/** A feature map or an error: windows slide over rows and columns, which flat features have not. */
export function mapShape(
  shape: FeatureShape,
  name: string,
): readonly [height: number, width: number, channels: number] {
  if (shape.length === 3) return shape;
  throw new SpecError(name, 'inputs', shape, say('spec.map'));
}

/** ONNX attributes of a window. */
export function windowAttributes(geometry: WindowGeometry): Record<string, number[]> {
  const { kernel, stride, dilation, pad } = geometry;
  return { kernel_shape: [...kernel], strides: [...stride], dilations: [...dilation], pads: [...pad] };
}

/**
 * The arithmetic of a sliding window, shared by convolution and pooling.
 * Source: Dumoulin & Visin 2016, "A guide to convolution arithmetic for deep learning"; ONNX for `same` and ceil mode.
 */
import { spatialOf, type WindowGeometry } from '../geometry';
import { say, type Message } from '../../words';
import { SpecError } from '../model/spec';
import type { FeatureShape } from '../tensor';
import type { Padding } from './settings';

/** Largest kernel, stride, dilation and padding that a spec may ask for. */
export const WINDOW_LIMIT = 4096;

export interface WindowSettings {
  /** One number for each spatial axis of the input. */
  kernel: readonly number[];
  stride: readonly number[];
  dilation: readonly number[];
  padding: Padding;
}

/** Cells along an axis from the first to the last one of a dilated kernel: d·(k − 1) + 1. */
export function spread(kernel: number, dilation: number): number {
  return dilation * (kernel - 1) + 1;
}

/** Padding in cells. For `same`, the output has ⌈input ÷ stride⌉ cells and an odd cell of padding goes to the end (`same-lower`: to the start). */
export function windowGeometry(settings: WindowSettings, input: FeatureShape): WindowGeometry {
  const { kernel, stride, dilation, padding } = settings;
  const geometry = { kernel, stride, dilation };
  if (typeof padding !== 'string') return { ...geometry, pad: padding };
  const sides = spatialOf(input).map((size, axis) => {
    if (padding === 'valid') return [0, 0];
    const output = Math.ceil(size / stride[axis]);
    const total = Math.max(0, (output - 1) * stride[axis] + spread(kernel[axis], dilation[axis]) - size);
    const half = Math.floor(total / 2);
    return padding === 'same' ? [half, total - half] : [total - half, half];
  });
  return { ...geometry, pad: [...sides.map(([before]) => before), ...sides.map(([, after]) => after)] };
}

/**
 * Cells of the output along each axis: ⌊(i + p − d·(k − 1) − 1) ÷ s⌋ + 1. With `ceil` the division rounds up, but no window starts
 * beyond the input and its leading padding (as ONNX and PyTorch have it).
 * Throws SpecError, naming the setting `field`, where not one window fits.
 */
export function windowOutput(
  geometry: WindowGeometry,
  shape: FeatureShape,
  ceil: boolean,
  name: string,
  field = 'kernel',
): number[] {
  const { kernel, stride, dilation, pad } = geometry;
  const sizes = spatialOf(shape);
  return sizes.map((input, axis) => {
    const padded = input + pad[axis] + pad[axis + sizes.length];
    const cells = spread(kernel[axis], dilation[axis]);
    const room = padded - cells;
    if (room < 0) {
      const expected = say('spec.window', { most: padded, what: axisName(axis, sizes.length), input, spread: cells });
      throw new SpecError(name, field, kernel[axis], expected);
    }
    if (!ceil) return Math.floor(room / stride[axis]) + 1;
    const output = Math.ceil(room / stride[axis]) + 1;
    return (output - 1) * stride[axis] >= input + pad[axis] ? output - 1 : output;
  });
}

/** What the places along an axis are called: slices, rows, columns. */
function axisName(axis: number, axes: number): Message {
  return say((['spec.columns', 'spec.rows', 'spec.slices'] as const)[axes - 1 - axis]);
}

/** A shape with spatial axes, or an error: windows slide along those, which flat features have not. */
export function mapShape(shape: FeatureShape, name: string): FeatureShape {
  if (shape.length > 1) return shape;
  throw new SpecError(name, 'inputs', shape, say('spec.map'));
}

/** ONNX attributes of a window. */
export function windowAttributes(geometry: WindowGeometry): Record<string, number[]> {
  const { kernel, stride, dilation, pad } = geometry;
  return { kernel_shape: [...kernel], strides: [...stride], dilations: [...dilation], pads: [...pad] };
}

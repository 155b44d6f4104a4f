/** What layers share that say what they are in Keras 3, for the script of `convscope export`. Tensors are channels last there. */
import { spatialOf } from '../geometry';
import type { FeatureShape } from '../tensor';
import { tuple } from './pytorch';

/** A layer in Keras: the layer it owns, if any, and the expression that it computes of the values `x`. */
export interface KerasForm {
  /** Up to its last argument, since the script adds a name: `layers.Dense(3`. */
  layer?: string;
  /** @param own the layer in Python. */
  call(own: string, x: readonly string[]): string;
}

/** A layer that is one of Keras's own; `text` as in `KerasForm.layer`. */
export const kerasLayer = (text: string): KerasForm => ({ layer: text, call: (own, [x]) => `${own}(${x})` });

/** One of Keras's layers that merge values, where all have the shape of the output; null otherwise. */
export function merged(
  name: string,
  { inputShapes, outputShape }: { inputShapes: readonly FeatureShape[]; outputShape: FeatureShape },
): KerasForm | null {
  if (inputShapes.some((shape) => shape.join() !== outputShape.join())) return null;
  return { call: (_own, x) => `layers.${name}()([${x.join(', ')}])` };
}

/** `(1, 2)`: the spatial axes of a map. */
export const kerasAxes = (shape: FeatureShape): string => tuple(spatialOf(shape).map((_, axis) => axis + 1));

/** `ops.pad` around the spatial axes, where there is anything to pad. */
export function kerasPadded(x: string, before: readonly number[], after: readonly number[], value = '0.0'): string {
  if ([...before, ...after].every((cells) => cells === 0)) return x;
  const widths = ['(0, 0)', ...before.map((cells, axis) => tuple([cells, after[axis]])), '(0, 0)'];
  return `ops.pad(${x}, (${widths.join(', ')}), constant_values=${value})`;
}

/** `x` with its channels first, as flat features are in Convscope: (C, H, W). */
export function kerasChannelsFirst(shape: FeatureShape, x: string): string {
  const axes = spatialOf(shape).map((_, axis) => axis + 1);
  return axes.length === 0 ? x : `layers.Permute(${tuple([axes.length + 1, ...axes])})(${x})`;
}

/** `x`, whose channels are first, with its channels last again. */
export function kerasChannelsLast(shape: FeatureShape, x: string): string {
  const axes = spatialOf(shape).map((_, axis) => axis + 2);
  return axes.length === 0 ? x : `layers.Permute(${tuple([...axes, 1])})(${x})`;
}

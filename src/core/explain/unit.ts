import type { ExplainInput } from '../layers/layer';
import { asMap } from '../geometry';

/** One number of an input, NHWC. */
export function valueAt(
  { shape, values }: Pick<ExplainInput, 'shape' | 'values'>,
  channel: number,
  y: number,
  x: number,
): number {
  const [, width, channels] = asMap(shape);
  return values[(y * width + x) * channels + channel];
}

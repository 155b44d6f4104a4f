import type { ExplainContext, Recomputed } from '../layers/layer';
import { flatIndex, placeOf } from '../geometry';
import { valueAt } from './unit';

/** Flatten, reshape, dropout at inference: the same number, at the same index of channel-major order. */
export function explainCopy({ inputs, outputShape, channel, y, x }: ExplainContext): Recomputed {
  const [input] = inputs;
  const place = placeOf(input.shape, flatIndex(outputShape, channel, y, x));
  return {
    value: valueAt(input, place.channel, place.y, place.x),
    body: { kind: 'copy', source: input.layer, ...place },
  };
}

import type { ExplainContext, Recomputed } from '../layers/layer';
import { placeAt, planeAt } from '../geometry';
import { axisOf, type SoftmaxAxis } from '../kernels/reference/softmax';
import { valueAt } from './unit';

/** e^(logit − maximum) ÷ Σ e^(logit − maximum), from all logits along the axis. */
export function explainSoftmax(axis: SoftmaxAxis, log: boolean, { inputs, channel, y, x }: ExplainContext): Recomputed {
  const [input] = inputs;
  const along = axisOf(axis, input.shape);
  const at = [...placeAt(input.shape, y, x), channel];
  const own = at[along];
  const logits = Float64Array.from({ length: input.shape[along] }, (_, i) => {
    const unit = at.with(along, i);
    const place = planeAt(input.shape, unit.slice(0, -1));
    return valueAt(input, unit[unit.length - 1], place.y, place.x);
  });
  const maximum = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  const exponentials = logits.map((logit) => Math.exp(logit - maximum));
  const sum = exponentials.reduce((a, b) => a + b, 0);
  const value = log ? logits[own] - maximum - Math.log(sum) : exponentials[own] / sum;
  return { value, body: { kind: 'share', source: input.layer, logits, own, maximum, exponentials, sum, log } };
}

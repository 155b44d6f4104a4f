import type { ExplainContext, Recomputed } from '../layers/layer';
import { asMap } from '../geometry';
import type { SoftmaxAxis } from '../kernels/reference/softmax';
import { valueAt } from './unit';

/** e^(logit − maximum) ÷ Σ e^(logit − maximum), from all logits along the axis. */
export function explainSoftmax(axis: SoftmaxAxis, log: boolean, { inputs, channel, y, x }: ExplainContext): Recomputed {
  const [input] = inputs;
  const [height, width, channels] = asMap(input.shape);
  const count = { channel: channels, height, width }[axis];
  const own = { channel, height: y, width: x }[axis];
  const logits = Float64Array.from({ length: count }, (_, i) =>
    valueAt(input, axis === 'channel' ? i : channel, axis === 'height' ? i : y, axis === 'width' ? i : x),
  );
  const maximum = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  const exponentials = logits.map((logit) => Math.exp(logit - maximum));
  const sum = exponentials.reduce((a, b) => a + b, 0);
  const value = log ? logits[own] - maximum - Math.log(sum) : exponentials[own] / sum;
  return { value, body: { kind: 'share', source: input.layer, logits, maximum, exponentials, sum, log } };
}

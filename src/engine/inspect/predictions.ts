import type { Prediction } from '../../shared/protocol';
import type { Activations } from './activations';

/** All classes from the largest logit down, which is the likeliest first; on a tie the lower index first. None of what is no classifier. */
export async function predictionsOf(activations: Activations, labels: readonly string[]): Promise<Prediction[]> {
  const { head } = activations.network;
  if (!head) return [];
  const [values, output] = await Promise.all([head.logits, head.output].map((value) => units(activations, value)));
  const predictions = values.map((logit, index) => ({
    label: labels[index] ?? String(index),
    index,
    probability: head.kind === 'value' ? null : head.kind === 'log share' ? Math.exp(output[index]) : output[index],
    logit,
  }));
  return predictions.sort((a, b) => b.logit - a.logit || a.index - b.index);
}

/** The first number of each map. */
async function units(activations: Activations, value: number): Promise<number[]> {
  const { data, map } = await activations.maps(value);
  return Array.from(map, (at) => data[at]);
}

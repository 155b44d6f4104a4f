import { headOfGraph } from '../../core/model/graph';
import type { Model } from '../../core/model/model';
import type { Prediction } from '../../shared/protocol';
import type { Activations } from './activations';

/** All classes from the largest logit down, which is the likeliest first; on a tie the lower index first. */
export function predictionsOf(model: Model, activations: Activations): Prediction[] {
  const { kind, output, logits } = headOfGraph(model.graph);
  const values = activations.data(logits);
  const probabilities = kind === 'value' ? null : activations.data(output);
  const predictions = Array.from(values, (logit, index) => ({
    label: model.metadata.labels[index],
    index,
    probability: probabilities && (kind === 'log share' ? Math.exp(probabilities[index]) : probabilities[index]),
    logit,
  }));
  return predictions.sort((a, b) => b.logit - a.logit || a.index - b.index);
}

import type { Model } from '../../core/model/model';
import type { Prediction } from '../../shared/protocol';
import type { Activations } from './activations';

/** All classes from the likeliest down; on a tie the lower index first. */
export function predictionsOf(model: Model, activations: Activations): Prediction[] {
  const { probabilities, logits } = outputsOf(activations);
  const predictions = Array.from(probabilities, (probability, index) => ({
    label: model.metadata.labels[index],
    index,
    probability,
    logit: logits[index],
  }));
  return predictions.sort((a, b) => b.probability - a.probability || a.index - b.index);
}

/** A network that does not end in a softmax gives logits: their softmax is taken here. */
function outputsOf({ graph, layers }: Activations): { probabilities: ArrayLike<number>; logits: Float32Array } {
  const last = graph.layers[graph.layers.length - 1];
  const output = layers[layers.length - 1];
  const before = last.inputs[0] < 0 ? output : layers[last.inputs[0]];
  const { shares } = last.traits;
  if (shares === 'probability') return { probabilities: output, logits: before };
  if (shares === 'log probability') return { probabilities: Float64Array.from(output, Math.exp), logits: before };
  const largest = output.reduce((a, b) => Math.max(a, b), -Infinity);
  const exponentials = Float64Array.from(output, (logit) => Math.exp(logit - largest));
  const sum = exponentials.reduce((a, b) => a + b, 0);
  return { probabilities: exponentials.map((value) => value / sum), logits: output };
}

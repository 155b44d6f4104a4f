import { ReferenceExecutor } from '../core/backends/reference/executor';
import { negativeLogLikelihood, softmaxCrossEntropy, type LossOptions } from '../core/train/losses';
import { adagrad, adam, momentum } from '../core/train/optimizers';
import type { Core, LossCall } from './core';

const options = ({ weights, ignoreIndex, reduction }: LossCall): LossOptions => ({
  weights: weights ?? undefined,
  ignoreIndex,
  reduction,
});

/** The core in plain TypeScript: the truth for tests and explanations. */
export const referenceCore: Core = {
  name: 'reference',
  executor: (graph, maxBatch) => new ReferenceExecutor<Float32Array>(graph, maxBatch),
  softmaxCrossEntropy: (call) =>
    softmaxCrossEntropy(call.x, call.labels, call.rows, call.classes, 1, options(call)).loss,
  negativeLogLikelihood: (call) =>
    negativeLogLikelihood(call.x, call.labels, call.rows, call.classes, 1, options(call)).loss,
  adam: ({ w, g, slots, rate, decay }, step, settings) =>
    adam(w, g, slots[0], slots[1], rate, decay, step, { ...settings, decoupled: false }),
  adagrad: ({ w, g, slots, rate, decay }, settings) => adagrad(w, g, slots[0], rate, decay, settings),
  momentum: ({ w, g, slots, rate, decay }, settings) => momentum(w, g, slots[0], rate, decay, settings),
};

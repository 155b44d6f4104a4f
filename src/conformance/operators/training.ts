import type { Reduction } from '../../core/train/losses';
import { sizeOf } from '../../core/tensor';
import type { LossCall, UpdateCall } from '../core';
import type { Call, Operator } from '../call';
import { floats, type FloatValue, type IntegerValue } from '../value';
import { mapOf, toCore, type View } from '../view';
import { runSameShape } from './elementwise';

/** Scores `[N, C, d1 … dk]` and labels `[N, d1 … dk]` as rows of classes. */
function lossCall(call: Call): { loss: LossCall; labels: IntegerValue; x: FloatValue } {
  const x = call.floats(0);
  const labels = call.integers(1);
  const [n, classes, ...positions] = x.shape;
  const view: View = { n, feature: mapOf(classes, sizeOf(positions)) };
  const ignored = call.number('ignore_index', NaN);
  const loss: LossCall = {
    x: toCore(x, view),
    labels: labels.data,
    rows: sizeOf(labels.shape),
    classes,
    weights: call.optionalFloats(2)?.data ?? null,
    ignoreIndex: Number.isNaN(ignored) ? undefined : ignored,
    reduction: call.text('reduction', 'mean') as Reduction,
  };
  return { loss, labels, x };
}

function lossValue(loss: Float64Array, reduction: Reduction, labels: IntegerValue): FloatValue {
  return floats(reduction === 'none' ? labels.shape : [], Float32Array.from(loss));
}

export const negativeLogLikelihoodLoss: Operator = (call) => {
  const { loss, labels } = lossCall(call);
  return [lossValue(call.core.negativeLogLikelihood(loss), loss.reduction, labels)];
};

/** The second output, the log-probabilities, is a log-softmax layer. */
export const softmaxCrossEntropyLoss: Operator = async (call) => {
  const { loss, labels, x } = lossCall(call);
  const value = lossValue(call.core.softmaxCrossEntropy(loss), loss.reduction, labels);
  const [n, classes, ...positions] = x.shape;
  const view: View = { n, feature: mapOf(classes, sizeOf(positions)) };
  return [value, (await runSameShape(call, x, { kind: 'logsoftmax' }, { view })).value];
};

/**
 * ONNX's training operators: R (rate), T (number of updates so far), then all weights, all gradients and all states, group by
 * group; the outputs are the new weights and states, grouped in the same way.
 */
function optimizer(
  slots: number,
  update: (call: Call, step: number, rate: number, each: UpdateCall) => void,
): Operator {
  return (call) => {
    const rate = call.floats(0).data[0];
    const step = call.integers(1).data[0];
    const count = (call.inputCount - 2) / (2 + slots);
    const groups: FloatValue[][] = Array.from({ length: 1 + slots }, () => []);
    for (let i = 0; i < count; i++) {
      const take = (group: number): FloatValue => {
        const value = call.floats(2 + group * count + i);
        return floats(value.shape, value.data.slice());
      };
      const [w, g, ...states] = Array.from({ length: 2 + slots }, (_, group) => take(group));
      const decay = call.number('norm_coefficient', 0);
      update(call, step, rate, { w: w.data, g: g.data, slots: states.map((state) => state.data), rate, decay });
      [w, ...states].forEach((value, group) => groups[group].push(value));
    }
    return groups.flat();
  };
}

/** `norm_coefficient_post` shrinks the weights after the step, apart from it. */
export const adam = optimizer(2, (call, step, _rate, each) => {
  const settings = {
    beta1: call.number('alpha', 0.9),
    beta2: call.number('beta', 0.999),
    epsilon: call.number('epsilon', 1e-6),
  };
  call.core.adam(each, step, settings);
  const post = call.number('norm_coefficient_post', 0);
  each.w.forEach((value, i) => (each.w[i] = (1 - post) * value));
});

/** The rate falls with the number of updates: in the trainer that is a schedule, separate from the optimizer. */
export const adagrad = optimizer(1, (call, step, rate, each) => {
  const falling = rate / (1 + step * call.number('decay_factor', 0));
  call.core.adagrad({ ...each, rate: falling }, { epsilon: call.number('epsilon', 1e-6) });
});

export const momentum = optimizer(1, (call, step, _rate, each) => {
  call.core.momentum(each, {
    momentum: call.number('alpha', 0),
    nesterov: call.text('mode', '') === 'nesterov',
    share: step > 0 ? call.number('beta', 1) : 1,
  });
});

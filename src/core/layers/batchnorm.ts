import { say } from '../../words';
import { valueAt } from '../explain/unit';
import { batchNormBackward, batchNormForward, batchStatistics } from '../kernels/reference/batchnorm';
import { kerasLayer } from './keras';
import type { LayerDefinition } from './layer';
import { module } from './pytorch';
import { channelsOf } from '../geometry';
import { plainTraits } from './traits';

export interface BatchNormConfig {
  epsilon: number;
  momentum: number;
}

/**
 * Batch normalization: y = (x − mean) ÷ √(variance + ε) · scale + shift, per channel, any shape (`[H, W, C]` or `[C]`). In training, mean
 * and population variance (divided by the count, not count − 1) are of the whole batch, over samples, rows and columns, and the running
 * statistics are updated as in ONNX and Keras: running = momentum · running + (1 − momentum) · batch. Inference uses the running ones.
 * Settings: epsilon 1e-5, momentum 0.9. Source: Ioffe & Szegedy 2015; ONNX BatchNormalization.
 */
export const batchnorm: LayerDefinition<BatchNormConfig> = {
  kind: 'batchnorm',
  arity: 'one',

  parse: (settings) => ({
    epsilon: settings.number(
      'epsilon',
      1e-5,
      (value) => value > 0 && value <= 1,
      say('spec.number.above', { from: 0, to: 1 }),
    ),
    momentum: settings.number(
      'momentum',
      0.9,
      (value) => value >= 0 && value <= 1,
      say('spec.number.range', { from: 0, to: 1 }),
    ),
  }),
  settings: ({ epsilon, momentum }) => ({ epsilon, momentum }),

  outputShape: (_config, [input]) => input,

  params(_config, [input]) {
    const channels = channelsOf(input);
    const common = { shape: [channels], decay: false, fanIn: 1, fanOut: 1 };
    return [
      { name: 'scale', trainable: true, init: 1, ...common },
      { name: 'shift', trainable: true, init: 0, ...common },
      { name: 'mean', trainable: false, init: 0, ...common },
      { name: 'variance', trainable: false, init: 1, ...common },
    ];
  },
  macs: () => 0,

  inTraining: 'batch',
  traits: () => plainTraits,

  forward({ epsilon, momentum }, { params, training, saved, x, y }) {
    const [scale, shift, runningMean, runningVariance] = params;
    if (!training) return batchNormForward(x[0], runningMean, runningVariance, epsilon, scale, shift, y);
    const mean = runningMean.slice() as typeof runningMean;
    const variance = runningVariance.slice() as typeof runningVariance;
    batchStatistics(x[0], mean, variance);
    saved.mean = mean;
    saved.variance = variance;
    batchNormForward(x[0], mean, variance, epsilon, scale, shift, y);
    for (let c = 0; c < mean.length; c++) {
      runningMean[c] = momentum * runningMean[c] + (1 - momentum) * mean[c];
      runningVariance[c] = momentum * runningVariance[c] + (1 - momentum) * variance[c];
    }
  },
  backward({ epsilon }, { params, training, saved, x, dy, dx, dParams }) {
    const [mean, variance] = training ? [saved.mean, saved.variance] : [params[2], params[3]];
    batchNormBackward(x[0], mean, variance, epsilon, params[0], !training, dy, dx[0], dParams[0], dParams[1]);
  },

  toOnnx({ epsilon, momentum }, context) {
    const names = ['scale', 'shift', 'mean', 'variance'];
    const values = names.map((name, i) => context.initializer(name, [context.params[i].length], context.params[i]));
    const inputs = [context.inputs[0], ...values];
    return [{ opType: 'BatchNormalization', inputs, outputs: [context.name], attributes: { epsilon, momentum } }];
  },

  toPyTorch({ epsilon, momentum }, { inputShapes: [input] }) {
    const axes = Math.max(1, input.length - 1);
    // PyTorch's momentum is the share of the new batch.
    return module(`nn.BatchNorm${axes}d(${channelsOf(input)}, eps=${epsilon}, momentum=${1 - momentum})`);
  },

  toKeras: ({ epsilon, momentum }) => kerasLayer(`layers.BatchNormalization(momentum=${momentum}, epsilon=${epsilon}`),

  reads: (_config, region) => region,
  explain({ epsilon }, { inputs, params, channel, y, x }) {
    const input = valueAt(inputs[0], channel, y, x);
    const [scale, shift, mean, variance] = params.map((each) => each[channel]);
    const value = ((input - mean) / Math.sqrt(variance + epsilon)) * scale + shift;
    return {
      value,
      body: {
        kind: 'normalize',
        by: 'batch',
        count: null,
        source: inputs[0].layer,
        input,
        mean,
        variance,
        epsilon,
        scale,
        shift,
      },
    };
  },
};

import { say } from '../../words';
import { explainDense } from '../explain/dense';
import { denseBackward, denseForward } from '../kernels/reference/dense';
import { SpecError } from '../model/spec';
import { kerasLayer } from './keras';
import type { LayerDefinition } from './layer';
import { bool, module } from './pytorch';
import { wholeRegion } from '../geometry';
import { plainTraits } from './traits';

export interface DenseConfig {
  units: number;
  bias: boolean;
}

/**
 * Fully connected: y[o] = bias[o] + Σ x[i] · w[o, i]. x `[I]`, w `[O, I]`, y `[O]`. A feature map goes through a flatten layer first.
 * Settings: units, bias true. Source: Rumelhart, Hinton & Williams 1986.
 */
export const dense: LayerDefinition<DenseConfig> = {
  kind: 'dense',
  arity: 'one',

  parse: (settings) => ({
    units: settings.integer('units', undefined, 1, 2 ** 20),
    bias: settings.boolean('bias', true),
  }),
  settings: ({ units, bias }) => ({ units, bias }),

  outputShape(config, [input], name) {
    if (input.length !== 1) throw new SpecError(name, 'inputs', input, say('spec.flat'));
    return [config.units];
  },

  params({ units, bias }, [input]) {
    const fans = { fanIn: input[0], fanOut: units };
    return [
      { name: 'weight', shape: [units, input[0]], trainable: true, decay: true, init: 'weight', ...fans },
      ...(bias ? [{ name: 'bias', shape: [units], trainable: true, decay: false, init: 0, ...fans }] : []),
    ];
  },
  macs: ({ units }, [input]) => units * input[0],

  traits: () => ({ ...plainTraits, maps: 'mixed', weights: 'matrix' }),

  forward(_config, { n, params, x, y }) {
    denseForward(n, x[0], params[0], params[1], y);
  },
  backward(_config, { n, params, x, dy, dx, dParams }) {
    denseBackward(n, x[0], params[0], dy, dx[0], dParams[0], dParams[1]);
  },

  toOnnx({ units, bias }, context) {
    const shape = [units, context.inputShapes[0][0]];
    const inputs = [context.inputs[0], context.initializer('weight', shape, context.params[0])];
    if (bias) inputs.push(context.initializer('bias', [units], context.params[1]));
    return [{ opType: 'Gemm', inputs, outputs: [context.name], attributes: { transB: 1 } }];
  },

  toPyTorch: ({ units, bias }, { inputShapes: [input] }) =>
    module(`nn.Linear(${input[0]}, ${units}, bias=${bool(bias)})`),

  toKeras: ({ units, bias }) => kerasLayer(`layers.Dense(${units}, use_bias=${bool(bias)}`),

  reads: (_config, _region, _input, [input]) => wholeRegion(input),
  explain: (_config, context) => explainDense(context),
};

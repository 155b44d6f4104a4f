import { channelsOf } from '../geometry';
import { module } from './pytorch';
import { readEpsilon, sampleNorm, type SampleNormConfig } from './sample-norm';
import { mapShape } from './window';

/**
 * Instance normalization: y = (x − mean) ÷ √(variance + ε) · scale + shift, mean and variance of each map of the sample by itself, scale and
 * shift `[C]`. x `[H, W, C]`; signals and volumes likewise. Settings: epsilon 1e-5.
 * Source: Ulyanov, Vedaldi & Lempitsky 2016; ONNX InstanceNormalization.
 */
export const instancenorm = sampleNorm<SampleNormConfig>({
  kind: 'instancenorm',
  by: 'instance',

  parse: (settings) => ({ epsilon: readEpsilon(settings) }),
  settings: ({ epsilon }) => ({ epsilon }),

  outputShape: (_config, [input], name) => mapShape(input, name),
  statistics: (_config, input) => ({ groups: channelsOf(input), eachPlace: false }),
  scaleShape: (_config, input) => [channelsOf(input)],
  traits: () => ({ maps: 'own', groups: 1 }),

  toOnnx({ epsilon }, { name, inputs, params, initializer }) {
    const [scale, shift] = ['scale', 'shift'].map((param, i) => initializer(param, [params[i].length], params[i]));
    const all = [inputs[0], scale, shift];
    return [{ opType: 'InstanceNormalization', inputs: all, outputs: [name], attributes: { epsilon } }];
  },

  toPyTorch: ({ epsilon }, { inputShapes: [input] }) =>
    module(`nn.InstanceNorm${input.length - 1}d(${channelsOf(input)}, eps=${epsilon}, affine=True)`),
});

import { say } from '../../words';
import { curveAround } from '../explain/curve';
import { valueAt } from '../explain/unit';
import { channelsOf } from '../geometry';
import { lrnBackward, lrnForward, reachOf } from '../kernels/reference/lrn';
import { SpecError } from '../model/spec';
import { channelsFirst } from '../tensor';
import type { LayerDefinition } from './layer';
import { expression, module } from './pytorch';
import { plainTraits } from './traits';

export interface LrnConfig {
  size: number;
  alpha: number;
  beta: number;
  bias: number;
}

/**
 * Local response normalization: y[c] = x[c] ÷ (bias + alpha ÷ size · Σ x[i]²)^beta, i over the `size` (odd) channels around c at the same place, as many as
 * there are. Any shape. Settings: size 5, alpha 1e-4, beta 0.75, bias 1 (AlexNet: 2, and its alpha is not divided by the size).
 * Source: Krizhevsky, Sutskever & Hinton 2012; ONNX LRN.
 */
export const lrn: LayerDefinition<LrnConfig> = {
  kind: 'lrn',
  arity: 'one',

  parse(settings, name) {
    const positive = (value: number): boolean => value > 0;
    const config = {
      size: settings.integer('size', 5, 1, 65536),
      alpha: settings.number('alpha', 1e-4, (value) => value >= 0, say('spec.number.from', { from: 0 })),
      beta: settings.number('beta', 0.75),
      bias: settings.number('bias', 1, positive, say('spec.number.positive')),
    };
    if (config.size % 2 === 0) throw new SpecError(name, 'size', config.size, say('spec.odd'));
    return config;
  },
  settings: ({ size, alpha, beta, bias }) => ({ size, alpha, beta, bias }),

  outputShape: (_config, [input]) => input,

  params: () => [],
  macs: () => 0,

  traits: () => ({ ...plainTraits, negative: 'as inputs', maps: 'some' }),

  forward(config, { inputShapes: [input], x, y }) {
    lrnForward(config, channelsOf(input), x[0], y);
  },
  backward(config, { inputShapes: [input], x, dy, dx }) {
    if (dx[0]) lrnBackward(config, channelsOf(input), x[0], dy, dx[0]);
  },

  toOnnx({ size, alpha, beta, bias }, { name, inputs, inputShapes: [input], integers }) {
    const normalize = (x: string, y: string) => ({
      opType: 'LRN',
      inputs: [x],
      outputs: [y],
      attributes: { size, alpha, beta, bias },
    });
    if (input.length === 3) return [normalize(inputs[0], name)];
    // onnxruntime takes maps alone.
    const [map, shape] = [
      integers('map', [0, channelsOf(input), -1, 1]),
      integers('shape', [0, ...channelsFirst(input)]),
    ];
    return [
      { opType: 'Reshape', inputs: [inputs[0], map], outputs: [`${name}.plane`] },
      normalize(`${name}.plane`, `${name}.normalized`),
      { opType: 'Reshape', inputs: [`${name}.normalized`, shape], outputs: [name] },
    ];
  },

  toPyTorch: ({ size, alpha, beta, bias }, { inputShapes: [input] }) =>
    input.length === 1 ? null : module(`nn.LocalResponseNorm(${size}, ${alpha}, ${beta}, ${bias})`),

  toKeras({ size, alpha, beta, bias }, { inputShapes: [input] }) {
    const { before, after } = reachOf(size);
    const widths = [...input.map(() => '(0, 0)'), `(${before}, ${after})`].join(', ');
    return expression((x) => {
      const around = `ops.pad(ops.square(${x}), (${widths}))`;
      return `${x} / (${bias} + ${alpha / size} * sum(${around}[..., i : i + ${channelsOf(input)}] for i in range(${size}))) ** ${beta}`;
    });
  },

  reads({ size }, region, _input, [input]) {
    const { before, after } = reachOf(size);
    const [first, last] = [Math.max(0, region.first - before), Math.min(channelsOf(input) - 1, region.last + after)];
    return { ...region, first, last };
  },
  explain({ size, alpha, beta, bias }, { inputs: [source], channel, y, x }) {
    const { before, after } = reachOf(size);
    const input = valueAt(source, channel, y, x);
    let others = 0;
    for (let c = Math.max(0, channel - before); c <= Math.min(channelsOf(source.shape) - 1, channel + after); c++)
      if (c !== channel) others += valueAt(source, c, y, x) ** 2;
    const f = (at: number): number => at / (bias + (alpha / size) * (at * at + others)) ** beta;
    const constants = Object.entries({ bias, alpha, size, others, beta }).map(([name, value]) => ({ name, value }));
    const formula = 'x ÷ (bias + alpha ÷ size · (x² + others))^beta';
    const told = { source: source.layer, input, formula, constants };
    return { value: f(input), body: { kind: 'function', ...told, curve: curveAround(f, input) } };
  },
};

/** What the activation functions share: each unit is a function of the same unit of the input. */
import { curveAround } from '../explain/curve';
import { valueAt } from '../explain/unit';
import { mapBackward, mapForward } from '../kernels/reference/elementwise';
import type { LayerDefinition } from './layer';
import { plainTraits } from './traits';

export interface Activation<C> {
  kind: string;
  parse: LayerDefinition<C>['parse'];
  settings: LayerDefinition<C>['settings'];
  value(config: C, x: number): number;
  /** The derivative at x; at a kink, the one from the left. */
  slope(config: C, x: number): number;
  opType: string;
  attributes?(config: C): Record<string, number>;
  /** True where no output is below zero. */
  nonNegative?: boolean;
  /** True where an output is a probability of its own. */
  probability?: boolean;
  /** For people, in x and the constants' names. */
  formula: string;
  constants?(config: C): { name: string; value: number }[];
}

/** A layer without parameters and with the shape of its input: y = value(x), dx += dy · slope(x). */
export function elementwise<C>(activation: Activation<C>): LayerDefinition<C> {
  const { kind, parse, settings, value, slope, opType, formula } = activation;
  return {
    kind,
    arity: 'one',
    parse,
    settings,
    outputShape: (_config, [input]) => input,
    params: () => [],
    macs: () => 0,
    traits: () => ({
      ...plainTraits,
      negative: activation.nonNegative ? 'never' : 'always',
      probability: activation.probability ? 'own' : null,
    }),
    forward(config, { x, y }) {
      mapForward((each) => value(config, each), x[0], y);
    },
    backward(config, { x, dy, dx }) {
      if (dx[0]) mapBackward((each) => slope(config, each), x[0], dy, dx[0]);
    },
    toOnnx: (config, { name, inputs }) => [
      { opType, inputs: [inputs[0]], outputs: [name], attributes: activation.attributes?.(config) ?? {} },
    ],
    reads: (_config, region) => region,
    explain(config, { inputs, channel, y, x }) {
      const [{ layer }] = inputs;
      const input = valueAt(inputs[0], channel, y, x);
      const constants = activation.constants?.(config) ?? [];
      return {
        value: value(config, input),
        body: {
          kind: 'function',
          source: layer,
          input,
          formula,
          constants,
          curve: curveAround((at) => value(config, at), input),
        },
      };
    },
  };
}

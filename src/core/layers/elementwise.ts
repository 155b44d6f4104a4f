/** Shared by the activation functions: each output unit is a function of the same unit of the input. */
import { curveAround } from '../explain/curve';
import { valueAt } from '../explain/unit';
import { mapBackward, mapForward } from '../kernels/reference/elementwise';
import type { LayerDefinition, OnnxContext, OnnxNodeSpec } from './layer';
import { expression } from './pytorch';
import { plainTraits } from './traits';

export interface Activation<C> {
  kind: string;
  parse: LayerDefinition<C>['parse'];
  settings: LayerDefinition<C>['settings'];
  value(config: C, x: number): number;
  /** The derivative at x; at a kink, the one from the left. */
  slope(config: C, x: number): number;
  /** The ONNX operator that the function is, with its attributes. Without one `nodes` writes it. */
  opType?: string;
  attributes?(config: C): Record<string, number>;
  nodes?(config: C, context: OnnxContext): OnnxNodeSpec[];
  /** In PyTorch, of a tensor `x`. */
  pytorch?(config: C, x: string): string;
  /** In Keras, of a tensor `x`. */
  keras?(config: C, x: string): string;
  /** True if no output is below zero. */
  nonNegative?: boolean;
  /** True if each output is a probability by itself (not a share of one). */
  probability?: boolean;
  /** The formula for display, in x and the constants' names. */
  formula: string | ((config: C) => string);
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
    toOnnx(config, context) {
      if (activation.nodes) return activation.nodes(config, context);
      if (opType === undefined) throw new Error(`layer '${context.name}': found neither operator nor nodes for ONNX`);
      const attributes = activation.attributes?.(config) ?? {};
      return [{ opType, inputs: [context.inputs[0]], outputs: [context.name], attributes }];
    },
    toPyTorch: (config) => {
      const { pytorch } = activation;
      return pytorch ? expression((x) => pytorch(config, x)) : null;
    },
    toKeras: (config) => {
      const { keras } = activation;
      return keras ? expression((x) => keras(config, x)) : null;
    },
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
          formula: typeof formula === 'string' ? formula : formula(config),
          constants,
          curve: curveAround((at) => value(config, at), input),
        },
      };
    },
  };
}

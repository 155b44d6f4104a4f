import type { LayerDefinition, ParamSpec } from '../layers/layer';
import type { FeatureShape } from '../tensor';
import type { ModelSpec } from './spec';

/** A layer in its place: settings checked, shapes known. */
export interface GraphLayer {
  readonly name: string;
  readonly kind: string;
  readonly definition: LayerDefinition;
  readonly config: unknown;
  /** Indices into `Graph.layers` of the layers that feed this one; −1 is the image. */
  readonly inputs: readonly number[];
  readonly inputShapes: readonly FeatureShape[];
  readonly outputShape: FeatureShape;
  readonly params: readonly ParamSpec[];
  readonly macs: number;
}

/** A validated model without its weights: layers in topological order, the last one is the output. */
export interface Graph {
  /** The normalised spec: every layer named, its inputs written out, defaults filled in. */
  readonly spec: ModelSpec;
  readonly inputShape: readonly [height: number, width: number, channels: number];
  readonly layers: readonly GraphLayer[];
}

/** Parameters by `layer.param`, each in its canonical layout (see ParamSpec), float32. */
export type ParamSet = ReadonlyMap<string, Float32Array>;

/** The key of a parameter in a ParamSet: `conv1.weight`. */
export function paramKey(layer: string, param: string): string {
  return `${layer}.${param}`;
}

/** The layer whose output the loss takes: the last one, or the one before a final softmax; of a softmax of the input itself, that. */
export function logitsOf({ layers }: Pick<Graph, 'layers'>): number {
  const last = layers.length - 1;
  const { kind, inputs } = layers[last];
  return (kind === 'softmax' || kind === 'logsoftmax') && inputs[0] >= 0 ? inputs[0] : last;
}

/** Multiply-adds of one sample, forward. */
export function macsOf({ layers }: Pick<Graph, 'layers'>): number {
  return layers.reduce((sum, { macs }) => sum + macs, 0);
}

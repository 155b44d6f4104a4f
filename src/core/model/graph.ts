import { asMap, type Region, type WindowGeometry } from '../geometry';
import type {
  BackwardContext,
  Call,
  ExplainContext,
  ForwardContext,
  LayerDefinition,
  OnnxContext,
  OnnxNodeSpec,
  ParamSpec,
  Recomputed,
} from '../layers/layer';
import type { KerasForm } from '../layers/keras';
import type { PyTorchForm } from '../layers/pytorch';
import type { Traits } from '../layers/traits';
import type { FeatureShape, FloatArray } from '../tensor';
import { headOf, type Head } from './head';
import type { ModelSpec } from './spec';

/** A bound layer: settings checked, shapes known, and the functions of its definition bound to both. */
export interface GraphLayer<C = unknown> {
  readonly name: string;
  readonly kind: string;
  readonly definition: LayerDefinition<C>;
  /** For code that belongs to one kind: see `configOf`. */
  readonly config: C;
  /** Indices into `Graph.layers` of the layers that feed this one; −1 is the image. */
  readonly inputs: readonly number[];
  readonly inputShapes: readonly FeatureShape[];
  readonly outputShape: FeatureShape;
  readonly params: readonly ParamSpec[];
  readonly macs: number;
  readonly traits: Traits;
  /** The window of one output unit in the layer before; null where the layer has none. */
  readonly window: WindowGeometry | null;
  /** Settings that make this layer again, defaults filled in. */
  settings(): Record<string, unknown>;
  forward<A extends FloatArray>(call: Call<ForwardContext<A>>): void;
  backward<A extends FloatArray>(call: Call<BackwardContext<A>>): void;
  toOnnx(call: Call<OnnxContext>): OnnxNodeSpec[];
  /** Null where PyTorch has no form of it. */
  toPyTorch(): PyTorchForm | null;
  /** Null where Keras has no form of it. */
  toKeras(): KerasForm | null;
  reads(region: Region, input: number): Region | null;
  explain(call: Omit<ExplainContext, 'outputShape'>): Recomputed;
}

/** Binds a definition to its config, inputs and shapes. */
export function bindLayer<C>(
  definition: LayerDefinition<C>,
  config: C,
  place: Pick<GraphLayer, 'name' | 'inputs' | 'inputShapes' | 'outputShape' | 'params'>,
): GraphLayer<C> {
  const { inputShapes, outputShape } = place;
  const shapes = { inputShapes, outputShape };
  return {
    ...place,
    kind: definition.kind,
    definition,
    config,
    macs: definition.macs(config, inputShapes, outputShape),
    traits: definition.traits(config),
    window: definition.window?.(config, inputShapes) ?? null,
    settings: () => definition.settings(config),
    forward: (call) => definition.forward(config, { ...call, ...shapes }),
    backward: (call) => definition.backward(config, { ...call, ...shapes }),
    toOnnx: (call) => definition.toOnnx(config, { ...call, ...shapes }),
    toPyTorch: () => definition.toPyTorch?.(config, shapes) ?? null,
    toKeras: () => definition.toKeras?.(config, shapes) ?? null,
    reads: (region, input) => definition.reads(config, region, input, inputShapes),
    explain: (call) => definition.explain(config, { ...call, outputShape }),
  };
}

/** Whether a layer is of this kind, for code that belongs to the kind: its kernels, its quirks of rounding. */
export function isOf<C>(layer: GraphLayer, definition: LayerDefinition<C>): layer is GraphLayer<C> {
  return layer.kind === definition.kind;
}

/** Whether a layer makes one list of features of its input's numbers, in channel-major order: flatten, or a reshape to that. */
export function flattens({ traits, outputShape }: Pick<GraphLayer, 'traits' | 'outputShape'>): boolean {
  return traits.maps === 'reshaped' && outputShape.length === 1;
}

/** The config of a layer whose kind is known. Throws where it is another one. */
export function configOf<C>(layer: GraphLayer, definition: LayerDefinition<C>): C {
  if (!isOf(layer, definition))
    throw new Error(`layer '${layer.name}' is of kind ${layer.kind}, not ${definition.kind}`);
  return layer.config;
}

/** A validated model without its weights: layers in topological order, the last one is the output. */
export interface Graph {
  /** The normalized spec: every layer named, its inputs written out, defaults filled in. */
  readonly spec: ModelSpec;
  readonly inputShape: FeatureShape;
  readonly layers: readonly GraphLayer[];
}

/** Parameters by `layer.param`, each in its canonical layout (see ParamSpec), float32. */
export type ParamSet = ReadonlyMap<string, Float32Array>;

/** The key of a parameter in a ParamSet: `conv1.weight`. */
export function paramKey(layer: string, param: string): string {
  return `${layer}.${param}`;
}

/** The head of the network: what its last layer's values mean for the classes. */
export function headOfGraph({ layers }: Pick<Graph, 'layers'>): Head {
  return headOf(layers.length - 1, (index) => {
    if (index < 0) return null;
    const { traits, inputs, outputShape } = layers[index];
    const [height, width] = asMap(outputShape);
    return { traits, inputs, single: height * width === 1 };
  });
}

/** The layer whose output the loss takes: the last one, or the one before a final softmax; a softmax directly on the input itself. */
export function logitsOf(graph: Pick<Graph, 'layers'>): number {
  const { kind, logits } = headOfGraph(graph);
  return (kind === 'share' || kind === 'log share') && logits >= 0 ? logits : graph.layers.length - 1;
}

/** Multiply-adds of one sample, forward. */
export function macsOf({ layers }: Pick<Graph, 'layers'>): number {
  return layers.reduce((sum, { macs }) => sum + macs, 0);
}

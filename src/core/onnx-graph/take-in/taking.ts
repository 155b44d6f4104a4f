import { say, type Message } from '../../../words';
import { spatialOf } from '../../geometry';
import type { LayerDefinition } from '../../layers/layer';
import { registry } from '../../layers/registry';
import { Settings } from '../../layers/settings';
import { paramKey } from '../../model/graph';
import { INPUT, SpecError, type LayerSpec } from '../../model/spec';
import { sizeOf, type FeatureShape, type FloatArray } from '../../tensor';
import { nodeLabel, type GraphNode } from '../network';
import { dimsOf, featuresOf, inOnnxOrder, placesOf, type Features } from './values';

/** Why a node cannot be taken in. */
export class Obstacle extends Error {
  constructor(readonly reason: Message) {
    super(reason.code);
  }
}

/** Numbers of a layer's parameters by name, in our layout; null for one that the layer has not. */
export type Params = Readonly<Record<string, FloatArray | null>>;

/** input = x · scale[c] + shift[c], which the file does before anything else. */
export interface Scaling {
  scale: number[];
  shift: number[];
}

/** The layers that a file's nodes have become so far. */
export class Taking {
  readonly layers: (LayerSpec & { name: string; inputs: string[] })[] = [];
  readonly params = new Map<string, Float32Array>();
  /** What the file does to each channel of its input, where it begins so. */
  scaling: Scaling | null = null;
  /** The layer that the node at hand was folded into: what it gave before is no value any more. */
  folded: string | null = null;
  private readonly shapes = new Map<string, FeatureShape>();
  private readonly changed = new Map<string, string>();

  /** @param opset of ai.onnx. @param input shape of the network's input; null where one node is looked at by itself. */
  constructor(
    readonly opset: number,
    private readonly batch: number,
    input: FeatureShape | null = null,
  ) {
    if (input) this.shapes.set(INPUT, input);
  }

  /** The layer of that name, where it is of that kind. */
  layerOf(name: string, kind: string): (LayerSpec & { name: string }) | null {
    return this.layers.find((layer) => layer.name === name && layer.kind === kind) ?? null;
  }

  /** What a layer, or the input, gives out. */
  features(layer: string): Features {
    return { ...featuresOf(layer, this.shapes.get(layer)!, this.batch), alone: false };
  }

  /**
   * Adds a layer, and gives what it puts out, laid out as ONNX does.
   * @param named whether the layer is what the node is, and not something on the way to it.
   * @throws Obstacle where the layer does not take these settings, inputs or parameters.
   */
  emit(
    node: GraphNode,
    kind: string,
    settings: Record<string, unknown>,
    inputs: readonly Features[],
    given: Params = {},
    named = true,
  ): Features {
    const definition = registry.get(kind);
    if (!definition) throw new Obstacle(say('take.operator', { operator: node.opType }));
    const name = this.nameFor(named ? node : null, kind);
    const shapes = inputs.map(({ shape }) => shape);
    const { outputShape, params } = placed(definition, settings, shapes, name);
    for (const { name: param, shape } of params) {
      const data = given[param];
      if (data?.length !== sizeOf(shape))
        throw new Obstacle(say('take.weights', { found: data?.length ?? 0, expected: shape.join(' × ') }));
      this.params.set(paramKey(name, param), data instanceof Float32Array ? data : Float32Array.from(data));
    }
    this.layers.push({ kind, name, inputs: inputs.map(({ layer }) => layer), ...settings });
    this.shapes.set(name, outputShape);
    return featuresOf(name, outputShape, this.batch);
  }

  /** The layer's own numbers: what the file only says about shapes, and zeros around it, become layers of their own. */
  settled(features: Features, node: GraphNode): Features {
    const shaped = features.view ? this.reshaped(features, node) : features;
    return shaped.pad ? this.padded(shaped, shaped.pad, node) : shaped;
  }

  /** Flat features `[N, F]`. @throws Obstacle for any others. */
  flat(features: Features, node: GraphNode): Features {
    const found = this.settled(features, node);
    if (found.shape.length === 1 && found.axes[0] < 0) return found;
    throw new Obstacle(say('take.flat', { shape: dimsOf(found).join(' × ') }));
  }

  /** The same numbers in another shape, the batch first. @throws Obstacle where ours are in another order. */
  viewed(features: Features, dims: readonly number[], node: GraphNode): Features {
    const before = dimsOf(features);
    if (dims.length === before.length && dims.every((size, axis) => size === before[axis])) return features;
    if (sizeOf(dims) !== sizeOf(before) || dims[0] !== features.batch || features.axes[0] >= 0 || dims.length < 2)
      throw new Obstacle(say('take.reshape', { from: before.join(' × '), to: dims.join(' × ') }));
    const source = features.pad ? this.settled(features, node) : features;
    const view = dims.slice(1);
    if (inOnnxOrder(source)) {
      const own = dimsOf({ ...featuresOf(source.layer, source.shape, source.batch) }).slice(1);
      const same = own.length === view.length && own.every((size, axis) => size === view[axis]);
      return { ...source, axes: featuresOf('', source.shape, 1).axes, view: same ? null : view };
    }
    if (view.length > 1) throw new Obstacle(say('take.reshape', { from: before.join(' × '), to: dims.join(' × ') }));
    // Flattened in another order than ours: what reads it has its weights sorted accordingly.
    const flat = this.reshaped({ ...source, view }, node);
    const own = placesOf(source);
    const channelMajor = placesOf(featuresOf(source.layer, source.shape, 1));
    const place = new Int32Array(own.length);
    channelMajor.forEach((at, i) => (place[at] = i));
    return { ...flat, places: Int32Array.from(own, (at) => place[at]) };
  }

  /** A flatten or reshape layer for a view, made once. */
  private reshaped(features: Features, node: GraphNode): Features {
    const view = features.view!;
    const [channels, ...spatial] = view;
    const shape = view.length === 1 ? [channels] : [...spatial, channels];
    const same = shape.length === features.shape.length && shape.every((size, axis) => size === features.shape[axis]);
    if (same)
      return { ...featuresOf(features.layer, features.shape, features.batch), pad: null, alone: features.alone };
    const key = `${features.layer} ${shape.join(' ')}`;
    const known = this.changed.get(key);
    if (known) return { ...featuresOf(known, shape, features.batch), alone: false };
    const source = featuresOf(features.layer, features.shape, features.batch);
    const found =
      view.length === 1
        ? this.emit(node, 'flatten', {}, [source], {}, false)
        : this.emit(node, 'reshape', { shape }, [source], {}, false);
    this.changed.set(key, found.layer);
    return found;
  }

  private padded(features: Features, cells: readonly number[], node: GraphNode): Features {
    return { ...this.emit(node, 'zeropadding', { cells }, [features], {}, false), axes: features.axes };
  }

  /** The file's name for a node where it is a word, else the kind with a number. */
  private nameFor(node: GraphNode | null, kind: string): string {
    const taken = (each: string): boolean => this.shapes.has(each);
    const own = node && ownName(node);
    if (own && !taken(own)) return own;
    const base = own ? `${own}_${kind}` : kind;
    if (own && !taken(base)) return base;
    for (let number = 1; ; number++) if (!taken(`${base}${number}`)) return `${base}${number}`;
  }
}

/** A node's name as a layer may have it; null for one that is only a number, or its value's name. */
function ownName({ name, outputs }: GraphNode): string | null {
  // Exporters repeat the modules around (`layer1/layer1.0/conv1/Conv`), and end with the operator.
  const parts = name.split('/').filter(Boolean);
  const scopes = parts.filter((part, i) => !parts[i + 1]?.startsWith(`${part}.`));
  if (scopes.length > 1 && /^[A-Z]/.test(scopes[scopes.length - 1])) scopes.pop();
  const own = scopes
    .join('_')
    .replace(/[^\p{L}\p{N}_-]+/gu, '_')
    .replace(/^[_-]+|[_-]+$/g, '')
    .slice(0, 80);
  return /\p{L}{2}/u.test(own) && (name !== outputs[0] || !/^\d+$/.test(name)) ? own : null;
}

function placed(
  definition: LayerDefinition,
  settings: Record<string, unknown>,
  shapes: readonly FeatureShape[],
  name: string,
): { outputShape: FeatureShape; params: ReturnType<LayerDefinition['params']> } {
  try {
    const reader = new Settings(settings, name, spatialOf(shapes[0]).length || 2);
    const config = definition.parse(reader, name);
    reader.done();
    return { outputShape: definition.outputShape(config, shapes, name), params: definition.params(config, shapes) };
  } catch (error) {
    if (error instanceof SpecError) throw new Obstacle(error.reason);
    throw error;
  }
}

/** What stands in the way of a node, in words. */
export const obstacleAt = (node: GraphNode, reason: Message): Message =>
  say('take.node', { node: nodeLabel(node), reason });

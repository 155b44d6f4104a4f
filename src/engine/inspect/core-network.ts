import type { Executor } from '../../core/backends/executor';
import { explain } from '../../core/explain/explain';
import { asMap } from '../../core/geometry';
import { headOfGraph, paramKey, type Graph } from '../../core/model/graph';
import { parameterCount } from '../../core/model/build';
import type { Model } from '../../core/model/model';
import { receptiveField } from '../../core/model/receptive-field';
import { viewsOf } from '../../core/model/receptive-views';
import { INPUT, SpecError } from '../../core/model/spec';
import { channelsFirst, sizeOf, type FeatureShape } from '../../core/tensor';
import type { Axis } from '../../shared/axes';
import { FailureError } from '../../shared/failures';
import { Turns } from '../system/turns';
import { denseStrides, type Tensor } from './tensor';
import type { InspectableNetwork, NetworkNode, NetworkValue, NodeWeights, Unit } from './network';

/** Channels first, then the last of depth, rows and columns. */
const axesOf = ({ length }: FeatureShape): Axis[] =>
  length === 1 ? ['unit'] : ['channel', ...SPACE.slice(4 - length)];

const SPACE: readonly Axis[] = ['depth', 'row', 'column'];

const valueOf = (name: string, shape: FeatureShape): NetworkValue => ({
  name,
  type: 'float32',
  dims: channelsFirst(shape),
  axes: axesOf(shape),
});

/** Channels last as the core has them, in the order in which they are read: `[H, W, C]` as `[C, H, W]`. */
export function coreTensor(data: Float32Array, shape: FeatureShape): Tensor {
  const strides = [1, ...denseStrides(shape).slice(0, -1)];
  return { type: 'float32', shape: channelsFirst(shape), strides, axes: axesOf(shape), data };
}

/** The description of a graph, with or without weights: layer i makes value i. */
export function nodesOf(graph: Graph): Pick<InspectableNetwork, 'inputs' | 'values' | 'nodes' | 'head'> {
  const last = graph.layers[graph.layers.length - 1];
  const views = viewsOf(graph);
  return {
    inputs: [valueOf(INPUT, graph.inputShape)],
    values: graph.layers.map(({ name, outputShape }) => valueOf(name, outputShape)),
    nodes: graph.layers.map((layer, index): NetworkNode => ({
      name: layer.name,
      kind: layer.kind,
      traits: layer.traits,
      settings: layer.settings(),
      params: parameterCount(layer),
      trainable: parameterCount(layer, true),
      macs: layer.macs,
      receptiveField: receptiveField(graph, index, views),
      inputs: [...layer.inputs],
      outputs: [index],
    })),
    head: last.outputShape.length === 1 ? headOfGraph(graph) : null,
  };
}

/** The weights of layer `index`; null for one without kernels or matrix. */
export function weightsOf({ graph, params }: Pick<Model, 'graph' | 'params'>, index: number): NodeWeights | null {
  const layer = graph.layers[index];
  const weights = params.get(paramKey(layer.name, 'weight'));
  if (!weights || layer.traits.weights === null) return null;
  const bias = params.get(paramKey(layer.name, 'bias')) ?? null;
  const whole = layer.definition.wholeWeight?.(layer.config, weights, layer.inputShapes);
  const { shape: own, data } = whole ?? { shape: layer.params[0].shape, data: weights };
  // Kernels are [O, KH, KW, C ÷ groups] inside.
  const kernel = own.slice(1, -1).map((_, axis) => axis + 1);
  const order = [0, own.length - 1, ...kernel];
  const strides = denseStrides(own);
  const weight: Tensor = {
    type: 'float32',
    shape: order.map((axis) => own[axis]),
    strides: order.map((axis) => strides[axis]),
    axes: order.map(() => 'other'),
    data,
  };
  return { weight, bias };
}

/** A model of ours on one of our executors, which computes every value at once. It takes one picture, and the executor with it. */
export class CoreNetwork implements InspectableNetwork {
  readonly inputs: InspectableNetwork['inputs'];
  readonly values: InspectableNetwork['values'];
  readonly nodes: InspectableNetwork['nodes'];
  readonly head: InspectableNetwork['head'];
  readonly atOnce: readonly number[];
  readonly computedBy = { provider: 'core', instead: null } as const;

  /** A run is through with the executor before the next one begins. */
  private readonly turns = new Turns();

  private constructor(
    readonly model: Model,
    private readonly executor: Executor,
  ) {
    ({ inputs: this.inputs, values: this.values, nodes: this.nodes, head: this.head } = nodesOf(model.graph));
    this.atOnce = this.values.map((_, index) => index);
  }

  static async open(model: Model, executor: Executor): Promise<CoreNetwork> {
    await executor.setParams(model.params);
    return new CoreNetwork(model, executor);
  }

  run([input]: readonly Tensor[], wanted: readonly number[], signal?: AbortSignal): Promise<Tensor[]> {
    return this.turns.take(async () => {
      signal?.throwIfAborted();
      await this.executor.forward(input.data as Float32Array, 1);
      const tensors: Tensor[] = [];
      for (const index of wanted) {
        const { outputShape } = this.model.graph.layers[index];
        tensors.push(coreTensor(await this.executor.activation(index), outputShape));
      }
      return tensors;
    });
  }

  async explain(value: number, { channel, y, x }: Unit, read: (value: number) => Promise<Tensor>) {
    const { model } = this;
    const needed = [value, ...model.graph.layers[value].inputs];
    const known = new Map(await Promise.all(needed.map(async (each) => [each, await read(each)] as const)));
    try {
      return explain(model, (layer) => known.get(layer)!.data as Float32Array, value, channel, y, x);
    } catch (error) {
      if (error instanceof SpecError) throw new FailureError('internal', { reason: error.reason });
      throw error;
    }
  }

  weights(value: number): NodeWeights | null {
    return weightsOf(this.model, value);
  }

  gradient([input]: readonly Tensor[], value: number, { channel, y, x }: Unit): Promise<Tensor[]> {
    const { inputShape, layers } = this.model.graph;
    const { outputShape } = layers[value];
    const [, width, channels] = asMap(outputShape);
    const start = new Float32Array(sizeOf(outputShape));
    start[(y * width + x) * channels + channel] = 1;
    return this.turns.take(async () => {
      await this.executor.forward(input.data as Float32Array, 1);
      await this.executor.backward(start, value);
      return [coreTensor(await this.executor.gradient(-1), inputShape)];
    });
  }

  dispose(): void {
    this.executor.dispose();
  }
}

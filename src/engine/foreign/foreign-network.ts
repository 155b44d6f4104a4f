import { plainTraits, type Traits } from '../../core/layers/traits';
import type { OnnxAttribute } from '../../core/onnx/proto';
import type { GraphNode, NetworkGraph } from '../../core/onnx-graph/network';
import { headOf, type Head } from '../../core/model/head';
import type { ModelMetadata } from '../../core/model/model';
import { OnnxError } from '../../core/onnx/error';
import { decodeMetadata, KEYS } from '../../core/onnx/metadata';
import { FailureError } from '../../shared/failures';
import type { TensorValue } from '../../core/onnx/tensor-data';
import { isVector, type Axis } from '../../shared/axes';
import type { DrawnValue, ForeignInfo, GraphInfo } from '../../shared/inspect';
import { say, type Message } from '../../words';
import { nodeCosts, type KnownShape } from '../../core/onnx-graph/costs';
import { constantNodes, foldGraph, type FoldedGraph } from '../../core/onnx-graph/fold';
import { groupsOf as boxGroups } from '../../core/onnx-graph/groups';
import type { Explanation } from '../../core/explain/types';
import {
  makerOf,
  valueAt,
  type InspectableNetwork,
  type NetworkNode,
  type NetworkValue,
  type NodeWeights,
  type Unit,
} from '../inspect/network';
import { denseStrides, type Tensor } from '../inspect/tensor';
import { explainNode } from './explain-node';
import type { NodeInput } from './node-input';
import { axesFor } from './inputs';
import { weightKind, weightsOf } from './node-weights';
import { guessPicture, toldPicture } from './picture-input';
import type { ValueSource } from './graph-only';
import type { TensorInfo } from './runner-values';

/** The axes of a value of this rank, in the order of ONNX's operators: batch, channels, then space. */
export function axesOf(rank: number): Axis[] {
  const spaces: Record<number, Axis[]> = {
    0: [],
    1: ['unit'],
    2: ['batch', 'unit'],
    4: ['batch', 'channel', 'row', 'column'],
    5: ['batch', 'channel', 'depth', 'row', 'column'],
  };
  return spaces[rank] ?? ['batch', ...Array<Axis>(rank - 1).fill('other')];
}

/** Operators that treat each map by itself, by ONNX's names. */
const OWN = new Set(
  (
    'Relu LeakyRelu PRelu Elu Selu Celu Sigmoid HardSigmoid HardSwish Tanh Softplus Gelu Mish Clip Abs Neg Exp Sqrt Erf Dropout Identity ' +
    'Add Sub Mul Div BatchNormalization InstanceNormalization MaxPool AveragePool LpPool GlobalMaxPool GlobalAveragePool Pad Resize'
  ).split(' '),
);
const NEVER_NEGATIVE = new Set('Relu Sigmoid HardSigmoid Softmax Softplus Abs Exp Sqrt'.split(' '));

/** The traits by ONNX's definition of the operator. An unknown operator may read everything. */
function traitsOf({ opType, domain, attributes }: GraphNode): Traits {
  const known = domain === '' || domain === 'ai.onnx';
  const probability = { Softmax: 'share', LogSoftmax: 'log share', Sigmoid: 'own' } as const;
  return {
    ...plainTraits,
    groups: known && opType === 'Conv' ? groupsOf(attributes) : 1,
    maps: known && opType === 'Concat' ? 'stacked' : known && OWN.has(opType) ? 'own' : 'mixed',
    negative: known && NEVER_NEGATIVE.has(opType) ? 'never' : 'always',
    copies: known && ['Flatten', 'Reshape', 'Identity', 'Squeeze', 'Unsqueeze'].includes(opType),
    probability: (known && probability[opType as keyof typeof probability]) || null,
  };
}

function groupsOf(attributes: readonly OnnxAttribute[]): number {
  const group = attributes.find(({ name }) => name === 'group');
  return group?.type === 'int' ? Number(group.value) : 1;
}

/** Attributes that are numbers or texts. */
function settingsOf(attributes: readonly OnnxAttribute[]): Record<string, unknown> {
  const shown = ['int', 'ints', 'float', 'floats', 'string'];
  return Object.fromEntries(
    attributes.filter(({ type }) => shown.includes(type)).map(({ name, value }) => [name, value]),
  );
}

/** @param batches symbols of the inputs' first dimensions: one picture goes in at a time. */
const valueOf = ({ name, type, as, dims, unavailable }: TensorInfo, batches: ReadonlySet<unknown>): NetworkValue => ({
  name,
  type: as ?? type,
  dims: dims?.map((dim) => (typeof dim === 'number' ? dim : batches.has(dim) ? 1 : null)) ?? null,
  axes: axesOf(dims?.length ?? 1),
  unavailable: unavailable ?? (type === 'string' ? say('foreign.texts') : null),
});

const tensorOf = (value: TensorValue): Tensor => ({
  ...value,
  strides: denseStrides(value.shape),
  axes: axesOf(value.shape.length),
});

/**
 * What Convscope wrote into the file: of a bundled network, or of a head on a body.
 * @throws FailureError `model.invalid` where that does not go with the network.
 */
function toldBy({ network, name, tensors }: ValueSource, picture: ForeignInfo['picture']): ModelMetadata | null {
  const { metadata, graph } = network;
  if (!picture || !metadata.has(KEYS.labels)) return null;
  const [output] = graph.outputs;
  try {
    const classes = Number(tensors.get(output)?.dims?.[1]);
    return decodeMetadata(metadata, picture.guess.color === 'gray' ? 1 : 3, classes);
  } catch (error) {
    if (!(error instanceof OnnxError)) throw error;
    throw new FailureError('model.invalid', { file: name, reason: error.reason });
  }
}

/** A graph as it is drawn. */
export interface Folding {
  folded: FoldedGraph;
  groups: GraphInfo['groups'];
}

export function foldingOf(graph: NetworkGraph): Folding {
  const folded = foldGraph(graph);
  return { folded, groups: boxGroups(graph, folded) };
}

/** Any ONNX file in onnxruntime. Every value can be inspected; it is computed on request. */
export class ForeignNetwork implements InspectableNetwork {
  readonly inputs: readonly NetworkValue[];
  readonly values: readonly NetworkValue[];
  readonly nodes: readonly NetworkNode[];
  readonly head: Head | null;
  readonly atOnce: readonly number[];
  /** How a picture goes in, as far as the file tells. */
  readonly picture: ForeignInfo['picture'];
  /** Labels, preprocessing and training, where Convscope wrote them into the file; null of other files. */
  readonly told: ModelMetadata | null;
  readonly drawn: DrawnValue[];
  /** Values by name. */
  private readonly places: ReadonlyMap<string, number>;
  /** Nodes whose results are the same in every run. */
  private readonly constant: ReadonlySet<number>;
  readonly graph: GraphInfo;

  constructor(
    readonly runner: ValueSource,
    { folded, groups }: Folding,
    private readonly onDispose?: () => void,
  ) {
    const { graph } = runner.network;
    const guessed = guessPicture(runner.network, runner.inputs);
    this.told = toldBy(runner, guessed);
    this.picture = guessed && this.told ? toldPicture(guessed, this.told.preprocessing) : guessed;
    const batches = new Set(
      runner.inputs.flatMap(({ dims }) => (typeof dims?.[0] === 'string' && dims[0] ? [dims[0]] : [])),
    );
    this.inputs = runner.inputs.map((info, i) => {
      const value = valueOf(info, batches);
      if (this.picture?.input !== -1 - i) return value;
      return { ...value, axes: axesFor(value.dims!, this.picture.guess.layout, axesOf) };
    });
    const made = [...runner.tensors.values()];
    this.values = made.map((info) => valueOf(info, batches));
    const places = new Map(made.map(({ name }, index) => [name, index]));
    runner.inputs.forEach(({ name }, index) => places.set(name, -1 - index));
    this.places = places;
    this.constant = constantNodes(graph);
    const placed = (names: readonly string[]): number[] => names.flatMap((name) => places.get(name) ?? []);
    const costs = nodeCosts(runner.network, (name) => this.shapeOf(name, places));
    this.nodes = graph.nodes.map((node) => ({
      name: node.name,
      kind: node.opType,
      traits: { ...traitsOf(node), weights: weightKind(node, graph) },
      settings: settingsOf(node.attributes),
      params: costs[node.index].params,
      trainable: 0,
      macs: costs[node.index].macs ?? 0,
      receptiveField: null,
      inputs: placed(node.inputs),
      outputs: placed(node.outputs),
    }));
    this.atOnce = placed(graph.outputs.filter((name) => !runner.tensors.get(name)?.unavailable)).filter(
      (value) => value >= 0,
    );
    this.head = this.headOf();
    this.drawn = this.drawnOf(folded, places);
    this.graph = this.graphOf(folded, groups, places);
  }

  async run(inputs: readonly Tensor[], wanted: readonly number[], signal?: AbortSignal): Promise<Tensor[]> {
    const given = new Map(inputs.map((input, i) => [this.inputs[i].name, input]));
    const names = wanted.map((value) => this.values[value].name);
    const found = await this.runner.run(given, names, { signal });
    return names.map((name) => tensorOf(found.get(name)!));
  }

  /** By the layer that the node would be taken in as, from what it read in this run. */
  async explain(value: number, unit: Unit, read: (value: number) => Promise<Tensor>): Promise<Explanation | null> {
    const { graph, opsets } = this.runner.network;
    const at = this.nodes.findIndex(({ outputs }) => outputs.includes(value));
    const node = graph.nodes[at];
    if (!node) return null;
    const { name } = this.values[value];
    const shown = node.inputs.every((input) => !this.runner.tensors.get(input)?.unavailable);
    if (!shown || this.values[value].type === 'string') return null;
    const inputs = await Promise.all(node.inputs.map((input) => this.readBy(input, read)));
    const opset = opsets.find(({ domain }) => domain === '')?.version ?? 1;
    const output = { at: node.outputs.indexOf(name), value, tensor: await read(value) };
    return explainNode(node, opset, inputs, output, unit);
  }

  /** Null for an input that is left out. */
  private async readBy(name: string, read: (value: number) => Promise<Tensor>): Promise<NodeInput | null> {
    if (name === '') return null;
    const value = this.places.get(name);
    if (value === undefined) {
      const tensor = tensorOf(await this.runner.weight(name));
      return { name, value: null, tensor, constant: true };
    }
    const tensor = await read(value);
    const { producer } = this.runner.network.graph.values.get(name)!;
    // Whole numbers of 64 bits are shapes and indices.
    return { name, value, tensor, constant: this.constant.has(producer) || tensor.type === 'int64' };
  }

  weights(value: number): NodeWeights | null {
    const at = this.nodes.findIndex(({ outputs }) => outputs.includes(value));
    return at < 0 ? null : weightsOf(this.runner.network.graph.nodes[at], this.runner.network.graph);
  }

  get computedBy(): ValueSource['computedBy'] {
    return this.runner.computedBy;
  }

  gradient(): Promise<Message> {
    return Promise.resolve(say('foreign.no-gradient'));
  }

  dispose(): void {
    this.runner.close();
    this.onDispose?.();
  }

  /** Of a network with one output of one number a class. */
  private headOf(): Head | null {
    const [output, ...others] = this.atOnce;
    if (output === undefined || others.length > 0) return null;
    const { dims } = this.values[output];
    // One number a class: [N, classes], or maps of one unit.
    const classes = dims?.[1] ?? 0;
    if (!dims || classes < 2 || dims.length < 2 || dims.slice(2).some((size) => size !== 1)) return null;
    return headOf(output, (value) => {
      const maker = makerOf(this, value);
      const { dims: own, axes } = valueAt(this, value);
      return maker && { ...maker, single: isVector(axes) || (own?.slice(2).every((size) => size === 1) ?? false) };
    });
  }

  /** The folded graph, by the values that can be shown; what cannot is passed over. */
  private drawnOf({ boxes, edges }: FoldedGraph, places: ReadonlyMap<string, number>): DrawnValue[] {
    const { tensors } = this.runner;
    const shown = boxes.map(({ output }) => (tensors.get(output)?.unavailable ? undefined : places.get(output)));
    const before = boxes.map(() => new Set<number>());
    for (const { from, to } of edges) {
      const value = shown[from];
      if (value !== undefined) before[to].add(value);
      else before[from].forEach((source) => before[to].add(source));
    }
    return boxes.flatMap(({ name, nodes, operators }, i) => {
      const layer = shown[i];
      if (layer === undefined || layer < 0) return [];
      const total = (of: 'params' | 'macs'): number => nodes.reduce((sum, node) => sum + this.nodes[node][of], 0);
      const traits = nodes.map((node) => this.nodes[node].traits);
      const { maps, groups } =
        traits.find((each) => each.maps === 'mixed') ?? traits.find((each) => each.maps === 'stacked') ?? plainTraits;
      return [
        {
          layer,
          inputs: [...before[i]],
          name,
          operators: [...operators],
          params: total('params'),
          macs: total('macs'),
          traits: { maps, groups },
        },
      ];
    });
  }

  /** The folded graph whole, also what cannot be looked at. */
  private graphOf(folded: FoldedGraph, groups: GraphInfo['groups'], places: ReadonlyMap<string, number>): GraphInfo {
    const reads = folded.boxes.map((): number[] => []);
    for (const { from, to } of folded.edges) reads[to].push(from);
    return {
      boxes: folded.boxes.map(({ name, nodes, operators, output }, i) => ({
        layer: places.get(output) ?? null,
        name,
        operators: [...operators],
        values: nodes.flatMap((node) => this.nodes[node].outputs),
        reads: reads[i],
      })),
      groups,
    };
  }

  /** A shape by a value's name, for one sample; null where the file leaves part of it open. */
  private shapeOf(name: string, places: ReadonlyMap<string, number>): KnownShape {
    const weight = this.runner.network.graph.initializers.get(name);
    if (weight) return weight.dims;
    const place = places.get(name);
    const dims = place === undefined ? null : valueAt(this, place).dims;
    return dims && dims.every((dim): dim is number => dim !== null) ? dims : null;
  }
}

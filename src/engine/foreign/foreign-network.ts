import { plainTraits, type Traits } from '../../core/layers/traits';
import type { OnnxAttribute } from '../../core/onnx/proto';
import type { GraphNode } from '../../core/onnx-graph/network';
import { headOf, type Head } from '../../core/model/head';
import type { TensorValue } from '../../core/onnx/tensor-data';
import { isVector, type Axis } from '../../shared/axes';
import type { DrawnValue, ForeignInfo } from '../../shared/inspect';
import { say, type Message } from '../../words';
import { foldGraph } from '../../core/onnx-graph/fold';
import { makerOf, valueAt, type InspectableNetwork, type NetworkNode, type NetworkValue } from '../inspect/network';
import { denseStrides, type Tensor } from '../inspect/tensor';
import { axesFor } from './inputs';
import { guessPicture } from './picture-input';
import { NetworkRunner, type NetworkFile, type RunnerLimits, type TensorInfo } from './runner';

/** What each dimension counts, by what ONNX's operators take them for: the batch first, then channels, then space. */
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

/** As far as ONNX's definition of the operator tells it; of one that is not known, that it may read everything. */
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
  unavailable,
});

const tensorOf = (value: TensorValue): Tensor => ({
  ...value,
  strides: denseStrides(value.shape),
  axes: axesOf(value.shape.length),
});

/** Any ONNX file in onnxruntime: every value can be looked at, and is computed when it is. */
export class ForeignNetwork implements InspectableNetwork {
  readonly inputs: readonly NetworkValue[];
  readonly values: readonly NetworkValue[];
  readonly nodes: readonly NetworkNode[];
  readonly head: Head | null;
  readonly atOnce: readonly number[];
  /** How a picture goes in, as far as the file tells. */
  readonly picture: ForeignInfo['picture'];
  readonly drawn: DrawnValue[];

  constructor(readonly runner: NetworkRunner) {
    const { graph } = runner.network;
    this.picture = guessPicture(runner.network, runner.inputs);
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
    const placed = (names: readonly string[]): number[] => names.flatMap((name) => places.get(name) ?? []);
    this.nodes = graph.nodes.map((node) => ({
      name: node.name,
      kind: node.opType,
      traits: traitsOf(node),
      settings: settingsOf(node.attributes),
      params: node.inputs.reduce(
        (sum, name) => sum + (graph.initializers.get(name)?.dims ?? [0]).reduce((a, b) => a * b, 1),
        0,
      ),
      trainable: 0,
      macs: 0,
      receptiveField: null,
      inputs: placed(node.inputs),
      outputs: placed(node.outputs),
    }));
    this.atOnce = placed(graph.outputs.filter((name) => !runner.tensors.get(name)?.unavailable)).filter(
      (value) => value >= 0,
    );
    this.head = this.headOf();
    this.drawn = this.drawnOf(places);
  }

  /** @throws FailureError, as `NetworkRunner.open`. */
  static async open(
    file: NetworkFile,
    options: Partial<RunnerLimits> & { signal?: AbortSignal } = {},
  ): Promise<ForeignNetwork> {
    return new ForeignNetwork(await NetworkRunner.open(file, options));
  }

  async run(inputs: readonly Tensor[], wanted: readonly number[], signal?: AbortSignal): Promise<Tensor[]> {
    const given = new Map(inputs.map((input, i) => [this.inputs[i].name, input]));
    const names = wanted.map((value) => this.values[value].name);
    const found = await this.runner.run(given, names, { signal });
    return names.map((name) => tensorOf(found.get(name)!));
  }

  explain(): Promise<null> {
    return Promise.resolve(null);
  }

  weights(): null {
    return null;
  }

  gradient(): Promise<Message> {
    return Promise.resolve(say('foreign.no-gradient'));
  }

  dispose(): void {
    this.runner.close();
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
  private drawnOf(places: ReadonlyMap<string, number>): DrawnValue[] {
    const { tensors, network } = this.runner;
    const { boxes, edges } = foldGraph(network.graph);
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
      const params = nodes.reduce((sum, node) => sum + this.nodes[node].params, 0);
      const traits = nodes.map((node) => this.nodes[node].traits);
      const { maps, groups } =
        traits.find((each) => each.maps === 'mixed') ?? traits.find((each) => each.maps === 'stacked') ?? plainTraits;
      return [{ layer, inputs: [...before[i]], name, operators: [...operators], params, traits: { maps, groups } }];
    });
  }
}

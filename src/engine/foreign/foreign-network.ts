import { plainTraits, type Traits } from '../../core/layers/traits';
import type { OnnxAttribute } from '../../core/onnx/proto';
import type { GraphNode } from '../../core/onnx-graph/network';
import { headOf, type Head } from '../../core/model/head';
import type { TensorValue } from '../../core/onnx/tensor-data';
import { isVector, type Axis } from '../../shared/axes';
import { say, type Message } from '../../words';
import { makerOf, valueAt, type InspectableNetwork, type NetworkNode, type NetworkValue } from '../inspect/network';
import { denseStrides, type Tensor } from '../inspect/tensor';
import { NetworkRunner, type NetworkFile, type RunnerLimits, type TensorInfo } from './runner';

/** What each dimension counts, by what ONNX's operators take them for: the batch first, then channels, then space. */
function axesOf(rank: number): Axis[] {
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
function traitsOf({ opType, domain }: GraphNode): Traits {
  const known = domain === '' || domain === 'ai.onnx';
  const probability = { Softmax: 'share', LogSoftmax: 'log share', Sigmoid: 'own' } as const;
  return {
    ...plainTraits,
    maps: known && opType === 'Concat' ? 'stacked' : known && OWN.has(opType) ? 'own' : 'mixed',
    negative: known && NEVER_NEGATIVE.has(opType) ? 'never' : 'always',
    copies: known && ['Flatten', 'Reshape', 'Identity', 'Squeeze', 'Unsqueeze'].includes(opType),
    probability: (known && probability[opType as keyof typeof probability]) || null,
  };
}

/** Attributes that are numbers or texts. */
function settingsOf(attributes: readonly OnnxAttribute[]): Record<string, unknown> {
  const shown = ['int', 'ints', 'float', 'floats', 'string'];
  return Object.fromEntries(
    attributes.filter(({ type }) => shown.includes(type)).map(({ name, value }) => [name, value]),
  );
}

const valueOf = ({ name, type, as, dims }: TensorInfo): NetworkValue => ({
  name,
  type: as ?? type,
  dims: dims?.map((dim) => (typeof dim === 'number' ? dim : null)) ?? null,
  axes: axesOf(dims?.length ?? 1),
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

  constructor(private readonly runner: NetworkRunner) {
    const { graph } = runner.network;
    this.inputs = runner.inputs.map(valueOf);
    const made = [...runner.tensors.values()];
    this.values = made.map(valueOf);
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
    if (output === undefined || others.length > 0 || this.values[output].axes.length !== 2) return null;
    return headOf(output, (value) => {
      const maker = makerOf(this, value);
      return maker && { ...maker, single: isVector(valueAt(this, value).axes) };
    });
  }
}

import type { Dice } from '../../../../src/agreement/dice';
import { floatTensor, integerTensor } from '../../../../src/core/onnx/encode';
import type { OnnxAttribute, OnnxGraph, OnnxNode, OnnxTensor } from '../../../../src/core/onnx/proto';
import { valueOfTensor } from '../../../../src/core/onnx/tensor-data';

/** Changes a graph as exporters do, without changing what it computes: each way at random nodes. */
export function mangled(graph: OnnxGraph, dice: Dice, dims: ReadonlyMap<string, readonly number[]>): OnnxGraph {
  const mangling = new Mangling(graph, dice, dims);
  return mangling.done();
}

const ints = (name: string, value: number[]): OnnxAttribute => ({ name, type: 'ints', value });
const int = (name: string, value: number): OnnxAttribute => ({ name, type: 'int', value });

class Mangling {
  private readonly tensors: Map<string, OnnxTensor>;
  private nodes: OnnxNode[] = [];
  private made = 0;
  /** Of values, also of those that are put in between. */
  private readonly dims: Map<string, readonly number[]>;

  constructor(
    private readonly graph: OnnxGraph,
    private readonly dice: Dice,
    shapes: ReadonlyMap<string, readonly number[]>,
  ) {
    this.dims = new Map(shapes);
    this.tensors = new Map(graph.initializers.map((tensor) => [tensor.name, tensor]));
  }

  done(): OnnxGraph {
    const folded = this.withoutBatchNorm(this.graph.nodes);
    for (const node of folded) this.add(node);
    const names = new Map<string, string>([['', '']]);
    // Names say nothing in many files.
    const rename = this.dice.chance(0.5) ? (name: string) => names.get(name) ?? named(name) : (name: string) => name;
    const named = (name: string): string => {
      names.set(name, String(names.size));
      return names.get(name)!;
    };
    return {
      ...this.graph,
      nodes: this.nodes.map((node) => ({
        ...node,
        name: this.dice.chance(0.5) ? '' : node.name,
        inputs: node.inputs.map(rename),
        outputs: node.outputs.map(rename),
      })),
      initializers: [...this.tensors.values()].map((tensor) => ({ ...tensor, name: rename(tensor.name) })),
      inputs: this.graph.inputs.map((value) => ({ ...value, name: rename(value.name) })),
      outputs: this.graph.outputs.map((value) => ({ ...value, name: rename(value.name) })),
      valueInfo: [],
    };
  }

  private fresh(): string {
    return `made${this.made++}`;
  }

  private floats(name: string): Float32Array {
    return valueOfTensor(this.tensors.get(name)!).data as Float32Array;
  }

  private constant(dims: readonly number[], data: Float32Array, inNode = this.dice.chance(0.5)): string {
    const name = this.fresh();
    // Some exporters keep constants in nodes.
    if (dims.length === 1 && inNode) {
      this.push('Constant', [], [name], [{ name: 'value_floats', type: 'floats', value: [...data] }]);
    } else this.tensors.set(name, floatTensor(name, dims, data));
    return name;
  }

  private whole(values: readonly number[]): string {
    const name = this.fresh();
    if (this.dice.chance(0.5)) this.push('Constant', [], [name], [ints('value_ints', [...values])]);
    else this.tensors.set(name, integerTensor(name, values));
    return name;
  }

  private push(opType: string, inputs: string[], outputs: string[], attributes: OnnxAttribute[] = []): void {
    this.nodes.push({ name: `${opType}_${this.nodes.length}`, opType, domain: '', inputs, outputs, attributes });
  }

  /** Batch norm behind a convolution that nothing else reads goes into its weights. */
  private withoutBatchNorm(nodes: readonly OnnxNode[]): OnnxNode[] {
    const readers = (name: string): OnnxNode[] => nodes.filter(({ inputs }) => inputs.includes(name));
    const gone = new Map<string, OnnxNode>();
    const kept = nodes.filter((node) => {
      const maker = nodes.find(({ outputs }) => outputs[0] === node.inputs[0]);
      const folds =
        node.opType === 'BatchNormalization' && maker?.opType === 'Conv' && readers(node.inputs[0]).length === 1;
      if (!folds || this.dice.chance(0.3)) return true;
      gone.set(maker!.outputs[0], node);
      return false;
    });
    return kept.map((node) => {
      const norm = gone.get(node.outputs[0]);
      if (!norm) return node;
      const [scale, shift, mean, variance] = norm.inputs.slice(1).map((name) => this.floats(name));
      const epsilon = Number(norm.attributes.find(({ name }) => name === 'epsilon')!.value);
      const weight = this.tensors.get(node.inputs[1])!;
      const old = this.floats(node.inputs[1]);
      const bias = node.inputs[2] ? this.floats(node.inputs[2]) : new Float32Array(scale.length);
      const factor = scale.map((value, c) => value / Math.sqrt(variance[c] + epsilon));
      const each = old.length / scale.length;
      const folded = old.map((value, i) => value * factor[Math.floor(i / each)]);
      const inputs = [
        node.inputs[0],
        this.constant(weight.dims, folded),
        this.constant(
          [scale.length],
          bias.map((value, c) => (value - mean[c]) * factor[c] + shift[c]),
          false,
        ),
      ];
      return { ...node, inputs, outputs: [...norm.outputs] };
    });
  }

  private add(given: OnnxNode): void {
    const { dice } = this;
    const node = { ...given, inputs: [...given.inputs], attributes: [...given.attributes] };
    if (dice.chance(0.2)) this.turnRound(node);
    if (dice.chance(0.2)) {
      const through = this.fresh();
      const dims = this.dims.get(node.inputs[0]);
      if (dims) this.dims.set(through, dims);
      this.push('Identity', [node.inputs[0]], [through]);
      node.inputs[0] = through;
    }
    if (dice.chance(0.3)) this.nodes.push(node);
    else if (node.opType === 'Gemm') this.asProduct(node);
    else if (node.opType === 'Flatten') this.asReshape(node);
    else if (node.opType === 'Dropout') this.push('Identity', node.inputs.slice(0, 1), node.outputs);
    else if (node.opType === 'GlobalAveragePool') this.asMean(node);
    else if (node.opType === 'Conv') this.splitConv(node);
    else if (node.opType === 'HardSwish') this.asClip(node);
    else if (node.opType === 'Resize') this.asSizes(node);
    else this.nodes.push(node);
  }

  /** Channels last and back, as exporters of other layouts do. */
  private turnRound(node: OnnxNode): void {
    const [source] = node.inputs;
    if (this.dims.get(source)?.length !== 4 || this.tensors.has(source)) return;
    // A layer that is written as several nodes reads its input in one order.
    const layer = node.name.split('/')[0];
    const together = this.graph.nodes.filter(
      ({ name, inputs }) => name.split('/')[0] === layer && inputs[0] === source,
    );
    if (together.length > 1 || node.inputs[1] === source) return;
    const [last, between, back] = [this.fresh(), this.fresh(), this.fresh()];
    this.push('Transpose', [source], [last], [ints('perm', [0, 2, 3, 1])]);
    this.dims.set(back, this.dims.get(source)!);
    this.push('Identity', [last], [between]);
    this.push('Transpose', [between], [back], [ints('perm', [0, 3, 1, 2])]);
    node.inputs = node.inputs.map((name) => (name === source ? back : name));
  }

  /** MatMul with the matrix turned round, and Add. */
  private asProduct(node: OnnxNode): void {
    const { dims } = this.tensors.get(node.inputs[1])!;
    const [units, inputs] = dims;
    const weight = this.floats(node.inputs[1]);
    const turned = new Float32Array(weight.length);
    for (let u = 0; u < units; u++) for (let i = 0; i < inputs; i++) turned[i * units + u] = weight[u * inputs + i];
    const product = node.inputs[2] ? this.fresh() : node.outputs[0];
    this.push('MatMul', [node.inputs[0], this.constant([inputs, units], turned)], [product]);
    if (node.inputs[2]) this.push('Add', [product, node.inputs[2]], node.outputs);
  }

  /** Reshape to numbers, or to what is reckoned from the shape as PyTorch does for `x.view(x.size(0), -1)`. */
  private asReshape(node: OnnxNode): void {
    // Values inside a layer that is written as several nodes are not in the table.
    const features = this.dims
      .get(node.inputs[0])
      ?.slice(1)
      .reduce((a, b) => a * b, 1);
    if (this.dice.chance(0.5) && features !== undefined)
      return this.push('Reshape', [node.inputs[0], this.whole([-1, features])], node.outputs);
    const [shape, batch, row, to] = [this.fresh(), this.fresh(), this.fresh(), this.fresh()];
    const zero = this.fresh();
    this.push('Constant', [], [zero], [int('value_int', 0)]);
    this.push('Shape', [node.inputs[0]], [shape]);
    this.push('Gather', [shape, zero], [batch], [int('axis', 0)]);
    this.push('Unsqueeze', [batch, this.whole([0])], [row]);
    this.push('Concat', [row, this.whole([-1])], [to], [int('axis', 0)]);
    this.push('Reshape', [node.inputs[0], to], node.outputs);
  }

  private asMean(node: OnnxNode): void {
    const axes = this.dims
      .get(node.inputs[0])!
      .slice(2)
      .map((_, axis) => axis + 2);
    this.push('ReduceMean', [node.inputs[0]], node.outputs, [ints('axes', axes), int('keepdims', 1)]);
  }

  /** x · Clip(x + 3, 0, 6) ÷ 6, the product before or behind the quotient. */
  private asClip({ inputs: [x], outputs }: OnnxNode): void {
    const scalar = (value: number): string => this.constant([], Float32Array.of(value));
    const [sum, gate, part] = [this.fresh(), this.fresh(), this.fresh()];
    this.push('Add', [scalar(3), x], [sum]);
    this.push('Clip', [sum, scalar(0), scalar(6)], [gate]);
    if (this.dice.chance(0.5)) {
      this.push('Mul', [x, gate], [part]);
      return this.push('Div', [part, scalar(6)], outputs);
    }
    this.push('Div', [gate, scalar(6)], [part]);
    this.push('Mul', [part, x], outputs);
  }

  /** To sizes in place of scales, and places as PyTorch counts them. */
  private asSizes(node: OnnxNode): void {
    const dims = this.dims.get(node.inputs[0])!;
    const scales = this.floats(node.inputs[2]);
    const mode = node.attributes.filter(({ name }) => name === 'mode');
    const way = dims.some((size, axis) => axis > 1 && size * scales[axis] === 1) ? 'half_pixel' : 'pytorch_half_pixel';
    const sizes = this.whole(dims.map((size, axis) => size * scales[axis]));
    this.push('Resize', [node.inputs[0], '', '', sizes], node.outputs, [
      ...mode,
      { name: 'coordinate_transformation_mode', type: 'string', value: way },
    ]);
  }

  /** Its padding as a Pad node, its bias as an Add. */
  private splitConv(node: OnnxNode): void {
    const pads = node.attributes.find(({ name }) => name === 'pads')!.value as number[];
    if (this.dice.chance(0.5)) {
      const axes = pads.length / 2;
      const padded = this.fresh();
      const all = [0, 0, ...pads.slice(0, axes), 0, 0, ...pads.slice(axes)];
      this.push('Pad', [node.inputs[0], this.whole(all)], [padded]);
      node.inputs[0] = padded;
      node.attributes = node.attributes.map((each) =>
        each.name === 'pads'
          ? ints(
              'pads',
              pads.map(() => 0),
            )
          : each,
      );
    }
    if (!node.inputs[2] || this.dice.chance(0.5)) return void this.nodes.push(node);
    const bias = this.floats(node.inputs[2]);
    const sum = this.fresh();
    this.nodes.push({ ...node, inputs: node.inputs.slice(0, 2), outputs: [sum] });
    const ones = Array<number>(pads.length / 2).fill(1);
    this.push('Add', [this.constant([bias.length, ...ones], bias), sum], node.outputs);
  }
}

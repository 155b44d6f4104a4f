import type { GraphNode, NetworkGraph } from './network';

/** One box of the drawn graph: an input, or a node with what was folded into it. */
export interface Box {
  /** Place in `boxes`. */
  index: number;
  /** Indices of the graph's nodes, in their order, constants left out; empty for an input. */
  nodes: readonly number[];
  /** Name of the input, or of the first node. */
  name: string;
  /** Operators of its nodes, as `Conv`, `BatchNormalization`, `Relu`; empty for an input. */
  operators: readonly string[];
  /** The value that goes on from here; the first where there are several. */
  output: string;
}

/** The graph as it is drawn: without constants, activations with what they follow. */
export interface FoldedGraph {
  boxes: readonly Box[];
  /** From box to box, each pair once, in the order of the boxes; the value is the first that goes this way. */
  edges: readonly { from: number; to: number; value: string }[];
}

/** Operators that draw a new number every time: their results are no constants. */
const RANDOM = /^(Random|Bernoulli|Multinomial)/;

/** Operators that are drawn in the box of the node before them, if they alone read its output: functions of single values. */
const FOLLOWS = new Set([
  ...[
    'Relu',
    'LeakyRelu',
    'PRelu',
    'Elu',
    'Selu',
    'Celu',
    'Clip',
    'Sigmoid',
    'HardSigmoid',
    'HardSwish',
    'Tanh',
    'Gelu',
  ],
  ...['Mish', 'Softplus', 'Softsign', 'ThresholdedRelu', 'Swish', 'Identity', 'Cast', 'Dropout'],
  ...['QuantizeLinear', 'DequantizeLinear'],
]);
/** Scales and shifts, which go into the box of a weighted sum or of another scale, where all else that they read is constant. */
const SCALES = new Set(['BatchNormalization', 'Add', 'Sub', 'Mul', 'Div']);
const SCALED = new Set([
  ...['Conv', 'ConvTranspose', 'ConvInteger', 'QLinearConv', 'Gemm', 'MatMul', 'MatMulInteger', 'QLinearMatMul'],
  ...SCALES,
]);

/** The nodes whose results are the same in every run: those that read nothing but weights and other constants. */
export function constantNodes(graph: NetworkGraph): ReadonlySet<number> {
  const constant = new Set<number>();
  for (const node of graph.nodes) {
    const fixed = node.inputs.every((name) => name === '' || isConstant(graph, name, constant));
    if (fixed && node.bodies.length === 0 && !RANDOM.test(node.opType)) constant.add(node.index);
  }
  return constant;
}

function isConstant({ values }: NetworkGraph, name: string, constant: ReadonlySet<number>): boolean {
  const value = values.get(name);
  return value?.from === 'initializer' || (value?.from === 'node' && constant.has(value.producer));
}

/** Folds constants into what reads them, and what only changes values one by one into the operator before. */
export function foldGraph(graph: NetworkGraph): FoldedGraph {
  const constant = constantNodes(graph);
  const boxes: { nodes: number[]; name: string; operators: string[]; output: string }[] = [];
  const boxOf = new Map<string, number>();
  for (const name of graph.inputs) {
    boxOf.set(name, boxes.length);
    boxes.push({ nodes: [], name, operators: [], output: name });
  }
  const reads = (node: GraphNode): string[] => {
    const inner = node.bodies.flatMap(({ graph: body }) =>
      [...body.values.values()].filter(({ from }) => from === 'outer'),
    );
    return [...node.inputs, ...inner.map(({ name }) => name)].filter(
      (name) => name !== '' && !isConstant(graph, name, constant),
    );
  };
  for (const node of graph.nodes) {
    if (constant.has(node.index)) continue;
    const into = hostOf(node, graph, reads(node), boxOf, boxes);
    const index = into ?? boxes.length;
    if (into === null) boxes.push({ nodes: [], name: node.name, operators: [], output: '' });
    const box = boxes[index];
    box.nodes.push(node.index);
    box.operators.push(node.opType);
    box.output = node.outputs.find(Boolean) ?? box.output;
    for (const name of node.outputs) boxOf.set(name, index);
  }
  const seen = new Set<string>();
  const edges = boxes.flatMap(({ nodes }, to) =>
    nodes.flatMap((at) =>
      reads(graph.nodes[at]).flatMap((value) => {
        const from = boxOf.get(value);
        if (from === undefined || from === to || seen.has(`${from} ${to}`)) return [];
        seen.add(`${from} ${to}`);
        return [{ from, to, value }];
      }),
    ),
  );
  return { boxes: boxes.map((box, index) => ({ index, ...box })), edges };
}

/** The box that a node goes into: that of the one value it changes, if nothing else reads that value. */
function hostOf(
  node: GraphNode,
  graph: NetworkGraph,
  reads: readonly string[],
  boxOf: ReadonlyMap<string, number>,
  boxes: readonly { nodes: readonly number[]; operators: readonly string[] }[],
): number | null {
  if (node.domain !== '' || reads.length !== 1) return null;
  const value = graph.values.get(reads[0])!;
  const host = boxOf.get(reads[0]);
  if (host === undefined || boxes[host].nodes.length === 0) return null;
  const { operators } = boxes[host];
  const scales = SCALES.has(node.opType) && SCALED.has(operators[operators.length - 1]);
  if (!FOLLOWS.has(node.opType) && !scales) return null;
  return value.consumers.length === 1 && !value.isOutput ? host : null;
}

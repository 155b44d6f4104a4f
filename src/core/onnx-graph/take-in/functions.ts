/** Activation functions that files compose of several operators. */
import { registry } from '../../layers/registry';
import { erf } from '../../layers/gelu';
import { Settings } from '../../layers/settings';
import { sizeOf } from '../../tensor';
import type { GraphNode, NetworkGraph } from '../network';
import { isClosed, type Composed } from './composed';
import { constantTensor, type TensorOf } from './constants';

/** Nodes that a function may be composed of. */
const MOST_NODES = 12;
/** Where functions are compared: the tails, the bends, and where the two forms of gelu are farthest apart. */
const POINTS = [-7.3, -4.1, -2.9, -2.2, -1.3, -0.4, 0, 0.3, 1.1, 2.2, 2.8, 3.4, 5.9, 8.5];

const CANDIDATES: readonly { kind: string; settings: Record<string, unknown> }[] = [
  { kind: 'silu', settings: {} },
  { kind: 'hardswish', settings: {} },
  { kind: 'gelu', settings: {} },
  { kind: 'gelu', settings: { approximate: 'tanh' } },
];

const clamp = (x: number, least: number, most: number): number => Math.max(least, Math.min(most, x));
const attribute = ({ attributes }: GraphNode, name: string, preset: number): number => {
  const found = attributes.find((each) => each.name === name);
  return found?.type === 'float' ? found.value : preset;
};

/** Operators of single numbers. Source: ONNX operators of the same names. */
const operators: Readonly<Record<string, (inputs: number[], node: GraphNode) => number>> = {
  Add: ([a, b]) => a + b,
  Sub: ([a, b]) => a - b,
  Mul: ([a, b]) => a * b,
  Div: ([a, b]) => a / b,
  Pow: ([a, b]) => a ** b,
  Sqrt: ([x]) => Math.sqrt(x),
  Neg: ([x]) => -x,
  Exp: ([x]) => Math.exp(x),
  Identity: ([x]) => x,
  Cast: ([x]) => x,
  Relu: ([x]) => Math.max(0, x),
  Tanh: ([x]) => Math.tanh(x),
  Sigmoid: ([x]) => 1 / (1 + Math.exp(-x)),
  Erf: ([x]) => erf(x),
  HardSigmoid: ([x], node) => clamp(attribute(node, 'alpha', 0.2) * x + attribute(node, 'beta', 0.5), 0, 1),
  Clip: ([x, least, most], node) =>
    clamp(x, least ?? attribute(node, 'min', -Infinity), most ?? attribute(node, 'max', Infinity)),
};

/** The functions of a graph by the index of the node that ends each: compared by their values, however they are written. */
export function composedFunctions(graph: NetworkGraph, tensorOf: TensorOf): Map<number, Composed> {
  const found = new Map<number, Composed>();
  for (const node of graph.nodes) {
    if (node.domain !== '' || (node.opType !== 'Mul' && node.opType !== 'Div')) continue;
    const composed = functionAt(graph, node, tensorOf);
    if (composed) found.set(node.index, composed);
  }
  return found;
}

function functionAt(graph: NetworkGraph, last: GraphNode, tensorOf: TensorOf): Composed | null {
  const scalar = (name: string): number | null => scalarOf(graph, name, tensorOf);
  for (const source of sourcesOf(graph, last, scalar)) {
    const inside = nodesBetween(graph, source, last, scalar);
    if (!inside) continue;
    const values = POINTS.map((x) => valueAt(graph, last, { source, x, scalar }));
    const match = CANDIDATES.find(({ kind, settings }) => {
      const expected = layerAt(kind, settings);
      return values.every((value, i) => Math.abs(value - expected[i]) < 1e-5 * Math.max(1, Math.abs(expected[i])));
    });
    if (match)
      return {
        inputs: [source],
        inside,
        named: last,
        take: (call) => call.emitLike(call.features(0), match.kind, { ...match.settings }),
      };
  }
  return null;
}

/** A layer without parameters at the points. */
function layerAt(kind: string, settings: Record<string, unknown>): Float32Array {
  const definition = registry.get(kind)!;
  const y = new Float32Array(POINTS.length);
  const shape = [POINTS.length];
  const context = { n: 1, training: false, inputShapes: [shape], outputShape: shape, params: [], saved: {} };
  const config = definition.parse(new Settings(settings, kind, 2), kind);
  definition.forward(config, { ...context, x: [Float32Array.from(POINTS)], y });
  return y;
}

/** The number that a value is in every run; null for any other. */
function scalarOf({ initializers, values, nodes }: NetworkGraph, name: string, tensorOf: TensorOf): number | null {
  const producer = values.get(name)?.producer ?? -1;
  const node = producer < 0 ? null : nodes[producer];
  const made = node?.opType === 'Constant' ? node.attributes[0] : null;
  if (made?.type === 'float') return made.value;
  const tensor = made?.type === 'tensor' ? made.value : initializers.get(name);
  if (!tensor || sizeOf(tensor.dims) !== 1) return null;
  return constantTensor(tensor, tensorOf).numbers()[0];
}

type Scalar = (name: string) => number | null;

const producerOf = ({ values, nodes }: NetworkGraph, name: string): GraphNode | null => {
  const at = values.get(name)?.producer ?? -1;
  return at >= 0 && nodes[at].domain === '' && Object.hasOwn(operators, nodes[at].opType) ? nodes[at] : null;
};

/** Values that the function may be one of: computed ones on the way to its last node. */
function sourcesOf(graph: NetworkGraph, last: GraphNode, scalar: Scalar): string[] {
  const found = new Set<string>();
  const open = [last];
  for (const node of open)
    for (const name of node.inputs) {
      if (name === '' || found.has(name) || scalar(name) !== null) continue;
      found.add(name);
      const before = producerOf(graph, name);
      if (before && open.length < MOST_NODES) open.push(before);
    }
  return [...found];
}

/** The nodes between a value and the last one; null where they read something else, or something else reads them. */
function nodesBetween(graph: NetworkGraph, source: string, last: GraphNode, scalar: Scalar): Set<number> | null {
  const inside = new Set<number>();
  const open = [last];
  for (const node of open)
    for (const name of node.inputs) {
      if (name === '' || name === source || scalar(name) !== null) continue;
      const before = producerOf(graph, name);
      if (!before || open.length > MOST_NODES) return null;
      if (inside.has(before.index)) continue;
      inside.add(before.index);
      open.push(before);
    }
  return inside.size > 0 && isClosed(graph, inside, last) ? inside : null;
}

function valueAt(graph: NetworkGraph, node: GraphNode, given: { source: string; x: number; scalar: Scalar }): number {
  const inputs = node.inputs.map((name) =>
    name === '' ? undefined! : name === given.source ? given.x : (given.scalar(name) ?? of(name)),
  );
  return operators[node.opType](inputs, node);
  function of(name: string): number {
    return valueAt(graph, producerOf(graph, name)!, given);
  }
}

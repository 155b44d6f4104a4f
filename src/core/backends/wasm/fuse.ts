import { isPlaneConv } from './plane';
import { relu as reluLayer } from '../../layers/relu';
import { flattens, isOf, type Graph, type GraphLayer } from '../../model/graph';
import { sizeOf } from '../../tensor';

/** `all`: every layer's exact output can be read. `training`: the fastest way; some outputs are never computed. */
export type Keep = 'all' | 'training';

/** One thing to run: a layer, or a layer with the ReLU that follows it. */
export interface Node {
  /** Index of the layer, in `Graph.layers`. */
  readonly layer: number;
  readonly spec: GraphLayer;
  /** Whether a ReLU is part of it. */
  readonly relu: boolean;
  /** The values that it reads, by number. */
  readonly inputs: readonly number[];
  /** The value that it makes: the index of the last layer it stands for. */
  readonly output: number;
}

/** The graph as it is run: nodes in topological order. A value is numbered by the layer whose output it is; −1 is the image. */
export interface FusedGraph {
  readonly nodes: readonly Node[];
  /** Per layer the value that holds its output: for a flatten its input's, in HWC order; null if it is never computed. */
  readonly valueOf: readonly (number | null)[];
  /** Layers whose value holds a map in HWC order although their output is flat, in CHW order. */
  readonly flattened: readonly boolean[];
}

const fusesRelu = (spec: GraphLayer): boolean => spec.traits.weights === 'matrix' || isPlaneConv(spec);

/**
 * Merges ReLUs into the convolution or dense layer before (only for `training`: the sum before the ReLU is lost), and
 * leaves out a flatten whose output only dense layers read: their packed weights take the permutation instead.
 * @param kept layers whose gradients must be kept: they are not merged, nor left out if others read the same map.
 */
export function fuse(graph: Graph, keep: Keep, kept: ReadonlySet<number>): FusedGraph {
  const { layers } = graph;
  const readers = layers.map(() => [] as number[]);
  const imageReaders: number[] = [];
  layers.forEach((layer, index) => {
    for (const input of layer.inputs) (input < 0 ? imageReaders : readers[input]).push(index);
  });
  const readersOf = (index: number): number[] => (index < 0 ? imageReaders : readers[index]);

  // A flatten that is left out has its gradient where the map before it has its own.
  const exact = new Set(
    [...kept].flatMap((index) => (index >= 0 && flattens(layers[index]) ? [index, layers[index].inputs[0]] : index)),
  );

  const nodes: Node[] = [];
  const valueOf: (number | null)[] = layers.map(() => null);
  const flattened = layers.map(() => false);
  const valueAt = (index: number): number => {
    if (index < 0) return index;
    const value = valueOf[index];
    if (value === null) throw new Error(`layer '${layers[index].name}' was fused away, but is read`);
    return value;
  };
  for (let index = 0; index < layers.length; index++) {
    const spec = layers[index];
    if (valueOf[index] !== null) continue;
    const inputs = spec.inputs.map(valueAt);
    if (flattens(spec) && canLeaveOut(layers, index, readersOf, kept)) {
      valueOf[index] = inputs[0];
      flattened[index] = true;
      continue;
    }
    const next = readers[index];
    const relu =
      keep === 'training' &&
      fusesRelu(spec) &&
      next.length === 1 &&
      isOf(layers[next[0]], reluLayer) &&
      !exact.has(index) &&
      !exact.has(next[0]);
    const output = relu ? next[0] : index;
    valueOf[output] = output;
    nodes.push({ layer: index, spec, relu, inputs, output });
  }
  return { nodes, valueOf, flattened };
}

function canLeaveOut(
  layers: readonly GraphLayer[],
  index: number,
  readersOf: (index: number) => number[],
  kept: ReadonlySet<number>,
): boolean {
  const own = readersOf(index);
  const [source] = layers[index].inputs;
  if (own.length === 0) return false;
  if (!own.every((reader) => layers[reader].traits.weights === 'matrix')) return false;
  // A map of one pixel has the same order when flat, but a convolution that also reads it may need a halo around it.
  if (sizeOf(layers[index].inputShapes[0].slice(0, -1)) === 1 && !kept.has(index))
    return readersOf(source).every((reader) => layers[reader].traits.weights !== 'kernel');
  return readersOf(source).length === 1;
}

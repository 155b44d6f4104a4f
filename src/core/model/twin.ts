import { sizeOf } from '../tensor';
import { totalParameters } from './build';
import type { Graph } from './graph';
import type { InputSpec, LayerSpec, ModelSpec } from './spec';

/**
 * A network of dense layers alone with about as many parameters as another one, for a fair comparison: input → 2h → h → classes,
 * relu between; input → h → classes where the second of two hidden layers would have fewer units than there are classes, and so
 * would be a bottleneck. `h`, at least 1, is the one whose parameter count comes nearest.
 * @param graph fitted to its classes: its output is `[classes]`.
 */
export function denseTwin(graph: Graph): ModelSpec {
  const inputs = sizeOf(graph.inputShape);
  const classes = sizeOf(graph.layers[graph.layers.length - 1].outputShape);
  const wanted = totalParameters(graph);
  const half = nearest(2, 2 * inputs + 3 + classes, wanted - classes);
  if (half >= classes) return denseNetwork(graph.spec.input, [2 * half, half, classes]);
  return denseNetwork(graph.spec.input, [nearest(0, inputs + 1 + classes, wanted - classes), classes]);
}

/** The course notes' plain network: input → 128 → 64 → classes, relu between. */
export function plainDense(input: InputSpec, classes: number): ModelSpec {
  return denseNetwork(input, [128, 64, classes]);
}

/**
 * The h, at least 1, for which a·h² + b·h is nearest to the wanted count. Weights and biases but the last layer's
 * biases are, of inputs → 2h → h → classes, 2h² + (2·inputs + 3 + classes)·h, and of inputs → h → classes (inputs + 1 +
 * classes)·h.
 */
function nearest(a: number, b: number, wanted: number): number {
  const count = (h: number): number => a * h * h + b * h;
  // The count grows with h, so the wanted count is between the two whole numbers around the root.
  const most = Math.max(0, wanted);
  const root = a === 0 ? most / b : (Math.sqrt(b * b + 4 * a * most) - b) / (2 * a);
  const below = Math.max(1, Math.floor(root));
  return Math.abs(count(below + 1) - wanted) < Math.abs(count(below) - wanted) ? below + 1 : below;
}

function denseNetwork(input: InputSpec, units: readonly number[]): ModelSpec {
  const layers = units.flatMap((count, i): LayerSpec[] => [
    { kind: 'dense', units: count },
    { kind: i < units.length - 1 ? 'relu' : 'softmax' },
  ]);
  return { input: { ...input }, layers: [{ kind: 'flatten' }, ...layers] };
}

import { sizeOf } from '../tensor';
import { parameterCount } from './build';
import type { Graph } from './graph';
import type { LayerSpec, ModelSpec } from './spec';

/**
 * A network of dense layers alone with about as many parameters as another one, for a fair comparison: input → 2h → h → classes,
 * relu between. `h`, at least 1, is the one whose parameter count comes nearest.
 * @param graph fitted to its classes: its output is `[classes]`.
 */
export function denseTwin(graph: Graph): ModelSpec {
  const inputs = sizeOf(graph.inputShape);
  const classes = sizeOf(graph.layers[graph.layers.length - 1].outputShape);
  const wanted = graph.layers.reduce((sum, layer) => sum + parameterCount(layer), 0);
  const half = nearestHalf(inputs, classes, wanted);
  return denseNetwork(graph.spec.input, [2 * half, half, classes]);
}

/** The course notes' plain network: input → 128 → 64 → classes, relu between. */
export function plainDense(input: ModelSpec['input'], classes: number): ModelSpec {
  return denseNetwork(input, [128, 64, classes]);
}

/** Weights and biases of inputs → 2h → h → classes: 2h² + (2·inputs + 3 + classes)·h + classes. */
export function twinParameters(inputs: number, classes: number, h: number): number {
  return 2 * h * h + (2 * inputs + 3 + classes) * h + classes;
}

/** The count grows with h: the root of count(h) = wanted lies between the two that may be nearest. */
function nearestHalf(inputs: number, classes: number, wanted: number): number {
  const b = 2 * inputs + 3 + classes;
  const root = (Math.sqrt(b * b + 8 * Math.max(0, wanted - classes)) - b) / 4;
  const below = Math.max(1, Math.floor(root));
  const distance = (h: number): number => Math.abs(twinParameters(inputs, classes, h) - wanted);
  return distance(below + 1) < distance(below) ? below + 1 : below;
}

function denseNetwork({ height, width, channels }: ModelSpec['input'], units: readonly number[]): ModelSpec {
  const layers = units.flatMap((count, i): LayerSpec[] => [
    { kind: 'dense', units: count },
    { kind: i < units.length - 1 ? 'relu' : 'softmax' },
  ]);
  return { input: { height, width, channels }, layers: [{ kind: 'flatten' }, ...layers] };
}

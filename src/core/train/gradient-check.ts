import type { Draw, Executor } from '../executor';
import { paramKey, type Graph, type ParamSet } from '../model/graph';
import { Generator } from '../random';
import { ReferenceExecutor } from '../reference-executor';
import { sizeOf, type FloatArray } from '../tensor';
import { softmaxCrossEntropy } from './losses';

/** A batch on which gradients are compared, as the training loop makes it. */
export interface CheckBatch {
  /** `[n, H, W, C]`. */
  input: Float32Array;
  /** Class indices. */
  labels: Int32Array;
  n: number;
  draw: Draw;
}

export interface GradientDifference {
  layer: string;
  /** `layer.param`. */
  param: string;
  /** Largest difference of two values ÷ the parameter's largest gradient; where that is nothing but rounding, ÷ as much as rounding explains. */
  difference: number;
}

/**
 * Rounding shows as 1e-6 to 1e-4 of a parameter's largest gradient, a wrong index or a lost row as 1e-2 and more.
 */
export const GRADIENT_TOLERANCE = 1e-3;

/** Sums in another order differ by some multiple of what float32 storage alone makes of the same sums. */
const ROUNDINGS = 64;

/**
 * Holds an executor's gradients of the loss (softmax cross-entropy at the logits) against the reference's in doubles, for one batch in
 * training. The executor's running statistics move, as in a step.
 * @returns one per trainable parameter, in the order of the graph; null where the gradients are no finite numbers: with such weights
 * there is nothing to compare, and training says so by itself.
 */
export function compareGradients(executor: Executor, params: ParamSet, batch: CheckBatch): GradientDifference[] | null {
  const { graph } = executor;
  const exact = new ReferenceExecutor(graph, batch.n, Float64Array);
  const { dOutput, from } = backpropagate(exact, params, batch);
  const truth = exact.gradients();
  // What float32 cannot hold overflows there.
  const finite = [...truth.values()].every((values) => largest(values) < 3e38);
  if (!finite || !(largest(exact.activation(from)) < 3e38)) return null;
  executor.setParams(params);
  executor.forward(batch.input, batch.n, true, batch.draw);
  executor.backward(Float32Array.from(dOutput), from);
  const found = executor.gradients();
  let rounded: Map<string, Float32Array> | null = null;
  const roundedOnce = (): Map<string, Float32Array> => {
    if (rounded) return rounded;
    const reference = new ReferenceExecutor(graph, batch.n);
    backpropagate(reference, params, batch);
    return (rounded = reference.gradients());
  };
  return trainable(graph).map(({ layer, param }) => {
    const expected = truth.get(param)!;
    const apart = largestDifference(found.get(param)!, expected);
    const scale = largest(expected);
    if (apart <= GRADIENT_TOLERANCE * scale) return { layer, param, difference: scale > 0 ? apart / scale : 0 };
    const rounding = largestDifference(roundedOnce().get(param)!, expected);
    return { layer, param, difference: apart / Math.max(scale, (ROUNDINGS * rounding) / GRADIENT_TOLERANCE) };
  });
}

/** The parameters that are learned, in the order of the graph. */
export function trainable(graph: Graph): { layer: string; param: string }[] {
  return graph.layers.flatMap(({ name, params }) =>
    params.filter((param) => param.trainable).map((param) => ({ layer: name, param: paramKey(name, param.name) })),
  );
}

/** The layer whose output the loss takes: a final softmax is passed by. */
export function logitsOf({ layers }: Graph): number {
  const last = layers.length - 1;
  return layers[last].kind === 'softmax' ? layers[last].inputs[0] : last;
}

/** Forward and backward. @returns the gradient that it began with, and where. */
function backpropagate<A extends FloatArray>(
  reference: ReferenceExecutor<A>,
  params: ParamSet,
  { input, labels, n, draw }: CheckBatch,
): { dOutput: Float64Array; from: number } {
  const { graph } = reference;
  reference.setParams(params);
  reference.forward(input, n, true, draw);
  const from = logitsOf(graph);
  const classes = sizeOf(graph.layers[from].outputShape);
  const { dx } = softmaxCrossEntropy(reference.activation(from), labels, n, classes);
  // Of a network that is sure and right next to nothing comes back: then something does, the same on every machine.
  const dOutput = largest(dx) * n > 1e-3 ? dx : made(n, classes);
  reference.backward(dOutput, from);
  return { dOutput, from };
}

function made(n: number, classes: number): Float64Array {
  const generator = new Generator(1);
  return Float64Array.from({ length: n * classes }, () => Math.fround(generator.normal() / n));
}

/** NaN and infinity count as infinite. */
function largestDifference(a: FloatArray, b: FloatArray): number {
  let most = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i] - b[i]);
    if (!(difference <= most)) most = Number.isNaN(difference) ? Infinity : difference;
  }
  return most;
}

function largest(values: FloatArray): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) if (!(Math.abs(values[i]) <= most)) most = Math.abs(values[i]);
  return most;
}

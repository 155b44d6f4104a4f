import type { Draw, Executor } from '../backends/executor';
import { logitsOf, paramKey, type Graph, type ParamSet } from '../model/graph';
import { Generator } from '../random';
import { ReferenceExecutor } from '../backends/reference/executor';
import { sizeOf, type FloatArray } from '../tensor';
import { weighingGraph } from './gradient-mass';
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
  /** Largest difference of two values ÷ the parameter's largest gradient; if rounding explains more than 1e-3 of that, scaled so that rounding explains 1e-3. */
  difference: number;
}

/** Rounding causes 1e-6 to 1e-4 of a parameter's largest gradient, a wrong index or a lost row as 1e-2 and more. */
export const GRADIENT_TOLERANCE = 1e-3;

/** Kernels take values below 2⁻⁶⁰ as zero (`flush`): pictures fainter than this, all of one color but for rounding, come close to it. */
const FLUSHED = 2 ** -40;

/** Sums in another order differ by a few times what float32 storage alone causes. */
const ROUNDINGS = 64;

/**
 * The rounding error of a sum as a share of its terms' sizes: correct kernels stay below 3e-6, even for 150,000 terms.
 * One lost row of 224 causes 3e-4 and more.
 */
export const OF_MASS = 1e-5;

/** Awaited between two layers of the reference: lets other work run, and throws if the result is no longer wanted. */
export type Breathe = () => Promise<void>;

/**
 * Compares an executor's gradients of the loss (softmax cross-entropy at the logits) against the reference's in
 * doubles, for one batch in training. The executor's running statistics move, as in a step.
 * @returns one per trainable parameter, in the order of the graph; null where pictures are next to nothing, and where
 *   gradients are no finite numbers: there is nothing to compare then, and training reports it by itself.
 */
export async function compareGradients(
  executor: Executor,
  params: ParamSet,
  batch: CheckBatch,
  breathe: Breathe = () => Promise.resolve(),
): Promise<GradientDifference[] | null> {
  const { graph } = executor;
  const brightest = largest(batch.input);
  if (brightest > 0 && brightest < FLUSHED) return null;
  const masses = new Map<string, number>();
  const exact = new ReferenceExecutor(weighingGraph(graph, masses), batch.n, Float64Array);
  const { dOutput, from } = await backpropagate(exact, params, batch, breathe);
  const truth = exact.gradients();
  // The reference in doubles does not overflow where float32 does.
  const finite = [...truth.values()].every((values) => largest(values) < 3e38);
  if (!finite || !(largest(exact.activation(from)) < 3e38)) return null;
  await executor.setParams(params);
  await executor.forward(batch.input, batch.n, true, batch.draw);
  await executor.backward(Float32Array.from(dOutput), from);
  const found = await executor.gradients();
  let rounded: Map<string, Float32Array> | null = null;
  const roundedOnce = async (): Promise<Map<string, Float32Array>> => {
    if (rounded) return rounded;
    const reference = new ReferenceExecutor(graph, batch.n);
    await backpropagate(reference, params, batch, breathe);
    return (rounded = reference.gradients());
  };
  const differences: GradientDifference[] = [];
  for (const { layer, param } of trainable(graph)) {
    const expected = truth.get(param)!;
    const apart = largestDifference(found.get(param)!, expected);
    let scale = Math.max(largest(expected), (masses.get(param)! * OF_MASS) / GRADIENT_TOLERANCE);
    if (apart > GRADIENT_TOLERANCE * scale) {
      const rounding = largestDifference((await roundedOnce()).get(param)!, expected);
      scale = Math.max(scale, (ROUNDINGS * rounding) / GRADIENT_TOLERANCE);
    }
    differences.push({ layer, param, difference: scale > 0 || apart > 0 ? apart / scale : 0 });
  }
  return differences;
}

/** Batch norm over fewer numbers per channel would compare little but rounding. */
const LEAST_OF_BATCH_NORM = 3;

/** The fewest pictures worth comparing on: of a map batch norm has rows and columns, of flat features one number a picture. */
export function fewestImages({ layers }: Graph): number {
  const places = layers
    .filter(({ definition }) => definition.inTraining === 'batch')
    .map(({ outputShape }) => sizeOf(outputShape.slice(0, -1)));
  return Math.max(1, ...places.map((each) => Math.ceil(LEAST_OF_BATCH_NORM / each)));
}

/** The parameters that are learned, in the order of the graph. */
export function trainable(graph: Graph): { layer: string; param: string }[] {
  return graph.layers.flatMap(({ name, params }) =>
    params.filter((param) => param.trainable).map((param) => ({ layer: name, param: paramKey(name, param.name) })),
  );
}

/** Forward and backward. @returns the gradient that it began with, and where. */
async function backpropagate<A extends FloatArray>(
  reference: ReferenceExecutor<A>,
  params: ParamSet,
  { input, labels, n, draw }: CheckBatch,
  breathe: Breathe,
): Promise<{ dOutput: Float64Array; from: number }> {
  const { graph } = reference;
  reference.setParams(params);
  await each(reference.forwardSteps(input, n, true, draw), breathe);
  const from = logitsOf(graph);
  const dOutput = dLogits(reference.activation(from), { labels, n });
  await each(reference.backwardSteps(dOutput, from), breathe);
  return { dOutput, from };
}

/**
 * The gradient of the loss at the logits, `[n, classes]`. A confident, correct network has almost no gradient. A fixed
 * pseudo-random output gradient is used then, the same on every machine.
 */
export function dLogits(logits: FloatArray, { labels, n }: Pick<CheckBatch, 'labels' | 'n'>): Float64Array {
  const classes = logits.length / n;
  const { dx } = softmaxCrossEntropy(logits, labels, n, classes);
  return largest(dx) * n > 1e-3 ? dx : made(n, classes);
}

async function each(steps: Iterator<void>, breathe: Breathe): Promise<void> {
  while (!steps.next().done) await breathe();
}

function made(n: number, classes: number): Float64Array {
  const generator = new Generator(1);
  return Float64Array.from({ length: n * classes }, () => Math.fround(generator.normal() / n));
}

/** NaN and infinity count as infinite. */
export function largestDifference(a: FloatArray, b: FloatArray): number {
  let most = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i] - b[i]);
    if (!(difference <= most)) most = Number.isNaN(difference) ? Infinity : difference;
  }
  return most;
}

export function largest(values: FloatArray): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) if (!(Math.abs(values[i]) <= most)) most = Math.abs(values[i]);
  return most;
}

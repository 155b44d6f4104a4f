import { logitsOf, paramKey, type Graph, type ParamSet } from '../model/graph';
import { Generator } from '../random';
import { ReferenceExecutor } from '../backends/reference/executor';
import { sizeOf } from '../tensor';
import type { CheckBatch } from './gradient-check';
import { softmaxCrossEntropy } from './losses';

export interface SlopeDifference {
  param: string;
  /**
   * Largest |slope measured − slope by back-propagation| over the directions tried, ÷ the size of the parameter's gradients; null where
   * every direction led over a kink (a ReLU's zero, a tie in max pooling), where there is no slope.
   */
  difference: number | null;
}

/** Back-propagation in doubles and slopes measured in doubles agree to about 1e-6; a wrong formula shows as 1e-2 and more. */
export const SLOPE_TOLERANCE = 1e-3;

/** Once the difference is this small, no shorter step is tried. */
const SURE = 1e-5;
const STEP = 1e-5;
/** One-sided slopes that differ by more than this share lie on both sides of a kink. */
const KINK = 1e-3;
/**
 * Share of the largest gradient below which a gradient counts as zero, given the precision that doubles lose in a
 * difference of losses.
 */
const LEAST_SCALE = 1e-5;

/**
 * Compares the reference's gradients with the slopes of the loss itself, (L(θ + h·v) − L(θ − h·v)) ÷ 2h, all in
 * doubles: for each trainable parameter along its weight of the largest gradient, and along seeded random directions
 * over all its weights.
 * @param directions of random directions for each parameter, 0 or more.
 * @param progress told after each parameter.
 */
export function compareSlopes(
  graph: Graph,
  params: ParamSet,
  batch: CheckBatch,
  directions: number,
  progress: (done: number, total: number) => void = () => undefined,
): SlopeDifference[] {
  const reference = new ReferenceExecutor(graph, batch.n, Float64Array);
  const from = logitsOf(graph);
  const classes = sizeOf(graph.layers[from].outputShape);
  const weights = new Map([...params].map(([key, values]) => [key, Float64Array.from(values)]));
  const lossNow = (): number => {
    reference.setParams(weights);
    reference.forward(batch.input, batch.n, true, batch.draw);
    return softmaxCrossEntropy(reference.activation(from), batch.labels, batch.n, classes).loss[0];
  };
  const here = lossNow();
  reference.backward(softmaxCrossEntropy(reference.activation(from), batch.labels, batch.n, classes).dx, from);
  const gradients = reference.gradients();
  const least = LEAST_SCALE * Math.max(...[...gradients.values()].map(largest));
  const keys = [...gradients.keys()];
  return keys.map((param, index) => {
    const gradient = gradients.get(param)!;
    const own = weights.get(param)!;
    const start = own.slice();
    const measure = (direction: Float64Array, scale: number): number | null => {
      const expected = gradient.reduce((sum, value, i) => sum + value * direction[i], 0);
      let best: number | null = null;
      for (const h of [STEP, STEP / 10, STEP / 100]) {
        const at = (step: number): number => {
          start.forEach((value, i) => (own[i] = value + step * direction[i]));
          return lossNow();
        };
        const [ahead, behind] = [at(h), at(-h)];
        own.set(start);
        const noise = (4e-16 * Math.max(1, Math.abs(here))) / h;
        if (Math.abs((ahead - here) / h - (here - behind) / h) > KINK * scale + 4 * noise) continue;
        const difference = Math.abs((ahead - behind) / (2 * h) - expected) / scale;
        best = Math.min(best ?? Infinity, difference);
        // A shorter step crosses fewer kinks, and loses more in the difference.
        if (best < SURE) break;
      }
      return best;
    };
    const most = largest(gradient);
    const found = [measure(along(gradient, most), Math.max(most, least))];
    const size = Math.sqrt(gradient.reduce((sum, value) => sum + value * value, 0) / gradient.length);
    for (let each = 0; each < directions; each++)
      found.push(measure(anyDirection(gradient.length, index, each), Math.max(size, least)));
    progress(index + 1, keys.length);
    const measured = found.filter((difference) => difference !== null);
    return { param, difference: measured.length > 0 ? Math.max(...measured) : null };
  });
}

/** The direction of the single weight with the largest gradient. */
function along(gradient: Float64Array, most: number): Float64Array {
  const direction = new Float64Array(gradient.length);
  direction[
    Math.max(
      0,
      gradient.findIndex((value) => Math.abs(value) === most),
    )
  ] = 1;
  return direction;
}

/** A random direction of length 1. */
function anyDirection(length: number, param: number, each: number): Float64Array {
  const generator = new Generator(1, param, each);
  const direction = Float64Array.from({ length }, () => generator.normal());
  const norm = Math.sqrt(direction.reduce((sum, value) => sum + value * value, 0));
  return direction.map((value) => value / norm);
}

const largest = (values: Float64Array): number => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/** Weights for a network that was not trained: biases are moved off 0, where a dark picture lies on the kink of every ReLU. */
export function movedOffKinks(graph: Graph, params: ParamSet): Map<string, Float32Array> {
  const moved = new Map<string, Float32Array>();
  for (const [index, { name, params: own }] of graph.layers.entries()) {
    for (const param of own) {
      const key = paramKey(name, param.name);
      const generator = new Generator(2, index);
      const isBias = param.trainable && param.init === 0;
      moved.set(
        key,
        params.get(key)!.map((value) => (isBias ? value + 0.1 * generator.normal() : value)),
      );
    }
  }
  return moved;
}

import type { Split } from '../../core/data/dataset';
import { paramKey, type Graph, type ParamSet } from '../../core/model/graph';

/** Moments of each feature over the training pictures, `[F]`. */
export interface Moments {
  mean: Float64Array;
  deviation: Float64Array;
}

/** Share of the mean deviation below which no feature's goes: one that hardly varies in a few pictures must not drown the others. */
const LEAST = 0.1;

/** @param values `[count, F]`. */
export function momentsOf(values: Float32Array, width: number, samples: Split['samples']): Moments {
  const mean = new Float64Array(width);
  const deviation = new Float64Array(width);
  for (const sample of samples) for (let f = 0; f < width; f++) mean[f] += values[sample * width + f] / samples.length;
  for (const sample of samples)
    for (let f = 0; f < width; f++) deviation[f] += (values[sample * width + f] - mean[f]) ** 2 / samples.length;
  for (let f = 0; f < width; f++) deviation[f] = Math.sqrt(deviation[f]);
  const usual = deviation.reduce((sum, each) => sum + each, 0) / width;
  const least = usual > 0 ? LEAST * usual : 1;
  for (let f = 0; f < width; f++) deviation[f] = Math.max(least, deviation[f]);
  return { mean, deviation };
}

/** (x − mean) ÷ deviation, each feature by its own. */
export function standardized(values: Float32Array, width: number, { mean, deviation }: Moments): Float32Array {
  return values.map((value, i) => (value - mean[i % width]) / deviation[i % width]);
}

/**
 * The weights of a head for features as they are, from those for standardized ones: W·((x − m) ÷ d) + b = (W ÷ d)·x + (b − (W ÷ d)·m).
 * Sums are in doubles.
 */
export function withMoments({ layers }: Graph, params: ParamSet, { mean, deviation }: Moments): ParamSet {
  const first = layers.find(({ traits }) => traits.weights === 'matrix')!;
  const [weightKey, biasKey] = ['weight', 'bias'].map((name) => paramKey(first.name, name));
  const weight = params.get(weightKey)!;
  const bias = params.get(biasKey)!;
  const width = mean.length;
  const scaled = weight.map((value, i) => value / deviation[i % width]);
  const moved = bias.map((value, unit) => {
    let sum = value;
    for (let f = 0; f < width; f++) sum -= (weight[unit * width + f] / deviation[f]) * mean[f];
    return sum;
  });
  return new Map([...params, [weightKey, scaled], [biasKey, moved]]);
}

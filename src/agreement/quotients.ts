import { paramKey, type Graph, type GraphLayer, type ParamSet } from '../core/model/graph';
import { ReferenceExecutor } from '../core/backends/reference/executor';
import { sizeOf } from '../core/tensor';
import { Dice } from './dice';
import type { Difference } from './difference';
import type { Sample } from './sample';

/**
 * Steps of the difference quotient. Where a kink lies within the largest, a smaller one does not reach it; where rounding shows in
 * the smallest, a larger one is exact enough: a right derivative agrees with one of them.
 */
const STEPS = [1e-4, 1e-5, 1e-6, 1e-7];

/** Relative to the size of the summands, at the best step. */
const TOLERANCE = 1e-6;

/** How often the noise of f is sampled, with steps of what size, and by how many times that noise a value of f may be off. */
const [TRIALS, TINY, NOISES] = [4, 1e-12, 16];

/**
 * The reference's gradients against central differences, in doubles: of f = Σ r · y for random r, by each parameter, by
 * the input and by one layer's output, each along one random direction. A wrong gradient is orthogonal to it only by
 * chance.
 */
export function quotients(graph: Graph, params: ParamSet, sample: Sample, seed: number): Difference | null {
  const { n, training, draw } = sample;
  const dice = new Dice(seed, 3);
  const between = new Dice(seed, 7).from(0, graph.layers.length - 1);
  // Not from 0: the zeros of a ReLU are on a kink of the next one.
  const nudge = Float64Array.from(new Dice(seed, 9).floats(n * sizeOf(graph.layers[between].outputShape), -0.1, 0.1));
  const executor = new ReferenceExecutor(nudged(graph, between, nudge), n, Float64Array);
  const last = graph.layers.length;
  const factors = Float64Array.from(dice.floats(n * sizeOf(graph.layers[last - 1].outputShape), -1, 1));
  const input = Float64Array.from(sample.input);
  const values = new Map([...params].map(([key, data]) => [key, Float64Array.from(data)]));
  const run = (): { sum: number; size: number } => {
    executor.setParams(values);
    executor.forward(input, n, training, draw);
    let [sum, size] = [0, 0];
    executor.activation(last).forEach((y, i) => {
      sum += y * factors[i];
      size += Math.abs(y * factors[i]);
    });
    return { sum, size };
  };
  const noise = noiseOf(() => run().sum, [input, ...values.values()], dice);
  run();
  executor.backward(factors);
  const gradients = executor.gradients().set('input', executor.gradient(-1)).set('nudge', executor.gradient(between));
  for (const [key, gradient] of gradients) {
    const data = key === 'input' ? input : key === 'nudge' ? nudge : values.get(key);
    if (!data) throw new Error(`no parameter '${key}'`);
    const before = data.slice();
    const direction = dice.floats(data.length, -1, 1);
    let [expected, size] = [0, 0];
    gradient.forEach((each, i) => {
      expected += each * direction[i];
      size += (each * direction[i]) ** 2;
    });
    let least = { difference: Infinity, bound: 0 };
    for (const step of STEPS) {
      data.forEach((_, i) => (data[i] = before[i] + step * direction[i]));
      const above = run();
      data.forEach((_, i) => (data[i] = before[i] - step * direction[i]));
      const below = run();
      const difference = Math.abs((above.sum - below.sum) / (2 * step) - expected);
      const bound =
        TOLERANCE * (Math.sqrt(size) + Math.abs(expected)) + (1e-14 * above.size + NOISES * noise) / step + 1e-12;
      if (difference - bound < least.difference - least.bound) least = { difference, bound };
      if (difference <= bound) break;
    }
    data.set(before);
    if (least.difference <= least.bound) continue;
    const [layer, name] =
      key === 'input'
        ? ['input', 'input']
        : key === 'nudge'
          ? [graph.layers[between].name, 'output']
          : split(graph, key);
    const what = `reference against central differences, batch ${n}, ${training ? 'training' : 'inference'}`;
    return { what, layer, quantity: `gradient of ${name}`, ...least, largest: Math.abs(expected) };
  }
  return null;
}

/** The same graph, in which every reader of layer `index` gets its output with `by` added. */
function nudged(graph: Graph, index: number, by: Float64Array): Graph {
  const moved = (input: number): number => (input < index ? input : input + 1);
  const { outputShape } = graph.layers[index];
  const nudge: GraphLayer = {
    ...graph.layers[index],
    name: 'nudge',
    forward: ({ x, y }) => y.forEach((_, i) => (y[i] = x[0][i] + by[i])),
    backward: ({ dy, dx }) => dx[0]?.forEach((before, i, target) => (target[i] = before + dy[i])),
    inputs: [index],
    inputShapes: [outputShape],
    params: [],
  };
  const [before, after] = [graph.layers.slice(0, index + 1), graph.layers.slice(index + 1)];
  const behind = after.map((layer) => ({ ...layer, inputs: layer.inputs.map(moved) }));
  return { ...graph, layers: [...before, nudge, ...behind] };
}

/**
 * The rounding noise of f: how far it moves when its inputs move so little that the slope hardly counts. A batch norm
 * of equal numbers amplifies rounding a few hundred times more than the size of f suggests.
 */
function noiseOf(f: () => number, data: readonly Float64Array[], dice: Dice): number {
  const kept = data.map((each) => each.slice());
  const base = f();
  let noise = 0;
  for (let trial = 0; trial < TRIALS; trial++) {
    for (const [k, each] of data.entries()) {
      const by = dice.floats(each.length, -1, 1);
      for (let i = 0; i < each.length; i++) each[i] = kept[k][i] + TINY * by[i];
    }
    noise = Math.max(noise, Math.abs(f() - base));
  }
  data.forEach((each, k) => each.set(kept[k]));
  return noise;
}

/** `conv1.weight` as layer and parameter. */
export function split(graph: Graph, key: string): [layer: string, param: string] {
  for (const layer of graph.layers)
    for (const { name } of layer.params) if (paramKey(layer.name, name) === key) return [layer.name, name];
  return [key, ''];
}

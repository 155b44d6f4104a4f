import { batchnorm } from '../core/layers/batchnorm';
import type { BackwardContext, Call } from '../core/layers/layer';
import type { SampleNorm, SampleNormConfig } from '../core/layers/sample-norm';
import { sigmoid } from '../core/layers/sigmoid';
import { tanh } from '../core/layers/tanh';
import { configOf, isOf, type Graph, type GraphLayer, type ParamSet } from '../core/model/graph';
import { ReferenceExecutor } from '../core/backends/reference/executor';
import { channelsOf } from '../core/geometry';
import { eachSet, momentsOf } from '../core/kernels/reference/normalize';
import { sizeOf, type FloatArray } from '../core/tensor';
import type { Expected } from './difference';
import { tooNear } from './kinks';
import type { Sample } from './sample';

/** Half a unit in the last place of a float32, relative to the number. */
const ROUNDING = 2 ** -24;

/**
 * By how many times the effect of one rounding a float32 kernel may be off. Each number a kernel writes is a sum of K
 * products, whose rounding grows like √K (Higham 2002, "Accuracy and stability of numerical algorithms", 4.2: K is up
 * to some thousand in a weight's gradient), and Winograd's 4 × 4 tiles add a factor of about ten (Barabasz et al.
 * 2020). Correct kernels stay below a third of it; a wrong one is a million roundings off.
 */
const ROUNDINGS = 128;

/** The kernels flush numbers below 2⁻⁶⁰ to zero, so sums of some thousand of them can be missing. */
const FLUSHED = 2 ** -48;

/** ∂loss/∂logits from the logits, `[n, classes]`; `round` rounds what a float32 computation rounds on the way. */
export type LossGradient = (logits: Float64Array, round: <A extends FloatArray>(values: A) => A) => Float64Array;

/** What a backward pass should give. */
export interface Gradients {
  /** Of the trained parameters, by `layer.param`. */
  readonly params: ReadonlyMap<string, Expected>;
  /** Of the input, then of every layer's output, in the order of the graph. */
  readonly values: readonly Expected[];
}

/**
 * Forward and backward in doubles, and the same with every number in them rounded at random, which shows how far
 * rounding can move each tensor.
 */
export class Truth {
  private readonly exact: ReferenceExecutor<Float64Array>;
  private readonly rounded: ReferenceExecutor<Float64Array>[];
  private readonly outputs = new Map<number, Expected>();
  private readonly known = new WeakMap<Float32Array, Gradients>();

  /**
   * @param repetitions how often the effect of rounding is sampled: more give a more reliable bound, mostly for small
   *   tensors.
   */
  constructor(
    private readonly graph: Graph,
    params: ParamSet,
    private readonly sample: Sample,
    repetitions: number,
  ) {
    const { n, training, input, draw } = sample;
    this.exact = new ReferenceExecutor(graph, n, Float64Array);
    this.exact.setParams(params);
    this.exact.forward(input, n, training, draw);
    this.rounded = Array.from({ length: repetitions }, (_, i) => {
      const round = rounding(i + 1);
      const executor = new ReferenceExecutor(roundingGraph(graph, round), n, Float64Array);
      executor.setParams(new Map([...params].map(([key, values]) => [key, round(Float64Array.from(values))])));
      executor.forward(round(Float64Array.from(input)), n, training, draw);
      return executor;
    });
  }

  /** The output of a layer; −1 is the input. */
  output(layer: number): Expected {
    const known = this.outputs.get(layer);
    if (known) return known;
    const rounded = this.rounded.map((each) => each.activation(layer));
    const made = expected(this.exact.activation(layer), rounded);
    this.outputs.set(layer, made);
    return made;
  }

  /** Parameters after the forward pass: training moves batch norm's running statistics. */
  params(): Map<string, Expected> {
    const rounded = this.rounded.map((each) => each.getParams());
    return this.mapped(this.exact.getParams(), rounded);
  }

  /** Whether every number of the forward pass is finite: a window wholly in padding has the maximum −∞. */
  get finite(): boolean {
    return this.graph.layers.every((_, layer) => this.output(layer).values.every(Number.isFinite));
  }

  /**
   * The samples of the batch in which a unit is so near a kink (of a ReLU, of a tie in a maximum) that rounding decides
   * on which side it is. Their gradients may differ without either being wrong.
   */
  undecided(): boolean[] {
    const { n } = this.sample;
    const undecided = Array<boolean>(n).fill(false);
    this.graph.layers.forEach((layer, index) => {
      const input = this.output(layer.inputs[0]);
      tooNear(this.graph, index, input, n).forEach((near, i) => (undecided[i] ||= near));
    });
    return undecided;
  }

  /** Cached by `dOutput`, so always call it for the same layer. */
  gradients(dOutput: Float32Array, from: number): Gradients {
    const known = this.known.get(dOutput);
    if (known) return known;
    const all = [this.exact, ...this.rounded].map((executor, i) => {
      executor.backward(i === 0 ? dOutput : rounding(i + 100)(Float64Array.from(dOutput)), from);
      const values = [-1, ...this.graph.layers.keys()].map((index) => executor.gradient(index));
      return { params: executor.gradients(), values };
    });
    const [exact, ...rounded] = all;
    const params = rounded.map((each) => each.params);
    const gradients = {
      params: this.mapped(exact.params, params),
      values: exact.values.map((each, i) =>
        expected(
          each,
          rounded.map(({ values }) => values[i]),
        ),
      ),
    };
    this.known.set(dOutput, gradients);
    return gradients;
  }

  /**
   * Gradients of a loss at a layer. Each rounded pass takes it at its own logits: where the network is confident, p − 1
   * is a small difference of large numbers, to which a rounding of the logits or of p contributes much.
   */
  lossGradients(layer: number, loss: LossGradient): Map<string, Expected> {
    const all = [this.exact, ...this.rounded].map((executor, i) => {
      const round = i === 0 ? <A extends FloatArray>(values: A): A => values : rounding(i + 200);
      executor.backward(loss(executor.activation(layer), round), layer);
      return executor.gradients();
    });
    return this.mapped(all[0], all.slice(1));
  }

  private mapped(
    exact: ReadonlyMap<string, Float64Array>,
    rounded: readonly ReadonlyMap<string, Float64Array>[],
  ): Map<string, Expected> {
    return new Map(
      [...exact].map(([key, values]) => [
        key,
        expected(
          values,
          rounded.map((each) => each.get(key) ?? values),
        ),
      ]),
    );
  }
}

function expected(values: Float64Array, rounded: readonly Float64Array[]): Expected {
  let [largest, effect] = [0, 0];
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  for (const each of rounded)
    for (let i = 0; i < values.length; i++) effect = Math.max(effect, Math.abs(each[i] - values[i]));
  return { values, bound: ROUNDINGS * Math.max(effect, ROUNDING * largest) + FLUSHED };
}

/** Moves every number by up to one rounding, in place. */
function rounding(seed: number): <A extends FloatArray>(values: A) => A {
  let state = Math.imul(seed, 0x9e3779b1) | 1;
  return (values) => {
    for (let i = 0; i < values.length; i++) {
      // Xorshift: Marsaglia 2003.
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      values[i] *= 1 + (state / 2 ** 31) * 2 * ROUNDING;
    }
    return values;
  };
}

/** The same graph with layers that round their outputs and their incoming gradients. */
function roundingGraph(graph: Graph, round: (values: FloatArray) => FloatArray): Graph {
  const layers = graph.layers.map((layer): GraphLayer => {
    const { copies } = layer.traits;
    return {
      ...layer,
      forward(call) {
        layer.forward(call);
        if (!copies) round(call.y);
      },
      backward(call) {
        if (!copies) round(call.dy);
        layer.backward(call);
        if (isOf(layer, batchnorm)) roundTerms(layer, call, round);
        else if (isSampleNorm(layer)) roundSampleTerms(layer, call, round);
        if (isShare(layer)) roundShares(layer, call, round);
        if (isOf(layer, sigmoid) || isOf(layer, tanh)) roundSlopes(call, round);
      },
    };
  });
  return { ...graph, layers };
}

/**
 * Sigmoid's and tanh's kernels take the slope from the output: s (1 − s), (1 − s) (1 + s). Near 1 the slope is a difference of almost equal numbers, off by a rounding of 1. That is little, but as large as a
 * small slope itself.
 */
function roundSlopes<A extends FloatArray>(
  { dy, dx }: Call<BackwardContext<A>>,
  round: (values: FloatArray) => FloatArray,
): void {
  const rounded = round(Float64Array.from(dy));
  dx[0]?.forEach((each, i, target) => (target[i] = each + rounded[i] - dy[i]));
}

const isShare = ({ traits }: GraphLayer): boolean =>
  traits.probability === 'share' || traits.probability === 'log share';

/**
 * Softmax's dx is y · dy − y · Σ dy · y, log-softmax's dy − e^y · Σ dy. The two terms cancel wherever one share is almost 1, and
 * entirely in a log-softmax under a softmax cross-entropy over more than its own rows: then dx is the rounding of the terms alone, of
 * which rounding dy and y shows next to nothing, as both terms move together.
 */
function roundShares<A extends FloatArray>(
  layer: GraphLayer,
  call: Call<BackwardContext<A>>,
  round: (values: FloatArray) => FloatArray,
): void {
  const { dy, y, dx } = call;
  const [target] = dx;
  if (!target) return;
  const own = target.slice().fill(0) as A;
  layer.backward({ ...call, dx: [own] });
  const first = Float64Array.from(dy, (each, i) => (layer.traits.probability === 'share' ? y[i] * each : each));
  const second = first.map((each, i) => each - own[i]);
  const [firstRounded, secondRounded] = [round(first.slice()), round(second.slice())];
  for (let i = 0; i < target.length; i++) target[i] += firstRounded[i] - first[i] - (secondRounded[i] - second[i]);
}

/**
 * Batch norm's dx is scale ÷ √(variance + ε) · (dy − mean(dy) − x̂ · mean(dy · x̂)), x̂ the normalized x, each term rounded to
 * float32. The three may almost cancel for any dy (over two numbers a channel, or if one number is far from the rest):
 * rounding dy alone does not show what rounding the terms does. At inference there is the first alone.
 */
function roundTerms<A extends FloatArray>(
  layer: GraphLayer,
  { x, params, saved, training, dy, dx }: Call<BackwardContext<A>>,
  round: (values: FloatArray) => FloatArray,
): void {
  const [target] = dx;
  if (!target) return;
  const { epsilon } = configOf(layer, batchnorm);
  const [mean, variance] = training ? [saved.mean, saved.variance] : [params[2], params[3]];
  const channels = variance.length;
  const count = dy.length / channels;
  const normalized = Float64Array.from(x[0], (each, i) => {
    const c = i % channels;
    return (each - mean[c]) / Math.sqrt(variance[c] + epsilon);
  });
  const [means, along] = [new Float64Array(channels), new Float64Array(channels)];
  for (let i = 0; i < dy.length; i++) {
    means[i % channels] += dy[i] / count;
    along[i % channels] += (dy[i] * normalized[i]) / count;
  }
  const parts: ((i: number, c: number) => number)[] = [(i) => dy[i]];
  if (training)
    parts.push(
      (_, c) => means[c],
      (i, c) => normalized[i] * along[c],
    );
  for (const part of parts) {
    const terms = Float64Array.from(dy, (_, i) => {
      const c = i % channels;
      return (part(i, c) * params[0][c]) / Math.sqrt(variance[c] + epsilon);
    });
    const rounded = round(terms.slice());
    for (let i = 0; i < target.length; i++) target[i] += rounded[i] - terms[i];
  }
}

const isSampleNorm = (layer: GraphLayer): layer is GraphLayer<SampleNormConfig> => 'statistics' in layer.definition;

/** The same for the norms whose statistics are the sample's own: the terms are scale · dy, its mean, and x̂ · mean(scale · dy · x̂). */
function roundSampleTerms<A extends FloatArray>(
  { definition, config, inputShapes: [input] }: GraphLayer<SampleNormConfig>,
  { n, x: [x], params: [scale], dy, dx: [target] }: Call<BackwardContext<A>>,
  round: (values: FloatArray) => FloatArray,
): void {
  if (!target) return;
  const channels = channelsOf(input);
  const { statistics } = definition as SampleNorm<SampleNormConfig>;
  const geometry = { n, places: sizeOf(input) / channels, channels, ...statistics(config, input) };
  eachSet(geometry, (units) => {
    const { mean, variance } = momentsOf(x, units);
    const inverse = 1 / Math.sqrt(variance + config.epsilon);
    const own = Float64Array.from(units, (i) => dy[i] * scale[i % scale.length]);
    const normalized = Float64Array.from(units, (i) => (x[i] - mean) * inverse);
    const average = own.reduce((sum, each) => sum + each, 0) / units.length;
    const along = own.reduce((sum, each, j) => sum + each * normalized[j], 0) / units.length;
    for (const terms of [own, own.map(() => average), normalized.map((each) => each * along)]) {
      const rounded = round(terms.slice());
      units.forEach((i, j) => (target[i] += inverse * (rounded[j] - terms[j])));
    }
  });
}

import type { Executor } from '../backends/executor';
import type { BackwardContext } from '../layers/layer';
import { flattens, logitsOf, paramKey, type Graph, type GraphLayer, type ParamSet } from '../model/graph';
import { sizeOf, type FloatArray } from '../tensor';
import {
  dLogits,
  GRADIENT_TOLERANCE,
  largest,
  largestDifference,
  OF_MASS,
  trainable,
  type Breathe,
  type CheckBatch,
  type GradientDifference,
} from './gradient-check';
import { weighingGraph } from './gradient-mass';

export interface PartialCheck {
  /** One per trainable parameter, in the order of the graph: of the executor that trains against the one that keeps everything. */
  programs: GradientDifference[];
  /** One per layer compared with the reference: its output, its parameters' gradients and its input gradients together. */
  layers: GradientDifference[];
  /** Layers that the reference went through whole, those of which it took some filters or units, and all up to the logits. */
  whole: number;
  sampled: number;
  of: number;
}

/** Filters or units whose gradients are compared of a layer that is too large for more. */
const ROWS = 4;

/**
 * For networks that the reference cannot go through in a reasonable time. The executor that trains is held against one that keeps
 * everything: all gradients, whole. That one is held against the reference in doubles, layer by layer, each from the kernels' own
 * inputs and output gradients: as many as `budget` allows, the cheapest first, and of the others some filters. Where every layer
 * is right from its own inputs, so is the whole.
 * @param keeping made with `keep: 'all'`. @param budget multiply-adds, forward, of the reference.
 * @param mostOfALayer multiply-adds of one call, which cannot be cancelled.
 * @returns null if numbers are not finite: there is nothing to compare.
 */
export async function comparePartly(
  executor: Executor,
  keeping: Executor,
  params: ParamSet,
  batch: CheckBatch,
  { budget, mostOfALayer }: { budget: number; mostOfALayer: number },
  breathe: Breathe = () => Promise.resolve(),
): Promise<PartialCheck | null> {
  const { graph } = executor;
  const { input, n, draw } = batch;
  const from = logitsOf(graph);
  await keeping.setParams(params);
  await keeping.forward(input, n, true, draw);
  const logits = Float64Array.from(await keeping.activation(from));
  if (!(largest(logits) < 3e38)) return null;
  const dOutput = Float32Array.from(dLogits(logits, batch));
  await keeping.backward(dOutput, from);
  await breathe();
  await executor.setParams(params);
  await executor.forward(input, n, true, draw);
  await executor.backward(dOutput, from);
  const [kept, found] = [await keeping.gradients(), await executor.gradients()];
  if (![...kept.values()].every((values) => largest(values) < 3e38)) return null;
  await breathe();

  const masses = await massBounds(graph, keeping, from);
  const programs = trainable(graph).map(({ layer, param }) => {
    const [a, b] = [found.get(param)!, kept.get(param)!];
    return { layer, param, difference: share(largestDifference(a, b), largest(b), masses.get(param)!) };
  });

  const sums = new Map<string, number>();
  const asked = new LayerCheck(weighingGraph(graph, sums), keeping, kept, params, batch, sums);
  const order = graph.layers
    .map((layer, index) => ({ index, cost: n * Math.max(layer.macs, sizeOf(layer.outputShape)) }))
    .filter(({ index }) => index <= from)
    .sort((a, b) => a.cost - b.cost);
  const layers: GradientDifference[] = [];
  let [left, whole, sampled] = [budget, 0, 0];
  for (const { index, cost } of order) {
    const rows = graph.layers[index].outputShape.at(-1)!;
    const some = (cost * Math.min(ROWS, rows)) / rows;
    if (cost <= Math.min(left, mostOfALayer)) {
      left -= cost;
      const found = await asked.whole(index);
      if (!found) continue;
      layers.push(found);
      whole++;
    } else if (isSum(graph.layers[index]) && some <= Math.min(left, mostOfALayer)) {
      layers.push(await asked.rows(index));
      sampled++;
      left -= some;
    } else continue;
    await breathe();
  }
  return { programs, layers, whole, sampled, of: order.length };
}

/** Layers whose gradients of a filter or unit come from its own errors alone. */
const isSum = ({ traits, params, outputShape }: GraphLayer): boolean =>
  traits.weights !== null && params[0].shape[0] === outputShape[outputShape.length - 1];

/** One layer at a time through the reference in doubles, from what the kernels computed around it. */
class LayerCheck {
  /** The gradients that checked readers add to a value, until all of its readers have been checked. */
  private readonly handedOn = new Map<number, { sum: Float64Array; mass: number; missing: number }>();

  constructor(
    private readonly graph: Graph,
    private readonly keeping: Executor,
    private readonly kept: ReadonlyMap<string, Float32Array>,
    private readonly params: ParamSet,
    private readonly batch: CheckBatch,
    private readonly masses: ReadonlyMap<string, number>,
  ) {}

  /** Forward and backward; null where numbers are not finite, as in a maximum over padding alone. */
  async whole(index: number): Promise<GradientDifference | null> {
    const layer = this.graph.layers[index];
    const context = await this.context(index);
    layer.forward(context);
    if (![...context.x, context.y].every((values) => largest(values) < 3e38)) return null;
    const y = await this.keeping.activation(index);
    const forward = share(largestDifference(y, context.y), largest(context.y), this.reach(layer, context.x));
    const dy = doubles(await this.keeping.gradient(index));
    const dx = context.x.map((x) => new Float64Array(x.length));
    const backward: BackwardContext<Float64Array> = { ...context, dy, dx, dParams: gradientsOf(layer) };
    layer.backward(backward);
    const worst = this.compareParams(layer, backward.dParams);
    if (flattens(layer) && index < logitsOf(this.graph))
      return { ...worst, difference: Math.max(worst.difference, forward) };
    const handed: number[] = [];
    for (const [i, source] of layer.inputs.entries())
      handed.push(await this.handOn(source, dx[i], this.reach(layer, [dy])));
    return { ...worst, difference: Math.max(worst.difference, forward, ...handed) };
  }

  /** Backward, of some filters or units only: the errors of the others are taken as zero, which the reference skips. */
  async rows(index: number): Promise<GradientDifference> {
    const layer = this.graph.layers[index];
    const context = await this.context(index);
    const dy = doubles(await this.keeping.gradient(index));
    const count = layer.outputShape.at(-1)!;
    const rows = new Set(Array.from({ length: ROWS }, (_, i) => Math.floor(((i + 0.5) * count) / ROWS)));
    for (let i = 0; i < dy.length; i++) if (!rows.has(i % count)) dy[i] = 0;
    const dParams = gradientsOf(layer);
    layer.backward({ ...context, dy, dx: context.x.map(() => undefined), dParams });
    return this.compareParams(layer, dParams, rows);
  }

  private async context(index: number): Promise<Omit<BackwardContext<Float64Array>, 'dy' | 'dx' | 'dParams'>> {
    const layer = this.graph.layers[index];
    const { n, draw } = this.batch;
    const x: Float64Array[] = [];
    for (const source of layer.inputs) x.push(doubles(await this.keeping.activation(source)));
    return {
      n,
      inputShapes: layer.inputShapes,
      outputShape: layer.outputShape,
      params: layer.params.map(({ name }) => doubles(this.params.get(paramKey(layer.name, name))!)),
      training: true,
      draw: { ...draw, layer: index },
      saved: {},
      x,
      y: new Float64Array(n * sizeOf(layer.outputShape)),
    };
  }

  private compareParams(
    layer: GraphLayer,
    dParams: BackwardContext<Float64Array>['dParams'],
    rows?: ReadonlySet<number>,
  ): GradientDifference {
    let worst = { layer: layer.name, param: layer.name, difference: 0 };
    layer.params.forEach(({ name, shape }, i) => {
      const expected = dParams[i];
      if (!expected) return;
      const param = paramKey(layer.name, name);
      const size = expected.length / shape[0];
      let found: FloatArray = this.kept.get(param)!;
      if (rows) found = found.map((value, at) => (rows.has(Math.floor(at / size)) ? value : 0));
      const apart = largestDifference(found, expected);
      const difference = share(apart, largest(expected), this.masses.get(param)!);
      if (difference >= worst.difference) worst = { layer: layer.name, param, difference };
    });
    return worst;
  }

  /**
   * Adds a reader's input gradient to a value, and compares after the last reader. A flatten adds nothing: the kernels may leave it
   * out, and its gradient is then part of that of the map it flattens.
   */
  private async handOn(source: number, dx: Float64Array, mass: number): Promise<number> {
    const layer = source >= 0 ? this.graph.layers[source] : null;
    if (layer && flattens(layer)) {
      const before = new Float64Array(dx.length);
      layer.backward({ ...(await this.context(source)), dy: dx, dx: [before], dParams: [] });
      return this.handOn(layer.inputs[0], before, mass);
    }
    let value = this.handedOn.get(source);
    if (!value)
      this.handedOn.set(
        source,
        (value = { sum: new Float64Array(dx.length), mass: 0, missing: this.readersOf(source) }),
      );
    for (let i = 0; i < dx.length; i++) value.sum[i] += dx[i];
    value.mass += mass;
    if (--value.missing > 0) return 0;
    this.handedOn.delete(source);
    return share(largestDifference(await this.keeping.gradient(source), value.sum), largest(value.sum), value.mass);
  }

  /** How often a value is read on the way to the logits, through flattens. */
  private readersOf(source: number): number {
    const { layers } = this.graph;
    const last = logitsOf(this.graph);
    return layers.reduce((sum, layer, index) => {
      if (index > last) return sum;
      const times = layer.inputs.filter((each) => each === source).length;
      if (times === 0) return sum;
      return sum + times * (flattens(layer) && index < last ? this.readersOf(index) : 1);
    }, 0);
  }

  /** The size of the terms that a layer's output, or what it hands on, is summed from. */
  private reach(layer: GraphLayer, values: readonly FloatArray[]): number {
    const size = Math.max(...values.map(largest));
    const factors = layer.params.map(({ name, shape }) => {
      const own = this.params.get(paramKey(layer.name, name))!;
      if (name === 'weight') return (largest(own) * own.length) / Math.min(shape[0], layer.outputShape.at(-1)!);
      return name === 'scale' ? largest(own) : 1;
    });
    return size * Math.max(1, ...factors);
  }
}

const doubles = (values: FloatArray): Float64Array => Float64Array.from(values);

const gradientsOf = ({ params }: GraphLayer): (Float64Array | undefined)[] =>
  params.map(({ trainable, shape }) => (trainable ? new Float64Array(sizeOf(shape)) : undefined));

/** A difference as a share of the largest number, or, if rounding explains more than 1e-3, as that share of the rounding error. */
function share(difference: number, most: number, mass: number): number {
  const scale = Math.max(most, (mass * OF_MASS) / GRADIENT_TOLERANCE);
  return scale > 0 || difference > 0 ? difference / scale : 0;
}

/** Per parameter at most how much its gradients are summed from: the errors of a channel, times the mean of the inputs. */
async function massBounds(graph: Graph, keeping: Executor, from: number): Promise<Map<string, number>> {
  const masses = new Map<string, number>();
  for (const [index, layer] of graph.layers.slice(0, from + 1).entries()) {
    if (!layer.params.some(({ trainable }) => trainable)) continue;
    const dy = await keeping.gradient(index);
    const sums = new Float64Array(layer.outputShape.at(-1)!);
    for (let i = 0; i < dy.length; i++) sums[i % sums.length] += Math.abs(dy[i]);
    const errors = largest(sums);
    const x = await keeping.activation(layer.inputs[0]);
    const mean = x.reduce((sum, value) => sum + Math.abs(value), 0) / x.length;
    for (const { name } of layer.params) {
      const factor = ['weight', 'slope', 'kernels'].includes(name) ? mean : 1;
      masses.set(paramKey(layer.name, name), errors * factor);
    }
  }
  return masses;
}

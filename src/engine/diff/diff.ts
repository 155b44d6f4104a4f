import { ElementType } from '../../core/onnx/proto';
import { numbersOf, type TensorValue } from '../../core/onnx/tensor-data';
import { matchValues, type MatchedValue } from '../../core/onnx-graph/match';
import type { OnnxNetwork } from '../../core/onnx-graph/network';
import type { FloatArray } from '../../core/tensor';
import type { NetworkDiff, TensorDiff, WeightDiff } from '../../shared/diff';
import { FailureError } from '../../shared/failures';
import { say, type Message } from '../../words';
import type { ForeignNetwork } from '../foreign/foreign-network';
import type { Tensor } from '../inspect/tensor';
import { Difference } from './difference';
import { realNumbers, type RealNumbers } from './quantized';

/**
 * Signal-to-noise ratios below which a value counts as different, in dB: rounding of float32 stays above the first, float16 (11 bits) above the
 * second, weights and values of 8 bits above the third.
 */
const BOUNDS = { float: 80, half: 45, quantized: 15 } as const;
/** Bytes of values that are compared at once, in each network. */
const AT_ONCE = 128 * 2 ** 20;
/** Weights of more numbers are not compared one by one. */
const LARGEST_WEIGHT = 64 * 2 ** 20;

/** Inputs of both networks for one sample, in the order of their inputs. */
export interface PairedInputs {
  a: readonly Tensor[];
  b: readonly Tensor[];
}

export interface DiffOptions {
  names: { a: string; b: string };
  /** What the samples are: random numbers, or pictures. */
  random: boolean;
  bound?: number;
  signal?: AbortSignal;
  progress?(done: number, total: number): void;
}

interface Pair extends MatchedValue {
  operator: string;
  difference: Difference;
  /** It has another number of elements in the second network, or only one of them has fractions. */
  unlike: boolean;
}

/** Compares every value of two networks on the same samples. @throws FailureError where one of them cannot be computed. */
export async function diffNetworks(
  a: ForeignNetwork,
  b: ForeignNetwork,
  samples: readonly PairedInputs[],
  { names, random, bound, signal, progress }: DiffOptions,
): Promise<NetworkDiff> {
  for (const { runner } of [a, b])
    if (runner.refused) throw new FailureError('model.invalid', { file: runner.name, reason: runner.refused });
  const [first] = samples;
  const [sizesA, sizesB] = [sizesOf(a, first.a), sizesOf(b, first.b)];
  const inputs = inputPairs(a, b);
  const values = matchValues(a.runner.network, b.runner.network, countOf(a, sizesA), countOf(b, sizesB))
    .filter((pair) => readable(a, pair.a) && readable(b, pair.b))
    .map((pair): Pair => ({ ...pair, operator: operatorOf(a, pair.a), difference: new Difference(), unlike: false }));
  const lots = lotsOf(values, a, sizesA);
  const answers = answersOf(a, b);
  let [same, done] = [0, 0];
  const total = samples.length * (lots.length + 1);
  for (const sample of samples) {
    for (const { pair, left, right } of inputs) compare(pair, fed(sample.a[left]), fed(sample.b[right]));
    for (const lot of lots) {
      signal?.throwIfAborted();
      const [ours, theirs] = await Promise.all([
        computed(
          a,
          sample.a,
          lot.map((pair) => pair.a),
          signal,
        ),
        computed(
          b,
          sample.b,
          lot.map((pair) => pair.b),
          signal,
        ),
      ]);
      for (const pair of lot)
        compare(
          pair,
          realNumbers(a.runner.network.graph, pair.a, ours.get(pair.a)!),
          realNumbers(b.runner.network.graph, pair.b, theirs.get(pair.b)!),
        );
      progress?.(++done, total);
    }
    if (answers) {
      const [ours, theirs] = await Promise.all([
        computed(a, sample.a, [answers.a], signal),
        computed(b, sample.b, [answers.b], signal),
      ]);
      const [p, q] = [numbersOf(ours.get(answers.a)!)!, numbersOf(theirs.get(answers.b)!)!];
      if (largest(p) === largest(q)) same++;
    }
    progress?.(++done, total);
  }
  const compared = [...inputs.map(({ pair }) => pair), ...values].filter(({ unlike }) => !unlike);
  const tensors = compared.map(told);
  const known = boundFor(a.runner.network, b.runner.network);
  const limit = bound ?? known.bound;
  const begins = tensors.findIndex(({ snr }) => snr !== null && snr < limit);
  return {
    ...names,
    samples: samples.length,
    random,
    bound: limit,
    boundReason: bound === undefined ? known.reason : say('diff.bound-given'),
    tensors,
    begins: begins < 0 ? null : begins,
    weights: await weightsOf(a, b, limit),
    onlyA: leftOver(a, new Set(compared.map((pair) => pair.a))),
    onlyB: leftOver(b, new Set(compared.map((pair) => pair.b))),
    answers: answers && { same, of: samples.length },
    notes: [],
  };
}

function compare(pair: Pair, a: RealNumbers, b: RealNumbers): void {
  if (a.unscaled === b.unscaled && a.numbers && a.numbers.length === b.numbers?.length)
    pair.difference.add(a.numbers, b.numbers);
  else pair.unlike = true;
}

/** Inputs are compared as they are given. */
const fed = (input: Tensor): RealNumbers => ({ numbers: numbersOf(input), unscaled: false });

const told = ({ a, b, by, operator, difference }: Pair): TensorDiff => ({
  a,
  b,
  by,
  operator,
  max: difference.max,
  mean: difference.mean,
  snr: difference.ratio,
});

/** Inputs by name, else by their order. */
function inputPairs(a: ForeignNetwork, b: ForeignNetwork): { pair: Pair; left: number; right: number }[] {
  return a.inputs.flatMap(({ name }, left) => {
    const named = b.inputs.findIndex((input) => input.name === name);
    const right = named >= 0 ? named : left;
    if (!b.inputs[right]) return [];
    const by = named >= 0 ? 'name' : 'place';
    const difference = new Difference();
    return [{ pair: { a: name, b: b.inputs[right].name, by, operator: '', difference, unlike: false }, left, right }];
  });
}

const sizesOf = ({ runner }: ForeignNetwork, inputs: readonly Tensor[]): Map<string, number> =>
  runner.sizesOf(new Map(runner.inputs.map(({ name }, i) => [name, inputs[i]])));

/** How many numbers a value has. */
const countOf =
  ({ runner }: ForeignNetwork, sizes: ReadonlyMap<string, number>) =>
  (name: string): number | null => {
    const dims = runner.tensors.get(name)?.dims;
    if (!dims) return null;
    const counts = dims.map((dim) => (typeof dim === 'number' ? dim : (sizes.get(dim ?? '') ?? null)));
    return counts.reduce<number | null>((all, count) => (all === null || count === null ? null : all * count), 1);
  };

function readable({ runner }: ForeignNetwork, name: string): boolean {
  const info = runner.tensors.get(name);
  return info !== undefined && !info.unavailable && info.type !== 'string';
}

const operatorOf = ({ runner: { network } }: ForeignNetwork, name: string): string =>
  network.graph.nodes[network.graph.values.get(name)?.producer ?? -1]?.opType ?? '';

function lotsOf(pairs: readonly Pair[], { runner }: ForeignNetwork, sizes: ReadonlyMap<string, number>): Pair[][] {
  const lots: Pair[][] = [];
  let room = 0;
  for (const pair of pairs) {
    const bytes = runner.bytesOf(pair.a, sizes) ?? AT_ONCE / 16;
    if (lots.length === 0 || bytes > room) {
      lots.push([]);
      room = AT_ONCE;
    }
    lots[lots.length - 1].push(pair);
    room -= bytes;
  }
  return lots;
}

const computed = (
  { runner }: ForeignNetwork,
  inputs: readonly Tensor[],
  wanted: readonly string[],
  signal?: AbortSignal,
): Promise<Map<string, TensorValue>> =>
  runner.run(new Map(runner.inputs.map(({ name }, i) => [name, inputs[i]])), wanted, { signal });

/** The values in which both have one number for each class; null where they are not such. */
function answersOf(a: ForeignNetwork, b: ForeignNetwork): { a: string; b: string } | null {
  if (!a.head || !b.head) return null;
  const [left, right] = [a.values[a.head.logits], b.values[b.head.logits]];
  return left.dims?.[1] === right.dims?.[1] ? { a: left.name, b: right.name } : null;
}

function largest(values: FloatArray): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
}

function leftOver(network: ForeignNetwork, compared: ReadonlySet<string>): string[] {
  return network.values.map(({ name }) => name).filter((name) => !compared.has(name));
}

/** Weights of one name and shape whose numbers differ; where they are rounded, those that differ by more. */
async function weightsOf(a: ForeignNetwork, b: ForeignNetwork, bound: number): Promise<WeightDiff[]> {
  const [left, right] = [a.runner.network.graph.initializers, b.runner.network.graph.initializers];
  const found: WeightDiff[] = [];
  for (const [name, tensor] of left) {
    const other = right.get(name);
    const count = tensor.dims.reduce((product, size) => product * size, 1);
    if (!other || String(other.dims) !== String(tensor.dims) || count > LARGEST_WEIGHT) continue;
    const [p, q] = [numbersOf(await a.runner.weight(name)), numbersOf(await b.runner.weight(name))];
    if (!p || p.length !== q?.length) continue;
    const difference = new Difference();
    difference.add(p, q);
    const { ratio } = difference;
    if (ratio !== null && (bound >= BOUNDS.float || ratio < bound))
      found.push({ name, max: difference.max, mean: difference.mean, snr: ratio });
  }
  return found;
}

function boundFor(...networks: readonly OnnxNetwork[]): { bound: number; reason: Message } {
  const holds = (types: readonly number[], operators: RegExp): boolean =>
    networks.some(
      ({ graph }) =>
        [...graph.initializers.values()].some(({ elementType }) => types.includes(elementType)) ||
        graph.nodes.some(({ opType }) => operators.test(opType)),
    );
  const { int8, uint8, float16, bfloat16 } = ElementType;
  if (
    holds([], /^(QLinear|QGemm|DequantizeLinear|QuantizeLinear|DynamicQuantize)|Integer$/) ||
    holds([int8, uint8], /^$/)
  )
    return { bound: BOUNDS.quantized, reason: say('diff.bound-quantized') };
  if (holds([float16, bfloat16], /^$/)) return { bound: BOUNDS.half, reason: say('diff.bound-half') };
  return { bound: BOUNDS.float, reason: say('diff.bound-float') };
}

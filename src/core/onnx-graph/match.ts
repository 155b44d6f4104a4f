import { constantNodes } from './fold';
import type { OnnxNetwork } from './network';

/** A value of two networks that is the same one, and by what. */
export interface MatchedValue {
  a: string;
  b: string;
  by: 'name' | 'place';
}

/** Names that exporters count through: the same number says nothing. */
const COUNTED = /^\d+$/;
/** What only wraps a value: it has no place of its own. */
const WRAPPERS = new Set(['QuantizeLinear', 'DequantizeLinear', 'Cast', 'Identity', 'Constant', 'Dropout']);
/** The most steps of a comparison of places: two networks of 4,000 nodes each. */
const STEPS = 16e6;

/** What onnxruntime's quantizer adds to the name of a value that becomes whole numbers. */
const QUANTIZED_NAME = /_quantized$/;
/** Operators whose results are quantized: what is beyond their range is cut off there, as an activation behind them does. */
const QUANTIZED = /^(QLinear|QGemm)/;
/** Activations that quantizers leave out where the range does the same. */
const CUTTING = new Set(['Relu', 'Clip']);

interface Place {
  name: string;
  opType: string;
  operator: string;
  /** How many numbers it has for one sample; null where that is not known. */
  count: number | null;
}

/**
 * Which values that nodes make are the same in two networks: by name, where they have as many numbers; the others by their place, as the
 * longest sequence of operators of that size which both networks have in the same order. Where an activation was left to the range of
 * quantized numbers, its result is matched with these numbers.
 * @param countA numbers of a value of the first network, null where not known. Likewise `countB`.
 * @returns them in the first network's order.
 */
export function matchValues(
  a: OnnxNetwork,
  b: OnnxNetwork,
  countA: (name: string) => number | null,
  countB: (name: string) => number | null,
): MatchedValue[] {
  const [first, second] = [placesOf(a, countA), placesOf(b, countB)];
  const pairs = new Map<Place, { other: Place; by: MatchedValue['by'] }>();
  const taken = new Set<Place>();
  const pair = (place: Place, other: Place, by: MatchedValue['by']): void => {
    pairs.set(place, { other, by });
    taken.add(other);
  };
  for (const nameOf of [(name: string) => name, (name: string) => name.replace(QUANTIZED_NAME, '')]) {
    const named = new Map(second.flatMap((place) => (taken.has(place) ? [] : [[nameOf(place.name), place] as const])));
    for (const place of first) {
      const other = pairs.has(place) ? null : named.get(nameOf(place.name));
      if (!other || taken.has(other) || !sameCount(place, other)) continue;
      if (COUNTED.test(place.name) && place.operator !== other.operator) continue;
      pair(place, other, 'name');
    }
  }
  const left = first.filter((place) => !pairs.has(place) && !WRAPPERS.has(place.operator));
  const right = second.filter((place) => !taken.has(place) && !WRAPPERS.has(place.operator));
  for (const [place, other] of inOrder(left, right)) pair(place, other, 'place');
  const matched = new Map<string, MatchedValue>();
  for (const [place, { other, by }] of pairs) {
    const stage = sameStage([a, place], [b, other], (name, inFirst) =>
      inFirst
        ? first.some((each) => each.name === name && pairs.has(each))
        : second.some((each) => each.name === name && taken.has(each)),
    );
    if (stage) matched.set(stage[0], { a: stage[0], b: stage[1], by });
  }
  return first.flatMap(({ name }) => matched.get(name) ?? []);
}

/**
 * The names of a pair's values, moved on to where both are cut off: in one network an activation does it, in the other the range of
 * the whole numbers that the value becomes. Null where that stage is matched already.
 */
function sameStage(
  [a, first]: [OnnxNetwork, Place],
  [b, second]: [OnnxNetwork, Place],
  matched: (name: string, inFirst: boolean) => boolean,
): [string, string] | null {
  if (first.operator !== second.operator)
    return [whole(a, first.name) ?? first.name, whole(b, second.name) ?? second.name];
  const [cutA, cutB] = [QUANTIZED.test(first.opType), QUANTIZED.test(second.opType)];
  const [nextA, nextB] = [cutting(a, first.name), cutting(b, second.name)];
  if (cutB && !cutA && nextA && !nextB) return matched(nextA, true) ? null : [nextA, second.name];
  if (cutA && !cutB && nextB && !nextA) return matched(nextB, false) ? null : [first.name, nextB];
  return [first.name, second.name];
}

/** The one value that is made of a value, by an operator; null where there are more, or it is an output itself. */
function only({ graph }: OnnxNetwork, name: string, of: (operator: string) => boolean): string | null {
  const { consumers, isOutput } = graph.values.get(name)!;
  const [reader] = consumers.map((index) => graph.nodes[index]);
  return consumers.length === 1 && !isOutput && of(reader.opType) ? reader.outputs[0] : null;
}

const whole = (network: OnnxNetwork, name: string): string | null =>
  only(network, name, (operator) => operator === 'QuantizeLinear');
const cutting = (network: OnnxNetwork, name: string): string | null =>
  only(network, name, (operator) => CUTTING.has(operator));

function placesOf({ graph }: OnnxNetwork, count: (name: string) => number | null): Place[] {
  const constant = constantNodes(graph);
  return graph.nodes.flatMap(({ index, opType, outputs }) =>
    constant.has(index)
      ? []
      : outputs.filter(Boolean).map((name) => ({ name, opType, operator: kindOf(opType), count: count(name) })),
  );
}

/** The operator without what quantization and fusing make of it. */
function kindOf(operator: string): string {
  const plain = operator.replace(/^(QLinear|Fused|Q(?=Gemm))/, '').replace(/Integer$/, '');
  return plain === 'Gemm' || plain === 'MatMul' ? 'dense' : plain;
}

const sameCount = (a: Place, b: Place): boolean => a.count === null || b.count === null || a.count === b.count;

/** The longest common subsequence. */
function inOrder(a: readonly Place[], b: readonly Place[]): [Place, Place][] {
  if (a.length * b.length > STEPS) return [];
  const same = (i: number, j: number): boolean => a[i].operator === b[j].operator && sameCount(a[i], b[j]);
  const width = b.length + 1;
  const longest = new Int32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      longest[i * width + j] = same(i, j)
        ? longest[(i + 1) * width + j + 1] + 1
        : Math.max(longest[(i + 1) * width + j], longest[i * width + j + 1]);
  const found: [Place, Place][] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (same(i, j) && longest[i * width + j] === longest[(i + 1) * width + j + 1] + 1) found.push([a[i++], b[j++]]);
    else if (longest[(i + 1) * width + j] >= longest[i * width + j + 1]) i++;
    else j++;
  }
  return found;
}

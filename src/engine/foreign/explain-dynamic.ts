import { curveAround } from '../../core/explain/curve';
import type { ExplanationBody, Term } from '../../core/explain/types';
import type { GraphNode } from '../../core/onnx-graph/network';
import { indexIn, numberAt, numbersIn, type NodeInput } from './node-input';
import { quantize } from './rounding';
import { unitOf } from './units';

type Told = { value: number; body: ExplanationBody };

/**
 * A tensor's own scale and zero point, from its smallest and largest number, 0 among them: scale = (max − min) ÷ 255,
 * zero = clamp(round(−min ÷ scale)), y = clamp(round(x ÷ scale) + zero). Source: ONNX DynamicQuantizeLinear.
 * @param at which of the three outputs (y, scale, zero point). @returns null for any other operator.
 */
export function explainDynamic(
  { opType, domain }: GraphNode,
  [input]: readonly (NodeInput | null)[],
  at: number,
  index: readonly number[],
): Told | null {
  if (domain !== '' || opType !== 'DynamicQuantizeLinear' || !input || input.value === null) return null;
  const { tensor, value: source } = input;
  const numbers = numbersIn(tensor);
  let [least, most] = [0, 0];
  for (let i = 0; i < numbers.length; i++) {
    if (numbers[i] < numbers[least]) least = i;
    if (numbers[i] > numbers[most]) most = i;
  }
  const [min, max] = [Math.min(0, numbers[least]), Math.max(0, numbers[most])];
  const scale = Math.fround((max - min) / 255);
  const zero = quantize(-min, { scale, zero: 0, low: 0, high: 255 });
  if (at === 1) {
    const term = (place: number, weight: number): Term => {
      const unit = unitOf(tensor, indexIn(tensor.shape, place));
      return { ...unit, value: numbers[place], weight, product: numbers[place] * weight };
    };
    const largest = [...(max > 0 ? [term(most, 1 / 255)] : []), ...(min < 0 ? [term(least, -1 / 255)] : [])];
    const positive = largest.reduce((sum, { product }) => sum + product, 0);
    const sum = { bias: 0, terms: largest.length, largest, positive, negative: 0, rest: 0 };
    return { value: positive, body: { kind: 'sum', source, window: null, planes: null, ...sum } };
  }
  const told = (x: number, formula: string, constants: [string, number][], of: (x: number) => number): Told => ({
    value: of(x),
    body: {
      kind: 'function',
      source,
      input: x,
      formula,
      constants: constants.map(([name, value]) => ({ name, value })),
      curve: curveAround(of, x),
    },
  });
  const range = { scale, low: 0, high: 255 };
  if (at === 2)
    return told(min, 'clamp(round(−x ÷ scale), 0, 255)', [['scale', scale]], (x) =>
      quantize(-x, { ...range, zero: 0 }),
    );
  const constants: [string, number][] = [
    ['scale', scale],
    ['zero', zero],
  ];
  return told(numberAt(tensor, index), 'clamp(round(x ÷ scale) + zero, 0, 255)', constants, (x) =>
    quantize(x, { ...range, zero }),
  );
}

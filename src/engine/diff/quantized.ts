import type { NetworkGraph } from '../../core/onnx-graph/network';
import { numbersOf, valueOfTensor, type TensorValue } from '../../core/onnx/tensor-data';
import type { FloatArray } from '../../core/tensor';

/** Where scale and zero point of an operator's result are among its inputs. */
const SCALES: Readonly<Record<string, readonly [scale: number, zero: number]>> = {
  QuantizeLinear: [1, 2],
  QLinearConv: [6, 7],
  QLinearMatMul: [6, 7],
  QLinearAdd: [6, 7],
  QLinearMul: [6, 7],
  QGemm: [7, 8],
  QLinearConcat: [0, 1],
  QLinearAveragePool: [3, 4],
  QLinearGlobalAveragePool: [3, 4],
  QLinearLeakyRelu: [3, 4],
  QLinearSigmoid: [3, 4],
  QLinearSoftmax: [3, 4],
};
/** Operators whose result has the scale of what they read. */
const PASSED = new Set(['MaxPool', 'Flatten', 'Reshape', 'Transpose', 'Squeeze', 'Unsqueeze', 'Identity']);

/** What a value stands for. */
export interface RealNumbers {
  /** Null for texts. */
  numbers: FloatArray | null;
  /** Whole numbers whose scale is not known, such as the sums of a ConvInteger: they cannot be compared with fractions. */
  unscaled: boolean;
}

/** A value's numbers: those that whole numbers of a quantized value stand for, (q − zero point) · scale. */
export function realNumbers(graph: NetworkGraph, name: string, value: TensorValue): RealNumbers {
  const numbers = numbersOf(value);
  if (/^(b?float|double)/.test(value.type)) return { numbers, unscaled: false };
  const quantization = numbers && quantizationOf(graph, name);
  if (!quantization) return { numbers, unscaled: true };
  const { scale, zero } = quantization;
  return { numbers: numbers.map((each) => (each - zero) * scale), unscaled: false };
}

/** Of one scale for the whole value; null where there is none. */
function quantizationOf(graph: NetworkGraph, name: string): { scale: number; zero: number } | null {
  let node = graph.nodes[graph.values.get(name)?.producer ?? -1];
  while (node && PASSED.has(node.opType)) node = graph.nodes[graph.values.get(node.inputs[0])?.producer ?? -1];
  const places = node && SCALES[node.opType];
  if (!places) return null;
  const [scale, zero] = places.map((place) => single(graph, node.inputs[place]));
  return scale === null ? null : { scale, zero: zero ?? 0 };
}

function single({ initializers }: NetworkGraph, name: string | undefined): number | null {
  const tensor = initializers.get(name ?? '');
  if (!tensor || tensor.external) return null;
  const numbers = numbersOf(valueOfTensor(tensor));
  return numbers?.length === 1 ? numbers[0] : null;
}

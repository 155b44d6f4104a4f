import { plainTensor, ElementType, type OnnxGraph, type OnnxNode, type OnnxTensor } from './proto';
import { floatTensor } from './encode';
import { nodeOf } from './write';

/** The smallest and the largest value that a value of the graph takes on calibration pictures, by its name. */
export type Ranges = ReadonlyMap<string, readonly [least: number, most: number]>;

interface Scale {
  scale: number;
  zero: number;
}

/** Kernels use 7 of their 8 bits: onnxruntime adds pairs of products in 16 bits on processors without VNNI, where a uint8 times an int8 twice overflows. */
const KERNEL_MOST = 63;

/** byte = round(x ÷ scale) + zero, from 0 to 255; 0 is kept exactly, because padding is made of it. */
export function scaleOf([least, most]: readonly [number, number]): Scale {
  const [low, high] = [Math.min(0, least), Math.max(0, most)];
  const scale = Math.fround(high > low ? (high - low) / 255 : 1);
  return { scale, zero: Math.min(255, Math.max(0, Math.round(-low / scale))) };
}

/** Round half to even, as QuantizeLinear does. */
function rounded(value: number): number {
  const down = Math.floor(value);
  const rest = value - down;
  return rest > 0.5 || (rest === 0.5 && down % 2 !== 0) ? down + 1 : down;
}

/**
 * The graph with convolutions and dense layers in 8 bits, as ONNX's pairs of QuantizeLinear and DequantizeLinear (static quantization, opset 13): kernels
 * symmetric int8 with a scale for each output channel, values uint8 with one scale and zero point from their ranges, biases in 32 bits. Inputs and outputs stay float32, and
 * values keep their names. A layer whose values have no range stays as it is.
 * Source: Jacob et al. 2018, "Quantization and training of neural networks"; the ONNX operators' definitions.
 */
export function int8Graph(graph: OnnxGraph, ranges: Ranges): OnnxGraph {
  const tensors = new Map(graph.initializers.map((tensor) => [tensor.name, tensor]));
  const readers = new Map<string, OnnxNode[]>();
  for (const node of graph.nodes)
    for (const name of node.inputs) readers.set(name, [...(readers.get(name) ?? []), node]);
  const outputs = new Set(graph.outputs.map(({ name }) => name));
  const chosen = graph.nodes.filter(
    ({ opType, inputs }) => (opType === 'Conv' || opType === 'Gemm') && tensors.has(inputs[1]) && ranges.has(inputs[0]),
  );
  // A relu right behind belongs to the layer: its output is what is quantized.
  const ending = ({ outputs: [name] }: OnnxNode): string => {
    const after = readers.get(name) ?? [];
    return after.length === 1 && after[0].opType === 'Relu' && !outputs.has(name) ? after[0].outputs[0] : name;
  };
  const wanted = chosen.flatMap((node) => [node.inputs[0], ending(node)]);
  const quantized = new Set(wanted.filter((name) => ranges.has(name) && !outputs.has(name)));

  const nodes: OnnxNode[] = [];
  const added: OnnxTensor[] = [];
  const replaced = new Map<string, string>();
  const pair = (from: string, to: string, name: string): void => {
    const { scale, zero } = scaleOf(ranges.get(name)!);
    added.push(floatTensor(`${name}/scale`, [], Float32Array.of(scale)));
    added.push(plainTensor(`${name}/zero`, [], ElementType.uint8, Uint8Array.of(zero)));
    const by = [`${name}/scale`, `${name}/zero`];
    const middle = `${name}/quantized`;
    nodes.push(nodeOf({ opType: 'QuantizeLinear', inputs: [from, ...by], outputs: [middle] }, middle));
    nodes.push(nodeOf({ opType: 'DequantizeLinear', inputs: [middle, ...by], outputs: [to] }, `${name}/dequantized`));
  };
  for (const { name } of graph.inputs) {
    if (!quantized.has(name)) continue;
    replaced.set(name, `${name}/dequantized`);
    pair(name, `${name}/dequantized`, name);
  }
  const gone = new Set<string>();
  const constant = (
    name: string,
    dims: number[],
    type: 'int8' | 'int32',
    values: Int8Array | Int32Array,
    scales: Float32Array,
  ): string => {
    gone.add(name);
    added.push(plainTensor(`${name}/${type}`, dims, ElementType[type], new Uint8Array(values.buffer)));
    added.push(floatTensor(`${name}/scale`, [scales.length], scales));
    const inputs = [`${name}/${type}`, `${name}/scale`];
    const spec = { opType: 'DequantizeLinear', inputs, outputs: [`${name}/dequantized`], attributes: { axis: 0 } };
    nodes.push(nodeOf(spec, `${name}/dequantized`));
    return `${name}/dequantized`;
  };
  for (const node of graph.nodes) {
    let inputs = node.inputs.map((name) => replaced.get(name) ?? name);
    if (chosen.includes(node)) {
      const kernel = tensors.get(node.inputs[1])!;
      const values = floatsOf(kernel);
      const count = kernel.dims[0];
      const size = values.length / count;
      const scales = Float32Array.from({ length: count }, (_, o) => {
        const most = values.subarray(o * size, (o + 1) * size).reduce((max, w) => Math.max(max, Math.abs(w)), 0);
        return most > 0 ? most / KERNEL_MOST : 1;
      });
      const bytes = Int8Array.from(values, (w, i) => rounded(w / scales[Math.floor(i / size)]));
      inputs = [inputs[0], constant(kernel.name, kernel.dims, 'int8', bytes, scales), ...inputs.slice(2)];
      const bias = tensors.get(node.inputs[2] ?? '');
      if (bias) {
        const { scale } = scaleOf(ranges.get(node.inputs[0])!);
        const sums = scales.map((own) => own * scale);
        const whole = Int32Array.from(floatsOf(bias), (b, o) => rounded(b / sums[o]));
        inputs[2] = constant(bias.name, bias.dims, 'int32', whole, sums);
      }
    }
    const [output] = node.outputs;
    const splits = quantized.has(output);
    nodes.push({ ...node, inputs, outputs: splits ? [`${output}/float`, ...node.outputs.slice(1)] : node.outputs });
    if (splits) pair(`${output}/float`, output, output);
  }
  return { ...graph, nodes, initializers: [...graph.initializers.filter(({ name }) => !gone.has(name)), ...added] };
}

function floatsOf({ raw }: OnnxTensor): Float32Array {
  return new Float32Array(raw!.slice().buffer);
}

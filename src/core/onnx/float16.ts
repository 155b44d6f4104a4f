import { MessageError, say } from '../../words';
import { ElementType, plainTensor, type OnnxGraph, type OnnxTensor, type OnnxValue } from './proto';
import { nodeOf } from './write';

/** Inputs of operators that stay float32: Resize's roi and scales. */
const STAYS: Record<string, number[]> = { Resize: [1, 2] };

/** The graph with weights and arithmetic in float16; its inputs and first output are float32, cast inside. @throws MessageError for a weight beyond ±65504. */
export function float16Graph(graph: OnnxGraph): OnnxGraph {
  const stay = new Set(graph.nodes.flatMap(({ opType, inputs }) => (STAYS[opType] ?? []).map((at) => inputs[at])));
  const cast = (from: string, to: string, type: number): OnnxGraph['nodes'][number] =>
    nodeOf({ opType: 'Cast', inputs: [from], outputs: [to], attributes: { to: type } }, `${to}/cast`);
  const ends = new Set([...graph.inputs, ...graph.outputs].map(({ name }) => name));
  const inner = (name: string): string => (ends.has(name) ? `${name}/float16` : name);
  const half = (value: OnnxValue): OnnxValue => ({ ...value, elementType: ElementType.float16 });
  return {
    ...graph,
    nodes: [
      ...graph.inputs.map(({ name }) => cast(name, inner(name), ElementType.float16)),
      ...graph.nodes.map((node) => ({ ...node, inputs: node.inputs.map(inner), outputs: node.outputs.map(inner) })),
      ...graph.outputs.map(({ name }) => cast(inner(name), name, ElementType.float32)),
    ],
    initializers: graph.initializers.map((tensor) => (stay.has(tensor.name) ? tensor : halfTensor(tensor))),
    valueInfo: graph.valueInfo.map(half),
  };
}

function halfTensor(tensor: OnnxTensor): OnnxTensor {
  if (tensor.elementType !== ElementType.float32 || !tensor.raw) return tensor;
  const raw = tensor.raw.slice();
  const halves = Uint16Array.from(new Float32Array(raw.buffer, 0, raw.length / 4), float16Bits);
  const values = new Float32Array(raw.buffer, 0, raw.length / 4);
  const at = halves.findIndex((bits, i) => (bits & 0x7fff) === 0x7c00 && Number.isFinite(values[i]));
  if (at >= 0) throw new MessageError(say('export.float16', { tensor: tensor.name, value: values[at] }));
  return plainTensor(tensor.name, tensor.dims, ElementType.float16, new Uint8Array(halves.buffer));
}

const bits = new Uint32Array(1);
const single = new Float32Array(bits.buffer);

/** The bits of the float16 nearest to a float32, ties to even (IEEE 754). */
export function float16Bits(value: number): number {
  single[0] = value;
  const sign = (bits[0] >>> 16) & 0x8000;
  const magnitude = bits[0] & 0x7fffffff;
  if (magnitude >= 0x7f800000) return sign | (magnitude > 0x7f800000 ? 0x7e00 : 0x7c00);
  // 65520 and more round to infinity.
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  if (magnitude >= 0x38800000) {
    const even = (magnitude >>> 13) & 1;
    return sign | ((magnitude - 0x38000000 + 0xfff + even) >>> 13);
  }
  // Subnormal: whole multiples of 2^-24.
  const scaled = Math.abs(single[0]) * 2 ** 24;
  const floor = Math.floor(scaled);
  const rest = scaled - floor;
  return sign | (rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor);
}

import { ElementType, type ElementTypeName } from '../../core/onnx/proto';
import { encodeOutputs } from '../../core/onnx-graph/edit';
import type { OnnxNetwork } from '../../core/onnx-graph/network';
import { say, type Message } from '../../words';
import type { Described } from './runner-messages';

/** A value of the graph, as far as it is known before anything is computed. */
export interface TensorInfo {
  name: string;
  /** Its element type in the file. */
  type: string | null;
  /** Type in which it can be had, where that is another: bfloat16, float8 as float32, four-bit integers as int8. */
  as: ElementTypeName | null;
  /** Number or symbol for each dimension; null where not even their number is known. */
  dims: readonly (number | string | null)[] | null;
  /** Why it cannot be had, where it cannot. */
  unavailable: Message | null;
}

/** Element types that onnxruntime-node cannot hand out, and as what they are handed out instead. */
export const CAST: Readonly<Record<string, ElementTypeName>> = {
  bfloat16: 'float32',
  float8e4m3fn: 'float32',
  float8e4m3fnuz: 'float32',
  float8e5m2: 'float32',
  float8e5m2fnuz: 'float32',
  float8e8m0: 'float32',
  float4e2m1: 'float32',
  int4: 'int8',
  uint4: 'uint8',
  int2: 'int8',
  uint2: 'uint8',
};

/** Ends the names of values that are handed out as another type. */
export const CAST_NAME = '//convscope-cast';

/** Names of what nodes make, in their order, and of outputs, which may be an input or a weight. */
export function valueNames({ graph }: OnnxNetwork): string[] {
  return [...new Set([...graph.nodes.flatMap(({ outputs }) => outputs.filter(Boolean)), ...graph.outputs])];
}

/** What a session is asked to give out besides: a piece of a model that is put behind the file, and the outputs that it does without. */
export function outputsOf(
  { graph }: OnnxNetwork,
  names: readonly string[],
  types: ReadonlyMap<string, string>,
): { behind: Uint8Array; without: string[] } {
  const castOf = (name: string): ElementTypeName | undefined => CAST[types.get(name) ?? ''];
  const plain = names.filter((name) => !castOf(name) && !graph.values.get(name)!.isOutput);
  const cast = [...new Set([...names, ...graph.outputs])]
    .filter(castOf)
    .map((value) => ({ value, as: value + CAST_NAME, to: ElementType[castOf(value)!] }));
  return { behind: encodeOutputs({ plain, cast }), without: graph.outputs.filter(castOf) };
}

/** What is known of a value once onnxruntime has loaded the network. @param found what it says of it. */
export function infoOf(
  name: string,
  { graph }: OnnxNetwork,
  types: ReadonlyMap<string, string>,
  found: Described | undefined,
  unavailable: Message | null,
): TensorInfo {
  const value = graph.values.get(name)!;
  const own = types.get(name) ?? null;
  const cast = own !== null && found?.name.endsWith(CAST_NAME) ? CAST[own] : null;
  return {
    name,
    type: cast === null ? (found?.type ?? own) : own,
    as: cast,
    // Of a shape that it cannot infer onnxruntime says what it says of a scalar's.
    dims: found && found.shape.length > 0 ? found.shape.map((dim) => (dim === '' ? null : dim)) : value.dims,
    unavailable: unavailable ?? (found ? null : say('foreign.no-tensor')),
  };
}

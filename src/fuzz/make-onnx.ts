import protobuf from 'protobufjs/minimal.js';

/** Files made field by field: also what no exporter would write. Field numbers: onnx/onnx.proto3. */
export type Field = readonly [number: number, value: string | number | bigint | Uint8Array];

export function message(...fields: Field[]): Uint8Array {
  const writer = new protobuf.Writer();
  for (const [number, value] of fields) {
    if (typeof value === 'string') writer.uint32((number << 3) | 2).string(value);
    else if (value instanceof Uint8Array) writer.uint32((number << 3) | 2).bytes(value);
    else writer.uint32(number << 3).int64(longOf(BigInt(value)) as never);
  }
  return writer.finish();
}

/** As protobufjs takes 64 bits exactly. */
const longOf = (value: bigint): object => ({
  low: Number(BigInt.asIntN(32, value)),
  high: Number(BigInt.asIntN(32, value >> 32n)),
  unsigned: false,
});

/** FLOAT 1, INT64 7, BOOL 9, FLOAT16 10, BFLOAT16 16, INT4 22 … */
export const typed = (name: string, type: number, dims: readonly (number | string)[]): Uint8Array => {
  const shape = message(...dims.map((dim): Field => [1, message([typeof dim === 'number' ? 1 : 2, dim])]));
  return message([1, name], [2, message([1, message([1, type], [2, shape])])]);
};

export interface MadeNode {
  op: string;
  in?: string[];
  out?: string[];
  name?: string;
  domain?: string;
  ints?: Record<string, number>;
  lists?: Record<string, readonly number[]>;
  texts?: Record<string, string>;
  graphs?: Record<string, Uint8Array>;
}

export function node({
  op,
  in: inputs = [],
  out = [],
  name = '',
  domain = '',
  ints = {},
  lists = {},
  texts = {},
  graphs = {},
}: MadeNode): Uint8Array {
  return message(
    ...inputs.map((input): Field => [1, input]),
    ...out.map((output): Field => [2, output]),
    [3, name],
    [4, op],
    ...Object.entries(ints).map(([key, value]): Field => [5, message([1, key], [3, value], [20, 2])]),
    ...Object.entries(lists).map(([key, values]): Field => [
      5,
      message([1, key], ...values.map((value): Field => [8, value]), [20, 7]),
    ]),
    ...Object.entries(texts).map(([key, value]): Field => [5, message([1, key], [4, value], [20, 3])]),
    ...Object.entries(graphs).map(([key, value]): Field => [5, message([1, key], [6, value], [20, 5])]),
    [7, domain],
  );
}

export interface MadeGraph {
  nodes: MadeNode[];
  inputs?: Uint8Array[];
  outputs?: Uint8Array[];
  /** TensorProtos. */
  weights?: Uint8Array[];
}

export const graph = ({ nodes, inputs = [], outputs = [], weights = [] }: MadeGraph): Uint8Array =>
  message(
    ...nodes.map((each): Field => [1, node(each)]),
    [2, 'graph'],
    ...weights.map((each): Field => [5, each]),
    ...inputs.map((each): Field => [11, each]),
    ...outputs.map((each): Field => [12, each]),
  );

export const file = (made: MadeGraph, { opset = 21, more = [] as Field[] } = {}): Uint8Array =>
  message([1, 10], [7, graph(made)], [8, message([1, ''], [2, opset])], ...more);

export const floats = (name: string, dims: readonly number[], values: readonly number[]): Uint8Array =>
  message(
    ...dims.map((dim): Field => [1, dim]),
    [2, 1],
    [8, name],
    [9, new Uint8Array(Float32Array.from(values).buffer)],
  );

export const integers = (name: string, dims: readonly number[], values: readonly bigint[]): Uint8Array =>
  message(
    ...dims.map((dim): Field => [1, dim]),
    [2, 7],
    [8, name],
    [9, new Uint8Array(BigInt64Array.from(values).buffer)],
  );

/** Of 8 or 32 bits. */
export const whole = (name: string, dims: readonly number[], values: Uint8Array | Int8Array | Int32Array): Uint8Array =>
  message(
    ...dims.map((dim): Field => [1, dim]),
    [2, values instanceof Uint8Array ? 2 : values instanceof Int8Array ? 3 : 6],
    [8, name],
    [9, new Uint8Array(values.buffer, values.byteOffset, values.byteLength)],
  );

export const truth = (name: string, value: boolean): Uint8Array =>
  message([2, 9], [8, name], [9, Uint8Array.of(value ? 1 : 0)]);

/** A float32 weight of shape [2, 3] whose data lies elsewhere. */
export const external = (name: string, entries: Record<string, string>): Uint8Array =>
  message(
    [1, 2],
    [1, 3],
    [2, 1],
    [8, name],
    ...Object.entries(entries).map(([key, value]): Field => [13, message([1, key], [2, value])]),
    [14, 1],
  );

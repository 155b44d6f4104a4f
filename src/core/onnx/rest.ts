import type { Model } from '../model/model';
import { sameBytes } from '../tensor';
import type { Alteration } from './digests';
import { encodeModel } from './encode';
import { Message } from './message';
import type { OnnxModel } from './proto';
import { headOf, onnxGraph } from './write';

/** A message's fields by number: their names, the messages among them, and of which there may be several. */
interface Kind {
  readonly [field: number]: {
    name: string;
    kind?: Kind;
    list?: true;
    /** Numbers in a row, which may be packed or not. */
    numbers?: 'integers' | 'floats';
    /** Compared by its digest: here only how often it occurs. */
    digested?: true;
  };
}

const TENSOR: Kind = {
  1: { name: 'dims', numbers: 'integers' },
  2: { name: 'data_type' },
  8: { name: 'name' },
  9: { name: 'raw_data', digested: true },
  12: { name: 'doc_string' },
};
const ATTRIBUTE: Kind = {
  1: { name: 'name' },
  2: { name: 'f' },
  3: { name: 'i' },
  4: { name: 's' },
  7: { name: 'floats', numbers: 'floats' },
  8: { name: 'ints', numbers: 'integers' },
  13: { name: 'doc_string' },
  20: { name: 'type' },
};
const DIM: Kind = { 1: { name: 'dim_value' }, 2: { name: 'dim_param' }, 3: { name: 'denotation' } };
const TENSOR_TYPE: Kind = {
  1: { name: 'elem_type' },
  2: { name: 'shape', kind: { 1: { name: 'dim', kind: DIM, list: true } } },
};
const TYPE: Kind = { 1: { name: 'tensor_type', kind: TENSOR_TYPE }, 6: { name: 'denotation' } };
const VALUE: Kind = { 1: { name: 'name' }, 2: { name: 'type', kind: TYPE }, 3: { name: 'doc_string' } };
const NODE: Kind = {
  1: { name: 'input', list: true },
  2: { name: 'output', list: true },
  3: { name: 'name' },
  4: { name: 'op_type' },
  5: { name: 'attribute', kind: ATTRIBUTE, list: true },
  6: { name: 'doc_string' },
  7: { name: 'domain' },
  9: { name: 'metadata_props', list: true },
};
const GRAPH: Kind = {
  1: { name: 'node', kind: NODE, list: true },
  2: { name: 'name' },
  5: { name: 'initializer', kind: TENSOR, list: true },
  10: { name: 'doc_string' },
  11: { name: 'input', kind: VALUE, list: true },
  12: { name: 'output', kind: VALUE, list: true },
  13: { name: 'value_info', kind: VALUE, list: true },
  14: { name: 'quantization_annotation', list: true },
  15: { name: 'sparse_initializer', list: true },
  16: { name: 'metadata_props', list: true },
};
const MODEL: Kind = {
  1: { name: 'ir_version' },
  2: { name: 'producer_name' },
  3: { name: 'producer_version' },
  4: { name: 'domain' },
  5: { name: 'model_version' },
  6: { name: 'doc_string' },
  7: { name: 'graph', kind: GRAPH },
  8: { name: 'opset_import', kind: { 1: { name: 'domain' }, 2: { name: 'version' } }, list: true },
  14: { name: 'metadata_props', list: true },
  20: { name: 'training_info', list: true },
  25: { name: 'functions', list: true },
};

/**
 * What a file holds beyond its digests and what `readModel` compares: doc strings, producer, versions, names, and whatever else
 * stands in a field of any number. Held against the file that Convscope writes of the model, for which none of this is free.
 * The order of the fields does not count, nor does an empty one.
 *
 * @param file `bytes` decoded. @param model as `readModel` read it from them.
 */
export function restAlterations(bytes: Uint8Array, file: OnnxModel, model: Model): Alteration[] {
  const opset = file.opsets.find(({ domain }) => domain === '')?.version ?? 0;
  const graph = onnxGraph(model.graph, model.params, { allOutputs: file.graph.outputs.length > 1 });
  const expected = { ...headOf(opset), metadata: file.metadata, graph };
  const written = fieldsOf(encodeModel(expected));
  const found = fieldsOf(bytes);
  const foreign = file.metadata.filter(([key]) => !key.startsWith('convscope.'));
  return [
    ...[...new Set([...written.keys(), ...found.keys()])].flatMap((name): Alteration[] => {
      const [before, now] = [written.get(name), found.get(name)];
      if (!now) return [{ name, how: 'missing' }];
      if (!before) return [{ name, how: 'added' }];
      const same = before.length === now.length && before.every((value, i) => sameBytes(value, now[i]));
      return same ? [] : [{ name, how: 'changed' }];
    }),
    ...foreign.map(([key]): Alteration => ({ name: `metadata_props ${key}`, how: 'added' })),
  ];
}

/** The fields that are not empty, by path like `graph.node[3].doc_string`; every value that a path occurs with. */
function fieldsOf(bytes: Uint8Array): Map<string, Uint8Array[]> {
  const fields = new Map<string, Uint8Array[]>();
  collect(new Message(bytes, ''), MODEL, fields);
  return fields;
}

function collect(message: Message, kind: Kind, fields: Map<string, Uint8Array[]>): void {
  const counts = new Map<number, number>();
  while (message.next()) {
    const number = message.field;
    const count = counts.get(number) ?? 0;
    counts.set(number, count + 1);
    const { name, kind: inner, list, numbers, digested } = kind[number] ?? { name: `#${number}` };
    const placed = list ? `${name}[${count}]` : name;
    if (inner) {
      collect(message.message(placed), inner, fields);
      continue;
    }
    const value = numbers ? numbersOf(message, name, numbers) : message.value(name);
    // An empty text, or a number that is 0: the same as no field, but in a list.
    if (!list && !numbers && !digested && value.every((byte) => byte === 0)) continue;
    const path = message.path(placed);
    const values = fields.get(path) ?? [];
    if (digested) values.push(new Uint8Array());
    else if (numbers && values.length > 0) values[0] = joined(values[0], value);
    else values.push(value);
    fields.set(path, values);
  }
}

function numbersOf(message: Message, name: string, of: 'integers' | 'floats'): Uint8Array {
  const list: number[] = [];
  message[of](name, list);
  return new Uint8Array(Float64Array.from(list).buffer);
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

import { say } from '../../words';
import { OnnxError } from './error';
import { Message } from './message';
import {
  plainTensor,
  type OnnxAttribute,
  type OnnxFunction,
  type OnnxGraph,
  type OnnxModel,
  type OnnxNode,
  type OnnxSparseTensor,
  type OnnxTensor,
  type OnnxValue,
} from './proto';

/** How deep bodies of If, Loop and Scan may lie in each other; real ones end at four. */
const DEEPEST = 32;

/**
 * Decodes any ONNX file, from any exporter. Tensor bytes are views into `file`, nothing is copied.
 * @throws OnnxError of kind `format` if it is not ONNX or damaged.
 */
export function decodeModel(file: Uint8Array): OnnxModel {
  // A Buffer's own `slice` and `subarray` differ from those of its class.
  const bytes = new Uint8Array(file.buffer, file.byteOffset, file.byteLength);
  if (bytes.length === 0) throw new OnnxError('format', say('onnx.empty'));
  const model: Omit<OnnxModel, 'graph'> = {
    irVersion: 0,
    producerName: '',
    producerVersion: '',
    opsets: [],
    metadata: [],
  };
  let graph: OnnxGraph | null = null;
  const fields = new Message(bytes, '');
  while (fields.next()) {
    if (fields.field === 1) model.irVersion = fields.integer('ir_version');
    else if (fields.field === 2) model.producerName = fields.text('producer_name');
    else if (fields.field === 3) model.producerVersion = fields.text('producer_version');
    else if (fields.field === 7) {
      // Protocol Buffers merge a message that occurs twice, so other programs would read a different graph than either
      // of the two.
      if (graph !== null) throw fields.broken('graph', say('onnx.twice'));
      graph = decodeGraph(fields.message('graph'), 0);
    } else if (fields.field === 8) {
      const [domain, version] = decodeOpset(fields.message('opset_import'));
      model.opsets.push({ domain, version });
    } else if (fields.field === 14) {
      model.metadata.push(decodeEntry(fields.message('metadata_props')));
    } else if (fields.field === 25) {
      (model.functions ??= []).push(decodeFunction(fields.message(`functions[${model.functions.length}]`)));
    } else fields.skip();
  }
  if (graph === null) throw new OnnxError('format', say('onnx.no-graph'));
  if (!(model.irVersion > 0)) throw new OnnxError('format', say('onnx.no-ir-version'));
  return { ...model, graph };
}

function decodeOpset(fields: Message): [domain: string, version: number] {
  let domain = '';
  let version = 0;
  while (fields.next()) {
    if (fields.field === 1) domain = fields.text('domain');
    else if (fields.field === 2) version = fields.integer('version');
    else fields.skip();
  }
  return [domain === 'ai.onnx' ? '' : domain, version];
}

function decodeEntry(fields: Message): [key: string, value: string] {
  let key = '';
  let value = '';
  while (fields.next()) {
    if (fields.field === 1) key = fields.text('key');
    else if (fields.field === 2) value = fields.text('value');
    else fields.skip();
  }
  return [key, value];
}

function decodeGraph(fields: Message, depth: number): OnnxGraph {
  if (depth > DEEPEST) throw new OnnxError('invalid', say('onnx.deep', { place: fields.where, limit: DEEPEST }));
  const graph: OnnxGraph = { name: '', nodes: [], initializers: [], inputs: [], outputs: [], valueInfo: [] };
  while (fields.next()) {
    if (fields.field === 1) {
      graph.nodes.push(decodeNode(fields.message(`node[${graph.nodes.length}]`), depth));
    } else if (fields.field === 2) graph.name = fields.text('name');
    else if (fields.field === 5) {
      graph.initializers.push(decodeTensorMessage(fields.message(`initializer[${graph.initializers.length}]`)));
    } else if (fields.field === 11) {
      graph.inputs.push(decodeValue(fields.message(`input[${graph.inputs.length}]`)));
    } else if (fields.field === 12) {
      graph.outputs.push(decodeValue(fields.message(`output[${graph.outputs.length}]`)));
    } else if (fields.field === 13) {
      graph.valueInfo.push(decodeValue(fields.message(`value_info[${graph.valueInfo.length}]`)));
    } else if (fields.field === 15) {
      const sparse = (graph.sparseInitializers ??= []);
      sparse.push(decodeSparse(fields.message(`sparse_initializer[${sparse.length}]`)));
    } else fields.skip();
  }
  return graph;
}

function decodeFunction(fields: Message): OnnxFunction {
  const made: OnnxFunction = {
    domain: '',
    name: '',
    overload: '',
    inputs: [],
    outputs: [],
    attributes: [],
    nodes: [],
    opsets: [],
  };
  while (fields.next()) {
    if (fields.field === 1) made.name = fields.text('name');
    else if (fields.field === 4) made.inputs.push(fields.text('input'));
    else if (fields.field === 5) made.outputs.push(fields.text('output'));
    else if (fields.field === 6) made.attributes.push(fields.text('attribute'));
    else if (fields.field === 7) made.nodes.push(decodeNode(fields.message(`node[${made.nodes.length}]`), 0));
    else if (fields.field === 9) {
      const [domain, version] = decodeOpset(fields.message('opset_import'));
      made.opsets.push({ domain, version });
    } else if (fields.field === 10) made.domain = fields.text('domain');
    else if (fields.field === 13) made.overload = fields.text('overload');
    else fields.skip();
  }
  return made;
}

/** @param depth how many graphs this node's graph lies in. */
function decodeNode(fields: Message, depth: number): OnnxNode {
  const node: OnnxNode = { name: '', opType: '', domain: '', inputs: [], outputs: [], attributes: [] };
  while (fields.next()) {
    if (fields.field === 1) {
      node.inputs.push(fields.text('input'));
    } else if (fields.field === 2) {
      node.outputs.push(fields.text('output'));
    } else if (fields.field === 3) node.name = fields.text('name');
    else if (fields.field === 4) node.opType = fields.text('op_type');
    else if (fields.field === 5) {
      node.attributes.push(decodeAttribute(fields.message(`attribute[${node.attributes.length}]`), depth));
    } else if (fields.field === 7) {
      const domain = fields.text('domain');
      node.domain = domain === 'ai.onnx' ? '' : domain;
    } else if (fields.field === 8) node.overload = fields.text('overload');
    else if (fields.field === 9) (node.metadata ??= []).push(decodeEntry(fields.message('metadata_props')));
    else fields.skip();
  }
  return node;
}

/** AttributeProto.AttributeType by number; types not listed are kept by name only. */
const ATTRIBUTE_TYPES: Record<number, OnnxAttribute['type']> = {
  1: 'float',
  2: 'int',
  3: 'string',
  4: 'tensor',
  5: 'graph',
  6: 'floats',
  7: 'ints',
  8: 'strings',
  9: 'tensors',
  10: 'graphs',
  11: 'sparse',
};

function decodeAttribute(fields: Message, depth: number): OnnxAttribute {
  let name = '';
  let from: string | undefined;
  let type: OnnxAttribute['type'] | null = null;
  let filled: OnnxAttribute['type'] = 'other';
  let float = 0;
  let int = 0;
  let text = '';
  let tensor: OnnxTensor | null = null;
  let graph: OnnxGraph | null = null;
  let sparse: OnnxSparseTensor | null = null;
  const floats: number[] = [];
  const ints: number[] = [];
  const strings: string[] = [];
  const tensors: OnnxTensor[] = [];
  const graphs: OnnxGraph[] = [];
  while (fields.next()) {
    if (fields.field === 1) name = fields.text('name');
    else if (fields.field === 2) [float, filled] = [fields.float('f'), 'float'];
    else if (fields.field === 3) [int, filled] = [fields.integer('i'), 'int'];
    else if (fields.field === 4) [text, filled] = [fields.text('s'), 'string'];
    else if (fields.field === 5) [tensor, filled] = [decodeTensorMessage(fields.message('t')), 'tensor'];
    else if (fields.field === 6) [graph, filled] = [decodeGraph(fields.message('g'), depth + 1), 'graph'];
    else if (fields.field === 7) {
      fields.floats('floats', floats);
      filled = 'floats';
    } else if (fields.field === 8) {
      fields.integers('ints', ints);
      filled = 'ints';
    } else if (fields.field === 9) {
      strings.push(fields.text('strings'));
      filled = 'strings';
    } else if (fields.field === 10) {
      tensors.push(decodeTensorMessage(fields.message(`tensors[${tensors.length}]`)));
      filled = 'tensors';
    } else if (fields.field === 11) {
      graphs.push(decodeGraph(fields.message(`graphs[${graphs.length}]`), depth + 1));
      filled = 'graphs';
    } else if (fields.field === 20) type = ATTRIBUTE_TYPES[fields.integer('type')] ?? 'other';
    else if (fields.field === 21) from = fields.text('ref_attr_name');
    else if (fields.field === 22) [sparse, filled] = [decodeSparse(fields.message('sparse_tensor')), 'sparse'];
    else fields.skip();
  }
  const other: OnnxAttribute = { name, type: 'other', value: null };
  const value = ((): OnnxAttribute => {
    // Files of IR version 1 omit the type: it follows from the field that is filled.
    switch (type ?? filled) {
      case 'float':
        return { name, type: 'float', value: float };
      case 'int':
        return { name, type: 'int', value: int };
      case 'string':
        return { name, type: 'string', value: text };
      case 'floats':
        return { name, type: 'floats', value: floats };
      case 'ints':
        return { name, type: 'ints', value: ints };
      case 'strings':
        return { name, type: 'strings', value: strings };
      case 'tensors':
        return { name, type: 'tensors', value: tensors };
      case 'graphs':
        return { name, type: 'graphs', value: graphs };
      case 'tensor':
        return tensor ? { name, type: 'tensor', value: tensor } : other;
      case 'graph':
        return graph ? { name, type: 'graph', value: graph } : other;
      case 'sparse':
        return sparse ? { name, type: 'sparse', value: sparse } : other;
      case 'other':
        return other;
    }
  })();
  return from === undefined ? value : { ...value, from };
}

/** Decodes a TensorProto file (`input_0.pb` of a test case). @throws OnnxError of kind `format`. */
export function decodeTensor(file: Uint8Array): OnnxTensor {
  return decodeTensorMessage(new Message(new Uint8Array(file.buffer, file.byteOffset, file.byteLength), ''));
}

function decodeTensorMessage(fields: Message): OnnxTensor {
  const tensor = plainTensor('', [], 0, null);
  // Packed numbers stay in the file until all is read: old exporters keep whole networks in `float_data`.
  const packed: { floats: Uint8Array[]; doubles: Uint8Array[] } = { floats: [], doubles: [] };
  const single: { floats: number[]; doubles: number[] } = { floats: [], doubles: [] };
  while (fields.next()) {
    if (fields.field === 1) fields.integers('dims', tensor.dims);
    else if (fields.field === 2) tensor.elementType = fields.integer('data_type');
    else if (fields.field === 4) {
      const bytes = fields.packed('float_data', 4);
      if (bytes) packed.floats.push(bytes);
      else fields.floats('float_data', single.floats);
    } else if (fields.field === 5) fields.integers('int32_data', tensor.int32s);
    else if (fields.field === 6) tensor.strings.push(fields.bytesOf('string_data'));
    else if (fields.field === 7) fields.bigIntegers('int64_data', tensor.int64s, false);
    else if (fields.field === 8) tensor.name = fields.text('name');
    else if (fields.field === 9) tensor.raw = fields.slice('raw_data');
    else if (fields.field === 10) {
      const bytes = fields.packed('double_data', 8);
      if (bytes) packed.doubles.push(bytes);
      else fields.doubles('double_data', single.doubles);
    } else if (fields.field === 11) fields.bigIntegers('uint64_data', tensor.uint64s, true);
    else if (fields.field === 13) tensor.location.push(decodeEntry(fields.message('external_data')));
    else if (fields.field === 14) tensor.external = fields.integer('data_location') === 1;
    else fields.skip();
  }
  tensor.floats = new Float32Array(joined(packed.floats, single.floats, (list) => Float32Array.from(list)));
  tensor.doubles = new Float64Array(joined(packed.doubles, single.doubles, (list) => Float64Array.from(list)));
  return tensor;
}

/** The bytes of numbers, those that were packed first; a file has all its numbers of a kind one way or the other. */
function joined(
  packed: readonly Uint8Array[],
  single: number[],
  array: (list: number[]) => Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>,
): ArrayBuffer {
  if (packed.length === 0) return array(single).buffer;
  const rest = new Uint8Array(array(single).buffer);
  const all = new Uint8Array([...packed, rest].reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of [...packed, rest]) {
    all.set(part, at);
    at += part.length;
  }
  return all.buffer;
}

function decodeSparse(fields: Message): OnnxSparseTensor {
  const sparse: OnnxSparseTensor = {
    values: plainTensor('', [], 0, null),
    indices: plainTensor('', [], 0, null),
    dims: [],
  };
  while (fields.next()) {
    if (fields.field === 1) sparse.values = decodeTensorMessage(fields.message('values'));
    else if (fields.field === 2) sparse.indices = decodeTensorMessage(fields.message('indices'));
    else if (fields.field === 3) fields.integers('dims', sparse.dims);
    else fields.skip();
  }
  return sparse;
}

/** What a TypeProto's field holds, where that is no tensor. */
const HOLDS: Record<number, OnnxValue['holds']> = { 4: 'sequence', 5: 'map', 7: 'opaque', 8: 'sparse', 9: 'optional' };

function decodeValue(fields: Message): OnnxValue {
  const value: OnnxValue = { name: '', elementType: 0, dims: null };
  while (fields.next()) {
    if (fields.field === 1) value.name = fields.text('name');
    else if (fields.field === 2) {
      const type = fields.message('type');
      while (type.next()) {
        if (type.field === 1) decodeTensorType(type.message('tensor_type'), value);
        else {
          const holds = HOLDS[type.field];
          if (holds) value.holds = holds;
          type.skip();
        }
      }
    } else fields.skip();
  }
  return value;
}

function decodeTensorType(fields: Message, value: OnnxValue): void {
  while (fields.next()) {
    if (fields.field === 1) value.elementType = fields.integer('elem_type');
    else if (fields.field === 2) value.dims = decodeShape(fields.message('shape'));
    else fields.skip();
  }
}

function decodeShape(fields: Message): (number | string | null)[] {
  const dims: (number | string | null)[] = [];
  while (fields.next()) {
    if (fields.field !== 1) {
      fields.skip();
      continue;
    }
    const dimension = fields.message(`dim[${dims.length}]`);
    let found: number | string | null = null;
    while (dimension.next()) {
      if (dimension.field === 1) found = dimension.integer('dim_value');
      else if (dimension.field === 2) found = dimension.text('dim_param');
      else dimension.skip();
    }
    dims.push(found);
  }
  return dims;
}

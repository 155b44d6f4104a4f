import { say } from '../../words';
import { OnnxError } from './error';
import { Message } from './message';
import type { OnnxAttribute, OnnxGraph, OnnxModel, OnnxNode, OnnxTensor, OnnxValue } from './proto';

/**
 * Decodes any ONNX file, whoever wrote it. Tensor bytes are views into `file`, nothing is copied.
 * @throws OnnxError of kind `format` where it is no ONNX or damaged.
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
      // Protocol buffers merge what comes twice: others would read another graph than one of the two.
      if (graph !== null) throw fields.broken('graph', say('onnx.twice'));
      graph = decodeGraph(fields.message('graph'));
    } else if (fields.field === 8) {
      const [domain, version] = decodeOpset(fields.message('opset_import'));
      model.opsets.push({ domain, version });
    } else if (fields.field === 14) {
      model.metadata.push(decodeEntry(fields.message('metadata_props')));
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

function decodeGraph(fields: Message): OnnxGraph {
  const graph: OnnxGraph = { name: '', nodes: [], initializers: [], inputs: [], outputs: [], valueInfo: [] };
  while (fields.next()) {
    if (fields.field === 1) {
      graph.nodes.push(decodeNode(fields.message(`node[${graph.nodes.length}]`)));
    } else if (fields.field === 2) graph.name = fields.text('name');
    else if (fields.field === 5) {
      graph.initializers.push(decodeTensorMessage(fields.message(`initializer[${graph.initializers.length}]`)));
    } else if (fields.field === 11) {
      graph.inputs.push(decodeValue(fields.message(`input[${graph.inputs.length}]`)));
    } else if (fields.field === 12) {
      graph.outputs.push(decodeValue(fields.message(`output[${graph.outputs.length}]`)));
    } else if (fields.field === 13) {
      graph.valueInfo.push(decodeValue(fields.message(`value_info[${graph.valueInfo.length}]`)));
    } else fields.skip();
  }
  return graph;
}

function decodeNode(fields: Message): OnnxNode {
  const node: OnnxNode = { name: '', opType: '', domain: '', inputs: [], outputs: [], attributes: [] };
  while (fields.next()) {
    if (fields.field === 1) {
      node.inputs.push(fields.text('input'));
    } else if (fields.field === 2) {
      node.outputs.push(fields.text('output'));
    } else if (fields.field === 3) node.name = fields.text('name');
    else if (fields.field === 4) node.opType = fields.text('op_type');
    else if (fields.field === 5) {
      node.attributes.push(decodeAttribute(fields.message(`attribute[${node.attributes.length}]`)));
    } else if (fields.field === 7) {
      const domain = fields.text('domain');
      node.domain = domain === 'ai.onnx' ? '' : domain;
    } else fields.skip();
  }
  return node;
}

/** AttributeProto.AttributeType by number; those that are not here are kept by name only. */
const ATTRIBUTE_TYPES: Record<number, OnnxAttribute['type']> = {
  1: 'float',
  2: 'int',
  3: 'string',
  4: 'tensor',
  6: 'floats',
  7: 'ints',
  8: 'strings',
};

function decodeAttribute(fields: Message): OnnxAttribute {
  let name = '';
  let type: OnnxAttribute['type'] | null = null;
  let filled: OnnxAttribute['type'] = 'other';
  let float = 0;
  let int = 0;
  let text = '';
  let tensor: OnnxTensor | null = null;
  const floats: number[] = [];
  const ints: number[] = [];
  const strings: string[] = [];
  while (fields.next()) {
    if (fields.field === 1) name = fields.text('name');
    else if (fields.field === 2) [float, filled] = [fields.float('f'), 'float'];
    else if (fields.field === 3) [int, filled] = [fields.integer('i'), 'int'];
    else if (fields.field === 4) [text, filled] = [fields.text('s'), 'string'];
    else if (fields.field === 5) [tensor, filled] = [decodeTensorMessage(fields.message('t')), 'tensor'];
    else if (fields.field === 7) {
      fields.floats('floats', floats);
      filled = 'floats';
    } else if (fields.field === 8) {
      fields.integers('ints', ints);
      filled = 'ints';
    } else if (fields.field === 9) {
      strings.push(fields.text('strings'));
      filled = 'strings';
    } else if (fields.field === 20) type = ATTRIBUTE_TYPES[fields.integer('type')] ?? 'other';
    else fields.skip();
  }
  // Files of IR version 1 leave the type out: what is filled says it.
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
    case 'tensor':
      return tensor ? { name, type: 'tensor', value: tensor } : { name, type: 'other', value: null };
    case 'other':
      return { name, type: 'other', value: null };
  }
}

/** Decodes a TensorProto file (`input_0.pb` of a test case). @throws OnnxError of kind `format`. */
export function decodeTensor(file: Uint8Array): OnnxTensor {
  return decodeTensorMessage(new Message(new Uint8Array(file.buffer, file.byteOffset, file.byteLength), ''));
}

function decodeTensorMessage(fields: Message): OnnxTensor {
  const tensor: OnnxTensor = {
    name: '',
    dims: [],
    elementType: 0,
    raw: null,
    floats: [],
    int32s: [],
    int64s: [],
    external: false,
  };
  while (fields.next()) {
    if (fields.field === 1) fields.integers('dims', tensor.dims);
    else if (fields.field === 2) tensor.elementType = fields.integer('data_type');
    else if (fields.field === 4) fields.floats('float_data', tensor.floats);
    else if (fields.field === 5) fields.integers('int32_data', tensor.int32s);
    else if (fields.field === 7) fields.integers('int64_data', tensor.int64s);
    else if (fields.field === 8) tensor.name = fields.text('name');
    else if (fields.field === 9) tensor.raw = fields.slice('raw_data');
    else if (fields.field === 14) tensor.external = fields.integer('data_location') === 1;
    else fields.skip();
  }
  return tensor;
}

function decodeValue(fields: Message): OnnxValue {
  const value: OnnxValue = { name: '', elementType: 0, dims: null };
  while (fields.next()) {
    if (fields.field === 1) value.name = fields.text('name');
    else if (fields.field === 2) {
      const type = fields.message('type');
      while (type.next()) {
        if (type.field !== 1) type.skip();
        else decodeTensorType(type.message('tensor_type'), value);
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

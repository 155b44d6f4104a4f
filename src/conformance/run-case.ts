import { decodeTensor } from '../core/onnx/decode';
import type { OnnxModel, OnnxNode } from '../core/onnx/proto';
import { sizeOf } from '../core/tensor';
import type { DataSet, TestCase } from './archive';
import { Call, type Operator } from './call';
import { difference } from './compare';
import type { Core } from './core';
import { NotKnown } from './not-known';
import { findOperator } from './operators';
import { expectFloats, floats, valueOf, type Value } from './value';

export interface Outcome {
  status: 'passed' | 'failed' | 'not known';
  /** Why it did not pass; '' where it did. */
  reason: string;
}

/** Operators of the case's graph, each once, constants left out. */
export function operatorsOf(model: OnnxModel): string[] {
  return [...new Set(model.graph.nodes.filter((node) => !isConstant(node)).map((node) => node.opType))];
}

/** Runs all nodes of a case through the corresponding layers and compares the graph's outputs. */
export async function runCase(model: OnnxModel, testCase: TestCase, core: Core): Promise<Outcome> {
  try {
    for (const node of model.graph.nodes) {
      if (!isConstant(node) && !findOperator(node.domain, node.opType)) {
        throw new NotKnown(`operator ${node.domain === '' ? '' : `${node.domain}.`}${node.opType}`);
      }
    }
    if (testCase.dataSets.length === 0) throw new Error('found no data set, expected one');
    for (const dataSet of testCase.dataSets) {
      const reason = await runDataSet(model, dataSet, core);
      if (reason !== null) return { status: 'failed', reason };
    }
    return { status: 'passed', reason: '' };
  } catch (error) {
    if (error instanceof NotKnown) return { status: 'not known', reason: error.message };
    return { status: 'failed', reason: (error as Error).message };
  }
}

async function runDataSet(model: OnnxModel, dataSet: DataSet, core: Core): Promise<string | null> {
  const { graph } = model;
  // Up to IR version 3 initializers are among the inputs; the data set holds only the others.
  const initialized = new Set(graph.initializers.map(({ name }) => name));
  const inputs =
    dataSet.inputs.length === graph.inputs.length
      ? graph.inputs
      : graph.inputs.filter(({ name }) => !initialized.has(name));
  const check = (kind: string, found: number, expected: number): void => {
    if (found !== expected) throw new Error(`${dataSet.name}: found ${found} files ${kind}_*.pb, expected ${expected}`);
  };
  check('input', dataSet.inputs.length, inputs.length);
  check('output', dataSet.outputs.length, graph.outputs.length);
  const given = inputs.map(({ name }, index): [string, Value] => [name, valueOf(decodeTensor(dataSet.inputs[index]))]);
  const values = await evaluate(model, new Map(given), core);
  let compared = 0;
  for (const [index, { name }] of graph.outputs.entries()) {
    // The operator's layer does not give this one.
    if (values.get(name) === null) continue;
    compared++;
    const reason = difference(values.get(name)!, valueOf(decodeTensor(dataSet.outputs[index])), name);
    if (reason !== null) return reason;
  }
  if (compared === 0) throw new NotKnown('outputs that no layer gives');
  return null;
}

/** All values of a graph by name, each node run through its layer; null for what the node's layer does not give. */
export async function evaluate(
  model: OnnxModel,
  inputs: ReadonlyMap<string, Value>,
  core: Core,
): Promise<Map<string, Value | null>> {
  const { graph } = model;
  const initializers = graph.initializers.map((tensor): [string, Value] => [tensor.name, valueOf(tensor)]);
  const values = new Map<string, Value | null>([...initializers, ...inputs]);
  for (const node of graph.nodes) await runNode(model, node, values, core);
  const absent = graph.outputs.find(({ name }) => !values.has(name));
  if (absent) throw new Error(`output '${absent.name}': no node gives it`);
  return values;
}

async function runNode(model: OnnxModel, node: OnnxNode, values: Map<string, Value | null>, core: Core): Promise<void> {
  const inputs = node.inputs.map((name) => {
    if (name === '') return null;
    const value = values.get(name);
    if (value === null) throw new NotKnown(`${node.opType} of an output that no layer gives`);
    if (!value) throw new Error(`${node.opType}: input '${name}' comes from nowhere`);
    return value;
  });
  const results = isConstant(node) ? [constant(node, inputs[0] ?? null)] : await operate(model, node, inputs, core);
  node.outputs.forEach((name, index) => {
    if (name === '') return;
    if (results[index] === undefined) throw new NotKnown(`output ${index + 1} of ${node.opType}`);
    values.set(name, results[index]);
  });
}

function operate(model: OnnxModel, node: OnnxNode, inputs: (Value | null)[], core: Core): ReturnType<Operator> {
  const operator = findOperator(node.domain, node.opType)!;
  // A model that names no operator set means version 1.
  const opset = model.opsets.find(({ domain }) => domain === node.domain)?.version ?? 1;
  return operator(new Call(core, node, opset, inputs));
}

/** Constants are data written as nodes, not operators to be tested. */
function isConstant(node: OnnxNode): boolean {
  return node.domain === '' && (node.opType === 'Constant' || node.opType === 'ConstantOfShape');
}

function constant(node: OnnxNode, shape: Value | null): Value {
  const [attribute] = node.attributes;
  if (node.opType === 'ConstantOfShape') {
    if (shape?.kind !== 'integer') throw new Error('ConstantOfShape: found no shape, expected one');
    const given = attribute?.type === 'tensor' ? valueOf(attribute.value) : floats([1], new Float32Array(1));
    const [value] = expectFloats(given, node.outputs[0]).data;
    return floats(shape.data, new Float32Array(sizeOf(shape.data)).fill(value));
  }
  switch (attribute?.type) {
    case 'tensor':
      return valueOf(attribute.value);
    case 'float':
      return floats([], Float32Array.of(attribute.value));
    case 'floats':
      return floats([attribute.value.length], Float32Array.from(attribute.value));
    case 'int':
      return { kind: 'integer', shape: [], data: [attribute.value] };
    case 'ints':
      return { kind: 'integer', shape: [attribute.value.length], data: attribute.value };
    default:
      throw new NotKnown(`element type ${attribute?.type ?? 'nothing'} of '${node.outputs[0]}'`);
  }
}

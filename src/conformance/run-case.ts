import { decodeModel, decodeTensor } from '../core/onnx/decode';
import type { OnnxModel, OnnxNode } from '../core/onnx/proto';
import { sizeOf } from '../core/tensor';
import type { DataSet, TestCase } from './archive';
import { Call } from './call';
import { difference } from './compare';
import type { Core } from './core';
import { NotKnown } from './not-known';
import { findOperator } from './operators';
import { floats, valueOf, type Value } from './value';

export interface Outcome {
  status: 'passed' | 'failed' | 'not known';
  /** Why it did not pass; '' where it did. */
  reason: string;
}

/** Operators of the case's graph, each once, constants left out. */
export function operatorsOf(model: OnnxModel): string[] {
  return [...new Set(model.graph.nodes.filter((node) => !isConstant(node)).map((node) => node.opType))];
}

/** Runs all nodes of a case through the layers that they are, and compares the graph's outputs. */
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
  const values = new Map<string, Value>(graph.initializers.map((tensor) => [tensor.name, valueOf(tensor)]));
  // Up to IR version 3 initializers are among the inputs; the data set holds only the others.
  const inputs =
    dataSet.inputs.length === graph.inputs.length ? graph.inputs : graph.inputs.filter(({ name }) => !values.has(name));
  inputs.forEach(({ name }, index) => values.set(name, valueOf(decodeTensor(dataSet.inputs[index]))));
  for (const node of graph.nodes) await runNode(model, node, values, core);
  for (const [index, { name }] of graph.outputs.entries()) {
    const found = values.get(name);
    if (!found) throw new Error(`output '${name}': no node gives it`);
    const reason = difference(found, valueOf(decodeTensor(dataSet.outputs[index])), name);
    if (reason !== null) return reason;
  }
  return null;
}

async function runNode(model: OnnxModel, node: OnnxNode, values: Map<string, Value>, core: Core): Promise<void> {
  const inputs = node.inputs.map((name) => {
    if (name === '') return null;
    const value = values.get(name);
    if (!value) throw new Error(`${node.opType}: input '${name}' comes from nowhere`);
    return value;
  });
  const results = isConstant(node) ? [constant(node, inputs[0] ?? null)] : await operate(model, node, inputs, core);
  node.outputs.forEach((name, index) => {
    if (name === '') return;
    if (!results[index]) throw new NotKnown(`output ${index + 1} of ${node.opType}`);
    values.set(name, results[index]);
  });
}

function operate(model: OnnxModel, node: OnnxNode, inputs: (Value | null)[], core: Core): Value[] | Promise<Value[]> {
  const operator = findOperator(node.domain, node.opType)!;
  // A model that names no operator set means version 1.
  const opset = model.opsets.find(({ domain }) => domain === node.domain)?.version ?? 1;
  return operator(new Call(core, node, opset, inputs));
}

/** Constants are data written as nodes: no operators that anything computes with. */
function isConstant(node: OnnxNode): boolean {
  return node.domain === '' && (node.opType === 'Constant' || node.opType === 'ConstantOfShape');
}

function constant(node: OnnxNode, shape: Value | null): Value {
  const [attribute] = node.attributes;
  if (node.opType === 'ConstantOfShape') {
    if (shape?.kind !== 'integer') throw new Error('ConstantOfShape: found no shape, expected one');
    const given = attribute?.type === 'tensor' ? valueOf(attribute.value) : floats([1], new Float32Array(1));
    if (given.kind !== 'float') throw new NotKnown('a constant that is not float32');
    return floats(shape.data, new Float32Array(sizeOf(shape.data)).fill(given.data[0]));
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
      throw new NotKnown('a constant that is neither float32 nor int64');
  }
}

/** Decodes the model, or says why not. */
export function decodeCase(testCase: TestCase): OnnxModel {
  return decodeModel(testCase.model);
}

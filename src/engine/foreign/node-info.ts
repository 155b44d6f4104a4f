import type { OnnxAttribute } from '../../core/onnx/proto';
import { elementTypeName } from '../../core/onnx/proto';
import { numbersOf, valueOfTensor, type TensorValue } from '../../core/onnx/tensor-data';
import type { GraphNode } from '../../core/onnx-graph/network';
import { statistics } from '../../core/statistics';
import { FailureError } from '../../shared/failures';
import type { NodeInfo, NodeValue, NodeWeight } from '../../shared/inspect';
import { isMessage, say } from '../../words';
import type { ForeignNetwork } from './foreign-network';

/** Elements of a weight up to which its statistics are worked out. */
const COUNTED = 2 ** 24;

/** The nodes of the box in which a value is made, in their order; none for an input. */
export async function nodesOf(network: ForeignNetwork, layer: number): Promise<NodeInfo[]> {
  const { graph } = network.runner.network;
  const { values } = network.graph.boxes.find((box) => box.values.includes(layer)) ?? { values: [layer] };
  const indices = network.nodes.flatMap(({ outputs }, index) =>
    outputs.some((output) => values.includes(output)) ? [index] : [],
  );
  const places = new Map([
    ...network.values.map(({ name }, index): [string, number] => [name, index]),
    ...network.inputs.map(({ name }, index): [string, number] => [name, -1 - index]),
  ]);
  return Promise.all(indices.map((index) => infoOf(network, graph.nodes[index], index, places)));
}

async function infoOf(
  network: ForeignNetwork,
  node: GraphNode,
  index: number,
  places: ReadonlyMap<string, number>,
): Promise<NodeInfo> {
  const { runner } = network;
  const { graph } = runner.network;
  const valueOf = (name: string): NodeValue => {
    const layer = places.get(name) ?? null;
    const info = runner.tensors.get(name) ?? runner.inputs.find((input) => input.name === name);
    return { name, layer, type: info?.type ?? null, shape: info?.dims ? [...info.dims] : null };
  };
  const given = node.inputs.filter(Boolean);
  const isWeight = (name: string): boolean =>
    graph.initializers.has(name) || graph.nodes[graph.values.get(name)?.producer ?? -1]?.opType === 'Constant';
  const { params, macs } = network.nodes[index];
  return {
    name: node.name,
    operator: node.opType,
    domain: node.domain,
    isFunction: node.isFunction,
    attributes: node.attributes.map(({ name, ...rest }) => ({
      name,
      text: textOf({ name, ...rest } as OnnxAttribute),
    })),
    inputs: given.filter((name) => !isWeight(name)).map(valueOf),
    outputs: node.outputs.filter(Boolean).map(valueOf),
    weights: await Promise.all(given.filter(isWeight).map((name) => weightOf(network, name))),
    params,
    macs,
  };
}

async function weightOf({ runner }: ForeignNetwork, name: string): Promise<NodeWeight> {
  const { graph } = runner.network;
  const maker = graph.nodes[graph.values.get(name)?.producer ?? -1] as GraphNode | undefined;
  const made = maker?.attributes[0];
  const tensor = graph.initializers.get(name) ?? (made?.type === 'tensor' ? made.value : null);
  if (!tensor) return { name, type: null, shape: null, stats: null, reason: null };
  const { dims } = tensor;
  const about = { name, type: elementTypeName(tensor.elementType), shape: [...dims] };
  const count = dims.reduce((product, size) => product * size, 1);
  if (count > COUNTED) return { ...about, stats: null, reason: say('foreign.weight-large', { count, most: COUNTED }) };
  try {
    const value: TensorValue = graph.initializers.has(name) ? await runner.weight(name) : valueOfTensor(tensor);
    const numbers = numbersOf(value);
    return {
      ...about,
      stats: numbers && numbers.length > 0 ? statistics(Float32Array.from(numbers)) : null,
      reason: null,
    };
  } catch (error) {
    const reason = error instanceof FailureError ? error.values.reason : (error as { reason?: unknown }).reason;
    if (!isMessage(reason)) throw error;
    return { ...about, stats: null, reason };
  }
}

/** An attribute's value in writing; of a tensor or subgraph what it is. */
function textOf({ type, value }: OnnxAttribute): string {
  switch (type) {
    case 'int':
    case 'float':
    case 'string':
      return numberText(value);
    case 'ints':
    case 'floats':
    case 'strings':
      return value.map(numberText).join(', ');
    case 'tensor':
      return `${elementTypeName(value.elementType)} [${value.dims.join(', ')}]`;
    case 'graph':
      return value.name;
    default:
      return type;
  }
}

const numberText = (value: unknown): string =>
  typeof value === 'number' && !Number.isInteger(value) ? String(Number(value.toPrecision(6))) : String(value);

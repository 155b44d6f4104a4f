import { nodeCosts, type KnownShape } from '../../core/onnx-graph/costs';
import { elementTypes } from '../../core/onnx-graph/element-types';
import type { GraphNode } from '../../core/onnx-graph/network';
import { FailureError } from '../../shared/failures';
import { say, type Message } from '../../words';
import { NetworkRunner } from './runner';
import { readNetworkFile, type NetworkFile } from './network-file';
import { takenLayers } from './take-in';

type Dims = readonly (number | string | null)[] | null;

export interface ValueSummary {
  name: string;
  type: string | null;
  /** Numbers, symbols, null for a dimension that is not known; null where nothing is. */
  shape: Dims;
}

export interface NodeSummary {
  name: string;
  operator: string;
  inputs: readonly string[];
  outputs: ValueSummary[];
  params: number;
  macs: number | null;
}

/** What there is to say of any ONNX file without computing it. */
export interface NetworkSummary {
  producer: string;
  irVersion: number;
  opsets: readonly { domain: string; version: number }[];
  inputs: ValueSummary[];
  outputs: ValueSummary[];
  nodes: NodeSummary[];
  /** `macs` of the nodes where it is known; `unknown` counts the others. */
  totals: { nodes: number; params: number; macs: number; unknown: number };
  /** Why it cannot be computed, where it cannot. */
  refused: Message | null;
  /** Whether it can be taken in as a network of ours: how many layers it has then, or what stands in the way; null where it cannot be computed. */
  takeIn: { layers: number | null; obstacles: Message[] } | null;
  /** What was assumed. */
  notes: Message[];
}

/**
 * Describes a network: types and shapes are those that onnxruntime infers, or where it refuses the network those that the file says.
 * Multiply-adds are for one sample: a dimension that the inputs leave open is taken as 1 where it is the first.
 * @throws FailureError where the file cannot be read at all.
 */
export async function summarizeNetwork(file: NetworkFile): Promise<NetworkSummary> {
  const network = readNetworkFile(file);
  const { graph } = network;
  let runner: NetworkRunner | null = null;
  let refused: Message | null = null;
  try {
    runner = await NetworkRunner.open(file, { network });
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    refused = (error.values as { reason?: Message }).reason ?? error.reason;
  }
  const taken = runner && (await takenLayers(runner)).result;
  runner?.close();
  const types = elementTypes(graph);
  const valueOf = (name: string): ValueSummary => {
    const known = runner?.tensors.get(name) ?? runner?.inputs.find((input) => input.name === name);
    const value = graph.values.get(name);
    return { name, type: known?.type ?? types.get(name) ?? null, shape: known?.dims ?? value?.dims ?? null };
  };
  const inputs = graph.inputs.map(valueOf);
  const ones = new Set(inputs.flatMap(({ shape }) => (typeof shape?.[0] === 'string' ? [shape[0]] : [])));
  const notes = inputs.flatMap(({ name, shape }) =>
    shape && shape.length > 0 && typeof shape[0] !== 'number'
      ? [say('foreign.left-open', { name, dims: shape[0] ?? '?' })]
      : [],
  );
  const shapeOf = (name: string): KnownShape => {
    const dims = graph.initializers.get(name)?.dims ?? valueOf(name).shape;
    const known = dims?.map((dim) => (typeof dim === 'number' ? dim : dim !== null && ones.has(dim) ? 1 : null));
    return known && known.every((dim) => dim !== null) ? known : null;
  };
  const costs = nodeCosts(network, shapeOf);
  return {
    producer: network.producer,
    irVersion: network.irVersion,
    opsets: network.opsets,
    inputs,
    outputs: graph.outputs.map(valueOf),
    nodes: graph.nodes.map((node, index) => ({
      name: node.name,
      operator: operatorOf(node),
      inputs: node.inputs,
      outputs: node.outputs.filter(Boolean).map(valueOf),
      ...costs[index],
    })),
    totals: {
      nodes: graph.nodes.length,
      params: costs.reduce((sum, { params }) => sum + params, 0),
      macs: costs.reduce((sum, { macs }) => sum + (macs ?? 0), 0),
      unknown: costs.filter(({ macs }) => macs === null).length,
    },
    refused,
    takeIn: taken && { layers: taken.taken?.graph.layers.length ?? null, obstacles: taken.obstacles },
    notes,
  };
}

const operatorOf = ({ opType, domain }: GraphNode): string => (domain === '' ? opType : `${domain}:${opType}`);

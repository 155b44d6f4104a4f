/** Parts of a file's graph that one layer of ours computes. */
import type { GraphNode, NetworkGraph } from '../network';
import { NodeCall, type TakeNode } from './call';

/** What several nodes compute together, with the layer that computes it by itself. */
export interface Composed {
  /** Values from outside that the nodes read: the inputs of the call that `take` gets. */
  inputs: readonly string[];
  take: TakeNode;
  /** Indices of the nodes before the last one. */
  inside: ReadonlySet<number>;
  /** The node that an obstacle names. */
  named: GraphNode;
}

/** The nodes of a composition, gathered from its last one backwards. */
export class Gathering {
  readonly inside = new Set<number>();

  constructor(
    private readonly graph: NetworkGraph,
    private readonly last: GraphNode,
  ) {}

  /** The node that makes a value, identities passed; null where it is of another operator. */
  before(name: string, opType: string): GraphNode | null {
    const at = this.graph.values.get(name)?.producer ?? -1;
    const node = at < 0 ? null : this.graph.nodes[at];
    if (!node || node.domain !== '' || (node.opType !== opType && node.opType !== 'Identity')) return null;
    this.inside.add(at);
    return node.opType === opType ? node : this.before(node.inputs[0], opType);
  }

  /** Whether no node but these reads what they make on the way to the last one. */
  get closed(): boolean {
    return isClosed(this.graph, this.inside, this.last);
  }
}

/** Whether the nodes inside are read by each other and the last node only. */
export const isClosed = ({ nodes, values }: NetworkGraph, inside: ReadonlySet<number>, last: GraphNode): boolean =>
  [...inside].every((index) =>
    nodes[index].outputs.every((name) => {
      if (name === '') return true;
      const { consumers, isOutput } = values.get(name)!;
      return !isOutput && consumers.every((each) => each === last.index || inside.has(each));
    }),
  );

/** A node inside a composition with those of its inputs that come from outside. */
export function callInside(call: NodeCall, node: GraphNode): NodeCall {
  const inputs = node.inputs.map((name) => (name === '' ? null : call.held(call.node.inputs.indexOf(name))));
  return new NodeCall(node, call.taking, inputs);
}

export const distinct = (names: readonly string[]): string[] => [...new Set(names.filter((name) => name !== ''))];

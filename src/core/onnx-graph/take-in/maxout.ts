/** Maxout, which files compose of Split and Max. */
import { say } from '../../../words';
import { intOf } from '../attributes';
import type { GraphNode, NetworkGraph } from '../network';
import { callInside, distinct, Gathering, type Composed } from './composed';

/** The Max of all parts that one Split makes, in any order. */
export function maxoutAt(graph: NetworkGraph, last: GraphNode): Composed | null {
  if (last.opType !== 'Max') return null;
  const gathering = new Gathering(graph, last);
  const [split, ...others] = last.inputs.map((name) => gathering.before(name, 'Split'));
  if (!split || others.some((each) => each !== split)) return null;
  const parts = new Set(last.inputs.map((name) => partOf(graph, name)));
  const pieces = split.outputs.length;
  if (pieces < 2 || parts.size !== pieces || last.inputs.length !== pieces || !gathering.closed) return null;
  return {
    inputs: distinct(split.inputs),
    inside: gathering.inside,
    named: last,
    take(call) {
      const input = call.features(0);
      const channels = input.shape[input.shape.length - 1];
      const sizes = callInside(call, split).numbers('split', 1) ?? Array<number>(pieces).fill(channels / pieces);
      const even = sizes.every((size) => size === channels / pieces);
      const along = call.axisOf(input, intOf(split, 'axis', 0)) === input.shape.length - 1;
      if (!even || !along || input.places) call.refuse(say('take.operator', { operator: 'Max' }));
      return { ...call.emit('maxout', { pieces }, [input]), axes: input.axes };
    },
  };
}

/** A value without the identities before it. */
function partOf(graph: NetworkGraph, name: string): string {
  const node = graph.nodes[graph.values.get(name)!.producer];
  return node.opType === 'Identity' ? partOf(graph, node.inputs[0]) : name;
}

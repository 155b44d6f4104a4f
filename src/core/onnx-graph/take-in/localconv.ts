/** Locally connected layers: windows cut out by a convolution, and a matrix product at each place. */
import { say } from '../../../words';
import { channelsOf } from '../../geometry';
import { kernelsFromFile } from '../../layers/localconv';
import { sizeOf } from '../../tensor';
import type { GraphNode, NetworkGraph } from '../network';
import type { NodeCall } from './call';
import { callInside, distinct, Gathering, type Composed } from './composed';
import { resolvedShape } from './shapes';
import { featuresOf, type Constant, type Features } from './values';
import { slidingOver } from './window';

/** The nodes, in the file's order. */
interface Chain {
  conv: GraphNode;
  columns: GraphNode;
  rows: GraphNode;
  product: GraphNode;
  turned: GraphNode;
  map: GraphNode;
}

/** Conv, Reshape, Transpose, MatMul, Transpose and Reshape, and an Add of a constant where there is a bias. */
export function localConvAt(graph: NetworkGraph, last: GraphNode): Composed | null {
  if (last.opType !== 'Reshape' && last.opType !== 'Add') return null;
  const gathering = new Gathering(graph, last);
  const bias = last.opType === 'Add' ? last.inputs.find((name) => isConstant(graph, name)) : undefined;
  const sum = last.inputs.find((name) => name !== bias);
  if (last.opType === 'Add' && (bias === undefined || sum === undefined)) return null;
  const map = bias === undefined ? last : gathering.before(sum!, 'Reshape');
  const turned = map && gathering.before(map.inputs[0], 'Transpose');
  const product = turned && gathering.before(turned.inputs[0], 'MatMul');
  const rows = product && gathering.before(product.inputs[0], 'Transpose');
  const columns = rows && gathering.before(rows.inputs[0], 'Reshape');
  const conv = columns && gathering.before(columns.inputs[0], 'Conv');
  if (!conv || !gathering.closed) return null;
  const chain = { conv, columns, rows, product, turned, map };
  const inputs = [...conv.inputs, columns.inputs[1], product.inputs[1], map.inputs[1], bias ?? ''];
  return {
    inputs: distinct(inputs),
    inside: gathering.inside,
    named: product,
    take: (call) => taken(call, chain, bias === undefined ? null : call.needed(call.node.inputs.indexOf(bias))),
  };
}

function isConstant({ initializers, values, nodes }: NetworkGraph, name: string): boolean {
  return initializers.has(name) || nodes[values.get(name)?.producer ?? -1]?.opType === 'Constant';
}

function taken(call: NodeCall, chain: Chain, bias: Constant | null): Features {
  const weight = callInside(call, chain.product).needed(1);
  const refuse = (): never => call.refuse(say('take.matrix', { shape: weight.shape.join(' × ') }));
  const windows = callInside(call, chain.conv);
  const cells = windows.needed(1);
  const [depth, , ...kernel] = cells.shape;
  const { input, ...sliding } = slidingOver(windows, kernel.length);
  const [places, inputs, filters] = weight.shape;
  const channels = channelsOf(input.shape);
  if (
    windows.constant(2) ||
    !cutsOut(cells, channels, windows.int('group', 1)) ||
    weight.shape.length !== 3 ||
    inputs !== depth ||
    !isOrder(call, chain.rows, [2, 0, 1]) ||
    !isOrder(call, chain.turned, [1, 2, 0])
  )
    return refuse();
  const flat = shapeAsked(call, chain.columns, [input.batch, depth, places]);
  const [batch, maps, ...spatial] = shapeAsked(call, chain.map, [input.batch, filters, places]);
  if (flat.join() !== [input.batch, depth, places].join() || batch !== input.batch || maps !== filters) return refuse();
  const shape = [...spatial, filters];
  const settings = { filters, kernel, ...sliding, bias: bias !== null };
  const found = call.emit('localconv', settings, [input], {
    kernels: kernelsFromFile({ filters, kernel }, input.shape, Float32Array.from(weight.numbers()), places),
    bias: bias && call.perUnit(bias, featuresOf('', shape, input.batch)),
  });
  return found.shape.join() === shape.join() ? found : refuse();
}

/** The shape that a Reshape asks for; -1 counts what is left of `dims`. */
const shapeAsked = (call: NodeCall, node: GraphNode, dims: readonly number[]): number[] =>
  resolvedShape(dims, callInside(call, node).numbers('shape', 1) ?? []);

const isOrder = (call: NodeCall, node: GraphNode, order: readonly number[]): boolean =>
  callInside(call, node).ints('perm')?.join() === order.join();

/** Whether kernel i of each channel is 1 at cell i and 0 elsewhere, so that the convolution's output is that cell. */
function cutsOut({ shape, numbers }: Constant, channels: number, groups: number): boolean {
  const area = sizeOf(shape.slice(2));
  if (groups !== channels || shape[0] !== channels * area || shape[1] !== 1) return false;
  return numbers().every((value, at) => value === (at % area === Math.floor(at / area) % area ? 1 : 0));
}

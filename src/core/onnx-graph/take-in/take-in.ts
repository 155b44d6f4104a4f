import { say, type Message } from '../../../words';
import { buildGraph } from '../../model/build';
import { paramKey, type Graph, type ParamSet } from '../../model/graph';
import { INPUT, SpecError, type InputSpec, type ModelSpec } from '../../model/spec';
import { sizeOf, type FeatureShape } from '../../tensor';
import { valueOfTensor } from '../../onnx/tensor-data';
import type { GraphNode, NetworkGraph, OnnxNetwork } from '../network';
import { NodeCall } from './call';
import { constants, constantTensor, type TensorOf } from './constants';
import type { Composed } from './composed';
import { composedFunctions } from './functions';
import { localConvAt } from './localconv';
import { maxoutAt } from './maxout';
import { levelAt } from './pyramid';
import { operators } from './table';
import { Obstacle, obstacleAt, Taking, type Scaling } from './taking';
import { BATCH, featuresOf, UNKNOWN, type Features, type Held } from './values';

/** What the file leaves open about its input. */
export interface TakeInInput {
  name: string;
  /** Sizes of every axis, the batch first. */
  dims: readonly number[];
  /** Where channels lie in an input of three axes or more. */
  layout: 'NCHW' | 'NHWC';
  /** The picture that a flat input is made of, `[H, W, C]`; null where it is none. */
  picture: FeatureShape | null;
}

/** A foreign network as one of ours. */
export interface TakenIn {
  graph: Graph;
  params: ParamSet;
  /** The file's input, as our input holds it. */
  input: Features;
  /** What the file does to its input's channels before anything else, which the layers do not do. */
  scaling: Scaling | null;
  /** What each value of the file is among ours, by name; without those that were folded away. */
  values: ReadonlyMap<string, Features>;
  /** The file's output. */
  output: string;
}

export type TakeInResult = { taken: TakenIn; obstacles: [] } | { taken: null; obstacles: Message[] };

/**
 * Turns a file's graph into layers of ours with the file's weights.
 * @param tensorOf the values of a tensor of the file; the file's own where left out.
 * @returns the network, or all that stands in the way, each with its node.
 */
export function takeIn(network: OnnxNetwork, given: TakeInInput, tensorOf: TensorOf = valueOfTensor): TakeInResult {
  const { graph, opsets } = network;
  const refused = (...obstacles: Message[]): TakeInResult => ({ taken: null, obstacles });
  if (graph.outputs.length !== 1) return refused(say('take.outputs', { outputs: [...graph.outputs] }));
  const [output] = graph.outputs;
  const needed = nodesBehind(graph, output);
  const inputs = graph.inputs.filter(
    (name) => graph.values.get(name)!.consumers.some((index) => needed.has(index)) || name === output,
  );
  if (inputs.length !== 1 || inputs[0] !== given.name) return refused(say('take.inputs', { inputs }));
  const placed = inputOf(given);
  if (!placed) return refused(say('take.input', { name: given.name, shape: given.dims.join(' × ') }));

  const taking = new Taking(
    opsets.find(({ domain }) => domain === '')?.version ?? 1,
    given.dims[0],
    placed.features.shape,
  );
  const input = { ...placed.features, alone: isAlone(graph, given.name) };
  const held = new Map<string, Held>([[given.name, input]]);
  for (const [name, tensor] of graph.initializers) held.set(name, constantTensor(tensor, tensorOf));
  const obstacles: Message[] = [];
  const gone = new Set<string>();
  const compositions = new Map([...composedFunctions(graph, tensorOf), ...composedLayers(graph)]);
  const inside = new Set([...compositions.values()].flatMap((each) => [...each.inside]));
  for (const node of graph.nodes) {
    if (!needed.has(node.index) || inside.has(node.index)) continue;
    const composed = compositions.get(node.index);
    const found = composed ? takeComposed(composed, node, taking, held) : takeNode(node, taking, held, tensorOf);
    if (found instanceof Obstacle) obstacles.push(obstacleAt(composed?.named ?? node, found.reason));
    const { folded } = taking;
    if (folded !== null)
      for (const [name, each] of held) if (each.is === 'features' && each.layer === folded) gone.add(name);
    taking.folded = null;
    node.outputs.forEach((name, at) => {
      if (name !== '') held.set(name, found instanceof Obstacle ? UNKNOWN : known(found[at], name, node, graph, held));
    });
  }
  if (obstacles.length > 0) return { taken: null, obstacles };
  for (const name of gone) held.delete(name);
  return finished(taking, { ...placed, features: input }, held, output, graph);
}

/** Takes one node in, or says what stands in the way; behind such a one nodes are looked at for themselves. */
export function takeNode(
  node: GraphNode,
  taking: Taking,
  held: ReadonlyMap<string, Held>,
  tensorOf: TensorOf,
): Held[] | Obstacle {
  const inputs = node.inputs.map((name) => (name === '' ? null : (held.get(name) ?? UNKNOWN)));
  const all = inputs.every((each) => each === null || each.is === 'constant');
  const known = node.domain === '' && Object.hasOwn(operators, node.opType);
  const fold = node.domain === '' && Object.hasOwn(constants, node.opType) ? constants[node.opType] : null;
  // What is computed from an unknown value is unknown too; its obstacle is told where it arose.
  if (fold && inputs.some((each) => each?.is === 'unknown')) return node.outputs.map(() => UNKNOWN);
  if (!known && !(all && fold)) {
    const operator = node.domain === '' ? node.opType : `${node.domain}:${node.opType}`;
    return new Obstacle(say(all && inputs.length > 0 ? 'take.constant-operator' : 'take.operator', { operator }));
  }
  return attempt(node, inputs, () => {
    const call = new NodeCall(node, taking, inputs);
    return all && fold ? fold(call, tensorOf) : operators[node.opType](call);
  });
}

/** Layers that files compose of several operators, by the index of the node that ends each. */
function composedLayers(graph: NetworkGraph): Map<number, Composed> {
  const found = new Map<number, Composed>();
  for (const node of graph.nodes) {
    if (node.domain !== '') continue;
    const composed = maxoutAt(graph, node) ?? levelAt(graph, node) ?? localConvAt(graph, node);
    if (composed) found.set(node.index, composed);
  }
  return found;
}

function takeComposed(
  composed: Composed,
  node: GraphNode,
  taking: Taking,
  held: ReadonlyMap<string, Held>,
): Held[] | Obstacle {
  const inputs = composed.inputs.map((name) => held.get(name) ?? UNKNOWN);
  const reading = { ...node, inputs: [...composed.inputs] };
  return attempt(node, inputs, () => composed.take(new NodeCall(reading, taking, inputs)));
}

function attempt(node: GraphNode, inputs: readonly (Held | null)[], take: () => Held | Held[]): Held[] | Obstacle {
  if (inputs.some((each) => each?.is === 'unknown')) return node.outputs.map(() => UNKNOWN);
  try {
    const found = take();
    return Array.isArray(found) ? found : [found];
  } catch (error) {
    if (error instanceof Obstacle) return error;
    throw error;
  }
}

/** A node's output: features are alone while one node reads them, and each value that they pass through. */
function known(
  found: Held | undefined,
  name: string,
  node: GraphNode,
  graph: NetworkGraph,
  held: ReadonlyMap<string, Held>,
): Held {
  if (found?.is !== 'features') return found ?? UNKNOWN;
  const through = node.inputs.some((each) => {
    const input = held.get(each);
    return input?.is === 'features' && input.layer === found.layer;
  });
  return { ...found, alone: isAlone(graph, name) && (!through || found.alone) };
}

const isAlone = ({ values }: NetworkGraph, name: string): boolean => {
  const { consumers, isOutput } = values.get(name)!;
  return consumers.length === 1 && !isOutput;
};

/** Indices of the nodes that an output depends on. */
function nodesBehind({ values, nodes }: NetworkGraph, output: string): Set<number> {
  const found = new Set<number>();
  const open = [output];
  while (open.length > 0) {
    const at = values.get(open.pop()!)?.producer ?? -1;
    if (at < 0 || found.has(at)) continue;
    found.add(at);
    open.push(...nodes[at].inputs.filter(Boolean));
  }
  return found;
}

/** Our input for the file's, null for a shape that no input of ours has. */
function inputOf({ dims, layout, picture }: TakeInInput): { spec: InputSpec; features: Features } | null {
  const [batch, ...sizes] = dims;
  if (sizes.length === 0 || sizes.length > 4 || dims.some((size) => !(size >= 1))) return null;
  const long = sizes.filter((size) => size !== 1);
  if (picture && (long.length === 1 || sizes.length < 3) && sizeOf(picture) === sizeOf(sizes)) {
    const features = featuresOf(INPUT, picture, batch);
    const [height, width, channels] = picture;
    const spec = { height, width, channels };
    if (layout === 'NHWC' && channels > 1) return null;
    return { spec, features: { ...features, view: sizes } };
  }
  if (sizes.length === 1) {
    const shape = [1, 1, sizes[0]];
    return {
      spec: { height: 1, width: 1, channels: sizes[0] },
      features: { ...featuresOf(INPUT, shape, batch), view: sizes },
    };
  }
  const last = layout === 'NHWC';
  const shape = last ? sizes : [...sizes.slice(1), sizes[0]];
  const channels = shape[shape.length - 1];
  const features = featuresOf(INPUT, shape, batch);
  const axes = last ? [BATCH, ...shape.map((_, axis) => axis)] : features.axes;
  const [a, b, c] = shape;
  const spec: InputSpec =
    shape.length === 2
      ? { length: a, channels }
      : shape.length === 3
        ? { height: a, width: b, channels }
        : { depth: a, height: b, width: c, channels };
  return { spec, features: { ...features, axes } };
}

function finished(
  taking: Taking,
  { spec: input, features }: { spec: InputSpec; features: Features },
  held: ReadonlyMap<string, Held>,
  output: string,
  graph: NetworkGraph,
): TakeInResult {
  const refused = (reason: Message): TakeInResult => ({ taken: null, obstacles: [reason] });
  const given = held.get(output);
  if (given?.is !== 'features') return refused(say('take.output-constant', { output }));
  const node = graph.nodes[graph.values.get(output)!.producer];
  const last = taking.settled(given, node);
  if (last.layer === INPUT) return refused(say('take.no-layers'));
  if (last.places) return refused(obstacleAt(node, say('take.output-order', { output })));
  const layers = layersBehind(taking.layers, last.layer);
  const values = new Map([...held].flatMap(([name, each]) => (each.is === 'features' ? [[name, each] as const] : [])));
  values.set(output, last);
  try {
    const built = buildGraph({ input, layers } satisfies ModelSpec);
    const keys = new Set(
      built.layers.flatMap((layer) => layer.params.map((param) => paramKey(layer.name, param.name))),
    );
    const params = new Map([...taking.params].filter(([key]) => keys.has(key)));
    return { taken: { graph: built, params, input: features, scaling: taking.scaling, values, output }, obstacles: [] };
  } catch (error) {
    if (error instanceof SpecError) return refused(error.reason);
    throw error;
  }
}

/** The layers that one depends on, itself included, in their order; layers that only lent their shape go. */
function layersBehind(layers: Taking['layers'], last: string): Taking['layers'] {
  const needed = new Set([last]);
  for (const { name, inputs } of [...layers].reverse())
    if (needed.has(name)) inputs.forEach((each) => needed.add(each));
  return layers.filter(({ name }) => needed.has(name));
}

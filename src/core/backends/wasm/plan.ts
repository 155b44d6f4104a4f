import { maxpool } from '../../layers/maxpool';
import { isOf, type Graph, type GraphLayer } from '../../model/graph';
import { asMap, channelsOf } from '../../geometry';
import type { FeatureShape } from '../../tensor';
import { convShape, isPlanar, planConv, winogradTile, type ConvPlan } from './conv-plan';
import type { FusedGraph, Keep, Node } from './fuse';
import { isDense, joinHalos, makeLayout, NO_HALO, type Halo, type Layout } from './layout';
import type { Region } from './memory';
import { isPlaneConv, planeOf } from './plane';
import { GROUP } from './shards';
import type { Gradient, Value } from './values';

/** The graph's layout in memory. */
export interface Plan {
  readonly values: ReadonlyMap<number, Value>;
  /** Per node that is a convolution. */
  readonly convs: ReadonlyMap<Node, ConvPlan>;
  /** Runs of nodes that need one image at a time; a node that needs the whole batch is a phase alone. */
  readonly phases: readonly Phase[];
}

export interface Phase {
  readonly nodes: readonly Node[];
  /** True for dense layers and batch norm: the threads do not share it out by images alone. */
  readonly batch: boolean;
}

/** Dense layers with fewer weights go with the images: sharing out their panels would cost more than it saves. */
const SMALL_DENSE = 8192;

/** Whether a layer works on the whole batch, so that the threads do not share it out by images alone. */
export function isWholeBatch({ definition, traits, inputShapes, outputShape }: GraphLayer): boolean {
  if (definition.inTraining === 'batch') return true;
  return traits.weights === 'matrix' && inputShapes[0][0] * outputShape[0] >= SMALL_DENSE;
}

export interface PlanOptions {
  readonly keep: Keep;
  /** Layers whose gradients are kept; −1 is the image. */
  readonly kept: ReadonlySet<number>;
  readonly maxBatch: number;
  /** Values from whose gradient a backward pass may start, apart from the last; with keep `all` every one. */
  readonly starts: readonly number[];
  /** Address of the given dense batch: it is the image's value unless a layer reads a halo around it. */
  readonly input: number;
  /** Memory that all threads share, and memory of this thread. */
  readonly shared: Region;
  readonly own: Region;
}

export function planGraph(graph: Graph, fused: FusedGraph, options: PlanOptions): Plan {
  const { keep, kept, maxBatch, starts, shared, own } = options;
  const readers = new Map<number, Node[]>([[-1, []]]);
  for (const node of fused.nodes) readers.set(node.output, []);
  for (const node of fused.nodes) for (const input of node.inputs) readers.get(input)?.push(node);
  const readersOf = (value: number): Node[] => readers.get(value) ?? [];
  const shapeOf = (value: number): FeatureShape => (value < 0 ? graph.inputShape : graph.layers[value].outputShape);
  const producers = new Map(fused.nodes.map((node) => [node.output, node]));

  const keptValues = new Set([...kept].flatMap((layer) => (layer < 0 ? -1 : (fused.valueOf[layer] ?? []))));
  const lanes = chooseLanes(fused.nodes, readersOf);
  const convs = new Map<Node, ConvPlan>();
  for (const node of fused.nodes) {
    if (!isPlaneConv(node.spec)) continue;
    const [reader] = readersOf(node.output);
    const pooled = keep === 'training' && node.relu && readersOf(node.output).length === 1 && isFastPool(reader.spec);
    const shape = convShape(node);
    convs.set(
      node,
      planConv(shape, {
        channels: lanes.get(node.inputs[0]) ?? shape.channels,
        filters: lanes.get(node.output) ?? shape.filters,
        planar: pooled && node.inputs[0] < 0 && !keptValues.has(-1) && isPlanar(shape),
        trim: pooled,
      }),
    );
  }

  const phases = makePhases(fused.nodes);
  const phaseOf = new Map(phases.flatMap((phase) => phase.nodes.map((node) => [node, phase] as const)));
  const wanted = wantedGradients(fused.nodes, keptValues);
  const values = new Map<number, Value>();
  for (const id of [-1, ...fused.nodes.map((node) => node.output)]) {
    const producer = producers.get(id) ?? null;
    const own_ = producer && convs.get(producer);
    const shape = own_ ? ([own_.outHeight, own_.outWidth, channelsOf(shapeOf(id))] as const) : shapeOf(id);
    const halo = readersOf(id).reduce(
      (sum, reader) => joinHalos(sum, convs.get(reader)?.inputHalo ?? NO_HALO),
      NO_HALO,
    );
    const layout = makeLayout(shape, lanes.get(id), halo);
    const planar = own_?.forward === 'planar';
    const given = id < 0 && isDense(layout);
    values.set(id, {
      id,
      layout,
      // Planes of the first layer are kept by its own lowering.
      address: planar ? 0 : given ? options.input : shared.floats(maxBatch * layout.image),
      producer,
      readers: readersOf(id),
      trimmed: own_?.trimmed ?? false,
      gradient: wanted.has(id) && !planar ? placeGradient(id, layout) : null,
    });
  }
  return { values, convs, phases };

  function placeGradient(id: number, layout: Layout): Gradient {
    const producer = producers.get(id);
    const all = readersOf(id);
    const home = producer && phaseOf.get(producer);
    const start = keptValues.has(id) || starts.includes(id) || all.length === 0;
    const whole = start || !home || home.batch || all.some((reader) => phaseOf.get(reader) !== home);
    const joined = all.length > 1;
    const needed: Halo = (producer && convs.get(producer)?.errorHalo) ?? NO_HALO;
    const [reader] = all;
    const conv = reader && convs.get(reader);
    const adoptable = !joined && conv?.paddedGradient === true && isNone(needed);
    const size = [layout.height, layout.width, layout.channels] as const;
    const place = makeLayout(size, layout.lanes, adoptable ? conv.inputHalo : needed);
    const relu = producer?.relu === true;
    const readerMasks = !joined && reader && (isMaskingPool(reader) || (conv?.paddedGradient === true && !adoptable));
    const count = whole ? maxBatch : Math.min(GROUP, maxBatch);
    return {
      layout: place,
      address: (whole ? shared : own).floats(count * place.image),
      whole,
      joined,
      border: adoptable ? 'spoiled' : 'zeros',
      maskedBy: relu ? (readerMasks ? 'reader' : 'producer') : 'none',
    };
  }
}

const isNone = (halo: Halo): boolean => halo.top + halo.left + halo.bottom + halo.right === 0;

/** Max pooling 2×2 with stride 2, without padding, all windows inside the map. */
export function isFastPool(spec: GraphLayer): boolean {
  if (!isOf(spec, maxpool)) return false;
  const window = planeOf(spec);
  if (!window) return false;
  const two = [...window.kernel, ...window.stride].every((each) => each === 2);
  const one = window.dilation.every((each) => each === 1);
  const [height, width] = asMap(spec.inputShapes[0]);
  const [outHeight, outWidth] = asMap(spec.outputShape);
  const inside = outHeight * 2 <= height && outWidth * 2 <= width;
  return two && one && inside && window.pad.every((each) => each === 0);
}

/** Whether the fast pooling also does the backward pass of the ReLU before it. */
function isMaskingPool(node: Node): boolean {
  return isFastPool(node.spec);
}

/** Kinds that keep a zero channel zero, so that surplus lanes may pass through them. */
const KEEPS_ZERO = new Set(['relu', 'relu6', 'leakyrelu', 'gelu', 'silu', 'hardswish', 'maxpool']);

/**
 * Channels rounded up to lanes of 8 where that lets a convolution use Winograd. Surplus lanes hold zeros: their
 * weights are zero, and so stay all gradients that reach them.
 */
function chooseLanes(nodes: readonly Node[], readersOf: (value: number) => Node[]): Map<number, number> {
  const lanes = new Map<number, number>();
  // The loss reads the network's output without surplus lanes.
  const takes = (value: number): boolean =>
    readersOf(value).length > 0 &&
    readersOf(value).every((reader) => {
      if (isPlaneConv(reader.spec)) return convShape(reader).groups === 1;
      if (reader.spec.traits.weights === 'matrix') return true; // through a flatten that was left out
      return KEEPS_ZERO.has(reader.spec.kind) && takes(reader.output);
    });
  const gains = (value: number): boolean =>
    readersOf(value).some((reader) =>
      isPlaneConv(reader.spec)
        ? winogradTile(convShape(reader)) > 0
        : KEEPS_ZERO.has(reader.spec.kind) && gains(reader.output),
    );
  for (const node of nodes) {
    const inherited = lanes.get(node.inputs[0]);
    if (KEEPS_ZERO.has(node.spec.kind) && inherited) lanes.set(node.output, inherited);
    if (!isPlaneConv(node.spec)) continue;
    const shape = convShape(node);
    if (shape.filters % 8 === 0 || shape.groups !== 1) continue;
    if (takes(node.output) && (winogradTile(shape) > 0 || gains(node.output)))
      lanes.set(node.output, Math.ceil(shape.filters / 8) * 8);
  }
  return lanes;
}

function makePhases(nodes: readonly Node[]): Phase[] {
  const phases: { nodes: Node[]; batch: boolean }[] = [];
  for (const node of nodes) {
    const batch = isWholeBatch(node.spec);
    const last = phases.at(-1);
    if (last && !last.batch && !batch) last.nodes.push(node);
    else phases.push({ nodes: [node], batch });
  }
  return phases;
}

/** Values whose gradient something before them needs: all after the first trained parameter or after one that is kept. */
function wantedGradients(nodes: readonly Node[], kept: ReadonlySet<number>): Set<number> {
  const wanted = new Set(kept);
  for (const node of nodes) {
    const trains = node.spec.params.some((param) => param.trainable);
    if (trains || node.inputs.some((input) => wanted.has(input))) wanted.add(node.output);
  }
  return wanted;
}

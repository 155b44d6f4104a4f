import type { OptimizerSettings } from '../executor';
import type { Kernels } from '../../kernels/wasm/exports';
import type { WasmMemory } from '../../kernels/wasm/webassembly';
import { logitsOf, type Graph } from '../../model/graph';
import type { LossSettings } from '../../train/class-loss';
import { optimizerSlots } from '../../train/optimizers';
import { fuse, type FusedGraph, type Keep, type Node } from './fuse';
import { lowerNode, requestParams } from './lower/index';
import { lowerLoss, type Loss } from './lower/loss';
import type { Lowered, Lowering, Preparation, Run } from './lower/lowering';
import { Region } from './memory';
import { fusesUpdate, Optimizer } from './optimizer';
import { placeParams, type ParamStore } from './params';
import { planGraph, type Plan } from './plan';

/** What the threads of one executor have in common. */
export interface Blueprint {
  readonly graph: Graph;
  readonly maxBatch: number;
  readonly keep: Keep;
  /** Layers whose gradients are kept; −1 is the input. With keep `all` all are. */
  readonly keepGradients: readonly number[];
  /** Null for an executor that does not learn. */
  readonly optimizer: OptimizerSettings | null;
  readonly lossSettings: LossSettings;
  readonly threads: number;
}

/** Addresses of the regions of memory; the same for all threads. */
export interface MemoryMap {
  readonly shared: number;
  /** Each thread's own region, and the scratch at its start. */
  readonly own: number;
  readonly ownBytes: number;
  readonly scratchBytes: number;
  readonly end: number;
}

/** Addresses of what goes in and out besides values and parameters. */
export interface Exchange {
  /** The batch as it is given: dense NHWC. */
  readonly input: number;
  readonly labels: number;
  /** Of pictures mixed of two: the class of the second, and the share of the first. */
  readonly others: number;
  readonly shares: number;
  readonly losses: number;
  readonly hits: number;
  /** Sample indices, doubles. */
  readonly samples: number;
  /** Scratch of the main thread: doubles. */
  readonly moments: number;
}

/** A graph as one thread runs it. */
export interface Compiled {
  readonly fused: FusedGraph;
  /** Layers whose gradients can be had after a backward pass; −1 is the input. */
  readonly kept: ReadonlySet<number>;
  readonly plan: Plan;
  readonly store: ParamStore;
  readonly lowering: Lowering;
  readonly lowered: ReadonlyMap<Node, Lowered>;
  readonly preparations: readonly Preparation[];
  readonly optimizer: Optimizer | null;
  readonly exchange: Exchange;
  readonly loss: Loss;
  /** The layer whose output the loss takes. */
  readonly logits: number;
}

function keptGradients({ graph, keep, keepGradients }: Blueprint): Set<number> {
  const { length } = graph.layers;
  if (keep === 'all') return new Set([-1, ...graph.layers.keys()]);
  const wrong = keepGradients.find((each) => !Number.isInteger(each) || each < -1 || each >= length);
  if (wrong !== undefined) throw new Error(`keepGradients: found ${wrong}, expected layers from -1 to ${length - 1}`);
  return new Set(keepGradients);
}

/** Lays the graph out and lowers every node to kernel calls. Deterministic: all threads find the same addresses. */
export function compile(
  blueprint: Blueprint,
  kernels: Kernels,
  memory: WasmMemory,
  run: Run,
  shared: Region,
  own: Region,
): Compiled {
  const { graph, maxBatch, keep } = blueprint;
  const kept = keptGradients(blueprint);
  const fused = fuse(graph, keep, kept);
  const exchange: Exchange = {
    input: shared.floats(maxBatch * graph.inputShape.reduce((a, b) => a * b, 1)),
    labels: shared.bytes(maxBatch * 4),
    others: shared.bytes(maxBatch * 4),
    shares: shared.floats(maxBatch),
    losses: shared.floats(maxBatch),
    hits: shared.bytes(maxBatch * 4),
    samples: shared.bytes(maxBatch * 8),
    moments: shared.bytes(24),
  };
  const logits = logitsOf(graph);
  const plan = planGraph(graph, fused, { keep, kept, maxBatch, starts: [logits], input: exchange.input, shared, own });
  const { optimizer: settings } = blueprint;
  const requests = fused.nodes.flatMap((node) => requestParams(node, plan, fusesUpdate(settings)));
  const store = placeParams(graph, requests, settings ? optimizerSlots[settings.kind].length : 0, shared);
  const lowering: Lowering = { k: kernels, memory, graph, plan, store, run, maxBatch, shared, own, planes: new Map() };
  const lowered = new Map(fused.nodes.map((node) => [node, lowerNode(node)(node, lowering)]));
  const preparations = [...lowered.values()].flatMap((each) => each.prepare ?? []);
  const optimizer = settings && new Optimizer(kernels, memory, store, settings, run.thread, run.threads, shared);
  const loss = lowerLoss(logits, lowering, blueprint.lossSettings, exchange);
  return { fused, kept, plan, store, lowering, lowered, preparations, optimizer, exchange, loss, logits };
}

/** Lays the graph out once to measure how much memory it needs. @param base the first free address. */
export function measure(blueprint: Blueprint, kernels: Kernels, memory: WasmMemory, base: number): MemoryMap {
  const shared = new Region(base);
  const own = new Region(0);
  const run: Run = { thread: 0, threads: blueprint.threads, n: 0, training: false, shard: 0, update: null, draw: null };
  compile(blueprint, kernels, memory, run, shared, own);
  const scratchBytes = own.scratchUsed;
  // Own regions must not lie a power of two apart: threads would share cache sets.
  const ownBytes = own.end + scratchBytes + 4096 + 64;
  return { shared: base, own: shared.end, ownBytes, scratchBytes, end: shared.end + ownBytes * blueprint.threads };
}

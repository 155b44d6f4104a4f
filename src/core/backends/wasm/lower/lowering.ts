import type { Draw } from '../../executor';
import type { Kernels } from '../../../kernels/wasm/exports';
import type { WasmMemory } from '../../../kernels/wasm/webassembly';
import type { Graph } from '../../../model/graph';
import type { Node } from '../fuse';
import type { Region } from '../memory';
import type { ParamStore } from '../params';
import type { Plan } from '../plan';

/** What this thread is doing; the same object for the whole life of a program. */
export interface Run {
  readonly thread: number;
  readonly threads: number;
  /** Samples in the batch. */
  n: number;
  training: boolean;
  /** The shard whose images are going through. */
  shard: number;
  /** Not null within a training step whose kernels update weights as they compute the gradients. */
  update: { rate: number; decay: number } | null;
  draw: Draw | null;
}

/** One node as kernel calls on images [first, first + count). */
export interface LocalOp {
  forward(first: number, count: number): void;
  /** Of one group of images: gradients that are not whole start at the group's first image. */
  backward(first: number, count: number): void;
  /** After the last image of a shard, whose backward pass is then one thread's. */
  endShard?(): void;
}

/** One thread's part of a step over the whole batch. It reads and writes all images, so a barrier comes before and after it. */
export interface BatchStep {
  run(): void;
}

/** The work for the images of one shard, done by any thread. */
export interface ShardStep {
  /** Called for images [first, first + count) in their order: a group at a time, or once for all, even for none. */
  shard(first: number, count: number, shard: number): void;
  readonly grouped: boolean;
  /** It reads results of other shards: after a barrier, every thread runs this first. */
  begin?(): void;
}

export type Step = BatchStep | ShardStep;

/** A node that works on the whole batch. */
export interface BatchOp {
  readonly forward: readonly Step[];
  readonly backward: readonly Step[];
}

/** Weights in another form, made by one thread each time that the weights have changed. */
export interface Preparation {
  /** Floats that are read and written, to share the work out. */
  readonly cost: number;
  /** Whether the forward pass reads it; if not, it is made only where gradients will be asked for. */
  readonly forward: boolean;
  /** @param backward whether gradients will be asked for, too. */
  run(backward: boolean): void;
}

export interface Lowered {
  readonly local?: LocalOp;
  readonly batch?: BatchOp;
  readonly prepare?: readonly Preparation[];
}

/** The planes between the first convolution and its pooling, which the two nodes share (./planar). */
export interface Planes {
  readonly row: number;
  readonly plane: number;
  /** Planes of all images, and the distance between images in bytes. */
  readonly y: number;
  readonly image: number;
  /** Gradients of one image, of this thread. */
  readonly dy: number;
  /** Sums of a shard's weight gradients, of this thread. */
  readonly partial: number;
}

/** What a lowering gets. */
export interface Lowering {
  readonly k: Kernels;
  readonly memory: WasmMemory;
  readonly graph: Graph;
  readonly plan: Plan;
  readonly store: ParamStore;
  readonly run: Run;
  readonly maxBatch: number;
  readonly shared: Region;
  readonly own: Region;
  /** By the convolution's node. */
  readonly planes: Map<Node, Planes>;
}

export type Lower = (node: Node, context: Lowering) => Lowered;

/** The address of the current shard's gradient of a sharded parameter. */
export function shardGradient(context: Lowering, gradient: number): number {
  return gradient + context.run.shard * context.store.shardStride;
}

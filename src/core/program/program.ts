import type { Kernels } from '../kernels/wasm/exports';
import type { WasmMemory } from '../kernels/wasm/webassembly';
import { compile, type Blueprint, type Compiled, type MemoryMap } from './compile';
import { Command, type Control, type Order } from './control';
import type { Node } from './fuse';
import type { BatchOp, LocalOp, Preparation, Run, Step } from './lower/lowering';
import { zeroGradient } from './lower/padded-gradient';
import { Region } from './memory';
import { GROUP, SHARDS, shardRange } from './shards';
import { errors, pixels, type Gradient, type Value } from './values';

/** A phase with only the nodes that a certain pass needs. */
interface Pass {
  readonly local: readonly LocalOp[];
  readonly batch: BatchOp | null;
  /** Gradients of one group that several readers add to. */
  readonly joined: readonly Gradient[];
}

/** What one thread runs: its part of every command. All threads go through the same phases and meet at the same barriers. */
export class Program {
  readonly compiled: Compiled;
  private readonly run: Run;
  private readonly passes = new Map<number, Pass[]>();
  private readonly ownPreparations: readonly Preparation[];
  /** Whether a barrier must come before anything else. */
  private pending = false;

  constructor(
    blueprint: Blueprint,
    private readonly k: Kernels,
    private readonly memory: WasmMemory,
    private readonly control: Control,
    thread: number,
    map: MemoryMap,
  ) {
    this.run = { thread, threads: blueprint.threads, n: 0, training: false, shard: 0, update: null, draw: null };
    const shared = new Region(map.shared);
    const own = new Region(map.own + thread * map.ownBytes, map.scratchBytes);
    this.compiled = compile(blueprint, k, memory, this.run, shared, own);
    this.ownPreparations = shareOut(this.compiled.preparations, blueprint.threads)[thread];
  }

  /** This thread's part of a command, up to the barrier that ends it. */
  execute(command: Command): void {
    const { order } = this.control;
    this.begin(command, order);
    switch (command) {
      case Command.Forward:
        this.forward(ALL);
        break;
      case Command.Evaluate:
        this.forward(this.compiled.logits);
        this.loss(false);
        break;
      case Command.Train:
        this.forward(this.compiled.logits);
        this.loss(true);
        this.backward(this.compiled.logits);
        this.update(order);
        break;
      case Command.Backward:
        this.backward(order.from);
        this.control.barrier();
        this.reduce();
        break;
      case Command.Exit:
        return;
    }
    this.control.barrier();
  }

  /** What comes before the first layer: weights in their other forms, zeroed gradients, the batch in its place. */
  private begin(command: Command, order: Order): void {
    const { run, compiled } = this;
    run.n = order.n;
    run.training = order.training;
    run.update =
      command === Command.Train && compiled.optimizer
        ? { rate: order.rate, decay: compiled.optimizer.settings.weightDecay }
        : null;
    const samples = new Float64Array(this.memory.buffer, compiled.exchange.samples, order.n);
    run.draw = order.training ? { seed: order.seed, epoch: order.epoch, samples } : null;
    if (order.prepare > 0) for (const each of this.ownPreparations) each.run(order.prepare > 1);
    if (command === Command.Train || command === Command.Backward) {
      this.zeroGradients(command === Command.Train ? compiled.logits : order.from);
    }
    if (command !== Command.Backward) this.eachShard((first, count) => this.loadInput(first, count));
    this.pending = order.prepare > 0;
  }

  /** Runs a step after the barriers that it and the one before it need. */
  private step({ run, meets, leaves }: Step): void {
    if (meets || this.pending) this.control.barrier();
    this.pending = leaves;
    run();
  }

  private loadInput(first: number, count: number): void {
    const { plan, exchange } = this.compiled;
    const image = plan.values.get(-1);
    if (!image) return;
    const { layout } = image;
    const length = layout.width * layout.channels;
    for (let i = first; i < first + count; i++) {
      const from = exchange.input + i * layout.height * length * 4;
      this.k.copyRows(from, length, pixels(image, i), layout.row, layout.height, length);
    }
  }

  private zeroGradients(from: number): void {
    const { store, plan, lowering } = this.compiled;
    const { sharded, batch } = store.zero;
    for (let shard = this.run.thread; shard < SHARDS; shard += this.run.threads) {
      this.k.fillZero(sharded.address + shard * store.shardStride, sharded.bytes);
    }
    if (this.run.thread === 0) for (const each of batch) this.k.fillZero(each.address, each.bytes);
    for (const value of plan.values.values()) {
      const { gradient, id } = value;
      if (!gradient?.whole || !gradient.joined || id === from) continue;
      this.eachShard((first, count) => zeroGradient(gradient, lowering, first, count));
    }
  }

  /** Runs what `target` depends on, or everything. */
  private forward(target: number): void {
    for (const { local, batch } of this.passesTo(target)) {
      if (batch) for (const step of batch.forward) this.step(step);
      else this.images(() => this.eachGroup((first, count) => local.forEach((op) => op.forward(first, count))));
    }
  }

  private backward(from: number): void {
    const { lowering } = this.compiled;
    for (const { local, batch, joined } of this.passesTo(from).toReversed()) {
      if (batch) {
        for (const step of batch.backward) this.step(step);
        continue;
      }
      const reversed = local.toReversed();
      const group = (first: number, count: number): void => {
        for (const gradient of joined) zeroGradient(gradient, lowering, first, count);
        for (const op of reversed) op.backward(first, count);
      };
      this.images(() => {
        this.eachGroup(group, () => {
          for (const op of local) op.endShard?.();
        });
      });
    }
  }

  /** A step on this thread's own images. */
  private images(run: () => void): void {
    this.step({ run, meets: false, leaves: false });
  }

  /** Calls `visit` for the groups of images of this thread's shards, and `end` after each shard. */
  private eachGroup(visit: (first: number, count: number) => void, end?: () => void): void {
    this.eachShard((first, count) => {
      for (let start = first; start < first + count; start += GROUP)
        visit(start, Math.min(GROUP, first + count - start));
      end?.();
    });
  }

  /** Loss, hits and, for training, the gradient of the logits: mean over the batch. */
  private loss(gradient: boolean): void {
    const { plan, exchange, logits } = this.compiled;
    const value = plan.values.get(logits);
    if (!value) throw new Error('the logits have no value');
    const { image } = value.layout;
    const ownRows = (first: number, count: number): void => {
      const target = gradient && value.gradient;
      this.k.softmaxCrossEntropy(
        pixels(value, first),
        image,
        count,
        image,
        exchange.labels + first * 4,
        0,
        exchange.losses + first * 4,
        exchange.hits + first * 4,
        target ? errors(target, first, first) : 0,
        target ? target.layout.image : 0,
        1 / this.run.n,
      );
    };
    this.images(() => this.eachShard(ownRows));
  }

  private update(order: Order): void {
    const { optimizer } = this.compiled;
    if (!optimizer) return;
    const { clipNorm } = optimizer.settings;
    this.control.barrier();
    if (clipNorm === 0) return optimizer.update(order.rate, order.step, 1, false);
    optimizer.reduce();
    this.control.barrier();
    optimizer.sumSquares();
    this.control.barrier();
    const norm = optimizer.norm();
    optimizer.update(order.rate, order.step, norm > clipNorm ? clipNorm / norm : 1, true);
  }

  /** Adds the shards' gradients up. */
  private reduce(): void {
    if (this.run.thread > 0) return;
    const { segments, shardStride } = this.compiled.store;
    for (const { gradient, count, shards } of segments) {
      if (shards > 1) this.k.reduceGradients(gradient, shardStride, shards, count, 0);
    }
  }

  /** Calls `visit` for each of this thread's shards that has images, with `run.shard` set. */
  private eachShard(visit: (first: number, count: number) => void): void {
    const { run } = this;
    for (let shard = run.thread; shard < SHARDS; shard += run.threads) {
      const { first, count } = shardRange(run.n, shard);
      if (count === 0) continue;
      run.shard = shard;
      visit(first, count);
    }
  }

  /** The phases with the nodes that value `target` depends on; remembered. */
  private passesTo(target: number): Pass[] {
    const known = this.passes.get(target);
    if (known) return known;
    const { plan, lowered, fused } = this.compiled;
    const needed = target === ALL ? new Set(fused.nodes) : ancestors(fused.nodes, target);
    const passes: Pass[] = [];
    for (const { nodes, batch } of plan.phases) {
      const active = nodes.filter((node) => needed.has(node));
      if (active.length === 0) continue;
      const ops = active.map((node) => lowered.get(node));
      const values = active
        .map((node) => plan.values.get(node.output))
        .filter((value): value is Value => value !== undefined);
      passes.push({
        batch: batch ? (ops[0]?.batch ?? null) : null,
        local: ops.flatMap((op) => (op?.local ? [op.local] : [])),
        joined: values.flatMap(({ gradient, id }) =>
          gradient?.joined && !gradient.whole && id !== target ? [gradient] : [],
        ),
      });
    }
    this.passes.set(target, passes);
    return passes;
  }
}

const ALL = Number.MAX_SAFE_INTEGER;

function ancestors(nodes: readonly Node[], target: number): Set<Node> {
  const needed = new Set<Node>();
  const values = new Set([target]);
  for (let i = nodes.length - 1; i >= 0; i--) {
    if (!values.has(nodes[i].output)) continue;
    needed.add(nodes[i]);
    for (const input of nodes[i].inputs) values.add(input);
  }
  return needed;
}

/** The dearest first, each to the thread that has the least. */
function shareOut(preparations: readonly Preparation[], threads: number): Preparation[][] {
  const shares = Array.from({ length: threads }, () => ({ cost: 0, own: [] as Preparation[] }));
  for (const each of [...preparations].sort((a, b) => b.cost - a.cost)) {
    const least = shares.reduce((a, b) => (b.cost < a.cost ? b : a));
    least.own.push(each);
    least.cost += each.cost;
  }
  return shares.map((share) => share.own);
}

import type { Kernels } from '../../kernels/wasm/exports';
import type { WasmMemory } from '../../kernels/wasm/webassembly';
import { compile, type Blueprint, type Compiled, type MemoryMap } from './compile';
import { Command, type Control, type Order } from './control';
import type { Node } from './fuse';
import type { LocalOp, Preparation, Run, ShardStep, Step } from './lower/lowering';
import { zeroGradient } from './lower/gradient-writer';
import { Region } from './memory';
import { GROUP } from './shards';
import { Span } from './span';
import { flushGradient, flushValue, pixels, type Gradient } from './values';

/** The steps of the nodes that a certain value depends on. */
interface Pass {
  readonly forward: readonly Step[];
  readonly backward: readonly Step[];
}

/** What one thread runs: its part of every command. All threads go through the same phases and meet at the same barriers. */
export class Program {
  readonly compiled: Compiled;
  private readonly run: Run;
  private readonly passes = new Map<number, Pass>();
  private readonly span: Span;
  private readonly loading: ShardStep | null;
  private readonly ownPreparations: readonly Preparation[];
  /** Whether a barrier must come before anything else. */
  private pending = false;
  /** Whether one must come before the backward pass: weights in another form that only it reads. */
  private pendingBackward = false;

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
    this.span = new Span(control, this.run);
    this.loading = this.makeLoading();
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
        // The others wait for the next command.
        if (this.compiled.optimizer?.alone) return;
        break;
      case Command.Backward:
        this.backward(order.from);
        this.meet();
        this.reduce();
        break;
      case Command.Exit:
        return;
    }
    this.meet();
  }

  /** Sets values to zero that are too small to multiply with. */
  flush(address: number, count: number): void {
    this.k.flushRows({ x: address, xRow: 0, rows: 1, length: count });
  }

  /** The work before the first layer: weights in their other forms, zeroed gradients, the batch copied to its place. */
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
    for (const each of this.ownPreparations) {
      if (order.prepare > (each.forward ? 0 : 1)) each.run(order.prepare > 1);
    }
    const { preparations, store } = compiled;
    this.pending = order.prepare > 0 && preparations.some((each) => each.forward);
    this.pendingBackward = order.prepare > 1 && preparations.length > 0;
    if (command === Command.Train || command === Command.Backward) {
      if (run.thread === 0)
        for (const each of store.zero.batch) this.k.fillZero({ pointer: each.address, bytes: each.bytes });
      this.span.add(this.zeroing(command === Command.Train ? compiled.logits : order.from));
    }
    if (command !== Command.Backward && this.loading) this.span.add(this.loading);
  }

  /** Runs a step after the barriers that it and the one before it need, or adds it to the span of those that need none. */
  private step(step: Step): void {
    if (!('shard' in step)) {
      this.meet();
      step.run();
      this.pending = true;
      return;
    }
    if (step.begin || this.pending) this.meet();
    step.begin?.();
    this.span.add(step);
  }

  /** Finishes what needs no other thread, then waits for all of them. */
  private meet(): void {
    this.span.flush();
    this.control.barrier();
    this.pending = false;
    this.pendingBackward = false;
  }

  /** Puts the batch inside its halo; null where it needs none. */
  private makeLoading(): ShardStep | null {
    const { plan, exchange } = this.compiled;
    const image = plan.values.get(-1);
    if (!image || image.address === exchange.input) return null;
    const { layout } = image;
    const length = layout.width * layout.channels;
    const shard = (first: number, count: number): void => {
      for (let i = first; i < first + count; i++) {
        const from = exchange.input + i * layout.height * length * 4;
        this.k.copyRows({ x: from, xRow: length, y: pixels(image, i), yRow: layout.row, rows: layout.height, length });
      }
    };
    return { grouped: true, shard };
  }

  /** Zeroes the gradients of the shard's own, and those that several readers add to. */
  private zeroing(from: number): ShardStep {
    const { store, plan, lowering } = this.compiled;
    const { address, bytes } = store.zero.sharded;
    const joined = [...plan.values.values()].flatMap(({ gradient, id }) =>
      gradient?.whole && gradient.joined && id !== from ? [gradient] : [],
    );
    return {
      grouped: false,
      shard: (first, count, shard) => {
        this.k.fillZero({ pointer: address + shard * store.shardStride, bytes });
        for (const gradient of joined) zeroGradient(gradient, lowering, first, count);
      },
    };
  }

  /** Runs what `target` depends on, or everything. */
  private forward(target: number): void {
    for (const step of this.passTo(target).forward) this.step(step);
  }

  private backward(from: number): void {
    this.pending ||= this.pendingBackward;
    for (const step of this.passTo(from).backward) this.step(step);
  }

  /** Loss, hits and, for training, the gradient of the logits: mean over the batch. */
  private loss(gradient: boolean): void {
    const { loss } = this.compiled;
    this.step({ grouped: true, shard: (first, count) => loss(first, count, gradient) });
  }

  private update(order: Order): void {
    const { optimizer } = this.compiled;
    if (!optimizer) return;
    const { clipNorm } = optimizer.settings;
    this.meet();
    const { alone } = optimizer;
    if (alone && this.run.thread > 0) return;
    if (clipNorm === 0) return optimizer.update(order.rate, order.step, 1, false);
    optimizer.reduce();
    if (!alone) this.meet();
    optimizer.sumSquares();
    if (!alone) this.meet();
    const norm = optimizer.norm();
    optimizer.update(order.rate, order.step, norm > clipNorm ? clipNorm / norm : 1, true);
  }

  /** Adds the shards' gradients up. */
  private reduce(): void {
    if (this.run.thread > 0) return;
    const { segments, shardStride } = this.compiled.store;
    for (const { gradient, count, shards } of segments) {
      if (shards > 1) this.k.reduceGradients({ gradient, gradientStride: shardStride, shards, count, clear: 0 });
    }
  }

  /** The steps of the nodes that value `target` depends on; remembered. */
  private passTo(target: number): Pass {
    const known = this.passes.get(target);
    if (known) return known;
    const { plan, lowered, fused } = this.compiled;
    const needed = target === ALL ? new Set(fused.nodes) : ancestors(fused.nodes, target);
    const forward: Step[] = [];
    const backward: Step[][] = [];
    for (const { nodes, batch } of plan.phases) {
      const active = nodes.filter((node) => needed.has(node));
      if (active.length === 0) continue;
      if (batch) {
        const op = lowered.get(active[0])?.batch;
        forward.push(...(op?.forward ?? []));
        backward.push([...(op?.backward ?? [])]);
        continue;
      }
      const local = active.flatMap((node) => {
        const op = lowered.get(node)?.local;
        const value = plan.values.get(node.output);
        return op && value ? [{ value, op: this.flushing(node, op) }] : [];
      });
      // If the gradient of an output is not needed, the layer has no backward pass.
      const asked = local.filter(({ value }) => value.gradient);
      const joined = asked.flatMap(({ value: { gradient, id } }) =>
        gradient?.joined && !gradient.whole && id !== target ? [gradient] : [],
      );
      forward.push({
        grouped: true,
        shard: (first, count) => {
          for (const { op } of local) op.forward(first, count);
        },
      });
      const ops = asked.map(({ op }) => op);
      if (ops.length > 0) backward.push([this.localBackward(ops, joined)]);
    }
    const pass = { forward, backward: backward.reverse().flat() };
    this.passes.set(target, pass);
    return pass;
  }

  /** The same kernel calls, whose results are kept from becoming denormal. */
  private flushing(node: Node, op: LocalOp): LocalOp {
    const { k } = this;
    const { values } = this.compiled.plan;
    const output = values.get(node.output);
    const gradients = node.inputs.flatMap((id) => values.get(id)?.gradient ?? []);
    return {
      forward: (first, count) => {
        op.forward(first, count);
        if (output) flushValue(k, output, first, count);
      },
      backward: (first, count) => {
        op.backward(first, count);
        for (const gradient of gradients) flushGradient(k, gradient, first, count);
      },
      ...(op.endShard && { endShard: () => op.endShard?.() }),
    };
  }

  /** @param joined gradients of one group that several readers add to. */
  private localBackward(local: readonly LocalOp[], joined: readonly Gradient[]): ShardStep {
    const { lowering } = this.compiled;
    const reversed = local.toReversed();
    const group = (first: number, count: number): void => {
      for (const gradient of joined) zeroGradient(gradient, lowering, first, count);
      for (const op of reversed) op.backward(first, count);
    };
    const ends = local.filter((op) => op.endShard);
    if (ends.length === 0) return { grouped: true, shard: group };
    return {
      grouped: false,
      shard: (first, count) => {
        if (count === 0) return;
        for (let done = 0; done < count; done += GROUP) group(first + done, Math.min(GROUP, count - done));
        for (const op of ends) op.endShard?.();
      },
    };
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

/** Shares tasks out: the most expensive first, each to the thread with the least work so far. */
function shareOut(preparations: readonly Preparation[], threads: number): Preparation[][] {
  const shares = Array.from({ length: threads }, () => ({ cost: 0, own: [] as Preparation[] }));
  for (const each of [...preparations].sort((a, b) => b.cost - a.cost)) {
    const least = shares.reduce((a, b) => (b.cost < a.cost ? b : a));
    least.own.push(each);
    least.cost += each.cost;
  }
  return shares.map((share) => share.own);
}

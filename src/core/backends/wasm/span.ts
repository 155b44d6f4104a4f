import { pause, SPINS, type Control } from './control';
import type { Run, ShardStep } from './lower/lowering';
import { GROUP, SHARDS, shardRange, splitRange, type Range } from './shards';

const ALL_TAKEN = -1;
const ALL_DONE = -2;

/** A step's turn at a shard: one group of its images, or all of them. */
function itemsOf({ grouped }: ShardStep, count: number): number {
  return grouped ? Math.ceil(count / GROUP) : 1;
}

/**
 * The steps between two barriers that take one shard at a time. A shard goes through them in order, a group of images at a
 * time, so that its sums are always added in the same order; any thread may take its next group. A thread begins with its own
 * shards, whose images are in its cache, then takes groups of the others' shards, because cores differ in speed.
 */
export class Span {
  private steps: ShardStep[] = [];
  /** Spans run so far; the same count in all threads. */
  private serial = 0;
  /** The shards that this thread begins with. */
  private readonly own: Range;

  constructor(
    private readonly control: Control,
    private readonly run: Run,
  ) {
    this.own = splitRange(SHARDS, run.threads, run.thread);
  }

  get isEmpty(): boolean {
    return this.steps.length === 0;
  }

  add(step: ShardStep): void {
    this.steps.push(step);
  }

  /** Runs the steps. A barrier must have come since the last span, and must come before anything reads what this one made. */
  flush(): void {
    if (this.isEmpty) return;
    const { steps, run, control } = this;
    this.steps = [];
    if (run.threads === 1) {
      for (let shard = 0; shard < SHARDS; shard++) this.take(steps, shard, 0, Infinity);
      return;
    }
    const turns = control.turns(this.serial++);
    // The other bank is not in use between two barriers.
    if (run.thread === 0) control.turns(this.serial).fill(0);
    // Another thread may still be busy with the last items: this one waits at the barrier, where it can sleep.
    for (let waited = 0; waited < SPINS;) {
      const shard = this.choose(turns);
      if (shard === ALL_DONE) return;
      if (shard === ALL_TAKEN) {
        waited++;
        pause();
      } else {
        waited = 0;
        this.turn(steps, shard, turns);
      }
    }
  }

  /** The free shard with the most left to do, so that no thread ends with several items of one shard; an own one before the others'. */
  private choose(turns: Int32Array): number {
    const { own } = this;
    let [best, least] = [ALL_DONE, Infinity];
    for (let i = 0; i < SHARDS; i++) {
      if (i === own.count && best >= 0) break;
      const shard = (own.first + i) % SHARDS;
      const state = Atomics.load(turns, shard);
      if (state < 0) continue;
      if ((state & 1) === 1) {
        if (best === ALL_DONE) best = ALL_TAKEN;
      } else if (state < least) [best, least] = [shard, state];
    }
    return best;
  }

  /** Takes the next item of a shard, unless another thread was faster. */
  private turn(steps: readonly ShardStep[], shard: number, turns: Int32Array): void {
    const state = Atomics.load(turns, shard);
    // Odd: taken. Negative: done.
    if (state < 0 || (state & 1) === 1) return;
    if (Atomics.compareExchange(turns, shard, state, state + 1) !== state) return;
    const more = this.take(steps, shard, state >> 1, 1);
    Atomics.store(turns, shard, more ? state + 2 : -1);
  }

  /** Runs `count` items of a shard from `item` on. @returns whether more are left. */
  private take(steps: readonly ShardStep[], shard: number, item: number, count: number): boolean {
    const range = shardRange(this.run.n, shard);
    this.run.shard = shard;
    let before = 0;
    for (const step of steps) {
      const items = itemsOf(step, range.count);
      for (; item < before + items && count > 0; item++, count--) {
        const start = step.grouped ? (item - before) * GROUP : 0;
        const size = step.grouped ? Math.min(GROUP, range.count - start) : range.count;
        step.shard(range.first + start, size, shard);
      }
      before += items;
    }
    return item < before;
  }
}

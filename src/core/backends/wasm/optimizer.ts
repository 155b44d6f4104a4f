import type { OptimizerSettings } from '../executor';
import type { Kernels } from '../../kernels/wasm/exports';
import type { WasmMemory } from '../../kernels/wasm/webassembly';
import { adamRate } from '../../train/optimizers';
import type { Region } from './memory';
import type { ParamStore, Segment } from './params';
import { splitRange } from './shards';

/** Floats whose squares one partial sum holds: fixed, so that the norm does not depend on the threads. */
const CHUNK = 16384;

/** Up to this many trained parameters the first thread updates alone: sharing them out costs a further barrier, which takes longer. */
const FEW = 16384;

/** One thread's part of the optimizer: every call works on this thread's share of every segment. */
export class Optimizer {
  /** Whether the first thread does everything and the others have no share. */
  readonly alone: boolean;
  private readonly chunks: { address: number; count: number }[] = [];
  private readonly partials: number;

  constructor(
    private readonly k: Kernels,
    private readonly memory: WasmMemory,
    private readonly store: ParamStore,
    readonly settings: OptimizerSettings,
    private readonly thread: number,
    private readonly threads: number,
    shared: Region,
  ) {
    this.alone = store.segments.reduce((sum, { count }) => sum + count, 0) <= FEW;
    for (const { gradient, count } of store.segments) {
      for (let start = 0; start < count; start += CHUNK) {
        this.chunks.push({ address: gradient + start * 4, count: Math.min(CHUNK, count - start) });
      }
    }
    this.partials = shared.bytes(this.chunks.length * 8);
  }

  /** Adds the shards' gradients up into the first shard's, in their order. */
  reduce(): void {
    for (const segment of this.store.segments) {
      if (segment.shards === 1) continue;
      const { offset, count } = this.share(segment);
      if (count > 0)
        this.k.reduceGradients({
          gradient: segment.gradient + offset,
          gradientStride: this.store.shardStride,
          shards: segment.shards,
          count,
          clear: 0,
        });
    }
  }

  /** This thread's partial sums of squares; after a barrier `norm` adds them all up. Needs `reduce`, and a barrier after it. */
  sumSquares(): void {
    const sums = this.sums;
    const [first, stride] = this.alone ? [0, 1] : [this.thread, this.threads];
    for (let i = first; i < this.chunks.length; i += stride) {
      const { address, count } = this.chunks[i];
      sums[i] = this.k.squaredNorm({ x: address, count });
    }
  }

  /** The global norm of the gradient. */
  norm(): number {
    return Math.sqrt(this.sums.reduce((sum, each) => sum + each, 0));
  }

  /**
   * @param scale what the gradient is multiplied by (clipping). @param reduced whether `reduce` ran before.
   * @param step 1-based.
   */
  update(rate: number, step: number, scale: number, reduced: boolean): void {
    for (const segment of this.store.segments) {
      const { offset, count } = this.share(segment);
      if (count > 0 && !segment.fused) this.updateSegment(segment, offset, count, { rate, step, scale, reduced });
    }
  }

  private updateSegment(
    segment: Segment,
    offset: number,
    count: number,
    { rate, step, scale, reduced }: { rate: number; step: number; scale: number; reduced: boolean },
  ): void {
    const { k, settings, store } = this;
    const { kind, momentum, rho, epsilon, beta1, beta2 } = settings;
    const slots = segment.slots.map((slot) => slot + offset);
    const decay = segment.decay ? settings.weightDecay : 0;
    const shared = {
      weights: segment.address + offset,
      gradient: segment.gradient + offset,
      gradientStride: store.shardStride,
      shards: reduced ? 1 : segment.shards,
      count,
      clear: 0,
      rate,
      gradientScale: scale,
      decay,
    };
    switch (kind) {
      case 'sgd':
        return k.sgd(shared);
      case 'momentum':
        return k.momentum({ ...shared, velocity: slots[0], momentum });
      case 'nesterov':
        return k.nesterov({ ...shared, velocity: slots[0], momentum });
      case 'adagrad':
        return k.adagrad({ ...shared, sum: slots[0], epsilon });
      case 'rmsprop':
        return k.rmsprop({ ...shared, mean: slots[0], rho, epsilon });
      case 'adam':
      case 'adamw': {
        const decoupled = kind === 'adamw';
        return k.adam({
          ...shared,
          rate: adamRate(rate, beta1, beta2, step),
          decay: decoupled ? 0 : decay,
          first: slots[0],
          second: slots[1],
          beta1,
          beta2,
          epsilon,
          root: 1,
          shrink: decoupled ? 1 - rate * decay : 1,
        });
      }
    }
  }

  private get sums(): Float64Array {
    return new Float64Array(this.memory.buffer, this.partials, this.chunks.length);
  }

  /** This thread's part of a segment, in whole vectors. `offset` in bytes. */
  private share({ count }: Segment): { offset: number; count: number } {
    const part = this.alone ? { first: 0, count: count / 4 } : splitRange(count / 4, this.threads, this.thread);
    return { offset: part.first * 16, count: part.count * 4 };
  }
}

/** Whether the update of dense weights can be part of their gradient's kernel. */
export function fusesUpdate(settings: OptimizerSettings | null): boolean {
  return settings?.kind === 'sgd' && settings.clipNorm === 0;
}

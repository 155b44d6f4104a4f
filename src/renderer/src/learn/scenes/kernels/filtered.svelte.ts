import type { Client, Result } from '../../../../../shared/protocol';
import type { Planes } from '../../../../../shared/lab';
import { toFailure } from '../../../../../shared/failures';
import type { Status } from '../../../state/status.svelte';

/** The strip of one kernel over one picture. While one is on its way the newest waits, and those between are dropped: dragging stays live. */
export class Filtered {
  result = $state.raw<Result<'filter'> | null>(null);
  #busy = false;
  #next: (() => Promise<void>) | null = null;

  constructor(
    readonly client: Client,
    readonly status: Status,
  ) {}

  ask(picture: Planes, size: number, weights: readonly number[]): void {
    this.#next = async () => {
      try {
        const params = { picture, size, weights: [...weights] };
        this.result = await this.client.call('filter', params);
      } catch (error) {
        this.status.fail(toFailure(error));
      }
    };
    if (!this.#busy) void this.#run();
  }

  async #run(): Promise<void> {
    this.#busy = true;
    for (let run = this.#next; run; run = this.#next) {
      this.#next = null;
      await run();
    }
    this.#busy = false;
  }
}

/** Of so many values one lies beyond the ends of the colors: the zeros around a picture make its edge stand out by far. */
const BEYOND = 100;
/** Values that are looked at for that. */
const LOOKED_AT = 20_000;

/** The size below which 99 % of a map's values lie: that at the ends of its colors. */
export function scaleOf(data: Float32Array): number {
  const step = Math.max(1, Math.floor(data.length / LOOKED_AT));
  const sizes = Float32Array.from({ length: Math.ceil(data.length / step) }, (_, i) => Math.abs(data[i * step])).sort();
  return sizes[Math.ceil(sizes.length * (1 - 1 / BEYOND)) - 1] || sizes[sizes.length - 1] || 1;
}

import { untrack } from 'svelte';
import { isFlat, mapsOf } from '../../state/layers';
import type { Session } from '../../state/session.svelte';

/**
 * One number per channel of a layer without maps: flat features come as one vector, maps of 1 × 1 have their value as
 * the thumbnail's maximum. Made while a component starts; reactive.
 */
export class ChannelValues {
  readonly #session: Session;
  readonly #layer: () => number;
  readonly #info = $derived.by(() => this.#session.layerAt(this.#layer()));
  readonly count = $derived.by(() => mapsOf(this.#info)[0]);
  readonly #flat = $derived.by(() => isFlat(this.#info));
  readonly #resource = $derived.by(() => (this.#flat ? this.#session.tensors?.values(this.#layer(), -1) : null));
  readonly #sheet = $derived.by(() => (this.#flat ? null : this.#session.tensors?.sheet(this.#layer())));

  constructor(session: Session, layer: () => number) {
    this.#session = session;
    this.#layer = layer;
    $effect.pre(() => {
      const [sheet, count] = [this.#sheet, this.count];
      untrack(() => void sheet?.need(0, count));
    });
  }

  /** Undefined until it is here. */
  at(channel: number): number | undefined {
    return this.#flat ? this.#resource?.value?.data[channel] : this.#sheet?.map(channel)?.max;
  }

  /** All of them, null until they are here. */
  all(): Float32Array | null {
    if (this.#flat) return this.#resource?.value?.data ?? null;
    const values = new Float32Array(this.count);
    for (let channel = 0; channel < values.length; channel++) {
      const value = this.at(channel);
      if (value === undefined) return null;
      values[channel] = value;
    }
    return values;
  }
}

/** Whether a layer has one number a channel: flat features, or maps of 1 × 1. */
export function isScalar(session: Session, layer: number): boolean {
  const [, height, width] = mapsOf(session.layerAt(layer));
  return height * width === 1;
}

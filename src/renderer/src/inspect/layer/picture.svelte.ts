import { untrack } from 'svelte';
import type { Session } from '../../state/session.svelte';
import type { PixelFit } from '../../theme/pixels';

/** What a tile draws: bytes of the thumbnail, then, where it shows more cells than those have, the map itself. */
export interface MapPixels {
  data: Int8Array | Float32Array;
  height: number;
  width: number;
  /** Value of one step of `data`. */
  step: number;
  factor: number;
}

/** A tile stays in view this long before its map is asked for at full resolution. */
const patience = 120;

/**
 * The picture of one map for a tile of a grid. Thumbnails come in runs and hold 64 cells a side; a larger map follows at
 * full resolution once its tile stays in view. Made while a component starts; reactive.
 */
export class MapPicture {
  readonly #session: Session;
  readonly #of: () => { layer: number; channel: number; fit: PixelFit };
  #settled = $state(false);
  readonly #sheet = $derived.by(() => this.#session.tensors?.sheet(this.#of().layer));
  readonly thumb = $derived.by(() => this.#sheet?.map(this.#of().channel) ?? null);
  readonly #finer = $derived.by(() => {
    const { fit } = this.#of();
    return this.thumb !== null && (fit.height > this.thumb.height || fit.width > this.thumb.width);
  });
  readonly #resource = $derived.by(() => {
    const { layer, channel } = this.#of();
    return this.#settled && this.#finer ? this.#session.tensors?.values(layer, channel) : null;
  });
  readonly pixels = $derived.by((): MapPixels | null => {
    const values = this.#resource?.value;
    if (values) return { ...values, step: 1, factor: this.#of().fit.factor };
    return this.thumb && { ...this.thumb, factor: 1 };
  });

  constructor(session: Session, of: () => { layer: number; channel: number; fit: PixelFit }) {
    this.#session = session;
    this.#of = of;
    $effect.pre(() => {
      const [sheet, { channel }] = [this.#sheet, this.#of()];
      untrack(() => void sheet?.need(channel, 1));
    });
    $effect(() => {
      // A new image starts over, so that live drawing asks for thumbnails alone.
      void this.#session.tensors;
      untrack(() => (this.#settled = false));
      if (!this.#finer) return;
      const timer = setTimeout(() => (this.#settled = true), patience);
      return () => clearTimeout(timer);
    });
  }
}

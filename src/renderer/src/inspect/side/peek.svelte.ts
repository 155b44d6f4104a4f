/** A map that the pointer is on. */
export interface PeekPlace {
  layer: number;
  channel: number;
}

const after = 50;
const back = 140;

/**
 * What the side panel shows beside the selection: the map under the pointer after 50 ms, the selection again 140 ms
 * after the pointer left, so that crossing a gap does not flicker.
 */
class Peek {
  place = $state.raw<PeekPlace | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;

  over(layer: number, channel: number): void {
    clearTimeout(this.#timer);
    if (this.place?.layer === layer && this.place.channel === channel) return;
    this.#timer = setTimeout(() => (this.place = { layer, channel }), after);
  }

  out(): void {
    clearTimeout(this.#timer);
    if (this.place) this.#timer = setTimeout(() => (this.place = null), back);
  }

  /** At once, where the selection moved: a click on the map, another depth. */
  clear(): void {
    clearTimeout(this.#timer);
    this.place = null;
  }
}

export const peek = new Peek();

/** What the pointer (or the focus) is on at pixel depth: one place of a layer's map. Every linked table and map marks it. */
export interface HotPlace {
  layer: number;
  channel: number;
  y: number;
  x: number;
}

class Hot {
  place = $state.raw<HotPlace | null>(null);

  set(place: HotPlace | null): void {
    this.place = place;
  }

  /** Whether the pointer is on this place. */
  is(layer: number, channel: number, y: number, x: number): boolean {
    const at = this.place;
    return at !== null && at.layer === layer && at.channel === channel && at.y === y && at.x === x;
  }

  /** The place on this map, if the pointer is there. */
  on(layer: number, channel: number): HotPlace | null {
    const at = this.place;
    return at !== null && at.layer === layer && at.channel === channel ? at : null;
  }
}

export const hot = new Hot();

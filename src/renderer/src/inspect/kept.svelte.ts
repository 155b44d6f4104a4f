/**
 * The newest answer: while the next one is on its way the last stays, as long as it is `still` about the same thing, so
 * that stepping does not flicker. Made while a component starts; reactive.
 */
export class Kept<T> {
  readonly #read: () => T | null | undefined;
  readonly #still: (last: T) => boolean;
  #last = $state.raw<T | null>(null);
  readonly current = $derived.by((): T | null => {
    const now = this.#read();
    if (now !== null && now !== undefined) return now;
    return this.#last !== null && this.#still(this.#last) ? this.#last : null;
  });

  constructor(read: () => T | null | undefined, still: (last: T) => boolean) {
    this.#read = read;
    this.#still = still;
    $effect.pre(() => {
      const now = read();
      if (now !== null && now !== undefined) this.#last = now;
    });
  }
}

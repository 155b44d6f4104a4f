import type { EventName, Events } from './protocol';

/** The subscribers to the engine's events. */
export class Listeners {
  readonly #of = new Map<EventName, Set<(payload: never) => void>>();

  /** Returns its own unsubscribe. */
  on<E extends EventName>(event: E, listener: (payload: Events[E]) => void): () => void {
    const set = this.#of.get(event) ?? new Set();
    this.#of.set(event, set.add(listener));
    return () => void set.delete(listener);
  }

  tell(event: EventName, payload: unknown): void {
    for (const listener of this.#of.get(event) ?? []) listener(payload as never);
  }
}

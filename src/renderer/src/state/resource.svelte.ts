import type { Failure } from '../../../shared/protocol';
import { toFailure } from './failure';

/** Something asked for: nothing yet, then its value or why there is none. Reactive. */
export class Resource<T> {
  value = $state.raw<T | null>(null);
  failure = $state.raw<Failure | null>(null);
  readonly promise: Promise<T | null>;

  constructor(promise: Promise<T>) {
    this.promise = promise.then(
      (value) => (this.value = value),
      (error: unknown) => {
        this.failure = toFailure(error);
        return null;
      },
    );
  }
}

/** Answers kept by key, the newest `limit` of them. */
export class Shelf<T> {
  readonly #kept = new Map<string, Resource<T>>();
  constructor(readonly limit: number) {}

  get(key: string, ask: () => Promise<T>): Resource<T> {
    let resource = this.#kept.get(key);
    if (resource) {
      this.#kept.delete(key);
    } else {
      resource = new Resource(ask());
      if (this.#kept.size >= this.limit) this.#kept.delete(this.#kept.keys().next().value as string);
    }
    this.#kept.set(key, resource);
    return resource;
  }
}

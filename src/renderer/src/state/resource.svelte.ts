import { createSubscriber } from 'svelte/reactivity';
import type { Failure } from '../../../shared/protocol';
import { toFailure } from '../../../shared/failures';
import { Recent } from '../../../shared/recent';

/**
 * Something asked for: nothing yet, then its value or why there is none. Reactive even where it is first asked for inside
 * a `$derived`: a `$state` made there would not be tracked by the very computation that made it.
 */
export class Resource<T> {
  readonly promise: Promise<T | null>;
  #value: T | null = null;
  #failure: Failure | null = null;
  #settled = false;
  #changed = (): void => {};
  readonly #subscribe = createSubscriber((update) => {
    this.#changed = update;
    return () => (this.#changed = () => {});
  });

  constructor(promise: Promise<T>) {
    this.promise = promise.then(
      (value) => {
        this.#value = value;
        this.#settled = true;
        this.#changed();
        return value;
      },
      (error: unknown) => {
        this.#failure = toFailure(error);
        this.#settled = true;
        this.#changed();
        return null;
      },
    );
  }

  // What has settled never changes again: nothing to subscribe to, and a subscription costs an effect each.
  get value(): T | null {
    if (!this.#settled) this.#subscribe();
    return this.#value;
  }

  get failure(): Failure | null {
    if (!this.#settled) this.#subscribe();
    return this.#failure;
  }
}

/** Answers kept by key, the `limit` most recently used of them. */
export class RequestCache<T> {
  readonly #kept = new Recent<string, Resource<T>>();
  constructor(readonly limit: number) {}

  get(key: string, ask: () => Promise<T>): Resource<T> {
    const kept = this.#kept.get(key);
    if (kept) return kept;
    const resource = new Resource(ask());
    this.#kept.set(key, resource);
    this.#kept.trim(this.limit);
    return resource;
  }
}

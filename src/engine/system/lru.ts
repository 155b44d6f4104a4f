import { FailureError } from '../../shared/failures';
import type { Message } from '../../words';

interface Entry<T> {
  value: T;
  weight: number;
}

/**
 * Objects held for windows under running numbers. A number is valid only in its own window. Each window keeps its
 * `most` most recently used ones. If all together exceed the budget, the window that holds most loses its least
 * recently used ones; every window keeps its newest one, whatever its size.
 */
export class Held<T> {
  private readonly windows = new Map<number, Map<number, Entry<T>>>();
  private next = 1;

  /** @param what the name of one in messages. @param dispose frees a released one. */
  constructor(
    private readonly what: Message,
    private readonly most: number,
    private readonly budget: number,
    private readonly dispose: (value: T) => void = () => undefined,
  ) {}

  /** @returns the handle. */
  add(window: number, value: T, weight: number): number {
    const own = this.windows.get(window) ?? new Map<number, Entry<T>>();
    this.windows.set(window, own);
    const handle = this.next++;
    own.set(handle, { value, weight });
    if (own.size > this.most) this.dropOldest(own);
    while (this.weight > this.budget) {
      const heaviest = [...this.windows.values()]
        .filter((held) => held.size > 1)
        .reduce<Map<number, Entry<T>> | null>((a, b) => (a && weightOf(a) >= weightOf(b) ? a : b), null);
      if (!heaviest) break;
      this.dropOldest(heaviest);
    }
    return handle;
  }

  /** @throws FailureError `handle.gone`. */
  get(window: number, handle: number): T {
    const own = this.windows.get(window);
    const entry = own?.get(handle);
    if (!own || !entry) throw new FailureError('handle.gone', { what: this.what, handle });
    own.delete(handle);
    own.set(handle, entry);
    return entry.value;
  }

  /** Releases all that a window holds. */
  release(window: number): void {
    for (const { value } of this.windows.get(window)?.values() ?? []) this.dispose(value);
    this.windows.delete(window);
  }

  clear(): void {
    for (const window of [...this.windows.keys()]) this.release(window);
  }

  private get weight(): number {
    return [...this.windows.values()].reduce((sum, held) => sum + weightOf(held), 0);
  }

  private dropOldest(held: Map<number, Entry<T>>): void {
    const [[handle, { value }]] = held;
    held.delete(handle);
    this.dispose(value);
  }
}

const weightOf = (held: Map<number, Entry<unknown>>): number =>
  [...held.values()].reduce((sum, { weight }) => sum + weight, 0);

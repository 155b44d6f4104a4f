import { FailureError } from '../../shared/failures';
import { Recent } from '../../shared/recent';
import type { Message } from '../../words';

/**
 * Objects held for windows under running numbers. A number is valid only in its own window. Each window keeps its
 * `most` most recently used ones. If all together exceed the budget, the window that holds most loses its least
 * recently used ones; every window keeps its newest one, even if that alone exceeds the budget.
 */
export class HandleTable<T> {
  private readonly windows = new Map<number, Recent<number, T>>();
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
    const own = this.windows.get(window) ?? new Recent<number, T>(this.dispose);
    this.windows.set(window, own);
    const handle = this.next++;
    own.set(handle, value, weight);
    if (own.size > this.most) own.dropOldest();
    while (this.weight > this.budget) {
      const heaviest = [...this.windows.values()]
        .filter(({ size }) => size > 1)
        .reduce<Recent<number, T> | null>((a, b) => (a && a.weight >= b.weight ? a : b), null);
      if (!heaviest) break;
      heaviest.dropOldest();
    }
    return handle;
  }

  /** @throws FailureError `handle.gone`. */
  get(window: number, handle: number): T {
    const value = this.windows.get(window)?.get(handle);
    if (value === undefined) throw new FailureError('handle.gone', { what: this.what, handle });
    return value;
  }

  /** Releases all that a window holds. */
  release(window: number): void {
    this.windows.get(window)?.clear();
    this.windows.delete(window);
  }

  clear(): void {
    for (const window of [...this.windows.keys()]) this.release(window);
  }

  private get weight(): number {
    return [...this.windows.values()].reduce((sum, { weight }) => sum + weight, 0);
  }
}

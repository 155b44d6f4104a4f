import { FailureError } from '../shared/failures';

/**
 * Things held under running numbers, the newest used few: what is beyond the number or the budget goes, the least
 * recently used first. The newest one stays whatever it weighs.
 */
export class Held<T> {
  private readonly entries = new Map<number, { value: T; weight: number }>();
  private next = 1;
  private weight = 0;

  /** @param what how messages call one. @param dispose frees what is let go. */
  constructor(
    private readonly what: string,
    private readonly most: number,
    private readonly budget: number,
    private readonly dispose: (value: T) => void = () => undefined,
  ) {}

  /** @returns the handle. */
  add(value: T, weight: number): number {
    const handle = this.next++;
    this.entries.set(handle, { value, weight });
    this.weight += weight;
    for (const old of this.entries.keys()) {
      if (this.entries.size <= this.most && this.weight <= this.budget) break;
      if (old !== handle) this.drop(old);
    }
    return handle;
  }

  /** @throws FailureError `handle.gone`. */
  get(handle: number): T {
    const entry = this.entries.get(handle);
    if (!entry) throw new FailureError('handle.gone', { what: this.what, handle });
    this.entries.delete(handle);
    this.entries.set(handle, entry);
    return entry.value;
  }

  clear(): void {
    for (const handle of [...this.entries.keys()]) this.drop(handle);
  }

  private drop(handle: number): void {
    const entry = this.entries.get(handle);
    if (!entry) return;
    this.entries.delete(handle);
    this.weight -= entry.weight;
    this.dispose(entry.value);
  }
}

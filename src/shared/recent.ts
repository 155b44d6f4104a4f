interface Entry<V> {
  readonly value: V;
  readonly weight: number;
}

/** A map in the order of last use: `get` and `set` make an entry the newest, and the oldest ones are dropped first. */
export class Recent<K, V> {
  private readonly entries = new Map<K, Entry<V>>();
  private total = 0;

  /** @param dispose frees a value that is dropped. */
  constructor(private readonly dispose: (value: V) => void = () => undefined) {}

  get size(): number {
    return this.entries.size;
  }

  /** The sum of all weights. */
  get weight(): number {
    return this.total;
  }

  get(key: K): V | undefined {
    const entry = this.entries.get(key);
    if (!entry) return undefined;
    this.entries.delete(key);
    this.entries.set(key, entry);
    return entry.value;
  }

  set(key: K, value: V, weight = 1): void {
    this.delete(key);
    this.entries.set(key, { value, weight });
    this.total += weight;
  }

  /** Drops the oldest entries until the rest weighs at most `budget`. The newest one stays, even if it alone weighs more. */
  trim(budget: number): void {
    while (this.total > budget && this.entries.size > 1) this.dropOldest();
  }

  dropOldest(): void {
    for (const key of this.entries.keys()) return this.delete(key);
  }

  clear(): void {
    while (this.entries.size > 0) this.dropOldest();
  }

  private delete(key: K): void {
    const entry = this.entries.get(key);
    if (!entry) return;
    this.entries.delete(key);
    this.total -= entry.weight;
    this.dispose(entry.value);
  }
}

/**
 * How a batch is shared out. Shards follow from the batch alone, never from the threads: each has private gradients that
 * are added up in the shards' order, so that the bits are the same with any number of threads.
 */
export interface Range {
  readonly first: number;
  readonly count: number;
}

/** Shards of any batch: what up to four threads share out evenly. More would cost gradients and Winograd sums. */
export const SHARDS = 4;

/** Images that go through a run of layers together, so that activations are still in the cache when the next reads them. */
export const GROUP = 8;

/** Shard `shard` of a batch of `n`: sizes differ by at most one; empty where the batch has fewer images. */
export function shardRange(n: number, shard: number): Range {
  return splitRange(n, SHARDS, shard);
}

/** Part `part` of `parts` of `count` items. */
export function splitRange(count: number, parts: number, part: number): Range {
  const first = Math.floor((count * part) / parts);
  return { first, count: Math.floor((count * (part + 1)) / parts) - first };
}

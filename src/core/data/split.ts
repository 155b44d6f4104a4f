import { Generator, stream } from '../random';
import type { Split } from './dataset';
import { identities } from './identical';
import { quotas } from './quotas';

/**
 * Splits off a random share of each class, so that both sides keep the classes' proportions (`quotas`). Identical
 * pictures stay on the same side, even across classes: no picture is on both sides.
 * @param share 0 … 1. @returns null for `share` where no class can give one.
 */
export function splitStratified(
  split: Split,
  classes: number,
  share: number,
  seed: number,
): { rest: Split; share: Split | null } {
  const [identity] = identities([split]);
  const members: number[][] = Array.from({ length: classes }, () => []);
  split.samples.forEach((sample, place) => members[split.images.labels[sample]].push(place));
  const takes = quotas(
    members.map((places) => places.length),
    share,
  );
  /** By identity: whether the share takes it. */
  const sides = new Map<number, boolean>();
  for (const [label, places] of members.entries()) {
    // Samples are shuffled first; in a set without copies the shuffled order alone decides.
    const order = places.map((place) => split.samples[place]);
    const placeOf = new Map(places.map((place) => [split.samples[place], place]));
    new Generator(seed, stream.split, label).shuffle(order);
    decide(
      order.map((sample) => identity[placeOf.get(sample)!]),
      takes[label],
      sides,
    );
  }
  const { images } = split;
  const side = (wanted: boolean): Int32Array =>
    split.samples.filter((_, place) => sides.get(identity[place]) === wanted).sort();
  const taken = side(true);
  return { rest: { images, samples: side(false) }, share: taken.length > 0 ? { images, samples: taken } : null };
}

/**
 * Decides for each picture of a class on which side it and its copies go. The first ones are taken, at most as many as
 * wanted. If only groups of copies larger than that are left, the smallest group is taken, provided something stays.
 */
function decide(shuffled: readonly number[], wanted: number, sides: Map<number, boolean>): void {
  const copies = new Map<number, number>();
  for (const identity of shuffled) copies.set(identity, (copies.get(identity) ?? 0) + 1);
  let taken = 0;
  for (const [identity, count] of copies) if (sides.get(identity) === true) taken += count;
  const free = [...copies].filter(([identity]) => !sides.has(identity));
  for (const [identity, count] of free) {
    const goes = taken + count <= wanted;
    sides.set(identity, goes);
    if (goes) taken += count;
  }
  if (taken > 0 || wanted === 0) return;
  const [fewest] = free.sort(([, a], [, b]) => a - b);
  if (fewest && copies.size > 1) sides.set(fewest[0], true);
}

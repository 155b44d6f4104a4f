import { Generator, stream } from '../random';
import type { Part } from './dataset';

/**
 * Takes a share of each class away, by chance: the rest and the share keep the classes' proportions. Shares of classes are
 * rounded by largest remainders, so that they add up to the share of the whole; a class of two or more gives at least one.
 * @param share 0 … 1. @returns null for `share` where no class can give one.
 */
export function splitStratified(
  part: Part,
  classes: number,
  share: number,
  seed: number,
): { rest: Part; share: Part | null } {
  const members: number[][] = Array.from({ length: classes }, () => []);
  for (const sample of part.samples) members[part.images.labels[sample]].push(sample);
  const takes = quotas(
    members.map((samples) => samples.length),
    share,
  );
  const taken: number[] = [];
  const left: number[] = [];
  for (const [label, samples] of members.entries()) {
    new Generator(seed, stream.split, label).shuffle(samples);
    taken.push(...samples.slice(0, takes[label]));
    left.push(...samples.slice(takes[label]));
  }
  const { images } = part;
  const ordered = (samples: number[]): Part => ({ images, samples: Int32Array.from(samples).sort() });
  return { rest: ordered(left), share: taken.length > 0 ? ordered(taken) : null };
}

function quotas(counts: number[], share: number): number[] {
  const exact = counts.map((count) => count * share);
  const takes = exact.map(Math.floor);
  const total = Math.round(counts.reduce((sum, count) => sum + count, 0) * share);
  let missing = total - takes.reduce((sum, take) => sum + take, 0);
  const byRemainder = exact
    .map((value, i) => ({ i, remainder: value - takes[i] }))
    .sort((a, b) => b.remainder - a.remainder || a.i - b.i);
  for (const { i } of byRemainder) {
    if (missing-- <= 0) break;
    takes[i]++;
  }
  return takes.map((take, i) => (counts[i] >= 2 ? Math.min(Math.max(take, 1), counts[i] - 1) : 0));
}

import { Generator, stream } from '../random';
import type { Part } from './dataset';
import { quotas } from './quotas';

/**
 * Takes a share of each class away, by chance: the rest and the share keep the classes' proportions (`quotas`).
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

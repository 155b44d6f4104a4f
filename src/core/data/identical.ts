import type { Split } from './dataset';

/**
 * An identity number for every sample of every split: two samples have the same number exactly if their pictures are
 * identical byte by byte. All splits have pictures of one size.
 */
export function identities(splits: readonly Split[]): Int32Array[] {
  const firsts = new Map<number, { split: Split; sample: number; identity: number }[]>();
  let count = 0;
  return splits.map((split) =>
    split.samples.map((sample) => {
      const hash = hashOf(split, sample);
      const alike = firsts.get(hash) ?? [];
      const known = alike.find((other) => areIdentical(split, sample, other.split, other.sample));
      if (known) return known.identity;
      alike.push({ split, sample, identity: count });
      firsts.set(hash, alike);
      return count++;
    }),
  );
}

/** FNV-1a, 32 bits. */
function hashOf({ images }: Split, sample: number): number {
  const size = images.height * images.width * images.channels;
  const { pixels } = images;
  let hash = 0x811c9dc5;
  for (let i = sample * size, end = i + size; i < end; i++) hash = Math.imul(hash ^ pixels[i], 0x01000193);
  return hash >>> 0;
}

function areIdentical(a: Split, i: number, b: Split, j: number): boolean {
  const size = a.images.height * a.images.width * a.images.channels;
  const [from, to] = [i * size, j * size];
  for (let k = 0; k < size; k++) if (a.images.pixels[from + k] !== b.images.pixels[to + k]) return false;
  return true;
}

/** Pictures of one split that another split has too. */
export interface Shared {
  /** Place of the picture among the samples of each. */
  place: number;
  twin: number;
}

/** The samples of `split` whose picture is in `other` too, with the first such one there. @param identities of both. */
export function sharedPictures(split: Int32Array, other: Int32Array): Shared[] {
  const places = new Map<number, number>();
  other.forEach((identity, place) => void (places.has(identity) || places.set(identity, place)));
  return Array.from(split, (identity, place) => ({ place, twin: places.get(identity) ?? -1 })).filter(
    ({ twin }) => twin >= 0,
  );
}

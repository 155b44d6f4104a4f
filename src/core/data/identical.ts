import type { Part } from './dataset';

/**
 * An identity number for every sample of every part: two samples have the same number exactly if their pictures are
 * identical byte by byte. All parts have pictures of one size.
 */
export function identities(parts: readonly Part[]): Int32Array[] {
  const firsts = new Map<number, { part: Part; sample: number; identity: number }[]>();
  let count = 0;
  return parts.map((part) =>
    part.samples.map((sample) => {
      const hash = hashOf(part, sample);
      const alike = firsts.get(hash) ?? [];
      const known = alike.find((other) => areIdentical(part, sample, other.part, other.sample));
      if (known) return known.identity;
      alike.push({ part, sample, identity: count });
      firsts.set(hash, alike);
      return count++;
    }),
  );
}

/** FNV-1a, 32 bits. */
function hashOf({ images }: Part, sample: number): number {
  const size = images.height * images.width * images.channels;
  const { pixels } = images;
  let hash = 0x811c9dc5;
  for (let i = sample * size, end = i + size; i < end; i++) hash = Math.imul(hash ^ pixels[i], 0x01000193);
  return hash >>> 0;
}

function areIdentical(a: Part, i: number, b: Part, j: number): boolean {
  const size = a.images.height * a.images.width * a.images.channels;
  const [from, to] = [i * size, j * size];
  for (let k = 0; k < size; k++) if (a.images.pixels[from + k] !== b.images.pixels[to + k]) return false;
  return true;
}

/** Pictures of one part that another part has too. */
export interface Shared {
  /** Place of the picture among the samples of each. */
  place: number;
  twin: number;
}

/** The samples of `part` whose picture is in `other` too, with the first such one there. @param identities of both. */
export function sharedPictures(part: Int32Array, other: Int32Array): Shared[] {
  const places = new Map<number, number>();
  other.forEach((identity, place) => void (places.has(identity) || places.set(identity, place)));
  return Array.from(part, (identity, place) => ({ place, twin: places.get(identity) ?? -1 })).filter(
    ({ twin }) => twin >= 0,
  );
}

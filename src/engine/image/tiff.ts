/** What the first page of a TIFF states about its samples. */
export interface TiffSamples {
  /** Samples per pixel, colors and extra ones. */
  bands: number;
  /** The largest number of bits of a sample. */
  bits: number;
  /** How many of the bands are colors, by the photometric interpretation. */
  colors: number;
  /** Whether that interpretation is RGB. */
  rgb: boolean;
  /** Whether samples are floating-point numbers. */
  float: boolean;
  /** Whether 0 is white. */
  negative: boolean;
  /** Of each extra band: 1 transparency, colors multiplied by it; 2 transparency; 0 not said. */
  extra: readonly number[];
}

const TAG = { bits: 258, photometric: 262, samples: 277, extra: 338, format: 339 } as const;
/** Bytes of the types that these tags may have: byte, short, long, BigTIFF's long. */
const TYPE_BYTES: Readonly<Record<number, number>> = { 1: 1, 3: 2, 4: 4, 16: 8 };
/** More samples than any picture has: further ones are damage. */
const MOST = 65535;

/**
 * Reads the first directory of a TIFF or BigTIFF (TIFF 6.0, sections 2, 8 and 18): needed because libvips treats every
 * fourth band as transparency, even if the file says otherwise.
 * @returns null where the directory cannot be read; decoding says why.
 */
export function tiffSamples(bytes: Uint8Array): TiffSamples | null {
  try {
    return samplesOf(readTags(bytes));
  } catch (error) {
    if (error instanceof RangeError) return null; // beyond the end of the file
    throw error;
  }
}

function samplesOf(tags: ReadonlyMap<number, number[]>): TiffSamples {
  const [photometric = 1] = tags.get(TAG.photometric) ?? [];
  const [bands = 1] = tags.get(TAG.samples) ?? [];
  const bits = Math.max(...(tags.get(TAG.bits) ?? [1]));
  // 2 RGB, 5 inks, 6 YCbCr, 8 and 9 Lab; gray, palette and the rest have one.
  const colors = photometric === 5 ? 4 : [2, 6, 8, 9].includes(photometric) ? 3 : 1;
  const given = tags.get(TAG.extra) ?? [];
  const extra = Array.from({ length: Math.max(0, bands - colors) }, (_, i) => given[i] ?? 0);
  const float = (tags.get(TAG.format) ?? [1])[0] === 3;
  return { bands, bits, colors, rgb: photometric === 2, float, negative: photometric === 0, extra };
}

/** Whole numbers of the tags that matter, by tag. @throws RangeError for a directory that leads beyond the file. */
function readTags(bytes: Uint8Array): Map<number, number[]> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = bytes[0] === 0x49;
  const big = view.getUint16(2, little) === 43;
  const whole = (at: number, size: number): number => {
    if (size === 1) return view.getUint8(at);
    if (size === 2) return view.getUint16(at, little);
    return size === 4 ? view.getUint32(at, little) : Number(view.getBigUint64(at, little));
  };
  const place = big ? 8 : 4;
  const directory = big ? whole(8, 8) : whole(4, 4);
  const count = big ? whole(directory, 8) : whole(directory, 2);
  const tags = new Map<number, number[]>();
  for (let i = 0, at = directory + (big ? 8 : 2); i < Math.min(count, MOST); i++, at += big ? 20 : 12) {
    const tag = whole(at, 2);
    const size = TYPE_BYTES[whole(at + 2, 2)];
    if (size === undefined || !Object.values<number>(TAG).includes(tag)) continue;
    const values = Math.min(whole(at + 4, place), MOST);
    const inside = values * size <= place;
    const from = inside ? at + 4 + place : whole(at + 4 + place, place);
    tags.set(
      tag,
      Array.from({ length: values }, (_, k) => whole(from + k * size, size)),
    );
  }
  return tags;
}

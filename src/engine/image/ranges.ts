import { say, type Message } from '../../words';

/** Kinds of samples that are read by the range of their values; libvips's names. */
export type Depth = 'char' | 'ushort' | 'short' | 'uint' | 'int' | 'float';
export type Samples = Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array | Float32Array;

const ARRAYS = {
  char: Int8Array,
  ushort: Uint16Array,
  short: Int16Array,
  uint: Uint32Array,
  int: Int32Array,
  float: Float32Array,
} as const;

/** The largest values of common scales: bytes, 12, 14 and 16 bits, and the maximum of the sample type. */
const SCALES: Readonly<Record<Depth, readonly number[]>> = {
  char: [127],
  ushort: [255, 4095, 16383, 65535],
  short: [255, 4095, 16383, 32767],
  uint: [255, 4095, 16383, 65535, 4294967295],
  int: [255, 4095, 16383, 65535, 2147483647],
  float: [1, 255, 4095, 16383, 65535],
};

/** How far float values may exceed a scale, as a share of it, because resampling overshoots. They are clipped. */
const OVERSHOOT = 0.05;

export const isDepth = (depth: string): depth is Depth => Object.hasOwn(SCALES, depth);

/** Bytes as samples of a kind, in the machine's order. */
export function samplesFrom(data: Buffer<ArrayBuffer>, depth: Depth): Samples {
  const { BYTES_PER_ELEMENT: size } = ARRAYS[depth];
  const aligned = data.byteOffset % size === 0 ? data : new Uint8Array(data);
  return new ARRAYS[depth](aligned.buffer, aligned.byteOffset, Math.floor(aligned.byteLength / size));
}

/** Smallest and largest value of the bands `from` … `to` − 1 of interleaved samples; NaN for both where one is not finite. */
export function rangeOf(samples: Samples, bands: number, from: number, to: number): { least: number; most: number } {
  let least = Infinity;
  let most = -Infinity;
  for (let at = 0; at < samples.length; at += bands) {
    for (let band = from; band < to; band++) {
      const value = samples[at + band];
      if (!Number.isFinite(value)) return { least: NaN, most: NaN };
      if (value < least) least = value;
      if (value > most) most = value;
    }
  }
  return { least, most };
}

/**
 * The largest value of the scale that samples are on: the smallest scale that holds them all. Otherwise the reason why
 * there is none: negative values, values beyond every scale, NaN.
 */
export function scaleOf(
  depth: Depth,
  { least, most }: { least: number; most: number },
): { most: number } | { refused: Message } {
  const samples = say(`image.samples.${depth}`);
  if (Number.isNaN(least)) return { refused: say('image.refused.nan', { samples }) };
  const beyond = depth === 'float' ? OVERSHOOT : 0;
  const scale = SCALES[depth].find((end) => most <= end * (1 + beyond));
  if (scale !== undefined && least >= -scale * beyond) return { most: scale };
  const expected = SCALES[depth].map((end) => `0 … ${end}`);
  return { refused: say('image.refused.range', { samples, least: short(least), most: short(most), expected }) };
}

/** A sample on a scale as a byte: round(255 · value ÷ most), cut at both ends. */
export const toByte = (value: number, most: number): number =>
  Math.min(255, Math.max(0, Math.round((255 * value) / most)));

const short = (value: number): number => Number(value.toPrecision(4));

/**
 * All randomness comes from here. A draw is a pure function of a key and a counter, so that it is the same for any
 * batching and any number of threads, and in WASM: only 32-bit additions, multiplications, shifts and exclusive ors.
 * The mixing step is the finalizer of MurmurHash3 (Appleby 2011); the scheme is that of counter-based generators
 * (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3").
 */

/** Two 32-bit words that name one stream of draws. */
export type Key = readonly [number, number];

/** The purpose of a stream: the first word after the seed, so that no two uses share draws. */
export const stream = {
  dropout: 1,
  augmentation: 2,
  shuffle: 3,
  initializer: 4,
  split: 5,
  generator: 6,
  slopes: 7,
  mixing: 8,
  fuzz: 100,
} as const;

/** Bijective mixing of 32 bits: MurmurHash3's fmix32. */
export function mix(word: number): number {
  let h = word | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** The key of a stream: `keyOf(seed, stream.dropout, epoch, sample, layer)`. Parts are whole numbers from 0 to 2⁵³ − 1. */
export function keyOf(seed: number, ...parts: number[]): Key {
  let a = 0x243f6a88;
  let b = 0x85a308d3;
  for (const part of [seed, ...parts]) {
    const low = part >>> 0;
    const high = Math.floor(part / 2 ** 32) >>> 0;
    a = mix(a ^ low) + Math.imul(mix(high ^ 0x13198a2e), 0x9e3779b1);
    b = mix((b + Math.imul(a, 0x9e3779b1)) | 0);
    a = mix(a ^ b);
  }
  return [a >>> 0, b >>> 0];
}

/** Draw number `counter` (0 … 2³² − 1) of a stream: 32 random bits. */
export function draw(key: Key, counter: number): number {
  return mix(mix(Math.imul(counter, 0x9e3779b1) ^ key[0]) + key[1]);
}

/** Draw number `counter` of a stream as a number from 0 (included) to 1 (excluded), in steps of 2⁻³². */
export function drawUniform(key: Key, counter: number): number {
  return draw(key, counter) * 2 ** -32;
}

/** A Generator's state, from which it can continue. JSON-able. */
export interface GeneratorState {
  key: [number, number];
  counter: number;
}

/** Draws one after the other from one stream. */
export class Generator {
  private key: Key;
  private counter = 0;

  constructor(seed: number, ...parts: number[]) {
    this.key = keyOf(seed, stream.generator, ...parts);
  }

  static restore(state: GeneratorState): Generator {
    const generator = new Generator(0);
    generator.key = [state.key[0], state.key[1]];
    generator.counter = state.counter;
    return generator;
  }

  get state(): GeneratorState {
    return { key: [this.key[0], this.key[1]], counter: this.counter };
  }

  /** 32 random bits. After 2³² draws the stream goes on under a new key. */
  next(): number {
    const bits = draw(this.key, this.counter++);
    if (this.counter === 2 ** 32) {
      this.key = keyOf(this.key[0], this.key[1]);
      this.counter = 0;
    }
    return bits;
  }

  /** From 0 (included) to 1 (excluded), 53 random bits. */
  uniform(): number {
    const high = this.next() >>> 5;
    return (high * 2 ** 26 + (this.next() >>> 6)) * 2 ** -53;
  }

  /** A whole number from 0 to `below` − 1, each as likely as the others. */
  integer(below: number): number {
    if (below > 2 ** 32) return Math.floor(this.uniform() * below);
    const fair = 2 ** 32 - (2 ** 32 % below);
    for (;;) {
      const bits = this.next();
      if (bits < fair) return bits % below;
    }
  }

  /**
   * Normal with mean 0 and standard deviation 1 (Box & Muller 1958; the second value is not kept, so that the state
   * stays small).
   */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }

  /** Shuffles in place (Fisher & Yates) and returns the list. */
  shuffle<L extends { length: number; [index: number]: number }>(list: L): L {
    for (let i = list.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const kept = list[i];
      list[i] = list[j];
      list[j] = kept;
    }
    return list;
  }
}

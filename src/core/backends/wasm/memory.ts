const ALIGNMENT = 64;
/** Kernels read whole vectors, up to this many bytes past the last element of an operand. */
const SLACK = 64;

/**
 * Hands out addresses one after the other, without touching memory: a program is laid out twice, first to learn how much
 * it takes, then for good. Scratch is one region for all that want some for the length of one call.
 */
export class Region {
  private next: number;
  private scratchNeed = 0;

  /** @param scratchBytes what `scratchUsed` was at the end of the first layout. */
  constructor(
    readonly base: number,
    scratchBytes = 0,
  ) {
    this.next = base + scratchBytes;
  }

  /** Room for `count` floats on a cache line. */
  floats(count: number): number {
    return this.bytes(count * 4);
  }

  bytes(size: number): number {
    const address = align(this.next);
    this.next = address + size + SLACK;
    return address;
  }

  /** The address of at least `size` bytes that hold nothing between two calls. */
  scratch(size: number): number {
    this.scratchNeed = Math.max(this.scratchNeed, align(size + SLACK));
    return this.base;
  }

  get scratchUsed(): number {
    return this.scratchNeed;
  }

  get end(): number {
    return align(this.next);
  }
}

function align(address: number): number {
  return Math.ceil(address / ALIGNMENT) * ALIGNMENT;
}

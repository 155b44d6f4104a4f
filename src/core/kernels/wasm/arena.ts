import { wasm, type WasmMemory } from './webassembly';

/** Bytes of a WebAssembly page. */
const PAGE = 65536;
/** The kernels' constants are below this address. */
const BASE = PAGE;
/** Allocations start on a cache line. */
const ALIGNMENT = 64;
/** Kernels read whole vectors: up to this many bytes past the last element may be read (never written). */
const SLACK = 64;
/** Shared memories have a maximum; this is all that 32-bit addresses reach. */
const MAXIMUM_PAGES = 65536;

/** A shared memory of at least `bytes` (it grows as an arena needs more). */
export function createMemory(bytes = 0): WasmMemory {
  const initial = Math.max(16, Math.ceil(bytes / PAGE));
  return new wasm.Memory({ initial, maximum: MAXIMUM_PAGES, shared: true });
}

/**
 * Hands out regions of a shared memory, one after the other; nothing is freed before the whole arena is. Pointers are
 * byte addresses up to 4 GiB: JavaScript passes them on to kernels as they are, but a kernel's `usize` result would
 * arrive signed. A fresh region is zero: memory starts so, and the arena never reuses any.
 */
export class Arena {
  private next: number;

  constructor(
    readonly memory: WasmMemory,
    base = BASE,
  ) {
    this.next = base;
  }

  /** The address after the last allocation. */
  get used(): number {
    return this.next;
  }

  /** Room for `count` floats, zeroed. Throws RangeError beyond 4 GiB. */
  floats(count: number): number {
    return this.bytes(count * 4);
  }

  /** Room for `size` bytes, zeroed, on a 64-byte boundary. Throws RangeError beyond 4 GiB. */
  bytes(size: number): number {
    const pointer = Math.ceil(this.next / ALIGNMENT) * ALIGNMENT;
    const end = pointer + size + SLACK;
    const held = this.memory.buffer.byteLength;
    if (end > held) {
      const pages = Math.ceil((end - held) / PAGE);
      if (end > MAXIMUM_PAGES * PAGE)
        throw new RangeError(`needs ${end} bytes of memory, WebAssembly has ${MAXIMUM_PAGES * PAGE}`);
      this.memory.grow(pages);
    }
    this.next = end;
    return pointer;
  }

  /** A view. After the memory has grown, an old view still works but does not reach the new part. */
  view(pointer: number, count: number): Float32Array {
    return new Float32Array(this.memory.buffer, pointer, count);
  }

  integers(pointer: number, count: number): Int32Array {
    return new Int32Array(this.memory.buffer, pointer, count);
  }

  doubles(pointer: number, count: number): Float64Array {
    return new Float64Array(this.memory.buffer, pointer, count);
  }
}

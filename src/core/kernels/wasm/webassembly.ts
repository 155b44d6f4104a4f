/**
 * The little of WebAssembly that the core uses. The core compiles without the DOM's and Node's types, which declare it
 * otherwise; both offer the same global.
 */
export interface WasmMemory {
  readonly buffer: ArrayBufferLike;
  /** Adds pages of 64 KiB and returns the number there were. */
  grow(pages: number): number;
}

/** A compiled module: opaque, can be posted to a worker. */
export type WasmModule = object;

interface WebAssemblyApi {
  validate(bytes: Uint8Array): boolean;
  Module: new (bytes: Uint8Array) => WasmModule;
  Instance: new (module: WasmModule, imports: Record<string, Record<string, unknown>>) => { readonly exports: unknown };
  Memory: new (descriptor: { initial: number; maximum: number; shared: boolean }) => WasmMemory;
}

export const wasm = (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly;

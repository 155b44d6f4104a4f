import { KERNELS, type Kernels } from './exports';
import { callByName } from './kernel';
import { wasm, type WasmMemory, type WasmModule } from './webassembly';

/** `relaxed` has fused multiply-adds (relaxed SIMD); `simd` runs wherever SIMD128 does. */
export type KernelBuild = 'relaxed' | 'simd';

/** The bytes of `out/kernels/relaxed.wasm` and `out/kernels/simd.wasm`. */
export type KernelBinaries = Readonly<Record<KernelBuild, Uint8Array>>;

export interface CompiledKernels {
  readonly build: KernelBuild;
  /** Can be posted to workers. */
  readonly module: WasmModule;
}

/**
 * Compiles the relaxed build where the engine takes it, the plain one otherwise. Node 20 takes it only after
 * `v8.setFlagsFromString('--experimental-wasm-relaxed-simd')`, to be called at start-up, before this.
 * @param build takes this one, without looking further. Throws where the engine does not take it.
 */
export function compileKernels(binaries: KernelBinaries, build?: KernelBuild): CompiledKernels {
  const chosen = build ?? (accepts(binaries.relaxed) ? 'relaxed' : 'simd');
  if (!accepts(binaries[chosen])) {
    throw new Error(
      `this JavaScript engine does not accept the ${chosen} build of the kernels: WebAssembly SIMD is needed`,
    );
  }
  return { build: chosen, module: new wasm.Module(binaries[chosen]) };
}

/** Bytes of scratch that `setScratch` wants, one region for each instance. */
export const SCRATCH_BYTES = 65536;

/** Whether this JavaScript engine takes a build of the kernels; without a compiler it has no WebAssembly at all. */
export function accepts(binary: Uint8Array): boolean {
  return wasm?.validate(binary) ?? false;
}

/**
 * One instance a thread, over one shared memory.
 * @param scratch a region of `SCRATCH_BYTES` of this instance alone: the Winograd transforms work there. Two threads on
 * one region are a data race.
 */
export function instantiateKernels(module: WasmModule, memory: WasmMemory, scratch: number): Kernels {
  const abort = (): never => {
    throw new Error('a kernel aborted');
  };
  const kernels = callByName(KERNELS, new wasm.Instance(module, { env: { memory, abort } }).exports);
  kernels.setScratch({ pointer: scratch });
  return kernels;
}

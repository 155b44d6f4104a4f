import { KERNELS, type Kernels } from './exports';
import { callByName } from './kernel';
import { wasm, type WasmMemory, type WasmModule } from './webassembly';

/** `relaxed` has fused multiply-adds (relaxed SIMD); `simd` needs SIMD128 only. */
export type KernelBuild = 'relaxed' | 'simd';

/** The bytes of `out/kernels/relaxed.wasm` and `out/kernels/simd.wasm`. */
export type KernelBinaries = Readonly<Record<KernelBuild, Uint8Array>>;

export interface CompiledKernels {
  readonly build: KernelBuild;
  /** Can be posted to workers. */
  readonly module: WasmModule;
}

/**
 * Compiles the relaxed build if the JavaScript engine supports it, otherwise the plain one. Node 20 supports it only after
 * `v8.setFlagsFromString('--experimental-wasm-relaxed-simd')`, called at start-up, before this.
 * @param build compiles this one only. Throws if the engine does not support it.
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

/** Bytes of scratch that `setScratch` needs, one region for each instance. */
export const SCRATCH_BYTES = 65536;

/** Whether this JavaScript engine has WebAssembly and supports what this build of the kernels needs. */
export function accepts(binary: Uint8Array): boolean {
  return wasm?.validate(binary) ?? false;
}

/**
 * Makes a thread's own instance of the kernels on the shared memory.
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

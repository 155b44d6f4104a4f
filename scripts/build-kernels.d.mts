/** Builds `out/kernels/{simd,relaxed}.wasm` unless they are current; returns their paths. */
export function buildKernels(options?: { force?: boolean }): Promise<Record<'simd' | 'relaxed', string>>;

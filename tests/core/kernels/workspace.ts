import { readFileSync } from 'node:fs';
import v8 from 'node:v8';
import { describe, expect } from 'vitest';
import { buildKernels } from '../../../scripts/build-kernels.mjs';
import { Arena, createMemory } from '../../../src/core/kernels/wasm/arena';
import { KERNELS, type Kernels } from '../../../src/core/kernels/wasm/exports';
import {
  compileKernels,
  instantiateKernels,
  SCRATCH_BYTES,
  type KernelBinaries,
  type KernelBuild,
} from '../../../src/core/kernels/wasm/instance';

const paths = await buildKernels();
const relaxed = readFileSync(paths.relaxed);
export const binaries: KernelBinaries = { simd: readFileSync(paths.simd), relaxed };

// Node 20 has relaxed SIMD behind this flag, and takes it as long as nothing was compiled yet.
if (!WebAssembly.validate(relaxed)) v8.setFlagsFromString('--experimental-wasm-relaxed-simd');

/** The same tests for the two builds. */
export function describeBuilds(name: string, body: (workspace: Workspace, build: KernelBuild) => void): void {
  describe.each(['relaxed', 'simd'] as const)(`${name} (%s)`, (build) => body(new Workspace(build), build));
}

/** A NaN that no computation makes: what lies between operands, and must be neither used nor written. */
const GUARD = 0x7fc0dead;
const GUARD_WORDS = 64;

/** Operands of kernels in a memory of their own, each between guards of NaN. */
export class Workspace {
  readonly arena = new Arena(createMemory(1 << 22));
  readonly kernels: Kernels;
  private guarded: { name: string; from: number; to: number }[] = [];

  constructor(build: KernelBuild) {
    const { module } = compileKernels(binaries, build);
    this.kernels = instantiateKernels(module, this.arena.memory, this.arena.bytes(SCRATCH_BYTES));
  }

  /** Calls a kernel that a table names, its arguments in the declared order. */
  call(name: string, ...values: number[]): void {
    const { parameters } = KERNELS[name as keyof Kernels];
    expect(values.length, name).toBe(parameters.length);
    const kernel = this.kernels[name as keyof Kernels] as (record: Record<string, number>) => void;
    kernel(Object.fromEntries(parameters.map((parameter, i) => [parameter, values[i]])));
  }

  /** A copy of `data`; an operand that is read only, or that a kernel adds to. */
  put(data: ArrayLike<number>, name = 'an operand'): number {
    const pointer = this.arena.bytes((data.length + 2 * GUARD_WORDS) * 4) + GUARD_WORDS * 4;
    const words = new Uint32Array(this.arena.memory.buffer, pointer - GUARD_WORDS * 4, data.length + 2 * GUARD_WORDS);
    words.fill(GUARD);
    if (data instanceof Int32Array) this.arena.integers(pointer, data.length).set(data);
    else this.arena.view(pointer, data.length).set(data);
    this.guarded.push({ name, from: pointer - GUARD_WORDS * 4, to: pointer });
    this.guarded.push({ name, from: pointer + data.length * 4, to: pointer + (data.length + GUARD_WORDS) * 4 });
    return pointer;
  }

  /** Room for `count` values that a kernel must write, every one: they start as NaN. */
  room(count: number, name = 'a result'): number {
    return this.put(new Float32Array(count).fill(NaN), name);
  }

  zeros(count: number, name = 'a result'): number {
    return this.put(new Float32Array(count), name);
  }

  /** Zeroed doubles, guarded likewise. */
  doubles(count: number): number {
    return this.put(new Float32Array(count * 2), 'doubles');
  }

  read(pointer: number, count: number): Float32Array {
    return this.arena.view(pointer, count).slice();
  }

  /** Fails where a kernel wrote outside its operands; forgets them. */
  expectGuards(): void {
    const words = new Uint32Array(this.arena.memory.buffer);
    const guarded = this.guarded;
    this.guarded = [];
    for (const { name, from, to } of guarded) {
      for (let i = from >>> 2; i < to >>> 2; i++) {
        if (words[i] !== GUARD) expect.fail(`a kernel wrote beside ${name}, ${i * 4 - from} bytes into its guard`);
      }
    }
  }
}

/**
 * |actual − expected| ≤ tolerance · max |expected|, everywhere; NaN only where expected.
 * @param scale at least this instead of max |expected|: for results that are differences of numbers of that size.
 */
export function expectClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  what: string,
  scale = 0,
): void {
  expect(actual.length, what).toBe(expected.length);
  let largest = scale;
  for (let i = 0; i < expected.length; i++) largest = Math.max(largest, Math.abs(expected[i]));
  for (let i = 0; i < expected.length; i++) {
    const off = Math.abs(actual[i] - expected[i]);
    if (!(off <= tolerance * largest) && !Object.is(actual[i], expected[i])) {
      expect.fail(`${what}: element ${i} is ${actual[i]}, expected ${expected[i]} (largest ${largest})`);
    }
  }
}

import fc from 'fast-check';
import { Generator } from '../../../src/core/random';

/** Random cases, the same in every run: a failure names the smallest one that still fails. */
export function forCases<T>(
  arbitrary: fc.Arbitrary<T>,
  runs: number,
  body: (value: T, generator: Generator) => void,
): void {
  fc.assert(
    fc.property(arbitrary, fc.nat(), (value, seed) => body(value, new Generator(seed))),
    { seed: 20240229, numRuns: runs },
  );
}

export const size = (min: number, max: number): fc.Arbitrary<number> => fc.integer({ min, max });

/** Normal draws: neither symmetric enough to cancel, nor so small that an error hides. */
export function normals(generator: Generator, count: number): Float32Array {
  return Float32Array.from({ length: count }, () => generator.normal());
}

/** Few distinct values with zeros among them: ties for pooling, edges for relus. */
export function steps(generator: Generator, count: number): Float32Array {
  return Float32Array.from({ length: count }, () => generator.integer(7) - 3);
}

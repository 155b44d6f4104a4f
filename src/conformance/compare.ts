import type { Value } from './value';

/** ONNX's own test runner (onnx/backend/test/runner): |found − expected| ≤ atol + rtol · |expected|. */
export const RTOL = 1e-3;
export const ATOL = 1e-7;

/** One line about the first difference, or null. NaN equals NaN, infinity itself. */
export function difference(found: Value, expected: Value, name: string): string | null {
  if (found.kind === 'foreign' || expected.kind === 'foreign' || found.kind !== expected.kind) {
    return `output '${name}': found ${found.kind}, expected ${expected.kind}`;
  }
  const shapes = [found.shape.join(', '), expected.shape.join(', ')];
  if (shapes[0] !== shapes[1]) return `output '${name}': found shape [${shapes[0]}], expected [${shapes[1]}]`;
  for (let i = 0; i < expected.data.length; i++) {
    const [a, b] = [Number(found.data[i]), Number(expected.data[i])];
    const near = Number.isFinite(b) && Math.abs(a - b) <= ATOL + RTOL * Math.abs(b);
    const close = a === b || near || (Number.isNaN(a) && Number.isNaN(b));
    if (!close) return `output '${name}', value ${i}: found ${a}, expected ${b}`;
  }
  return null;
}

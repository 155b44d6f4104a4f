import { describe, expect, it } from 'vitest';
import { marginOf, verdictOf } from '../../../src/core/metrics/verdict';

describe('what came of a run', () => {
  it.each([
    ['guessing', 0.52, 100, 0.5, 0.53, 'not learned'],
    ['above guessing by less than so few pictures can tell', 0.6, 20, 0.5, 0.62, 'not learned'],
    ['the same share of many pictures', 0.6, 2000, 0.5, 0.62, 'learned'],
    ['all training pictures right, others like guessing', 0.54, 100, 0.5, 1, 'by heart'],
    ['far better on training pictures', 0.74, 400, 0.5, 0.98, 'by heart'],
    ['a gap that so few pictures cannot tell', 0.8, 20, 0.5, 0.95, 'learned'],
    ['an unbalanced set, the commonest class named', 0.9, 500, 0.9, 0.91, 'not learned'],
    ['no training accuracy known', 0.75, 100, 0.5, null, 'learned'],
  ] as const)('%s', (_, accuracy, count, chance, train, kind) => {
    expect(verdictOf(accuracy, count, chance, train).kind).toBe(kind);
  });

  it('is as sure as its pictures are many', () => {
    // Wilson's interval of 80 of 100 is 0.711 … 0.867.
    expect(marginOf(0.8, 100)).toBeCloseTo((0.8666 - 0.7112) / 2, 3);
    expect(marginOf(1, 10)).toBeGreaterThan(0.1);
    expect(marginOf(0.5, 10_000)).toBeCloseTo(0.0098, 4);
  });
});

import { describe, expect, it } from 'vitest';
import { histogram, statistics } from '../../src/core/statistics';

describe('statistics', () => {
  it('of a tensor and of one map of it', () => {
    // Two rows, two columns, two channels.
    const data = Float32Array.of(1, 10, 0, 10, 3, 10, 0, 10);
    expect(statistics(data)).toEqual({
      min: 0,
      max: 10,
      mean: 5.5,
      deviation: Math.sqrt((20.25 + 30.25 * 2 + 6.25 + 4 * 20.25) / 8),
      zeroFraction: 0.25,
    });
    expect(statistics(data, 0, 2)).toEqual({
      min: 0,
      max: 3,
      mean: 1,
      deviation: Math.sqrt(1.5),
      zeroFraction: 0.5,
    });
    expect(statistics(data, 1, 2)).toEqual({ min: 10, max: 10, mean: 10, deviation: 0, zeroFraction: 0 });
    expect(statistics(Float32Array.of(4, 5), 1, 2)).toEqual({
      min: 5,
      max: 5,
      mean: 5,
      deviation: 0,
      zeroFraction: 0,
    });
  });

  it('keep their digits far from zero', () => {
    const data = Float64Array.from({ length: 1000 }, (_, i) => 1e8 + (i % 2));
    expect(statistics(data).deviation).toBe(0.5);
  });

  it('count both zeros, show NaN and infinities', () => {
    expect(statistics(Float32Array.of(-0, 0, 1, 3)).zeroFraction).toBe(0.5);
    expect(statistics(Float32Array.of(1, NaN, 0, 2))).toEqual({
      min: NaN,
      max: NaN,
      mean: NaN,
      deviation: NaN,
      zeroFraction: 0.25,
    });
    expect(statistics(Float32Array.of(-Infinity, Infinity))).toMatchObject({ min: -Infinity, max: Infinity });
  });
});

describe('a histogram', () => {
  it('leaves exact zeros out of the bins and counts them', () => {
    const { counts, from, to, zeros } = histogram(Float32Array.of(0, 0, 1, 2, 3, 4, 5, 5), 4);
    expect({ counts: [...counts], from, to, zeros }).toEqual({ counts: [1, 1, 1, 3], from: 1, to: 5, zeros: 2 });
  });

  it('of one map, over a given range', () => {
    const data = Float32Array.of(1, -9, 0, -9, 7, -9, -3, -9);
    const { counts, zeros } = histogram(data, 3, { step: 2, from: -1, to: 2 });
    expect([[...counts], zeros]).toEqual([[0, 0, 1], 1]);
  });

  it('of a single value, of nothing but zeros, and with values that are not finite', () => {
    expect(histogram(Float32Array.of(2, 2), 3)).toEqual({ counts: Uint32Array.of(2, 0, 0), from: 2, to: 2, zeros: 0 });
    expect(histogram(Float32Array.of(0, 0), 2)).toEqual({ counts: Uint32Array.of(0, 0), from: 0, to: 0, zeros: 2 });
    expect(histogram(Float32Array.of(NaN, 1, Infinity, 3), 2)).toEqual({
      counts: Uint32Array.of(1, 1),
      from: 1,
      to: 3,
      zeros: 0,
    });
  });
});

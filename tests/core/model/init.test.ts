import { describe, expect, it } from 'vitest';
import { initParams, initializers } from '../../../src/core/model/init';
import { graphOf } from '../helpers';

const graph = graphOf(
  [
    { kind: 'conv', filters: 40, kernel: 3 },
    { kind: 'batchnorm' },
    { kind: 'prelu' },
    { kind: 'conv', filters: 40, kernel: 3, groups: 4 },
    { kind: 'flatten' },
    { kind: 'dense', units: 30 },
  ],
  { height: 8, width: 8, channels: 20 },
);

function moments(values: Float32Array): { mean: number; deviation: number; largest: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  return { mean, deviation, largest: Math.max(...values.map(Math.abs)) };
}

describe('fresh parameters', () => {
  // Fan in: 3 · 3 · 20, 3 · 3 · 40 ÷ 4, 4 · 4 · 40; fan out: 3 · 3 · 40, 3 · 3 · 40 ÷ 4, 30.
  const fans = { 'conv1.weight': [180, 360], 'conv2.weight': [90, 90], 'dense1.weight': [640, 30] };

  it.each(Object.entries(fans))('%s has the deviation of its initializer', (key, [fanIn, fanOut]) => {
    const of = (initializer: (typeof initializers)[number]) => moments(initParams(graph, 1, initializer).get(key)!);
    const expected = {
      he: Math.sqrt(2 / fanIn),
      glorot: Math.sqrt(2 / (fanIn + fanOut)),
      normal: 0.05,
      uniform: 0.05 / Math.sqrt(3),
      zeros: 0,
    };
    for (const initializer of initializers) {
      const { mean, deviation } = of(initializer);
      expect(Math.abs(deviation - expected[initializer])).toBeLessThanOrEqual(0.06 * expected[initializer]);
      expect(Math.abs(mean)).toBeLessThanOrEqual(0.1 * expected[initializer]);
    }
    expect(of('glorot').largest).toBeLessThanOrEqual(Math.sqrt(6 / (fanIn + fanOut)));
    expect(of('uniform').largest).toBeLessThanOrEqual(0.05);
    expect(of('he').largest).toBeGreaterThan(2.5 * Math.sqrt(2 / fanIn));
  });

  it('biases, scales, statistics and slopes start at their constants', () => {
    const params = initParams(graph, 1, 'normal');
    const start = {
      'conv1.bias': 0,
      'batchnorm1.scale': 1,
      'batchnorm1.shift': 0,
      'batchnorm1.mean': 0,
      'batchnorm1.variance': 1,
      'prelu1.slope': 0.25,
      'dense1.bias': 0,
    };
    for (const [key, value] of Object.entries(start)) expect(new Set(params.get(key))).toEqual(new Set([value]));
    expect([...params.keys()]).toEqual([
      'conv1.weight',
      'conv1.bias',
      'batchnorm1.scale',
      'batchnorm1.shift',
      'batchnorm1.mean',
      'batchnorm1.variance',
      'prelu1.slope',
      'conv2.weight',
      'conv2.bias',
      'dense1.weight',
      'dense1.bias',
    ]);
  });

  it('are the same for the same seed, others for another, and differ between layers', () => {
    expect(initParams(graph, 5)).toEqual(initParams(graph, 5));
    const [a, b] = [initParams(graph, 5), initParams(graph, 6)];
    expect(a.get('conv1.weight')).not.toEqual(b.get('conv1.weight'));
    // Of one deviation, so that the same draws would be the same numbers.
    const even = initParams(graph, 5, 'normal');
    expect(even.get('conv1.weight')!.slice(0, 9)).not.toEqual(even.get('conv2.weight')!.slice(0, 9));
  });
});

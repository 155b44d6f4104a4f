import { describe, expect, it } from 'vitest';
import { float32Text, float64Text, relativeDifference } from '../../../src/renderer/src/inspect/pixel/check';
import { curveAround } from '../../../src/core/explain/curve';
import { drawn } from '../../../src/renderer/src/inspect/pixel/curve';
import { grayOf } from '../../../src/renderer/src/inspect/pixel/picture-value';
import { sourceOf, windowOf } from '../../../src/renderer/src/inspect/pixel/source';

describe('the check at the foot of a unit', () => {
  it('writes a float32 with the digits that tell it from its neighbors', () => {
    expect(float32Text(Math.fround(0.1))).toBe('0.1');
    const value = Math.fround(-0.14207494);
    expect(Math.fround(Number(float32Text(value).replace('−', '-')))).toBe(value);
    expect(float32Text(Math.fround(1.5e-9))).toBe('1.5 × 10⁻⁹');
    expect(float32Text(0)).toBe('0');
    expect(float32Text(-0)).toBe('0');
    expect(float32Text(1200)).toBe('1200');
  });
  it('writes a double to twelve digits', () => {
    expect(float64Text(-0.1420779043811234)).toBe('−0.142077904381');
    expect(float64Text(2)).toBe('2');
  });
  it('says what share of the value the difference is, and whether that agrees', () => {
    expect(relativeDifference({ shown: 2, difference: 1e-6 })).toEqual({ value: 5e-7, agrees: true });
    expect(relativeDifference({ shown: 2, difference: -0.01 })).toEqual({ value: 0.005, agrees: false });
    expect(relativeDifference({ shown: 0, difference: 0 })).toEqual({ value: 0, agrees: true });
    expect(relativeDifference({ shown: 0, difference: 1e-9 }).value).toBeNull();
  });
});

describe('the curve of a function of one value', () => {
  it('holds the unit and shows the bend', () => {
    const relu = drawn(curveAround((x) => Math.max(0, x), 8)!);
    expect([relu.from, relu.to]).toEqual([
      { x: -10, y: 0 },
      { x: 10, y: 10 },
    ]);
    const leaky = drawn(curveAround((x) => (x > 0 ? x : 0.5 * x), 0)!);
    expect(leaky.points[0]).toEqual({ x: -4, y: -2 });
    expect(leaky.points[48]).toEqual({ x: 0, y: 0 });
  });
  it('is none where there is no finite number to show', () => {
    expect(curveAround(Math.tanh, NaN)).toBeNull();
    expect(curveAround(Math.tanh, Infinity)).toBeNull();
  });
});

it('makes gray as the network gets it', () => {
  expect(grayOf(10, 10, 10)).toBe(10);
  expect(grayOf(255, 0, 0)).toBe(76);
});

it('knows what a unit reads and through which window', () => {
  const dense = {
    kind: 'sum',
    window: null,
    planes: null,
    source: 2,
    bias: 0,
    terms: 0,
    largest: [],
    positive: 0,
    negative: 0,
    rest: 0,
  } as const;
  const body = { ...dense, largest: [] };
  expect(sourceOf({ body })).toBe(2);
  expect(windowOf({ body }, [8, 7, 5])).toEqual({
    source: 2,
    top: 0,
    left: 0,
    height: 7,
    width: 5,
    stride: [1, 1],
    dilation: [1, 1],
  });
  expect(windowOf({ body }, [8, 1, 1])).toBeNull();
  expect(sourceOf({ body: { kind: 'join', by: 'sum', sources: [] } })).toBeNull();
});

import { expect, it } from 'vitest';
import { cell, cellShort, measured, num, pct, sci, shape } from '../../src/renderer/src/format';

it('writes numbers with a true minus and about three digits', () => {
  expect([
    num(0),
    num(-0.142075),
    num(22.8102),
    num(-123.456),
    num(0.00001234),
    num(1234567),
    num(NaN),
    num(-Infinity),
  ]).toEqual(['0', '−0.142', '22.81', '−123.5', '1.2 × 10⁻⁵', '1.2 × 10⁶', 'NaN', '−∞']);
  expect(num(-0.142075, 6)).toBe('−0.142075');
  // One number is not nought in one place and a power of ten in another.
  expect([num(1.6e-14, 6), num(-0.00002, 4), num(0.004, 2)]).toEqual(['1.6 × 10⁻¹⁴', '−2.0 × 10⁻⁵', '0.00']);
});
it('writes cells short', () => {
  expect([cell(0), cell(-0.004), cell(-0.25), cell(10.55)]).toEqual(['0', '0.00', '−0.25', '10.6']);
  expect([cellShort(-0.25), cellShort(0.004), cellShort(1.5), cellShort(-12.3)]).toEqual([
    '−.25',
    '.00',
    '1.50',
    '−12',
  ]);
});
it('never rounds to all or to a power of its own', () => {
  expect([pct(0.872), pct(1), pct(0.99999), pct(0.9915, 2)]).toEqual([
    '87.2\u00a0%',
    '100.0\u00a0%',
    '>99.9\u00a0%',
    '99.15\u00a0%',
  ]);
  expect(sci(-0.0000034)).toBe('−3.4 × 10⁻⁶');
  expect([shape([8, 28, 28]), shape([8, 28, 28], true)]).toEqual(['8 × 28 × 28', '8×28×28']);
});

it('writes what was measured with four places, and what is beyond reading with a power of ten', () => {
  expect([0.32274, 15505060.0889, 0.00001, NaN, Infinity].map(measured)).toEqual([
    '0.3227',
    '1.6 × 10⁷',
    '1.0 × 10⁻⁵',
    'NaN',
    '∞',
  ]);
});

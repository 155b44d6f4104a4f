import { expect, it } from 'vitest';
import { cell, cellShort } from '../../../src/renderer/src/format';
import { tableFactor } from '../../../src/renderer/src/inspect/factor';

it('leaves numbers alone that two places can show', () => {
  for (const largest of [0.1, 0.6, 3, 200, 0, NaN]) expect(tableFactor(largest)).toEqual({ multiplier: 1, text: '' });
});
it('keeps the digits of small tables by a power of ten that the heading states', () => {
  const { multiplier, text } = tableFactor(0.0042);
  expect(text).toBe('× 10⁻³');
  expect(cell(0.0042 * multiplier)).toBe('4.20');
  const short = tableFactor(0.0042, true);
  expect(short.text).toBe('× 10⁻²');
  expect(cellShort(-0.0042 * short.multiplier)).toBe('−.42');
  expect(tableFactor(3e-12).text).toBe('× 10⁻¹²');
});

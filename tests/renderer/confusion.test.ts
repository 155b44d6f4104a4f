import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  columnSums,
  confusedPairs,
  difference,
  most,
  rightShares,
  rowShares,
  rowSums,
} from '../../src/renderer/src/components/confusion';
import { confusionLayout, END, windowOf } from '../../src/renderer/src/components/confusion-layout';

const matrix = [
  [8, 2, 0],
  [1, 3, 0],
  [0, 0, 0],
];

describe('a confusion matrix', () => {
  it('has sums and shares of its rows, a class without pictures noughts', () => {
    expect(rowSums(matrix)).toEqual([10, 4, 0]);
    expect(columnSums(matrix)).toEqual([9, 5, 0]);
    expect(rowShares(matrix)).toEqual([
      [0.8, 0.2, 0],
      [0.25, 0.75, 0],
      [0, 0, 0],
    ]);
  });

  it('has accuracy by row and precision by column, none where there is nothing', () => {
    expect(rightShares(matrix, rowSums(matrix))).toEqual([0.8, 0.75, null]);
    expect(rightShares(matrix, columnSums(matrix))).toEqual([8 / 9, 3 / 5, null]);
  });

  it('is coloured by its errors alone, a difference by all of it', () => {
    expect(most(rowShares(matrix), true)).toBe(0.25);
    expect(most(rowShares(matrix), false)).toBe(0.8);
    expect(
      difference(matrix, [
        [9, 1, 0],
        [1, 3, 0],
        [0, 0, 0],
      ])[0],
    ).toEqual([-1, 1, 0]);
  });

  it('lists what is confused most: many pictures before a large share, never the diagonal nor noughts', () => {
    expect(confusedPairs(matrix, 5)).toEqual([
      { truth: 0, predicted: 1, count: 2, share: 0.2 },
      { truth: 1, predicted: 0, count: 1, share: 0.25 },
    ]);
    expect(confusedPairs(matrix, 1)).toHaveLength(1);
    const tie = [
      [9, 1, 0],
      [0, 4, 1],
      [0, 0, 5],
    ];
    expect(confusedPairs(tie, 2).map(({ truth }) => truth)).toEqual([1, 0]);
  });
});

describe('its layout', () => {
  const digits = Array.from({ length: 10 }, (_, i) => String(i));

  it('never is wider than its room, as long as cells of 18 pixels fit', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 12 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 430, max: 1400 }),
        (classes, widest, room) => {
          const labels = Array.from({ length: classes }, (_, i) => `class ${i}`);
          const { cell, rowHead, sums } = confusionLayout(labels, labels, widest, room);
          expect(rowHead + classes * (cell + 1) + (sums ? END.sums : 0) + END.right).toBeLessThanOrEqual(room);
        },
      ),
    );
  });

  it('gives up the sums first, then the numerals, and turns names that are wider than a cell', () => {
    expect(confusionLayout(digits, digits, 4, 700)).toMatchObject({ sums: true, numerals: true, turned: false });
    expect(confusionLayout(digits, digits, 4, 470)).toMatchObject({ sums: false, numerals: true });
    expect(confusionLayout(digits, digits, 4, 360)).toMatchObject({ sums: false, numerals: false });
    expect(confusionLayout(['Chihuahua', 'e'], [], 3, 700).turned).toBe(true);
  });

  it('scrolls by itself beyond twenty classes', () => {
    const many = Array.from({ length: 21 }, (_, i) => String(i));
    expect(confusionLayout(many.slice(1), [], 3, 900).scrolls).toBe(false);
    expect(confusionLayout(many, [], 3, 900)).toMatchObject({ scrolls: true, numerals: false });
  });

  it('draws every line that is seen', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1000 }),
        fc.nat(20_000),
        fc.integer({ min: 1, max: 800 }),
        (count, from, room) => {
          const [first, end] = windowOf(count, 16, from, room);
          expect(first).toBeGreaterThanOrEqual(0);
          expect(end).toBeLessThanOrEqual(count);
          for (let i = 0; i < count; i++)
            if ((i + 1) * 16 > from && i * 16 < from + room) expect(i >= first && i < end).toBe(true);
        },
      ),
    );
  });
});

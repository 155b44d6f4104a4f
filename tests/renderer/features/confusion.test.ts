import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import {
  columnSums,
  confusedPairs,
  difference,
  most,
  rightShares,
  rowShares,
  rowSums,
} from '../../../src/renderer/src/features/confusion/matrix';
import { colorOf } from '../../../src/shared/colormap';
import { cellColor } from '../../../src/renderer/src/features/confusion/colors';
import { cellAfter } from '../../../src/renderer/src/features/confusion/keys';
import { confusionLayout, END, scrolledTo, windowOf } from '../../../src/renderer/src/features/confusion/layout';
import { longestNumeral, viewOf } from '../../../src/renderer/src/features/confusion/view';
import { cellProbe, cellText, recallText } from '../../../src/renderer/src/features/confusion/words';

// The language asks the window what the system speaks.
vi.hoisted(() => {
  Object.assign(globalThis, { document: { documentElement: { lang: '' } } });
  if (!('navigator' in globalThis)) Object.assign(globalThis, { navigator: { language: 'en' } });
});

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

  it('is colored by its errors alone, a difference by all of it', () => {
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

describe('a drawn confusion matrix', () => {
  const labels = ['cat', 'dog', 'owl'];
  const other = [
    [9, 1, 0],
    [0, 4, 0],
    [0, 0, 0],
  ];
  const view = viewOf(matrix, null);
  const less = viewOf(matrix, other);
  it('shows counts, its errors on a scale of their own, and what is right of each class', () => {
    expect(view).toMatchObject({ cells: matrix, totals: [10, 4, 0], said: [9, 5, 0], end: 0.25, difference: false });
    expect([0, 1, 2].map((y) => recallText(view, y))).toEqual(['80.0\u00a0%', '75.0\u00a0%', '–']);
    expect(viewOf(matrix, null, 0.5).end).toBe(0.5);
  });
  it('set against another shows what it has more, in every cell', () => {
    expect(less.cells[0]).toEqual([-1, 1, 0]);
    expect(less.cells[1]).toEqual([1, -1, 0]);
    expect(less.end).toBe(0.25);
    expect([0, 1, 2].map((y) => recallText(less, y))).toEqual(['−10.0', '−25.0', '–']);
  });
  it('colors errors by the map and right answers by a neutral ground, a difference all over', () => {
    expect(cellColor('dark', view, { truth: 1, predicted: 0 })).toEqual(colorOf('dark', 0.25, 0.25));
    expect(cellColor('dark', view, { truth: 2, predicted: 2 })).toEqual([30, 33, 36]);
    const [r, g, b] = cellColor('light', view, { truth: 0, predicted: 0 });
    expect(Math.max(r, g, b) - Math.min(r, g, b)).toBeLessThanOrEqual(3);
    expect(r).toBeLessThan(247);
    expect(cellColor('dark', less, { truth: 1, predicted: 1 })).toEqual(colorOf('dark', -0.25, 0.25));
  });
  it('says each cell in words', () => {
    expect(cellText(view, labels, { truth: 0, predicted: 1 })).toBe('actual cat, predicted dog: 2 pictures');
    expect(cellText(view, labels, { truth: 1, predicted: 0 })).toBe('actual dog, predicted cat: 1 picture');
    expect(cellProbe(view, labels, { truth: 0, predicted: 1 })).toContain('20.0\u00a0%');
    expect(cellProbe(less, labels, { truth: 0, predicted: 0 })).toContain('−10.0');
  });
  it('is walked through with the keys, to its edges and no further', () => {
    const from = { truth: 1, predicted: 1 };
    const to = (key: string) => Object.values(cellAfter(key, from, 3) ?? {});
    expect([to('ArrowUp'), to('ArrowDown'), to('ArrowLeft'), to('ArrowRight')]).toEqual([
      [0, 1],
      [2, 1],
      [1, 0],
      [1, 2],
    ]);
    expect([to('Home'), to('End'), to('PageUp'), to('PageDown')]).toEqual([
      [1, 0],
      [1, 2],
      [0, 1],
      [2, 1],
    ]);
    expect(cellAfter('ArrowUp', { truth: 0, predicted: 0 }, 3)).toEqual({ truth: 0, predicted: 0 });
    expect([cellAfter('Enter', from, 3), cellAfter('toString', from, 3)]).toEqual([null, null]);
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
    expect(
      longestNumeral(
        [
          [950, 3],
          [12, 1000],
        ],
        null,
      ),
    ).toBe(4);
    expect(
      longestNumeral(
        [
          [950, 3],
          [12, 1000],
        ],
        [
          [940, 13],
          [20, 992],
        ],
      ),
    ).toBe(3);
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

  it('scrolls to a line no further than it must', () => {
    expect(scrolledTo(3, 16, 0, 200)).toBe(0);
    expect(scrolledTo(20, 16, 0, 200)).toBe(21 * 16 - 200);
    expect(scrolledTo(2, 16, 100, 200)).toBe(32);
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

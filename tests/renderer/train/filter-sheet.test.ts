import { describe, expect, it } from 'vitest';
import { colorOf } from '../../../src/shared/colormap';
import { wordOf } from '../../../src/renderer/src/theme/paint';
import { paintSheet, picturesOf, sheetOf } from '../../../src/renderer/src/train/run/filter-sheet';

const line = 0x12345678;
const rgba = (word: number): number[] => [...new Uint8Array(Uint32Array.of(word).buffer)];

function painted(shape: number[], weights: (i: number) => number, room = 300, ratio = 1) {
  const sheet = sheetOf(picturesOf(shape), room, 60, ratio, 4);
  const pixels = new Uint32Array(sheet.width * sheet.height);
  const data = Int8Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => weights(i));
  paintSheet(pixels, sheet, data, line, 'dark');
  const { fit, perCell, gap, across } = sheet;
  return {
    sheet,
    data,
    at: (x: number, y: number): number => pixels[y * sheet.width + x],
    /** Where a cell of a filter begins. */
    cell(filter: number, y: number, x: number): [number, number] {
      const left = sheet.line + (filter % across) * (fit.width * perCell + gap) + x * perCell;
      return [left, sheet.line + Math.floor(filter / across) * (fit.height * perCell + gap) + y * perCell];
    },
  };
}

describe('the sheet of the first layer’s filters', () => {
  it.each([1, 1.5, 2])(
    'draws every cell of every filter as a square of its color, %f device pixels a pixel',
    (ratio) => {
      const { sheet, data, at, cell } = painted([7, 1, 3, 4], (i) => ((i * 37) % 255) - 127, 90, ratio);
      expect(sheet.pictures).toEqual({ count: 7, height: 3, width: 4, color: false });
      for (let filter = 0; filter < 7; filter++)
        for (let y = 0; y < 3; y++)
          for (let x = 0; x < 4; x++) {
            const [left, top] = cell(filter, y, x);
            const color = [...colorOf('dark', data[(filter * 3 + y) * 4 + x], 127), 255];
            for (const [dx, dy] of [
              [0, 0],
              [sheet.perCell - 1, sheet.perCell - 1],
            ])
              expect(rgba(at(left + dx, top + dy)), `filter ${filter}, cell ${y}, ${x}`).toEqual(color);
          }
    },
  );

  it('has a hairline round each filter and leaves what is between them clear', () => {
    const { sheet, at, cell } = painted([4, 1, 2, 2], () => 127, 90);
    const side = 2 * sheet.perCell;
    for (let filter = 0; filter < 4; filter++) {
      const [left, top] = cell(filter, 0, 0);
      for (const [x, y] of [
        [left - 1, top - 1],
        [left + side, top],
        [left, top + side],
      ])
        expect(at(x, y)).toBe(line);
      if (left + side + 1 < sheet.width) expect(at(left + side + 1, top)).toBe(0);
    }
    expect(sheet.width).toBe(sheet.across * (side + 4) - 4 + 2);
  });

  it('draws three input channels as red, green and blue: 0 in the middle, the ends none and all of a color', () => {
    const { sheet, at, cell } = painted([2, 3, 1, 2], (i) => [127, 0, -127, 0, 0, 0, -127, 127, 127, 127, 0, 0][i]);
    expect(sheet.pictures).toMatchObject({ count: 2, color: true });
    const color = (filter: number, x: number): number[] => rgba(at(...cell(filter, 0, x)));
    expect(color(0, 0)).toEqual([255, 0, 128, 255]);
    expect(color(0, 1)).toEqual([128, 128, 128, 255]);
    expect(color(1, 0)).toEqual([0, 255, 128, 255]);
    expect(color(1, 1)).toEqual([255, 255, 128, 255]);
  });

  it('draws other input channels each by itself', () => {
    expect(picturesOf([20, 6, 5, 5])).toEqual({ count: 120, height: 5, width: 5, color: false });
  });

  it('draws the mean of neighbors where a filter is larger than its room', () => {
    const { sheet, at, cell } = painted([1, 1, 240, 240], (i) => (Math.floor(i / 240) % 4 < 2 ? 100 : -20), 60);
    expect(sheet.fit.factor).toBe(4);
    expect(rgba(at(...cell(0, 3, 5)))).toEqual([...colorOf('dark', 40, 127), 255]);
  });
});

it('a token’s color is a word as the canvas has it', () => {
  expect(rgba(wordOf('#272b31'))).toEqual([0x27, 0x2b, 0x31, 255]);
});

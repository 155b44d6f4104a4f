import { describe, expect, it } from 'vitest';
import { drawMatrix, matrixLayout, placeAt, span } from '../../../src/renderer/src/inspect/layer/matrix';

describe('all kernels as one picture', () => {
  it('fills the room where all input channels fit, and scrolls where they do not', () => {
    expect(matrixLayout([16, 8, 5, 5], 600, 1)).toMatchObject({ cell: 11, gap: 3, pitchX: 58, width: 461 });
    expect(matrixLayout([512, 512, 3, 3], 600, 1)).toMatchObject({ cell: 9, pitchX: 30, width: 512 * 30 - 3 });
    expect(matrixLayout([10, 256, 1, 1], 600, 2).gap).toBe(0);
  });
  it('finds what is in view', () => {
    expect(span(0, 100, 30, 512)).toEqual([0, 4]);
    expect(span(95, 100, 30, 512)).toEqual([3, 7]);
    expect(span(15300, 600, 30, 512)).toEqual([510, 512]);
  });
  it('tells the weight under the pointer, and nothing between kernels', () => {
    const layout = matrixLayout([4, 3, 2, 2], 0, 1);
    expect(layout).toMatchObject({ cell: 14, pitchX: 31, pitchY: 31 });
    expect(placeAt(layout, 31 + 15, 62 + 3)).toEqual({ output: 2, input: 1, row: 0, column: 1 });
    expect(placeAt(layout, 29, 5)).toBeNull();
    expect(placeAt(layout, 93, 5)).toBeNull();
    expect(placeAt(layout, -1, 5)).toBeNull();
  });
  it('draws the part in view as the whole picture has it', () => {
    const layout = {
      ...matrixLayout([3, 4, 2, 3], 0, 1),
      cell: 2,
      gap: 1,
      pitchX: 7,
      pitchY: 5,
      width: 27,
      height: 14,
    };
    const colors = (o: number) => Uint32Array.from({ length: 24 }, (_, k) => 1 + o * 100 + k);
    const whole = new Uint32Array(27 * 14);
    drawMatrix(whole, 27, 14, layout, 0, 0, colors);
    for (let y = 0; y < 14; y++)
      for (let x = 0; x < 27; x++) {
        const place = placeAt(layout, x, y);
        const expected = place ? 1 + place.output * 100 + place.input * 6 + place.row * 3 + place.column : 0;
        expect(whole[y * 27 + x], `${x}, ${y}`).toBe(expected);
      }
    const part = new Uint32Array(9 * 6);
    drawMatrix(part, 9, 6, layout, 6, 3, colors);
    for (let y = 0; y < 6; y++) for (let x = 0; x < 9; x++) expect(part[y * 9 + x]).toBe(whole[(y + 3) * 27 + x + 6]);
  });
  it('leaves out what has not come yet', () => {
    const layout = matrixLayout([2, 1, 1, 1], 0, 1);
    const out = new Uint32Array(layout.width * layout.height);
    drawMatrix(out, layout.width, layout.height, layout, 0, 0, (o) => (o === 1 ? Uint32Array.of(7) : null));
    expect(out[0]).toBe(0);
    expect(out[out.length - 1]).toBe(7);
  });
});

import { converter } from 'culori';
import { describe, expect, it } from 'vitest';
import {
  colormap,
  colorOf,
  colorWords,
  contrast,
  ENTRIES,
  entryOf,
  inkOn,
  ZERO,
  type Rgb,
  type Theme,
} from '../../src/shared/colormap';

const oklch = converter('oklch');
const at = (theme: Theme, i: number): Rgb => [...colormap(theme).subarray(i * 3, i * 3 + 3)] as unknown as Rgb;
const lightness = ([r, g, b]: Rgb): number => oklch({ mode: 'rgb', r: r / 255, g: g / 255, b: b / 255 }).l;

describe.each(['dark', 'light'] as const)('the %s color map', (theme) => {
  it('has the ground at zero and the ends that the visual language names', () => {
    const ends = {
      dark: [
        [200, 244, 254],
        [30, 33, 36],
        [253, 234, 178],
      ],
      light: [
        [23, 47, 124],
        [247, 247, 247],
        [103, 21, 21],
      ],
    }[theme];
    for (const [k, i] of [0, ZERO, ENTRIES - 1].entries()) {
      const found = at(theme, i);
      for (let channel = 0; channel < 3; channel++)
        expect(Math.abs(found[channel] - ends[k][channel])).toBeLessThanOrEqual(3);
    }
  });
  it('gives +v and −v the same lightness, and more of it (dark) or less (light) the larger |v|', () => {
    let last = lightness(at(theme, ZERO));
    for (let i = 8; i <= ZERO; i += 8) {
      const up = lightness(at(theme, ZERO + i));
      const down = lightness(at(theme, ZERO - i));
      expect(Math.abs(up - down)).toBeLessThan(0.02);
      expect(theme === 'dark' ? up > last - 0.004 : up < last + 0.004).toBe(true);
      last = up;
    }
  });
  it('keeps numerals readable on every entry', () => {
    for (let i = 0; i < ENTRIES; i++) {
      const color = at(theme, i);
      expect(contrast(color, inkOn(color) === '#000' ? [0, 0, 0] : [255, 255, 255])).toBeGreaterThan(4.5);
    }
  });
  it('says the same as words and as bytes', () => {
    const bytes = new Uint8Array(colorWords(theme).buffer);
    for (const i of [0, 100, ZERO, 400, 512])
      expect([...bytes.subarray(i * 4, i * 4 + 4)]).toEqual([...at(theme, i), 255]);
  });
});

it('maps values linearly, clips beyond the scale and shows zero for nothing', () => {
  expect(entryOf(0, 3)).toBe(ZERO);
  expect(entryOf(3, 3)).toBe(512);
  expect(entryOf(-1.5, 3)).toBe(128);
  expect(entryOf(99, 3)).toBe(512);
  expect(entryOf(-99, 3)).toBe(0);
  expect(entryOf(NaN, 3)).toBe(ZERO);
  expect(colorOf('dark', 5, 0)).toEqual(at('dark', ZERO));
});

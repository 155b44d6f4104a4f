import { expect, it } from 'vitest';
import { shareAlike } from '../../../src/engine/inspect/strip';
import type { Picture } from '../../../src/shared/protocol';

const picture = (width: number, height: number, value: number): Picture => ({
  width,
  height,
  rgba: new Uint8ClampedArray(4 * width * height).fill(value),
});

it('shares the pixels of a file that was neither turned nor fitted', () => {
  const strip = shareAlike({
    original: picture(2, 3, 7),
    oriented: picture(2, 3, 7),
    fitted: picture(2, 3, 7),
  });
  expect(strip.oriented.rgba).toBe(strip.original.rgba);
  expect(strip.fitted.rgba).toBe(strip.original.rgba);
  expect(structuredClone(strip).fitted).toEqual(picture(2, 3, 7));
});

it('keeps pictures apart that differ in size or in a pixel', () => {
  const turned = picture(3, 2, 7);
  const fitted = picture(3, 2, 7);
  fitted.rgba[23] = 6;
  const strip = shareAlike({ original: picture(2, 3, 7), oriented: turned, fitted });
  expect(strip).toEqual({ original: picture(2, 3, 7), oriented: turned, fitted });
  expect(new Set([strip.original.rgba, strip.oriented.rgba, strip.fitted.rgba]).size).toBe(3);
});

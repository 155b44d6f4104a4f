import type { Picture } from '../../../../shared/protocol';
import type { PictureSheet } from '../../../../shared/data-sets';

/** Indices of a sheet's pictures, by class. */
export function byClass(sheet: PictureSheet, classes: number): number[][] {
  const lists = Array.from({ length: classes }, (): number[] => []);
  for (const [i, label] of sheet.labels.entries()) lists[label]?.push(i);
  return lists;
}

/** One picture of a sheet as RGBA. */
export function pictureOf({ height, width, channels, pixels }: PictureSheet, index: number): Picture {
  const cells = height * width;
  const rgba = new Uint8ClampedArray(cells * 4);
  for (let i = 0, from = index * cells * channels; i < cells; i++, from += channels) {
    const red = pixels[from];
    rgba[4 * i] = red;
    rgba[4 * i + 1] = channels === 3 ? pixels[from + 1] : red;
    rgba[4 * i + 2] = channels === 3 ? pixels[from + 2] : red;
    rgba[4 * i + 3] = 255;
  }
  return { width, height, rgba };
}

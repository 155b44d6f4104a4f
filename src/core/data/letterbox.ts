import type { Preprocessing } from '../model/model';
import type { Inside } from './ground';

/** Where a picture lies in the network's input: all of it, but for what a letterbox's bars take. */
export function insideOf(
  picture: { height: number; width: number },
  { height, width, fit }: Pick<Preprocessing, 'height' | 'width' | 'fit'>,
): Inside {
  if (fit !== 'letterbox') return { top: 0, left: 0, height, width };
  const scale = Math.min(width / picture.width, height / picture.height);
  const insideWidth = within(picture.width * scale, width);
  const insideHeight = within(picture.height * scale, height);
  return {
    top: Math.floor((height - insideHeight) / 2),
    left: Math.floor((width - insideWidth) / 2),
    height: insideHeight,
    width: insideWidth,
  };
}

/** A length in whole pixels, from 1 to `most`. */
export const within = (length: number, most: number): number => Math.min(most, Math.max(1, Math.round(length)));

import type { PictureInput } from '../../../../shared/protocol';

/** The same picture in other colors; gray has one mean and standard deviation, the first. */
export function colored(picture: PictureInput, color: PictureInput['color']): PictureInput {
  const channels = color === 'gray' ? 1 : 3;
  const moments = (of: readonly number[]): number[] => Array.from({ length: channels }, (_, c) => of[c] ?? of[0]);
  return { ...picture, color, mean: moments(picture.mean), deviation: moments(picture.deviation) };
}

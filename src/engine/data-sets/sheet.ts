import type { ImageSet, Split } from '../../core/data/dataset';
import type { PictureSheet } from '../../shared/data-sets';

/** Pictures of a class, and in all, that a survey shows. */
const PER_CLASS = 12;
const IN_ALL = 240;

/** Some pictures of every class, spread over those that a split has, class by class; the same every time. Of very many classes, some. */
export function sampleSheet(split: Split, classes: number): PictureSheet {
  const members: number[][] = Array.from({ length: classes }, () => []);
  for (const sample of split.samples) members[split.images.labels[sample]].push(sample);
  const shown = spread(members, IN_ALL);
  const each = Math.max(1, Math.min(PER_CLASS, Math.floor(IN_ALL / shown.length)));
  return sheetOf(
    split.images,
    shown.flatMap((samples) => spread(samples, each)),
  );
}

/** The pictures at `rows` of a set, copied. */
function sheetOf(images: ImageSet, rows: ArrayLike<number>): PictureSheet {
  const { height, width, channels } = images;
  const size = height * width * channels;
  const pixels = new Uint8Array(rows.length * size);
  const labels = new Int32Array(rows.length);
  for (let i = 0; i < rows.length; i++) {
    pixels.set(images.pixels.subarray(rows[i] * size, (rows[i] + 1) * size), i * size);
    labels[i] = images.labels[rows[i]];
  }
  return { height, width, channels, pixels, labels };
}

/** At most `most` of a list, at even distances. */
export function spread<T>(list: ArrayLike<T>, most: number): T[] {
  const count = Math.min(most, list.length);
  return Array.from({ length: count }, (_, i) => list[Math.floor(((i + 0.5) * list.length) / count)]);
}

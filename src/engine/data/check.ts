import { classCounts, type DataSet } from '../../core/data/dataset';
import { dataFailure } from './failure';
import type { RawPart, RawSet } from './raw';

/** As many classes as anybody trains on a desktop machine; a larger label is damage. */
const MOST_CLASSES = 10_000;

/**
 * Names for the classes of numbered labels, and a check that they are classes: from 0 without a gap, two or more.
 * @param names from a file beside the data, or null: the numbers themselves.
 */
export function numberedLabels(
  root: string,
  parts: Partial<Record<RawPart, RawSet>>,
  names: string[] | null,
): string[] {
  const train = parts.train!;
  if (train.count === 0) throw dataFailure(root, 'has no image in the training part');
  const largest = train.labels.reduce((most, label) => Math.max(most, label), 0);
  if (largest >= MOST_CLASSES) throw dataFailure(root, `has the label ${largest}, expected less than ${MOST_CLASSES}`);
  if (names && names.length <= largest)
    throw dataFailure(root, `names ${names.length} classes, its labels go up to ${largest}`);
  const twice = names?.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw dataFailure(root, `names two classes '${twice}'`);
  const labels = names ?? Array.from({ length: largest + 1 }, (_, i) => String(i));
  for (const part of ['validation', 'test'] as const) {
    const bad = parts[part]?.labels.find((label) => label >= labels.length);
    if (bad !== undefined)
      throw dataFailure(
        root,
        `has the label ${bad} in the ${part} part, which the training part lacks (0 … ${labels.length - 1})`,
      );
  }
  return labels;
}

/** What every data set must be, whatever it was read from. @throws FailureError for a single class or a class without an image. */
export function checkClasses(root: string, data: DataSet): void {
  const { labels, train } = data;
  const counts = classCounts(train, labels.length);
  const present = labels.filter((_, i) => counts[i] > 0);
  if (present.length === 1 && labels.length <= 2)
    throw dataFailure(root, `holds a single class, '${present[0]}', expected two or more`);
  const empty = counts.indexOf(0);
  if (empty >= 0)
    throw dataFailure(root, `class '${labels[empty]}' has no image in the training part (${labels.length} classes)`);
  if (labels.length < 2) throw dataFailure(root, `holds a single class, '${labels[0]}', expected two or more`);
}

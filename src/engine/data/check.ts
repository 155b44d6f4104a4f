import { classCounts, type DataSet } from '../../core/data/dataset';
import { say } from '../../words';
import { dataFailure } from './failure';
import type { RawSplit, RawSet } from './raw';

/** More classes than any network on a desktop machine is trained for: a larger label means a damaged file. */
export const MOST_CLASSES = 10_000;

type Splits = Partial<Record<RawSplit, RawSet>>;

/**
 * Splits whose labels begin with 0. Some sets count from 1 (EMNIST's letters); where names are given as many as the largest
 * label, or none, the first class is 1 then.
 * @param named the number of the first name, where a file says so.
 * @returns `first`: the number of the first class in the files.
 */
export function labelsFromZero(
  splits: Splits,
  names: string[] | null,
  named: 0 | 1 | null = null,
): { splits: Splits; first: 0 | 1 } {
  const sets = Object.entries(splits).filter(([, { count }]) => count > 0);
  const least = Math.min(...sets.map(([, { labels }]) => labels.reduce((a, b) => Math.min(a, b))));
  const most = Math.max(...sets.map(([, { labels }]) => labels.reduce((a, b) => Math.max(a, b))));
  const fromOne = named === null ? least === 1 && (!names || names.length === most) : named === 1;
  if (!fromOne || least < 1) return { splits, first: 0 };
  const moved = Object.entries(splits).map(([split, set]) => [split, { ...set, labels: set.labels.map((l) => l - 1) }]);
  return { splits: Object.fromEntries(moved) as Splits, first: 1 };
}

/**
 * Names for the classes of numbered labels, and a check that they are classes: from 0 without a gap, two or more.
 * @param names from a file beside the data, or null: the numbers themselves, from `first` on.
 */
export function numberedLabels(root: string, splits: Splits, names: string[] | null, first: 0 | 1 = 0): string[] {
  const train = splits.train!;
  if (train.count === 0) throw dataFailure(root, say('data.no-training'));
  const largest = train.labels.reduce((most, label) => Math.max(most, label), 0);
  if (largest >= MOST_CLASSES)
    throw dataFailure(root, say('data.label.large', { label: largest + first, limit: MOST_CLASSES }));
  if (names && names.length <= largest)
    throw dataFailure(root, say('data.names.few', { count: names.length, label: largest + first }));
  const twice = names?.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw dataFailure(root, say('data.names.twice', { name: twice }));
  const labels = names ?? Array.from({ length: largest + 1 }, (_, i) => String(i + first));
  for (const split of ['validation', 'test'] as const) {
    const bad = splits[split]?.labels.find((label) => label >= labels.length);
    if (bad !== undefined)
      throw dataFailure(
        root,
        say(`data.label.unknown.${split}`, { label: bad + first, first, last: labels.length - 1 + first }),
      );
  }
  return labels;
}

/** Checks that hold for data of every format. @throws FailureError for a single class or a class without an image. */
export function checkClasses(root: string, data: DataSet): void {
  const { labels, train } = data;
  const counts = classCounts(train, labels.length);
  const present = labels.filter((_, i) => counts[i] > 0);
  if (present.length === 1 && labels.length <= 2)
    throw dataFailure(root, say('data.single-class', { name: present[0] }));
  const empty = counts.indexOf(0);
  if (empty >= 0) throw dataFailure(root, say('data.class.empty', { name: labels[empty], count: labels.length }));
  if (labels.length < 2) throw dataFailure(root, say('data.single-class', { name: labels[0] }));
}

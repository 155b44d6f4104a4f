import { quotas } from '../../../../core/data/quotas';
import type { DataSurvey, Split } from '../../../../shared/data-sets';

/** How many pictures each split will have once training begins. */
export interface Splits {
  train: number;
  validation: number;
  test: number;
  all: number;
  /** Whether the data brings a validation split, one is taken from the training split, or there is none. */
  split: 'given' | 'taken' | 'none';
}

/** @param share of the training split that validates where the data has no split for it. */
export function splitsOf(survey: DataSurvey, share: number): Splits {
  const add = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
  const sum = (split: Split): number => add(survey.counts[split] ?? []);
  const [train, validation, test] = [sum('train'), sum('validation'), sum('test')];
  const all = train + validation + test;
  if (validation > 0) return { train, validation, test, all, split: 'given' };
  const taken = add(quotas(survey.counts.train ?? [], share));
  return { train: train - taken, validation: taken, test, all, split: taken > 0 ? 'taken' : 'none' };
}

/** The largest and the smallest class of the training split, where the one has more than ten times the other. */
export function imbalanceOf({
  labels,
  counts,
}: DataSurvey): Record<'most' | 'least', { label: string; count: number }> | null {
  const train = counts.train ?? [];
  if (train.length === 0) return null;
  const most = train.indexOf(Math.max(...train));
  const least = train.indexOf(Math.min(...train));
  if (train[most] <= 10 * train[least]) return null;
  return {
    most: { label: labels[most], count: train[most] },
    least: { label: labels[least], count: train[least] },
  };
}

import { verdictOf, type Verdict } from '../../../../core/metrics/verdict';
import type { Split } from '../../../../shared/data-sets';
import type { RunInfo } from '../../../../shared/runs';
import { pct } from '../../format';
import { t } from '../../i18n/index.svelte';
import { underWay } from '../../state/runs.svelte';

/** What came of a run, by its test split, else its validation split; null while it trains, and where neither can tell. */
export function verdictOfRun(run: RunInfo): { split: Split; verdict: Verdict } | null {
  if (underWay(run)) return null;
  for (const split of ['test', 'validation'] as const) {
    const [accuracy, chance, count] = [run.accuracy[split], run.commonest[split], run.samples[split]];
    if (accuracy !== null && chance !== null && count > 0)
      return { split, verdict: verdictOf(accuracy, count, chance, run.accuracy.train) };
  }
  return null;
}

/** The verdict in a sentence or two, with what to try. */
export function verdictText({ split, verdict }: NonNullable<ReturnType<typeof verdictOfRun>>): string {
  const { accuracy, chance, margin } = verdict;
  const figures = { accuracy: pct(accuracy), chance: pct(chance), margin: pct(margin), split: t(`split.${split}`) };
  if (verdict.kind === 'by heart') return t('verdict.byHeart', { ...figures, train: pct(verdict.train) });
  return t(verdict.kind === 'learned' ? 'verdict.learned' : 'verdict.notLearned', figures);
}

import type { EvaluatedContender } from '../../../shared/evaluation';

/** A row of the comparison's table. */
export type Figure =
  | 'accuracy'
  | 'balanced'
  | 'f1'
  | 'auc'
  | 'topFive'
  | 'loss'
  | 'calibration'
  | 'parameters'
  | 'macs'
  | 'training'
  | 'perImage'
  | 'bytes';

interface Told {
  of(contender: EvaluatedContender): number | null;
  /** More is better; of everything else less. */
  more?: true;
  /** A share, whose change is a difference, as that of a loss; sizes and times change by a ratio. */
  change: 'difference' | 'ratio';
}

const told: Record<Figure, Told> = {
  accuracy: { of: ({ accuracy }) => accuracy, more: true, change: 'difference' },
  balanced: { of: ({ metrics }) => metrics.balancedAccuracy, more: true, change: 'difference' },
  f1: { of: ({ metrics }) => metrics.f1, more: true, change: 'difference' },
  auc: { of: ({ metrics }) => metrics.auc, more: true, change: 'difference' },
  topFive: { of: ({ metrics }) => metrics.topFive, more: true, change: 'difference' },
  loss: { of: ({ loss }) => loss, change: 'difference' },
  calibration: { of: ({ metrics }) => metrics.calibration?.error ?? null, change: 'difference' },
  parameters: { of: ({ parameters }) => parameters, change: 'ratio' },
  macs: { of: ({ macs }) => macs, change: 'ratio' },
  training: { of: ({ trainingSeconds }) => trainingSeconds, change: 'ratio' },
  perImage: { of: ({ millisecondsPerImage }) => millisecondsPerImage, change: 'ratio' },
  bytes: { of: ({ fileBytes }) => fileBytes, change: 'ratio' },
};

/** The rows that say anything: not those that are known of no contender, as the five likeliest of three classes. */
export const figuresOf = (contenders: readonly EvaluatedContender[]): Figure[] =>
  (Object.keys(told) as Figure[]).filter(
    (figure) => figure !== 'topFive' || contenders.some((each) => told[figure].of(each) !== null),
  );

export interface FigureCell {
  /** Null where it is not known. */
  value: number | null;
  /** No other's is better, and some other's is worse. */
  best: boolean;
  /** To the first contender: a difference for shares and losses, a ratio for sizes and times; null for the first itself. */
  change: { kind: 'difference' | 'ratio'; value: number } | null;
}

export function figureRow(figure: Figure, contenders: readonly EvaluatedContender[]): FigureCell[] {
  const { of, more, change } = told[figure];
  const values = contenders.map(of);
  const known = values.filter((value): value is number => value !== null && Number.isFinite(value));
  const best = more ? Math.max(...known) : Math.min(...known);
  const differ = known.some((value) => value !== best);
  return values.map((value, i) => ({
    value,
    best: differ && value === best,
    change: i === 0 ? null : changeOf(change, value, values[0]),
  }));
}

function changeOf(kind: Told['change'], value: number | null, first: number | null): FigureCell['change'] {
  if (value === null || first === null) return null;
  if (kind === 'difference') return { kind, value: value - first };
  return first > 0 ? { kind, value: value / first } : null;
}

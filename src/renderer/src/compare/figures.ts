import type { EvaluatedContender } from '../../../shared/training';

/** A row of the comparison's table. */
export type Figure = 'accuracy' | 'loss' | 'parameters' | 'macs' | 'training' | 'perImage' | 'bytes';
export const figures: readonly Figure[] = ['accuracy', 'loss', 'parameters', 'macs', 'training', 'perImage', 'bytes'];

const of: Record<Figure, (contender: EvaluatedContender) => number | null> = {
  accuracy: ({ accuracy }) => accuracy,
  loss: ({ loss }) => loss,
  parameters: ({ parameters }) => parameters,
  macs: ({ macs }) => macs,
  training: ({ trainingSeconds }) => trainingSeconds,
  perImage: ({ millisecondsPerImage }) => millisecondsPerImage,
  bytes: ({ fileBytes }) => fileBytes,
};

export interface FigureCell {
  /** Null where it is not known. */
  value: number | null;
  /** No other's is better, and some other's is worse. */
  best: boolean;
  /** To the first contender: a difference for shares and losses, a ratio for sizes and times; null for the first itself. */
  change: { kind: 'difference' | 'ratio'; value: number } | null;
}

/** One row of the table: more accuracy is better, of everything else less. */
export function figureRow(figure: Figure, contenders: readonly EvaluatedContender[]): FigureCell[] {
  const values = contenders.map(of[figure]);
  const known = values.filter((value): value is number => value !== null && Number.isFinite(value));
  const best = figure === 'accuracy' ? Math.max(...known) : Math.min(...known);
  const told = known.some((value) => value !== best);
  return values.map((value, i) => ({
    value,
    best: told && value === best,
    change: i === 0 ? null : changeOf(figure, value, values[0]),
  }));
}

function changeOf(figure: Figure, value: number | null, first: number | null): FigureCell['change'] {
  if (value === null || first === null) return null;
  if (figure === 'accuracy' || figure === 'loss') return { kind: 'difference', value: value - first };
  return first > 0 ? { kind: 'ratio', value: value / first } : null;
}

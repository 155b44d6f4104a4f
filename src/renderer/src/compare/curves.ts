import type { MetricsLine } from '../../../shared/training';

export type CurveSplit = 'validation' | 'train';
export type CurveMeasure = 'loss' | 'accuracy';

/** One run's line: its score after each epoch; nothing where there is no such split. */
export function curve(
  lines: readonly MetricsLine[],
  split: CurveSplit,
  measure: CurveMeasure,
): { x: number; y: number }[] {
  return lines.flatMap((line) => {
    if (line.type !== 'epoch') return [];
    const score = line[split];
    return score ? [{ x: line.epoch, y: score[measure] }] : [];
  });
}

/** How the line of contender `i` looks: two grays, three dashes; with the letter at its end none is taken for another. */
export function lineStyle(i: number): { tone: 'current' | 'older'; dash?: readonly [number, number] } {
  const dashes = [undefined, [6, 4], [2, 3]] as const;
  return { tone: i < dashes.length ? 'current' : 'older', dash: dashes[i % dashes.length] };
}

import type { MetricsLine } from '../../../shared/runs';

export type CurveSplit = 'validation' | 'train';
export type CurveMeasure = 'loss' | 'accuracy' | 'error';

/** One run's line: its score after each epoch; nothing where there is no such split. */
export function curve(
  lines: readonly MetricsLine[],
  split: CurveSplit,
  measure: CurveMeasure,
): { x: number; y: number }[] {
  return lines.flatMap((line) => {
    if (line.type !== 'epoch') return [];
    const score = line[split];
    return score ? [{ x: line.epoch, y: measure === 'error' ? 1 - score.accuracy : score[measure] }] : [];
  });
}

/**
 * One run's gradient from the first layer to the last: the norm over each layer's weights, the mean of the updates of one epoch that were
 * written down. @param layers in their order; the first has x = 1.
 */
export function gradients(
  lines: readonly MetricsLine[],
  layers: readonly string[],
  which: 'first' | 'last',
): { x: number; y: number }[] {
  const steps = lines.filter((line) => line.type === 'step');
  const epoch = steps.at(which === 'first' ? 0 : -1)?.epoch;
  const norms = new Map<string, number[]>();
  for (const step of steps) {
    if (step.epoch !== epoch) continue;
    for (const { layer, gradientNorm } of step.layers) norms.set(layer, [...(norms.get(layer) ?? []), gradientNorm]);
  }
  return layers.flatMap((layer, i) => {
    const found = norms.get(layer);
    return found ? [{ x: i + 1, y: found.reduce((sum, norm) => sum + norm, 0) / found.length }] : [];
  });
}

/** How the line of contender `i` looks: two grays, three dashes; with the letter at its end none is taken for another. */
export function lineStyle(i: number): { tone: 'current' | 'older'; dash?: readonly [number, number] } {
  const dashes = [undefined, [6, 4], [2, 3]] as const;
  return { tone: i < dashes.length ? 'current' : 'older', dash: dashes[i % dashes.length] };
}

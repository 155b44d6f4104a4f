import type { Evaluation } from '../../../shared/evaluation';
import { letterOf, contenderName } from '../features/evaluation/evaluated';
import type { ChartSeries } from '../widgets/chart/series';
import type { Point } from '../widgets/chart/points';
import { lineStyle } from './curves';

export type CertaintyChart = 'calibration' | 'coverage' | 'roc' | 'precision';

/**
 * The line of every contender in one chart. Nothing where a network gives no probabilities, or more classes than curves are kept of.
 * @param label of the ROC and the precision-recall curve: that class against the rest.
 */
export const certaintySeries = ({ contenders }: Evaluation, chart: CertaintyChart, label: number): ChartSeries[] =>
  contenders.map((each, i) => ({
    name: `${letterOf(i)} ${contenderName(each)}`,
    tag: letterOf(i),
    points: pointsOf(each, chart, label),
    ...lineStyle(i),
  }));

function pointsOf(
  { metrics: { calibration, coverage, curves } }: Evaluation['contenders'][number],
  chart: CertaintyChart,
  label: number,
): Point[] {
  if (chart === 'calibration')
    return (calibration?.bins ?? []).flatMap(({ confidence, accuracy }) =>
      confidence === null || accuracy === null ? [] : [{ x: confidence, y: accuracy }],
    );
  if (chart === 'coverage') return rising((coverage ?? []).map((each) => ({ x: each.coverage, y: each.accuracy })));
  const curve = curves?.[label] ?? [];
  if (curve.length === 0) return [];
  if (chart === 'precision') return rising(curve.map(({ recall, precision }) => ({ x: recall, y: precision })));
  return rising([{ x: 0, y: 0 }, ...curve.map(({ falsePositives, recall }) => ({ x: falsePositives, y: recall }))]);
}

/** Sorted by x with one point each, as a chart takes them: of several the last one of a ROC curve, the first of others, is the higher. */
function rising(points: readonly Point[]): Point[] {
  const highest = new Map<number, number>();
  for (const { x, y } of points) highest.set(x, Math.max(y, highest.get(x) ?? -Infinity));
  return [...highest].map(([x, y]) => ({ x, y })).sort((a, b) => a.x - b.x);
}

import type { Point } from './points';

export interface ChartSeries {
  name: string;
  /** Sorted by x. */
  points: readonly Point[];
  /** `check`: what is measured beside the current line, told apart from it by color too. */
  tone: 'current' | 'check' | 'older' | 'accent';
  /** Dashed; or the lengths of dash and gap, so that several kinds are told apart. */
  dash?: boolean | readonly [number, number];
  /** Written at the line's end. */
  tag?: string;
  /** False keeps it out of the legend: one of many that stand behind. */
  listed?: boolean;
}

/** Few points are marked; of a line that stands behind only one that is alone. */
export const dotted = ({ tone, points }: Pick<ChartSeries, 'tone' | 'points'>): boolean =>
  points.length > 0 && points.length < (tone === 'older' ? 2 : 40);

/** What makes another plot, and not only other values in it, as a text to compare. */
export function structureOf(series: readonly ChartSeries[], log: boolean): string {
  return JSON.stringify([log, series.map(({ tone, dash, tag }) => [tone, dash ?? false, tag])]);
}

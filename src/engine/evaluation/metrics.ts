import { calibrationOf, coverageOf } from '../../core/metrics/calibration';
import { rank, rankingCurve, rankingOf } from '../../core/metrics/ranking';
import type { ClassMetrics, Metrics } from '../../shared/metrics';
import type { Answers, ClassScore } from '../train/evaluate';

/** Classes whose curves are kept, at most. */
const CURVES = 100;
/** Points of one curve. */
const POINTS = 60;
/** Among so many likeliest classes the actual one is looked for. */
const TOP = 5;

/** A network's figures beside its accuracy. A class without a figure (null) does not count in the mean of that figure. */
export function metricsOf(
  { truth, predicted, probability, scores }: Answers,
  perClass: readonly ClassScore[],
  right: Uint8Array,
): Metrics {
  const classes = perClass.length;
  const isSure = !probability.some(Number.isNaN);
  const ranked = scores && perClass.map((_, label) => classRanking(scores, truth, label, classes));
  const told = perClass.map(({ accuracy, precision }, label): ClassMetrics => {
    const { auc, averagePrecision } = ranked?.[label] ?? { auc: null, averagePrecision: null };
    return { f1: f1Of(accuracy, precision), auc, averagePrecision };
  });
  return {
    balancedAccuracy: mean(perClass.map(({ accuracy }) => accuracy)),
    f1: mean(told.map(({ f1 }) => f1)),
    auc: mean(told.map(({ auc }) => auc)),
    averagePrecision: mean(told.map(({ averagePrecision }) => averagePrecision)),
    topFive: scores && classes > TOP ? topShare(scores, truth, predicted, classes, TOP) : null,
    calibration: isSure ? calibrationOf(probability, right) : null,
    coverage: isSure ? coverageOf(probability, right, POINTS) : null,
    perClass: told,
    curves: ranked && classes <= CURVES ? ranked.map(({ curve }) => curve) : null,
  };
}

/** The same with the classes in another list. @param places of each class, where it is there. @param count of the classes there. */
export function inOrder(metrics: Metrics, places: Int32Array, count: number): Metrics {
  const none: ClassMetrics = { f1: null, auc: null, averagePrecision: null };
  const placed = <T>(values: readonly T[], missing: T): T[] => {
    const all = Array.from({ length: count }, () => missing);
    values.forEach((value, own) => (all[places[own]] = value));
    return all;
  };
  const { perClass, curves } = metrics;
  return { ...metrics, perClass: placed(perClass, none), curves: curves && placed(curves, []) };
}

/** The harmonic mean of recall and precision; 0 where a class that there is was never predicted, null for one that there is not. */
function f1Of(recall: number | null, precision: number | null): number | null {
  if (recall === null) return null;
  return precision === null || recall + precision === 0 ? 0 : (2 * recall * precision) / (recall + precision);
}

/** One class against all others, by its column of the scores. */
function classRanking(scores: Float32Array, truth: Int32Array, label: number, classes: number) {
  const column = Float32Array.from(truth, (_, i) => scores[i * classes + label]);
  const positive = Uint8Array.from(truth, (each) => (each === label ? 1 : 0));
  const ranked = rank(column, positive);
  return { ...rankingOf(ranked), curve: classes <= CURVES ? rankingCurve(ranked, POINTS) : [] };
}

/** How often the actual class is among the `top` highest scores; one that ties with the last of them is. */
function topShare(
  scores: Float32Array,
  truth: Int32Array,
  predicted: Int32Array,
  classes: number,
  top: number,
): number {
  let hits = 0;
  truth.forEach((label, i) => {
    const row = scores.subarray(i * classes, (i + 1) * classes);
    let above = 0;
    for (const score of row) if (score > row[label]) above++;
    if (above < top || predicted[i] === label) hits++;
  });
  return truth.length > 0 ? hits / truth.length : 0;
}

function mean(values: readonly (number | null)[]): number | null {
  const known = values.filter((value): value is number => value !== null);
  return known.length > 0 ? known.reduce((sum, value) => sum + value, 0) / known.length : null;
}

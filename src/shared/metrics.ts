import type { Calibration, Coverage } from '../core/metrics/calibration';
import type { Ranking, RankingPoint } from '../core/metrics/ranking';

/** One class against all others. `f1` is the harmonic mean of recall and precision, null where there are no pictures of the class. */
export interface ClassMetrics extends Ranking {
  f1: number | null;
}

/** What is told of a network beside its accuracy: all figures 0 … 1. Of classes: the mean over those that there are pictures of. */
export interface Metrics {
  /** Mean recall of the classes: what accuracy would be if all had as many pictures. */
  balancedAccuracy: number | null;
  /** Macro F1: the mean over the classes. */
  f1: number | null;
  /** Area under the ROC curve and average precision, one class against the rest; null of more scores than are kept. */
  auc: number | null;
  averagePrecision: number | null;
  /** How often the actual class is among the five likeliest; null of up to five classes, and of more scores than are kept. */
  topFive: number | null;
  /** Null where the network gives no probabilities. */
  calibration: Calibration | null;
  coverage: Coverage[] | null;
  perClass: ClassMetrics[];
  /** ROC and precision-recall curve of every class; null of too many classes. */
  curves: RankingPoint[][] | null;
}

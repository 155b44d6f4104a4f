/** How well scores tell the pictures of one class from all others. */
export interface Ranking {
  /**
   * Area under the ROC curve, 0 … 1: the probability that a picture of the class scores above one of another class, ties counting half.
   * (Hanley and McNeil 1982.) Null where there are no pictures of the class, or no others.
   */
  auc: number | null;
  /**
   * Average precision: the area under the precision-recall curve as a step function, without interpolation. Null where there are no pictures
   * of the class.
   */
  averagePrecision: number | null;
}

/** The pictures of one score: how many are of the class (hits) and not (misses), and how many of each score higher. */
interface Tie {
  score: number;
  hits: number;
  misses: number;
  hitsBefore: number;
  missesBefore: number;
}

/** Pictures sorted by their score for one class. */
export interface Ranked {
  /** Pictures of the class, and all others. */
  positives: number;
  negatives: number;
  /** From the highest score down. */
  ties: readonly Tie[];
}

export function rankingOf({ positives, negatives, ties }: Ranked): Ranking {
  let [pairs, precision] = [0, 0];
  for (const { hits, misses, hitsBefore, missesBefore } of ties) {
    // Each positive beats the negatives below it; those in its tie count half.
    pairs += hits * (negatives - missesBefore - misses) + (hits * misses) / 2;
    const above = hitsBefore + hits;
    if (hits > 0) precision += (hits * above) / (above + missesBefore + misses);
  }
  return {
    auc: positives > 0 && negatives > 0 ? pairs / (positives * negatives) : null,
    averagePrecision: positives > 0 ? precision / positives : null,
  };
}

/** A point of both curves: everything that scores at least so high is taken to be of the class. */
export interface RankingPoint {
  threshold: number;
  /** Share of the class that is found (recall, true positive rate), and of the others that are taken for it. */
  recall: number;
  falsePositives: number;
  precision: number;
}

/** The ROC and the precision-recall curve of a class, from the highest score on, one point a tie, at most `points` evenly over them. */
export function rankingCurve({ positives, negatives, ties }: Ranked, points = 200): RankingPoint[] {
  const all = ties.map(({ score, hits, misses, hitsBefore, missesBefore }): RankingPoint => {
    const [found, wrong] = [hitsBefore + hits, missesBefore + misses];
    return {
      threshold: score,
      recall: positives > 0 ? found / positives : 0,
      falsePositives: negatives > 0 ? wrong / negatives : 0,
      precision: found / (found + wrong),
    };
  });
  if (all.length <= points) return all;
  return Array.from({ length: points }, (_, i) => all[Math.round((i * (all.length - 1)) / (points - 1))]);
}

/**
 * Sorts pictures by their score. NaN counts as the lowest.
 * @param scores of each picture for the class, the higher the likelier. @param positive of each picture 1 where it is of the class.
 */
export function rank(scores: Float32Array | Float64Array, positive: Uint8Array): Ranked {
  const scoreOf = (i: number): number => (Number.isNaN(scores[i]) ? -Infinity : scores[i]);
  const order = Array.from(positive, (_, i) => i).sort((a, b) => {
    const [first, second] = [scoreOf(a), scoreOf(b)];
    return first > second ? -1 : first < second ? 1 : 0;
  });
  const ties: Tie[] = [];
  let [hitsBefore, missesBefore] = [0, 0];
  for (let from = 0; from < order.length;) {
    let [to, hits] = [from, 0];
    const score = scoreOf(order[from]);
    while (to < order.length && scoreOf(order[to]) === score) hits += positive[order[to++]];
    const misses = to - from - hits;
    ties.push({ score, hits, misses, hitsBefore, missesBefore });
    hitsBefore += hits;
    missesBefore += misses;
    from = to;
  }
  return { positives: hitsBefore, negatives: missesBefore, ties };
}

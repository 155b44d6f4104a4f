/** Pictures whose confidence lies in one tenth of 0 … 1, or what other share there are bins for. */
export interface CalibrationBin {
  /** Above `from`, up to `to`; the first one holds 0 as well. */
  from: number;
  to: number;
  pictures: number;
  /** Means over its pictures; null of none. */
  confidence: number | null;
  accuracy: number | null;
}

export interface Calibration {
  bins: CalibrationBin[];
  /** Expected calibration error, 0 … 1: the mean distance of confidence and accuracy of the bins, weighted by their pictures. */
  error: number;
}

/**
 * Whether a network is right as often as it is sure: of the pictures that it answers with 80 % probability, 80 % should be right. Bins of equal
 * width. (Naeini, Cooper and Hauskrecht 2015; Guo et al. 2017, "On calibration of modern neural networks".)
 * @param confidence of each picture the probability of the predicted class, 0 … 1.
 * @param right of each picture 1 where the prediction is correct.
 */
export function calibrationOf(confidence: Float64Array, right: Uint8Array, bins = 15): Calibration {
  const sums = Array.from({ length: bins }, () => ({ pictures: 0, confidence: 0, right: 0 }));
  confidence.forEach((probability, i) => {
    const bin = sums[Math.min(bins - 1, Math.max(0, Math.ceil(probability * bins) - 1))];
    bin.pictures++;
    bin.confidence += probability;
    bin.right += right[i];
  });
  const error = sums.reduce((sum, bin) => sum + Math.abs(bin.confidence - bin.right), 0) / Math.max(1, right.length);
  return {
    bins: sums.map(({ pictures, confidence: sure, right: hits }, i) => ({
      from: i / bins,
      to: (i + 1) / bins,
      pictures,
      confidence: pictures > 0 ? sure / pictures : null,
      accuracy: pictures > 0 ? hits / pictures : null,
    })),
    error,
  };
}

/** Pictures that are at least so sure, and how many of those are right. */
export interface Coverage {
  /** The lowest confidence that is accepted. */
  threshold: number;
  /** Share of all pictures that are answered, 0 … 1. */
  coverage: number;
  /** Share of the answered ones that are right. */
  accuracy: number;
}

/**
 * What is gained by leaving the least certain answers out ("not sure"): for every threshold that a picture's confidence is, the share of
 * pictures that are still answered, and the accuracy on them; from all pictures to the surest. Pictures of one confidence stay together.
 * (Geifman and El-Yaniv 2017, "Selective classification for deep neural networks".) At most `points` of them, evenly over the coverage.
 */
export function coverageOf(confidence: Float64Array, right: Uint8Array, points = 200): Coverage[] {
  const order = Array.from(confidence, (_, i) => i).sort((a, b) => confidence[b] - confidence[a]);
  const all: Coverage[] = [];
  let hits = 0;
  order.forEach((picture, place) => {
    hits += right[picture];
    const threshold = confidence[picture];
    if (place + 1 < order.length && confidence[order[place + 1]] === threshold) return;
    all.push({ threshold, coverage: (place + 1) / order.length, accuracy: hits / (place + 1) });
  });
  all.reverse();
  if (all.length <= points) return all;
  return Array.from({ length: points }, (_, i) => all[Math.round((i * (all.length - 1)) / (points - 1))]);
}

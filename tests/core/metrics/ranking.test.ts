import fc from 'fast-check';
import { expect, it } from 'vitest';
import { calibrationOf, coverageOf } from '../../../src/core/metrics/calibration';
import { rank, rankingCurve, rankingOf } from '../../../src/core/metrics/ranking';

/** Few different scores, so that there are ties. */
const picture = fc.record({ score: fc.integer({ min: 0, max: 12 }).map((n) => n / 12), positive: fc.boolean() });
const drawn = fc.array(picture, { minLength: 1, maxLength: 60 }).map((pictures) => ({
  pictures,
  scores: Float64Array.from(pictures, ({ score }) => score),
  positive: Uint8Array.from(pictures, (each) => (each.positive ? 1 : 0)),
}));

it('the area under the ROC curve is the share of pairs in the right order, ties counting half', () => {
  fc.assert(
    fc.property(drawn, ({ pictures, scores, positive }) => {
      const [of, others] = [true, false].map((wanted) => pictures.filter((each) => each.positive === wanted));
      const { auc } = rankingOf(rank(scores, positive));
      if (of.length === 0 || others.length === 0) {
        expect(auc).toBeNull();
        return;
      }
      const pairs = of.flatMap((a) => others.map((b) => (a.score > b.score ? 1 : a.score === b.score ? 0.5 : 0)));
      expect(auc).toBeCloseTo(pairs.reduce<number>((sum, each) => sum + each, 0) / pairs.length, 12);
      // The same area under the curve itself, by trapezoids.
      const curve = rankingCurve(rank(scores, positive), 1000);
      let [area, before] = [0, { falsePositives: 0, recall: 0 }];
      for (const point of curve) {
        area += ((point.falsePositives - before.falsePositives) * (point.recall + before.recall)) / 2;
        before = point;
      }
      expect(area).toBeCloseTo(auc!, 12);
    }),
  );
});

it('average precision adds up the precision at every threshold by the recall that it gains', () => {
  fc.assert(
    fc.property(drawn, ({ pictures, scores, positive }) => {
      const total = pictures.filter((each) => each.positive).length;
      const { averagePrecision } = rankingOf(rank(scores, positive));
      if (total === 0) {
        expect(averagePrecision).toBeNull();
        return;
      }
      let [sum, found] = [0, 0];
      for (const threshold of [...new Set(pictures.map(({ score }) => score))].sort((a, b) => b - a)) {
        const taken = pictures.filter(({ score }) => score >= threshold);
        const hits = taken.filter((each) => each.positive).length;
        sum += ((hits - found) / total) * (hits / taken.length);
        found = hits;
      }
      expect(averagePrecision).toBeCloseTo(sum, 12);
    }),
  );
  // scikit-learn 1.9: roc_auc_score and average_precision_score of ([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
  const known = rankingOf(rank(Float64Array.of(0.1, 0.4, 0.35, 0.8), Uint8Array.of(0, 0, 1, 1)));
  expect(known.auc).toBeCloseTo(0.75, 12);
  expect(known.averagePrecision).toBeCloseTo(0.8333333333, 9);
});

it('a score that is no number is the lowest', () => {
  expect(rankingOf(rank(Float64Array.of(NaN, 0.2, 0.3, NaN), Uint8Array.of(1, 0, 0, 0))).auc).toBeCloseTo(1 / 6, 12);
});

it('the calibration error is the mean distance of confidence and accuracy, weighted by pictures', () => {
  fc.assert(
    fc.property(drawn, fc.integer({ min: 1, max: 20 }), ({ pictures, scores, positive }, count) => {
      const { bins, error } = calibrationOf(scores, positive, count);
      expect(bins.reduce((sum, bin) => sum + bin.pictures, 0)).toBe(pictures.length);
      let sum = 0;
      for (const [i, { from, to, pictures: held, confidence, accuracy }] of bins.entries()) {
        const inside = pictures.filter(({ score }) => score <= to && (score > from || (i === 0 && score === 0)));
        expect(held).toBe(inside.length);
        if (held === 0) continue;
        expect(confidence).toBeCloseTo(inside.reduce((total, { score }) => total + score, 0) / held, 12);
        expect(accuracy).toBeCloseTo(inside.filter((each) => each.positive).length / held, 12);
        sum += held * Math.abs(confidence! - accuracy!);
      }
      expect(error).toBeCloseTo(sum / pictures.length, 12);
    }),
  );
});

it('coverage at every threshold is what is at least so sure', () => {
  fc.assert(
    fc.property(drawn, ({ pictures, scores, positive }) => {
      const told = coverageOf(scores, positive, 1000);
      expect(told.map(({ threshold }) => threshold)).toEqual([...new Set(scores)].sort((a, b) => a - b));
      for (const { threshold, coverage, accuracy } of told) {
        const kept = pictures.filter(({ score }) => score >= threshold);
        expect(coverage).toBe(kept.length / pictures.length);
        expect(accuracy).toBe(kept.filter((each) => each.positive).length / kept.length);
      }
      expect(told[0].coverage).toBe(1);
    }),
  );
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { rank, rankingOf } from '../../../src/core/metrics/ranking';
import { inOrder, metricsOf } from '../../../src/engine/evaluation/metrics';
import { confusionOf } from '../../../src/engine/evaluation/answers';
import { scores as scoresOf } from '../../../src/engine/train/evaluate';

/** Random logarithms of probabilities for some pictures and classes, and the actual class of each. */
const drawn = fc
  .record({ classes: fc.integer({ min: 2, max: 8 }), pictures: fc.integer({ min: 1, max: 40 }), seed: fc.nat() })
  .map(({ classes, pictures, seed }) => {
    let state = (seed % 2147483646) + 1;
    const random = (): number => (state = (state * 48271) % 2147483647) / 2147483647;
    const rows = Array.from({ length: pictures }, () => {
      const odds = Array.from({ length: classes }, () => Math.exp(4 * random()));
      const sum = odds.reduce((total, each) => total + each, 0);
      return odds.map((each) => each / sum);
    });
    const truth = Int32Array.from(rows, () => Math.floor(random() * classes));
    const predicted = Int32Array.from(rows, (row) => row.indexOf(Math.max(...row)));
    const answers = {
      truth,
      predicted,
      probability: Float64Array.from(rows, (row) => Math.max(...row)),
      loss: Float64Array.from(rows, (row, i) => -Math.log(row[truth[i]])),
      scores: Float32Array.from(rows.flat().map(Math.log)),
    };
    const labels = Array.from({ length: classes }, (_, i) => `class ${i}`);
    const right = Uint8Array.from(truth, (label, i) => (label === predicted[i] ? 1 : 0));
    return { rows, answers, right, perClass: scoresOf(labels, confusionOf(truth, predicted, classes)), classes };
  });

const mean = (values: readonly number[]): number => values.reduce((sum, each) => sum + each, 0) / values.length;

it('means are over the classes that there are pictures of; top five by sorting each picture’s probabilities', () => {
  fc.assert(
    fc.property(drawn, ({ rows, answers, right, perClass, classes }) => {
      const metrics = metricsOf(answers, perClass, right);
      const { truth, predicted } = answers;
      const there = [...Array(classes).keys()].filter((label) => truth.includes(label));
      const shareOf = (of: Int32Array, label: number): number => {
        const hits = [...truth].filter((each, i) => each === label && predicted[i] === label).length;
        const all = [...of].filter((each) => each === label).length;
        return all === 0 ? 0 : hits / all;
      };
      const recalls = there.map((label) => shareOf(truth, label));
      const f1s = there.map((label, i) => {
        const precision = shareOf(predicted, label);
        return precision + recalls[i] === 0 ? 0 : (2 * precision * recalls[i]) / (precision + recalls[i]);
      });
      expect(metrics.balancedAccuracy).toBeCloseTo(mean(recalls), 12);
      expect(metrics.f1).toBeCloseTo(mean(f1s), 12);
      const within = rows.filter((row, i) => {
        const order = [...row.keys()].sort((a, b) => row[b] - row[a]);
        return order.slice(0, 5).includes(truth[i]);
      });
      expect(metrics.topFive).toBe(classes > 5 ? within.length / rows.length : null);
      const aucs = there.flatMap((label) => {
        const column = Float64Array.from(rows, (row) => row[label]);
        return (
          rankingOf(
            rank(
              column,
              Uint8Array.from(truth, (each) => (each === label ? 1 : 0)),
            ),
          ).auc ?? []
        );
      });
      if (aucs.length === 0) expect(metrics.auc).toBeNull();
      else expect(metrics.auc).toBeCloseTo(mean(aucs), 6);
    }),
  );
});

it('in another list of classes each class keeps its figures', () => {
  const [{ answers, perClass, right, classes }] = fc.sample(drawn, { seed: 3, numRuns: 1 });
  const metrics = metricsOf(answers, perClass, right);
  const places = Int32Array.from({ length: classes }, (_, own) => classes - own);
  const moved = inOrder(metrics, places, classes + 1);
  expect(moved.perClass).toHaveLength(classes + 1);
  metrics.perClass.forEach((each, own) => expect(moved.perClass[places[own]]).toBe(each));
  expect(moved.perClass[0]).toEqual({ f1: null, auc: null, averagePrecision: null });
  expect(moved.curves!.map((curve) => curve.length > 0)).toEqual([false, ...metrics.curves!.map(() => true)]);
});

it('a network without probabilities has no calibration, one with too many scores no ranking', () => {
  const [{ answers, perClass, right }] = fc.sample(drawn, { seed: 4, numRuns: 1 });
  const values = { ...answers, probability: answers.probability.map(() => NaN), scores: null };
  expect(metricsOf(values, perClass, right)).toMatchObject({
    ...{ calibration: null, coverage: null, auc: null, averagePrecision: null, topFive: null, curves: null },
    balancedAccuracy: expect.any(Number) as number,
  });
});

import { describe, expect, it } from 'vitest';
import { Generator } from '../../../src/core/random';
import {
  countCorrect,
  logSoftmax,
  negativeLogLikelihood,
  softmaxCrossEntropy,
  type Reduction,
} from '../../../src/core/train/losses';
import {
  adam,
  clipGradients,
  optimizerDefaults,
  optimizerSlots,
  sgd,
  updateParameter,
} from '../../../src/core/train/optimizers';
import type { OptimizerSettings } from '../../../src/core/backends/executor';

const random = (length: number, seed: number): Float64Array => {
  const generator = new Generator(seed);
  return Float64Array.from({ length }, () => generator.normal());
};

describe('losses', () => {
  const [n, classes, positions] = [3, 4, 2];
  const labels = [0, 3, 2, 1, 1, 0];
  const options = [
    {},
    { reduction: 'sum' as Reduction },
    { reduction: 'none' as Reduction },
    { weights: [0.5, 1, 2, 0.25] },
    { weights: [0.5, 1, 2, 0.25], ignoreIndex: 1 },
    { weights: [0.5, 1, 2, 0.25], ignoreIndex: 0, reduction: 'sum' as Reduction },
  ];
  const losses = { softmaxCrossEntropy, negativeLogLikelihood };

  it.each(Object.entries(losses).flatMap(([name, loss]) => options.map((each) => [name, each, loss] as const)))(
    '%s %j: gradient against central differences',
    (_name, each, loss) => {
      const x = random(n * classes * positions, 1);
      const total = (at: Float64Array): number =>
        loss(at, labels, n, classes, positions, each).loss.reduce((sum, value) => sum + value, 0);
      const { dx } = loss(x, labels, n, classes, positions, each);
      const h = 1e-5;
      for (let i = 0; i < x.length; i++) {
        const [up, down] = [x.slice(), x.slice()];
        up[i] += h;
        down[i] -= h;
        expect(dx[i]).toBeCloseTo((total(up) - total(down)) / (2 * h), 8);
      }
    },
  );

  it('softmax cross-entropy holds for logits that would overflow', () => {
    const { loss, dx } = softmaxCrossEntropy(Float32Array.of(1000, 0, -1000), [0], 1, 3);
    expect(loss[0]).toBe(0);
    expect([...dx]).toEqual([0, 0, 0]);
    expect(softmaxCrossEntropy(Float32Array.of(1000, 0, -1000), [2], 1, 3).loss[0]).toBe(2000);
  });

  it('equal logits lose ln of the number of classes', () => {
    expect(softmaxCrossEntropy(new Float32Array(20), [3, 7], 2, 10).loss[0]).toBeCloseTo(Math.log(10), 12);
  });

  it('a mean over nothing is NaN, as by the formula', () => {
    expect(negativeLogLikelihood(new Float32Array(2), [1], 1, 2, 1, { ignoreIndex: 1 }).loss[0]).toBeNaN();
  });

  it('a label that is no class is an error that names it', () => {
    expect(() => softmaxCrossEntropy(new Float32Array(4), [0, 2], 2, 2)).toThrow(
      'label 1: found 2, expected a class from 0 to 1',
    );
    expect(() => softmaxCrossEntropy(new Float32Array(4), [0, -1], 2, 2)).toThrow('found -1');
  });

  it('log-softmax sums to one', () => {
    const y = logSoftmax(random(12, 2), 2, 3, 2);
    for (const first of [0, 1, 6, 7]) {
      expect(Math.exp(y[first]) + Math.exp(y[first + 2]) + Math.exp(y[first + 4])).toBeCloseTo(1, 12);
    }
  });

  it('counts the first of equal logits as the largest', () => {
    expect(countCorrect(Float32Array.of(1, 1, 0, 2, 0, 2), [0, 0], 2, 3)).toBe(2);
    expect(countCorrect(Float32Array.of(1, 1, 0, 2, 0, 2), [1, 2], 2, 3)).toBe(0);
  });
});

describe('optimizers', () => {
  /** Updates of one weight of 1 by the gradients 0.5, −0.25, by hand with the formulas of each. */
  const updates: [Partial<OptimizerSettings> & { kind: OptimizerSettings['kind'] }, number[]][] = [
    [{ kind: 'sgd' }, [0.95, 0.975]],
    [{ kind: 'momentum', momentum: 0.9 }, [0.95, 0.95 - 0.1 * (0.45 - 0.25)]],
    [{ kind: 'nesterov', momentum: 0.9 }, [1 - 0.1 * 0.95, 1 - 0.1 * 0.95 - 0.1 * (-0.25 + 0.9 * 0.2)]],
    [{ kind: 'adagrad', epsilon: 0 }, [0.9, 0.9 + 0.025 / Math.sqrt(0.3125)]],
    [{ kind: 'rmsprop', rho: 0.75, epsilon: 0 }, [0.8, 0.8 + 0.025 / Math.sqrt(0.75 * 0.0625 + 0.25 * 0.0625)]],
    // The first step of Adam is the learning rate, whatever the gradient.
    [{ kind: 'adam', epsilon: 0 }, [0.9, 0.9 - adamStep(0)]],
    [{ kind: 'adamw', epsilon: 0, weightDecay: 0.5 }, [0.85, 0.85 * 0.95 - adamStep(0)]],
    [{ kind: 'sgd', weightDecay: 0.5 }, [1 - 0.1 * 1, 0.9 - 0.1 * (-0.25 + 0.45)]],
  ];

  /** Adam's second step on 0.5, −0.25 at rate 0.1, from the corrected moments. */
  function adamStep(epsilon: number): number {
    const mean = (0.9 * 0.1 * 0.5 + 0.1 * -0.25) / (1 - 0.9 ** 2);
    const square = (0.999 * 0.001 * 0.25 + 0.001 * 0.0625) / (1 - 0.999 ** 2);
    return (0.1 * mean) / (Math.sqrt(square) + epsilon);
  }

  it.each(updates)('%j', (given, expected) => {
    const settings = { ...optimizerDefaults, ...given };
    const w = Float64Array.of(1);
    const slots = optimizerSlots[settings.kind].map(() => new Float64Array(1));
    [0.5, -0.25].forEach((gradient, i) => {
      updateParameter(settings, w, Float64Array.of(gradient), slots, 0.1, i + 1, true);
      expect(w[0]).toBeCloseTo(expected[i], 12);
    });
  });

  it('leave parameters without decay alone', () => {
    const w = Float64Array.of(1);
    updateParameter({ ...optimizerDefaults, kind: 'sgd', weightDecay: 0.5 }, w, Float64Array.of(0), [], 0.1, 1, false);
    expect(w[0]).toBe(1);
    updateParameter(
      { ...optimizerDefaults, kind: 'adamw', weightDecay: 0.5 },
      w,
      Float64Array.of(0),
      [w.slice().fill(0), w.slice().fill(0)],
      0.1,
      1,
      false,
    );
    expect(w[0]).toBe(1);
  });

  it('decayed moments become zero, not denormal', () => {
    const [w, mean, square] = [Float32Array.of(1), Float32Array.of(2 ** -126), Float32Array.of(2 ** -126)];
    adam(w, Float32Array.of(0), mean, square, 0.1, 0, 10, {
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
      decoupled: false,
    });
    expect([mean[0], square[0]]).toEqual([0, 0]);
  });

  it('clipping scales all gradients by one factor, to the norm asked for', () => {
    const gradients = [Float64Array.of(3, 0), Float64Array.of(4)];
    expect(clipGradients(gradients, 1)).toBe(5);
    expect(gradients[0][0]).toBeCloseTo(0.6, 12);
    expect(gradients[0][1]).toBe(0);
    expect(gradients[1][0]).toBeCloseTo(0.8, 12);
    expect(clipGradients(gradients, 0)).toBeCloseTo(1, 12);
    expect(clipGradients(gradients, 2)).toBeCloseTo(1, 12);
    expect(gradients[1][0]).toBeCloseTo(0.8, 12);
  });

  it('sgd keeps the precision of the array', () => {
    const w = Float32Array.of(1);
    sgd(w, Float32Array.of(1 / 3), 0.1, 0);
    expect(w[0]).toBe(Math.fround(1 - 0.1 * Math.fround(1 / 3)));
  });
});

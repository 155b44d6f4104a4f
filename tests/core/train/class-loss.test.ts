import { describe, expect, it } from 'vitest';
import { Generator } from '../../../src/core/random';
import { balancedWeights } from '../../../src/core/train/class-weights';
import { classLoss, isPlain, plainLoss, type LossSettings } from '../../../src/core/train/class-loss';
import { softmaxCrossEntropy } from '../../../src/core/train/losses';
import { describeBuilds, expectClose } from '../kernels/workspace';

const [n, classes] = [5, 7];
const generator = new Generator(4);
const x = Float64Array.from({ length: n * classes }, () => 2 * generator.normal());
const labels = Int32Array.of(0, 6, 3, 3, 1);
const mixed = { others: Int32Array.of(1, 6, 2, 5, 0), shares: Float32Array.of(1, 0.75, 0.3125, 0, 0.5) };
const weights = [1, 0.5, 2, 0.25, 1, 3, 1.5];
const kinds = ['cross-entropy', 'focal', 'mse', 'hinge'] as const;
const losses: LossSettings[] = kinds.flatMap((kind) => [
  { kind, smoothing: 0, gamma: 2, weights: null },
  { kind, smoothing: 0.2, gamma: 0.5, weights },
]);

describe.each(losses)('$kind, smoothing $smoothing, gamma $gamma', (settings) => {
  it.each([undefined, mixed])('has the gradient of central differences', (pair) => {
    const { dx } = classLoss(settings, x, labels, n, classes, pair);
    const at = (i: number, step: number): number => {
      const moved = x.slice();
      moved[i] += step;
      return classLoss(settings, moved, labels, n, classes, pair).loss;
    };
    const slopes = x.map((_, i) => (at(i, 1e-6) - at(i, -1e-6)) / 2e-6);
    expectClose(dx, slopes, 1e-8, 'dx');
  });
});

// What PyTorch 2.15 gives in float64 on these numbers: cross_entropy, with weight and reduction 'none', with label_smoothing; the focal loss written out; half of
// mse_loss on the probabilities, summed; multi_margin_loss, which divides by the classes. Means over three rows.
describe('on three rows', () => {
  const rows = Float64Array.of(1, -2, 0.5, 0.25, 3, -1, -0.5, 0, 2);
  const at = (settings: Partial<LossSettings>) => classLoss({ ...plainLoss, ...settings }, rows, [0, 2, 1], 3, 3);
  it.each([
    [{}, 2.2601224002220004, [-0.13208370128379, 0.01001962918986, 0.12206407209393]],
    [{ weights: [1, 0.5, 2] }, 3.253678784536764, [-0.13208370128379, 0.01001962918986, 0.12206407209393]],
    [{ smoothing: 0.1 }, 2.2240112891108894, [-0.10986147906157, -0.00109148192125, 0.11095296098282]],
    [{ kind: 'focal' }, 1.9189488917554811, [-0.05262882929238, 0.00399232720677, 0.04863650208561]],
    [{ kind: 'mse' }, 0.5975027993267018, [-0.05876795422763, 0.001345583879, 0.05742237034863]],
    [{ kind: 'hinge' }, 3.75, [-1 / 3, 0, 1 / 3]],
  ] as const)('%j is what PyTorch gives', (settings, value, gradient) => {
    const { loss, dx } = at(settings);
    expect(loss).toBeCloseTo(value, 12);
    expectClose(dx.subarray(0, 3), gradient, 1e-12, 'dx');
  });
});

it('is softmax cross-entropy where nothing else is asked for', () => {
  expect(isPlain(plainLoss)).toBe(true);
  const [own, other] = [classLoss(plainLoss, x, labels, n, classes), softmaxCrossEntropy(x, labels, n, classes)];
  expect(own.loss).toBeCloseTo(other.loss[0], 12);
  expectClose(own.dx, other.dx, 1e-12, 'dx');
});

it('weighs classes so that each counts the same', () => {
  const images = { labels: Uint8Array.of(0, 0, 0, 2, 0, 2), count: 6 };
  const split = { images, samples: Int32Array.of(0, 1, 2, 3, 4, 5) } as unknown as Parameters<
    typeof balancedWeights
  >[0];
  expect(balancedWeights(split, 3)).toEqual([6 / (3 * 4), 1, 1]);
});

describeBuilds('the kernel of every loss', (workspace) => {
  const { kernels } = workspace;
  it.each(losses)('gives what the reference gives: $kind, smoothing $smoothing', (settings) => {
    const input = Float32Array.from(x);
    for (const pair of [undefined, mixed]) {
      const expected = classLoss(settings, Float64Array.from(input), labels, n, classes, pair);
      const [dx, rowLosses, hits] = [
        workspace.room(x.length, 'dx'),
        workspace.room(n, 'losses'),
        workspace.room(n, 'hits'),
      ];
      kernels.classLoss({
        x: workspace.put(input),
        xRow: classes,
        rows: n,
        classes,
        labels: workspace.put(new Float32Array(labels.buffer)),
        others: workspace.put(new Float32Array(mixed.others.buffer)),
        shares: workspace.put(pair ? mixed.shares : new Float32Array(n).fill(1)),
        classWeights: settings.weights ? workspace.put(settings.weights) : 0,
        losses: rowLosses,
        hits,
        dx,
        dxRow: classes,
        scale: 1 / n,
        kind: kinds.indexOf(settings.kind),
        smoothing: settings.smoothing,
        gamma: settings.gamma,
      });
      const sum = workspace.read(rowLosses, n).reduce((total, each) => total + each, 0);
      expect(sum / n).toBeCloseTo(expected.loss, 5);
      expectClose(workspace.read(dx, x.length), expected.dx, 1e-6, 'dx');
      workspace.expectGuards();
    }
  });
});

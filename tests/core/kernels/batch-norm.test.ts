import fc from 'fast-check';
import { expect, it } from 'vitest';
import { batchNormBackward, batchNormForward, batchStatistics } from '../../../src/core/kernels/reference/batchnorm';
import { forCases, normals, size } from './draws';
import { describeBuilds, expectClose } from './workspace';

describeBuilds('batch norm', (workspace) => {
  const { kernels } = workspace;

  it('an example: x = [1, 3] with mean 2 and variance 1 becomes [−1, 1] · 10 + 5', () => {
    const [y, inverse] = [workspace.room(2, 'y'), workspace.room(1, '1/√variance')];
    kernels.batchNormInverse({ variance: workspace.put([1]), channels: 1, epsilon: 0, inverse });
    kernels.batchNormForward({
      x: workspace.put([1, 3]),
      xRow: 2,
      y,
      yRow: 2,
      rows: 1,
      width: 2,
      channels: 1,
      mean: workspace.put([2]),
      inverse,
      scale: workspace.put([10]),
      shift: workspace.put([5]),
      relu: 0,
    });
    expect([...workspace.read(y, 2)]).toEqual([-5, 15]);
    workspace.expectGuards();
  });

  const shape = fc.record({
    shards: size(1, 4),
    rows: size(1, 4),
    width: size(1, 6),
    channels: size(1, 13),
    far: fc.boolean(),
    accumulate: fc.boolean(),
    relu: fc.boolean(),
    fixed: fc.boolean(),
  });

  it('agrees with the reference; a mean far from 0 costs no digits', () => {
    forCases(shape, 100, (s, generator) => {
      const { shards, rows, width, channels } = s;
      const row = width * channels;
      const part = rows * row;
      const count = shards * rows * width;
      const [epsilon, momentum] = [Math.fround(1e-5), 0.75];
      const x = normals(generator, shards * part).map((v) => (s.far ? v + 300 : v));
      const [scale, shift, runningMean, dy, before] = [channels, channels, channels, x.length, x.length].map((n) =>
        normals(generator, n),
      );
      const runningVariance = normals(generator, channels).map(Math.abs);

      const wide = Float64Array.from(x);
      const [mean, variance] = [new Float64Array(channels), new Float64Array(channels)];
      batchStatistics(wide, mean, variance);
      const y = new Float64Array(x.length);
      batchNormForward(wide, mean, variance, epsilon, Float64Array.from(scale), Float64Array.from(shift), y);
      const dx = s.accumulate ? Float64Array.from(before) : new Float64Array(x.length);
      const [dScale, dShift] = [new Float64Array(channels), new Float64Array(channels)];
      batchNormBackward(
        wide,
        mean,
        variance,
        epsilon,
        Float64Array.from(scale),
        s.fixed,
        Float64Array.from(dy),
        dx,
        dScale,
        dShift,
      );

      const px = workspace.put(x);
      const stride = channels * 16;
      const sums = workspace.doubles(2 * channels * shards);
      for (let i = 0; i < shards; i++)
        kernels.batchNormSums({ x: px + i * part * 4, xRow: row, rows, width, channels, sums: sums + i * stride });
      const [pm, pi] = [workspace.room(channels), workspace.room(channels)];
      const [prm, prv] = [workspace.put(runningMean), workspace.put(runningVariance)];
      kernels.batchNormStatistics({
        sums,
        shards,
        shardStride: stride,
        channels,
        count,
        epsilon,
        momentum,
        mean: pm,
        inverse: pi,
        runningMean: prm,
        runningVariance: prv,
      });
      // x − mean is taken in float32: what is lost is a rounding of the mean.
      const tolerance = s.far ? 2e-4 : 2e-6;
      expectClose(workspace.read(pm, channels), mean, 1e-6, 'mean');
      const inverse = variance.map((v) => 1 / Math.sqrt(v + epsilon));
      expectClose(workspace.read(pi, channels), inverse, 2e-6, 'inverse');
      expectClose(
        workspace.read(prm, channels),
        mean.map((v, c) => momentum * runningMean[c] + (1 - momentum) * v),
        1e-6,
        'running mean',
      );
      expectClose(
        workspace.read(prv, channels),
        variance.map((v, c) => momentum * runningVariance[c] + (1 - momentum) * v),
        1e-6,
        'running variance',
      );
      // One sample's deviation is all rounding: nothing further to compare.
      if (Math.min(...variance) < 1e-3) return;

      const [ps, pb, py] = [workspace.put(scale), workspace.put(shift), workspace.room(x.length)];
      kernels.batchNormForward({
        x: px,
        xRow: row,
        y: py,
        yRow: row,
        rows: rows * shards,
        width,
        channels,
        mean: pm,
        inverse: pi,
        scale: ps,
        shift: pb,
        relu: s.relu ? 1 : 0,
      });
      expectClose(workspace.read(py, x.length), s.relu ? y.map((v) => Math.max(v, 0)) : y, tolerance, 'y');

      const pdy = workspace.put(dy);
      const gradientSums = workspace.doubles(2 * channels * shards);
      for (let i = 0; i < shards; i++)
        kernels.batchNormGradientSums({
          x: px + i * part * 4,
          xRow: row,
          dy: pdy + i * part * 4,
          dyRow: row,
          rows,
          width,
          channels,
          mean: pm,
          inverse: pi,
          sums: gradientSums + i * stride,
        });
      const [pds, pdb, means, pdx] = [
        workspace.zeros(channels),
        workspace.zeros(channels),
        workspace.room(2 * channels),
        workspace.put(before),
      ];
      kernels.batchNormGradients({
        sums: gradientSums,
        shards,
        shardStride: stride,
        channels,
        count,
        dScale: pds,
        dShift: pdb,
        means,
      });
      expectClose(workspace.read(pds, channels), dScale, tolerance, 'dScale');
      expectClose(workspace.read(pdb, channels), dShift, tolerance, 'dShift');
      kernels.batchNormBackward({
        x: px,
        xRow: row,
        dy: pdy,
        dyRow: row,
        dx: pdx,
        dxRow: row,
        rows: rows * shards,
        width,
        channels,
        mean: pm,
        inverse: pi,
        scale: ps,
        means: s.fixed ? 0 : means,
        accumulate: s.accumulate ? 1 : 0,
      });
      expectClose(workspace.read(pdx, x.length), dx, 10 * tolerance, 'dx');
      workspace.expectGuards();
    });
  });

  it('takes the inverse of running statistics', () => {
    const inverse = workspace.room(3);
    kernels.batchNormInverse({ variance: workspace.put([0, 1, 4]), channels: 3, epsilon: 1e-5, inverse });
    expectClose(
      workspace.read(inverse, 3),
      [0, 1, 4].map((v) => 1 / Math.sqrt(v + Math.fround(1e-5))),
      1e-7,
      'inverse',
    );
    workspace.expectGuards();
  });
});

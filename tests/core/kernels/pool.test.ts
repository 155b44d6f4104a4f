import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  averagePoolBackward,
  averagePoolForward,
  maxPoolBackward,
  maxPoolForward,
} from '../../../src/core/kernels/reference/pool';
import { forCases, normals, size, steps } from './draws';
import { onMap, type MapWindow } from './images';
import { describeBuilds, expectClose } from './workspace';

describeBuilds('pooling', (workspace) => {
  const { kernels } = workspace;

  it('an example: windows of 2 × 2 on a 3 × 3 map, one row apart', () => {
    const window = {
      xRow: 3,
      channels: 1,
      height: 3,
      width: 3,
      kernelHeight: 2,
      kernelWidth: 2,
      strideHeight: 1,
      strideWidth: 1,
      dilationHeight: 1,
      dilationWidth: 1,
      padTop: 0,
      padLeft: 0,
      outHeight: 2,
      outWidth: 2,
    };
    const x = workspace.put([1, 2, 1, 3, 9, 3, 1, 2, 1]);
    const [y, mean, dx] = [workspace.room(4, 'y'), workspace.room(4, 'mean'), workspace.zeros(9, 'dx')];
    kernels.maxPoolForward({ x, ...window, y, yRow: 2 });
    expect([...workspace.read(y, 4)]).toEqual([9, 9, 9, 9]);
    kernels.maxPoolBackward({ x, ...window, y, yRow: 2, dy: workspace.put([1, 2, 3, 4]), dyRow: 2, dx, dxRow: 3 });
    expect([...workspace.read(dx, 9)]).toEqual([0, 0, 0, 0, 10, 0, 0, 0, 0]);
    kernels.averagePoolForward({ x, ...window, y: mean, yRow: 2, countPadding: 0, padBottom: 0, padRight: 0 });
    expect([...workspace.read(mean, 4)]).toEqual([3.75, 3.75, 3.75, 3.75]);
    workspace.expectGuards();
  });

  const window = fc.record({
    height: size(1, 11),
    width: size(1, 13),
    channels: size(1, 11),
    kernel: fc.tuple(size(1, 4), size(1, 4)),
    stride: fc.tuple(size(1, 3), size(1, 3)),
    dilation: fc.tuple(size(1, 3), size(1, 3)),
    pad: fc.tuple(size(0, 3), size(0, 3), size(0, 3), size(0, 3)),
    ceil: fc.boolean(),
    countPadding: fc.boolean(),
  });

  function geometryOf(s: typeof window extends fc.Arbitrary<infer T> ? T : never) {
    const out = (extent: number, i: 0 | 1): number => {
      const free = extent + s.pad[i] + s.pad[i + 2] - (s.kernel[i] - 1) * s.dilation[i] - 1;
      return free < 0 ? 0 : (s.ceil ? Math.ceil(free / s.stride[i]) : Math.floor(free / s.stride[i])) + 1;
    };
    const [outHeight, outWidth] = [out(s.height, 0), out(s.width, 1)];
    return outHeight > 0 && outWidth > 0 ? onMap({ ...s, outHeight, outWidth }) : undefined;
  }

  const argumentsOf = (g: MapWindow) => ({
    xRow: g.width * g.channels,
    channels: g.channels,
    height: g.height,
    width: g.width,
    kernelHeight: g.kernel[0],
    kernelWidth: g.kernel[1],
    strideHeight: g.stride[0],
    strideWidth: g.stride[1],
    dilationHeight: g.dilation[0],
    dilationWidth: g.dilation[1],
    padTop: g.pad[0],
    padLeft: g.pad[1],
    outHeight: g.outHeight,
    outWidth: g.outWidth,
  });

  it('max pooling agrees with the reference: ties, padding, dilation, ceil mode', () => {
    forCases(window, 150, (s, generator) => {
      const g = geometryOf(s);
      fc.pre(g !== undefined);
      const x = steps(generator, s.height * s.width * s.channels);
      const y = new Float64Array(g.outHeight * g.outWidth * s.channels);
      const dy = normals(generator, y.length);
      const before = normals(generator, x.length);
      const dx = Float64Array.from(before);
      maxPoolForward(g, Float64Array.from(x), y);
      maxPoolBackward(g, Float64Array.from(x), Float64Array.from(dy), dx);
      const row = g.outWidth * s.channels;
      const [px, py, pdx] = [workspace.put(x, 'x'), workspace.room(y.length, 'y'), workspace.put(before, 'dx')];
      kernels.maxPoolForward({ x: px, ...argumentsOf(g), y: py, yRow: row });
      expect([...workspace.read(py, y.length)]).toEqual([...y]);
      kernels.maxPoolBackward({
        x: px,
        ...argumentsOf(g),
        y: py,
        yRow: row,
        dy: workspace.put(dy),
        dyRow: row,
        dx: pdx,
        dxRow: s.width * s.channels,
      });
      expectClose(workspace.read(pdx, x.length), dx, 1e-6, 'dx');
      workspace.expectGuards();
    });
  });

  it('average pooling agrees with the reference: padding counted or not, ceil mode', () => {
    forCases(window, 150, (s, generator) => {
      const g = geometryOf(s);
      fc.pre(g !== undefined);
      const x = normals(generator, s.height * s.width * s.channels);
      const y = new Float64Array(g.outHeight * g.outWidth * s.channels);
      const dy = normals(generator, y.length);
      const dx = new Float64Array(x.length);
      averagePoolForward(g, s.countPadding, Float64Array.from(x), y);
      averagePoolBackward(g, s.countPadding, Float64Array.from(dy), dx);
      const row = g.outWidth * s.channels;
      const [py, pdx] = [workspace.room(y.length, 'y'), workspace.zeros(x.length, 'dx')];
      const counted = { countPadding: s.countPadding ? 1 : 0, padBottom: s.pad[2], padRight: s.pad[3] };
      kernels.averagePoolForward({ x: workspace.put(x, 'x'), ...argumentsOf(g), y: py, yRow: row, ...counted });
      expectClose(workspace.read(py, y.length), y, 1e-6, 'y');
      kernels.averagePoolBackward({
        x: 0,
        dxRow: s.width * s.channels,
        ...argumentsOf(g),
        dy: workspace.put(dy),
        dyRow: row,
        dx: pdx,
        ...counted,
      });
      expectClose(workspace.read(pdx, x.length), dx, 1e-6, 'dx');
      workspace.expectGuards();
    });
  });

  it('2×2 with stride 2 agrees with the reference, with and without a relu before it', () => {
    forCases(
      fc.record({
        outHeight: size(1, 5),
        outWidth: size(1, 7),
        channels: size(1, 19),
        odd: fc.tuple(size(0, 1), size(0, 1)),
        relu: fc.boolean(),
      }),
      150,
      (s, generator) => {
        const [height, width] = [2 * s.outHeight + s.odd[0], 2 * s.outWidth + s.odd[1]];
        const g = onMap({
          height,
          width,
          channels: s.channels,
          kernel: [2, 2],
          stride: [2, 2],
          dilation: [1, 1],
          pad: [0, 0, 0, 0],
          outHeight: s.outHeight,
          outWidth: s.outWidth,
        });
        const before = steps(generator, height * width * s.channels);
        const x = s.relu ? before.map((v) => Math.max(v, 0)) : before;
        const y = new Float64Array(s.outHeight * s.outWidth * s.channels);
        const dy = normals(generator, y.length);
        const dx = new Float64Array(x.length);
        maxPoolForward(g, Float64Array.from(x), y);
        maxPoolBackward(g, Float64Array.from(x), Float64Array.from(dy), dx);
        const expected = s.relu ? dx.map((v, i) => (x[i] > 0 ? v : 0)) : dx;
        const row = s.outWidth * s.channels;
        const [px, py, pdx] = [workspace.put(x, 'x'), workspace.room(y.length, 'y'), workspace.zeros(x.length, 'dx')];
        kernels.maxPool2x2Forward({
          x: px,
          xRow: width * s.channels,
          channels: s.channels,
          outHeight: s.outHeight,
          outWidth: s.outWidth,
          y: py,
          yRow: row,
        });
        expect([...workspace.read(py, y.length)]).toEqual([...y]);
        kernels.maxPool2x2Backward({
          x: px,
          xRow: width * s.channels,
          channels: s.channels,
          outHeight: s.outHeight,
          outWidth: s.outWidth,
          y: py,
          yRow: row,
          dy: workspace.put(dy),
          dyRow: row,
          dx: pdx,
          dxRow: width * s.channels,
          relu: s.relu ? 1 : 0,
        });
        expectClose(workspace.read(pdx, x.length), expected, 0, 'dx');
        workspace.expectGuards();
      },
    );
  });

  it('global pooling agrees with the reference', () => {
    forCases(
      fc.record({ height: size(1, 9), width: size(1, 9), channels: size(1, 11) }),
      60,
      ({ height, width, channels }, generator) => {
        const g = onMap({
          height,
          width,
          channels,
          kernel: [height, width],
          stride: [1, 1],
          dilation: [1, 1],
          pad: [0, 0, 0, 0],
          outHeight: 1,
          outWidth: 1,
        });
        const x = steps(generator, height * width * channels);
        const dy = normals(generator, channels);
        const row = width * channels;
        const [px, pdy] = [workspace.put(x), workspace.put(dy)];
        const exact = {
          mean: new Float64Array(channels),
          max: new Float64Array(channels),
          dMean: new Float64Array(x.length),
          dMax: new Float64Array(x.length),
        };
        averagePoolForward(g, false, Float64Array.from(x), exact.mean);
        averagePoolBackward(g, false, Float64Array.from(dy), exact.dMean);
        maxPoolForward(g, Float64Array.from(x), exact.max);
        maxPoolBackward(g, Float64Array.from(x), Float64Array.from(dy), exact.dMax);
        const [mean, max] = [workspace.room(channels), workspace.room(channels)];
        const [dMean, dMax] = [workspace.zeros(x.length), workspace.zeros(x.length)];
        kernels.globalAveragePoolForward({ x: px, xRow: row, channels, height, width, y: mean });
        kernels.globalAveragePoolBackward({ dy: pdy, channels, height, width, dx: dMean, dxRow: row });
        kernels.globalMaxPoolForward({ x: px, xRow: row, channels, height, width, y: max });
        kernels.globalMaxPoolBackward({
          x: px,
          xRow: row,
          channels,
          height,
          width,
          y: max,
          dy: pdy,
          dx: dMax,
          dxRow: row,
        });
        expectClose(workspace.read(mean, channels), exact.mean, 1e-6, 'mean');
        expectClose(workspace.read(max, channels), exact.max, 0, 'maximum');
        expectClose(workspace.read(dMean, x.length), exact.dMean, 1e-6, 'dx of the mean');
        expectClose(workspace.read(dMax, x.length), exact.dMax, 0, 'dx of the maximum');
        workspace.expectGuards();
      },
    );
  });

  it('a NaN reaches the maximum, and its window alone', () => {
    const x = workspace.put(Float32Array.of(1, NaN, 2, 3, 4, 5, 6, 7));
    const general = workspace.room(2);
    kernels.maxPoolForward({
      x,
      xRow: 4,
      channels: 1,
      height: 2,
      width: 4,
      kernelHeight: 2,
      kernelWidth: 2,
      strideHeight: 2,
      strideWidth: 2,
      dilationHeight: 1,
      dilationWidth: 1,
      padTop: 0,
      padLeft: 0,
      outHeight: 1,
      outWidth: 2,
      y: general,
      yRow: 2,
    });
    expect([...workspace.read(general, 2)]).toEqual([NaN, 7]);
    const fast = workspace.room(2);
    kernels.maxPool2x2Forward({ x, xRow: 4, channels: 1, outHeight: 1, outWidth: 2, y: fast, yRow: 2 });
    expect([...workspace.read(fast, 2)]).toEqual([NaN, 7]);
    const dx = workspace.zeros(8);
    kernels.maxPoolBackward({
      x,
      xRow: 4,
      channels: 1,
      height: 2,
      width: 4,
      kernelHeight: 2,
      kernelWidth: 2,
      strideHeight: 2,
      strideWidth: 2,
      dilationHeight: 1,
      dilationWidth: 1,
      padTop: 0,
      padLeft: 0,
      outHeight: 1,
      outWidth: 2,
      y: general,
      yRow: 2,
      dy: workspace.put([10, 20]),
      dyRow: 2,
      dx,
      dxRow: 4,
    });
    expect([...workspace.read(dx, 8)]).toEqual([0, 10, 0, 0, 0, 0, 0, 20]);
  });
});

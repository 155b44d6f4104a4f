import fc from 'fast-check';
import { expect, it } from 'vitest';
import { localBackward, localForward } from '../../../src/core/kernels/reference/local-conv';
import { maxoutBackward, maxoutForward } from '../../../src/core/kernels/reference/maxout';
import { TOLERANCE } from './conv-cases';
import { forCases, normals, size } from './draws';
import { describeBuilds, expectClose } from './workspace';

describeBuilds('weights of their own at each place', (workspace) => {
  const { kernels } = workspace;

  it('agree with the reference', () => {
    const shape = fc.record({
      height: size(1, 7),
      width: size(1, 8),
      channels: size(1, 5),
      filters: size(1, 11),
      images: size(1, 3),
      kernel: fc.tuple(size(1, 3), size(1, 3)),
      stride: fc.tuple(size(1, 3), size(1, 2)),
      dilation: fc.tuple(size(1, 2), size(1, 2)),
      pad: fc.tuple(size(0, 2), size(0, 2), size(0, 2), size(0, 2)),
      bias: fc.boolean(),
    });
    forCases(shape, 60, (s, generator) => {
      const { height, width, channels, filters, images, kernel, stride, dilation, pad } = s;
      const [outHeight, outWidth] = ([0, 1] as const).map((axis) => {
        const room = [height, width][axis] + pad[axis] + pad[axis + 2] - (kernel[axis] - 1) * dilation[axis] - 1;
        return room < 0 ? 0 : Math.floor(room / stride[axis]) + 1;
      });
      fc.pre(outHeight > 0 && outWidth > 0);
      const g = {
        window: { kernel, stride, dilation, pad },
        n: images,
        input: [height, width, channels],
        output: [outHeight, outWidth, filters],
      };
      const places = outHeight * outWidth;
      const x = normals(generator, images * height * width * channels);
      const w = normals(generator, places * kernel[0] * kernel[1] * channels * filters);
      const b = s.bias ? normals(generator, places * filters) : undefined;
      const dy = normals(generator, images * places * filters);
      const doubles = (values: ArrayLike<number>): Float64Array => Float64Array.from(values);
      const y = new Float64Array(dy.length);
      localForward(g, doubles(x), doubles(w), b && doubles(b), y);
      const [dx, dw, db] = [x, w, b ?? []].map((each) => new Float64Array(each.length));
      localBackward(g, doubles(x), doubles(w), doubles(dy), dx, dw, b && db);
      const common = {
        channels,
        height,
        width,
        kernelHeight: kernel[0],
        kernelWidth: kernel[1],
        strideHeight: stride[0],
        strideWidth: stride[1],
        dilationHeight: dilation[0],
        dilationWidth: dilation[1],
        padTop: pad[0],
        padLeft: pad[1],
        outHeight,
        outWidth,
        filters,
        images,
      };
      const [input, weights, errors] = [x, w, dy].map((each, i) => workspace.put(each, ['x', 'w', 'dy'][i]));
      const own = { xRow: width * channels, xImage: height * width * channels };
      const other = { dy: errors, dyRow: outWidth * filters, dyImage: places * filters };
      const out = workspace.room(dy.length, 'y');
      const bias = b ? workspace.put(b, 'bias') : 0;
      const target = { y: out, yRow: outWidth * filters, yImage: places * filters };
      kernels.localForward({ ...common, ...own, x: input, weights, bias, ...target });
      expectClose(workspace.read(out, dy.length), y, TOLERANCE, 'y');
      const [pdx, pdw, pdb] = [x, w, b ?? [0]].map((each) => workspace.zeros(each.length, 'gradient'));
      kernels.localInputGradient({ ...common, ...other, weights, dx: pdx, dxRow: own.xRow, dxImage: own.xImage });
      expectClose(workspace.read(pdx, x.length), dx, TOLERANCE, 'dx');
      kernels.localWeightGradient({ ...common, ...own, ...other, x: input, dWeights: pdw, dBias: b ? pdb : 0 });
      expectClose(workspace.read(pdw, w.length), dw, TOLERANCE, 'dW');
      if (b) expectClose(workspace.read(pdb, b.length), db, TOLERANCE, 'dBias');
      workspace.expectGuards();
    });
  });
});

describeBuilds('maxout', (workspace) => {
  const { kernels } = workspace;

  it('agrees with the reference, NaN and ties included', () => {
    const shape = fc.record({ width: size(1, 5), channels: size(1, 9), pieces: size(2, 4), accumulate: fc.boolean() });
    forCases(shape, 60, ({ width, channels, pieces, accumulate }, generator) => {
      // Of 0 and −0 either may win.
      const x = normals(generator, 2 * width * channels * pieces).map((value) => Math.round(2 * value) / 2 + 0);
      x[Math.floor(x.length / 2)] = NaN;
      const dy = normals(generator, 2 * width * channels);
      const y = new Float64Array(dy.length);
      const start = accumulate ? normals(generator, x.length) : new Float32Array(x.length);
      const dx = Float64Array.from(start);
      maxoutForward(pieces, channels, Float64Array.from(x), y);
      maxoutBackward(pieces, channels, Float64Array.from(x), Float64Array.from(dy), dx);
      const [input, errors] = [workspace.put(x, 'x'), workspace.put(dy, 'dy')];
      const [out, pdx] = [workspace.room(dy.length, 'y'), workspace.put(start, 'dx')];
      const rows = { rows: 2, width, channels, pieces, x: input, xRow: width * channels * pieces };
      const target = { y: out, yRow: width * channels };
      kernels.maxoutForward({ ...rows, ...target });
      expect([...workspace.read(out, dy.length)]).toEqual([...y]);
      const gradients = { dy: errors, dyRow: width * channels, dx: pdx, dxRow: width * channels * pieces };
      kernels.maxoutBackward({ ...rows, ...target, ...gradients, accumulate: accumulate ? 1 : 0 });
      expectClose(workspace.read(pdx, x.length), dx, TOLERANCE, 'dx');
      workspace.expectGuards();
    });
  });
});

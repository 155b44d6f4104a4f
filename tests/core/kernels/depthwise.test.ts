import fc from 'fast-check';
import { expect, it } from 'vitest';
import { geometry, reference, relu, TOLERANCE } from './conv-cases';
import { forCases, normals, size } from './draws';
import { cut, withHalo } from './images';
import { describeBuilds, expectClose } from './workspace';

describeBuilds('depthwise convolution', (workspace) => {
  const { kernels } = workspace;

  it('an example: two channels, each with a kernel of its own, on two pixels', () => {
    const window = {
      xRow: 4,
      channels: 2,
      kernelHeight: 1,
      kernelWidth: 2,
      strideHeight: 1,
      strideWidth: 1,
      dilationHeight: 1,
      dilationWidth: 1,
      outHeight: 1,
      outWidth: 1,
    };
    const y = workspace.room(2, 'y');
    const weights = workspace.put([1, 2, 3, 4]);
    const bias = workspace.put([100, 200, 0, 0]);
    kernels.depthwiseForward({ x: workspace.put([1, 10, 2, 20]), ...window, weights, bias, y, yRow: 2, relu: 0 });
    expect([...workspace.read(y, 2)]).toEqual([1 * 1 + 2 * 3 + 100, 10 * 2 + 20 * 4 + 200]);
    workspace.expectGuards();
  });

  it('agrees with the reference', () => {
    const shape = fc.record({
      height: size(1, 9),
      width: size(1, 11),
      channels: size(1, 13),
      kernel: fc.tuple(size(1, 4), size(1, 4)),
      stride: fc.tuple(size(1, 3), size(1, 3)),
      dilation: fc.tuple(size(1, 2), size(1, 2)),
      pad: fc.tuple(size(0, 2), size(0, 2), size(0, 2), size(0, 2)),
      relu: fc.boolean(),
    });
    forCases(shape, 80, (s, generator) => {
      const fits = (i: 0 | 1, extent: number): boolean =>
        (s.kernel[i] - 1) * s.dilation[i] + 1 <= extent + s.pad[i] + s.pad[i + 2];
      fc.pre(fits(0, s.height) && fits(1, s.width));
      const { channels } = s;
      const taps = s.kernel[0] * s.kernel[1];
      const g = geometry({ ...s, filters: channels, groups: channels });
      const x = normals(generator, s.height * s.width * channels);
      const w = normals(generator, channels * taps);
      const bias = normals(generator, channels);
      const dy = normals(generator, g.outHeight * g.outWidth * channels);
      const expected = reference(g, x, w, bias, dy);
      /** `[C][taps]` ↔ `[taps][C]` */
      const turn = (values: ArrayLike<number>, rows: number, columns: number): Float32Array =>
        Float32Array.from({ length: rows * columns }, (_, i) => values[(i % rows) * columns + Math.floor(i / rows)]);
      const input = withHalo(x, [s.height, s.width, channels], s.pad);
      const px = workspace.put(input.data, 'x');
      const pw = workspace.put(turn(w, channels, taps), 'weights');
      const pb = workspace.put(bias, 'bias');
      const pdy = workspace.put(dy, 'dy');
      const row = g.outWidth * channels;
      const py = workspace.room(dy.length, 'y');
      const window = [...s.kernel, ...s.stride, ...s.dilation, g.outHeight, g.outWidth] as const;
      kernels.depthwiseForward({
        x: px,
        xRow: input.row,
        channels,
        kernelHeight: window[0],
        kernelWidth: window[1],
        strideHeight: window[2],
        strideWidth: window[3],
        dilationHeight: window[4],
        dilationWidth: window[5],
        outHeight: window[6],
        outWidth: window[7],
        weights: pw,
        bias: pb,
        y: py,
        yRow: row,
        relu: s.relu ? 1 : 0,
      });
      expectClose(workspace.read(py, dy.length), s.relu ? relu(expected.y) : expected.y, TOLERANCE, 'y');
      const pdx = workspace.zeros(input.data.length, 'dx');
      kernels.depthwiseInputGradient({
        dy: pdy,
        dyRow: row,
        channels,
        kernelHeight: window[0],
        kernelWidth: window[1],
        strideHeight: window[2],
        strideWidth: window[3],
        dilationHeight: window[4],
        dilationWidth: window[5],
        outHeight: window[6],
        outWidth: window[7],
        weights: pw,
        dx: pdx,
        dxRow: input.row,
      });
      const dx = cut(
        workspace.read(pdx, input.data.length),
        input.row,
        [s.height, s.width, channels],
        s.pad[0],
        s.pad[1],
      );
      expectClose(dx, expected.dx, TOLERANCE, 'dx');
      const pdw = workspace.zeros(w.length, 'dWeights');
      kernels.depthwiseWeightGradient({
        x: px,
        xRow: input.row,
        channels,
        kernelHeight: window[0],
        kernelWidth: window[1],
        strideHeight: window[2],
        strideWidth: window[3],
        dilationHeight: window[4],
        dilationWidth: window[5],
        outHeight: window[6],
        outWidth: window[7],
        dWeights: pdw,
        dy: pdy,
        dyRow: row,
      });
      expectClose(turn(workspace.read(pdw, w.length), taps, channels), expected.dw, TOLERANCE, 'dW');
      workspace.expectGuards();
    });
  });
});

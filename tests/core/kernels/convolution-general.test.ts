import fc from 'fast-check';
import { expect, it } from 'vitest';
import { geometry, out, reference, relu, TOLERANCE } from './conv-cases';
import { forCases, normals, size } from './draws';
import { cut, fromPanels, panels, withHalo } from './images';
import { describeBuilds, expectClose } from './workspace';

describeBuilds('convolution with any stride, dilation and groups', (workspace) => {
  const { kernels } = workspace;

  it('an example: taps two apart, windows two apart, on the signal 1 … 5', () => {
    const window = {
      kernelHeight: 1,
      kernelWidth: 2,
      strideHeight: 1,
      strideWidth: 2,
      dilationHeight: 1,
      dilationWidth: 2,
      groups: 1,
      outHeight: 1,
      outWidth: 2,
      groupChannels: 1,
      groupFilters: 1,
    };
    const weights = workspace.put(panels([1, 10], 1, 2));
    const [y, transposed, dx] = [workspace.room(2, 'y'), workspace.room(2 * 8, 'transposed'), workspace.zeros(5, 'dx')];
    const x = { x: workspace.put([1, 2, 3, 4, 5]), xRow: 5, xPixel: 1 };
    kernels.convForwardGeneral({ ...x, ...window, weights, bias: 0, y, yRow: 2, yPixel: 1, relu: 0 });
    expect([...workspace.read(y, 2)]).toEqual([1 + 30, 3 + 50]);
    kernels.packTransposed({ weights, ...window, transposed });
    const dy = { dy: workspace.put([1, 2]), dyRow: 2, dyPixel: 1 };
    kernels.convInputGradientGeneral({ ...dy, ...window, transposed, dx, dxRow: 5, dxPixel: 1 });
    expect([...workspace.read(dx, 5)]).toEqual([1, 0, 10 + 2, 0, 20]);
    workspace.expectGuards();
  });

  it('agrees with the reference', () => {
    const general = fc.record({
      height: size(1, 11),
      width: size(1, 17),
      groups: size(1, 4),
      groupChannels: size(1, 9),
      groupFilters: size(1, 11),
      kernel: fc.tuple(size(1, 4), size(1, 4)),
      stride: fc.tuple(size(1, 3), size(1, 3)),
      dilation: fc.tuple(size(1, 3), size(1, 3)),
      pad: fc.tuple(size(0, 3), size(0, 3), size(0, 3), size(0, 3)),
      relu: fc.boolean(),
      spare: size(0, 3),
    });
    forCases(general, 150, (s, generator) => {
      const fits = (i: 0 | 1, extent: number): boolean =>
        (s.kernel[i] - 1) * s.dilation[i] + 1 <= extent + s.pad[i] + s.pad[i + 2];
      fc.pre(fits(0, s.height) && fits(1, s.width));
      const { groups, groupChannels, groupFilters } = s;
      const channels = groups * groupChannels;
      const filters = groups * groupFilters;
      const g = geometry({ ...s, channels, filters });
      const [kh, kw] = s.kernel;
      const depth = kh * kw * groupChannels;
      const x = normals(generator, s.height * s.width * channels);
      const w = normals(generator, filters * depth);
      const bias = normals(generator, filters);
      const dy = normals(generator, g.outHeight * g.outWidth * filters);
      const expected = reference(g, x, w, bias, dy);
      const blocks = Array.from({ length: groups }, (_, i) =>
        panels(w.subarray(i * groupFilters * depth, (i + 1) * groupFilters * depth), groupFilters, depth),
      );
      const block = blocks[0].length;
      const pw = workspace.put(
        blocks.flatMap((b) => [...b]),
        'weights',
      );
      const input = withHalo(x, [s.height, s.width, channels], s.pad, s.spare);
      const px = workspace.put(input.data, 'x');
      const pb = workspace.put([...bias, 0, 0, 0, 0, 0, 0, 0], 'bias');
      const yRow = g.outWidth * filters + s.spare;
      const py = workspace.room(g.outHeight * yRow, 'y');
      const window = [kh, kw, ...s.stride, ...s.dilation, groups, g.outHeight, g.outWidth] as const;
      kernels.convForwardGeneral({
        x: px,
        xRow: input.row,
        xPixel: channels,
        groupChannels,
        kernelHeight: window[0],
        kernelWidth: window[1],
        strideHeight: window[2],
        strideWidth: window[3],
        dilationHeight: window[4],
        dilationWidth: window[5],
        groups: window[6],
        outHeight: window[7],
        outWidth: window[8],
        weights: pw,
        bias: pb,
        groupFilters,
        y: py,
        yRow,
        yPixel: filters,
        relu: s.relu ? 1 : 0,
      });
      expectClose(
        cut(workspace.read(py, g.outHeight * yRow), yRow, out(g)),
        s.relu ? relu(expected.y) : expected.y,
        TOLERANCE,
        'y',
      );

      const pdy = workspace.put(dy, 'dy');
      const dyRow = g.outWidth * filters;
      const pdw = workspace.zeros(block * groups, 'dWeights');
      kernels.convWeightGradientGeneral({
        x: px,
        xRow: input.row,
        xPixel: channels,
        groupChannels,
        kernelHeight: window[0],
        kernelWidth: window[1],
        strideHeight: window[2],
        strideWidth: window[3],
        dilationHeight: window[4],
        dilationWidth: window[5],
        groups: window[6],
        outHeight: window[7],
        outWidth: window[8],
        dWeights: pdw,
        groupFilters,
        dy: pdy,
        dyRow,
        dyPixel: filters,
      });
      const dw = Array.from({ length: groups }, (_, i) => [
        ...fromPanels(workspace.read(pdw + i * block * 4, block), groupFilters, depth),
      ]).flat();
      expectClose(dw, expected.dw, TOLERANCE, 'dW');

      const transposed = workspace.room(
        groups * kh * kw * Math.ceil(groupChannels / 8) * 8 * groupFilters,
        'transposed',
      );
      kernels.packTransposed({
        weights: pw,
        groupChannels,
        kernelHeight: kh,
        kernelWidth: kw,
        groupFilters,
        groups,
        transposed,
      });
      const pdx = workspace.zeros(input.data.length, 'dx');
      kernels.convInputGradientGeneral({
        dy: pdy,
        dyRow,
        dyPixel: filters,
        groupFilters,
        kernelHeight: window[0],
        kernelWidth: window[1],
        strideHeight: window[2],
        strideWidth: window[3],
        dilationHeight: window[4],
        dilationWidth: window[5],
        groups: window[6],
        outHeight: window[7],
        outWidth: window[8],
        transposed,
        groupChannels,
        dx: pdx,
        dxRow: input.row,
        dxPixel: channels,
      });
      const dx = cut(
        workspace.read(pdx, input.data.length),
        input.row,
        [s.height, s.width, channels],
        s.pad[0],
        s.pad[1],
      );
      expectClose(dx, expected.dx, TOLERANCE, 'dx');
      workspace.expectGuards();
    });
  });
});

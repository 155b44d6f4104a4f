import fc from 'fast-check';
import { expect, it } from 'vitest';
import { convBackward, convForward } from '../../../src/core/kernels/reference/conv';
import { maxPoolBackward, maxPoolForward } from '../../../src/core/kernels/reference/pool';
import { forCases, normals, size } from './draws';
import { fromPanels, onMap, panels, withHalo } from './images';
import { describeBuilds, expectClose } from './workspace';

describeBuilds('a planar first layer', (workspace) => {
  const { kernels } = workspace;
  const entries = {
    3: {
      forward: kernels.planarConvForward3,
      gradient: kernels.planarConvWeightGradient3,
      finish: kernels.planarConvFinish3,
    },
    5: {
      forward: kernels.planarConvForward5,
      gradient: kernels.planarConvWeightGradient5,
      finish: kernels.planarConvFinish5,
    },
  };

  it('an example: 4 × 4 pixels numbered from 1, a kernel that picks the middle, bias −1', () => {
    const [planar, y] = [workspace.room(8 * (16 + 16), 'planes'), workspace.room(1, 'y')];
    const layout = { outHeight: 2, outWidth: 2, filters: 1, yRow: 8, plane: 32 };
    const x = workspace.put([...Array.from({ length: 16 }, (_, i) => i + 1), ...new Array<number>(16).fill(0)]);
    const weights = workspace.put(panels([0, 0, 0, 0, 1, 0, 0, 0, 0], 1, 9));
    const bias = workspace.put([-1, 0, 0, 0, 0, 0, 0, 0]);
    kernels.planarConvForward3({ x, xRow: 4, weights, bias, ...layout, y: planar, relu: 1 });
    const rows = workspace.read(planar, 16);
    expect([rows[0], rows[1], rows[8], rows[9]]).toEqual([5, 6, 9, 10]);
    kernels.planarPoolForward({ x: planar, xRow: 8, plane: 32, channels: 1, outHeight: 1, outWidth: 1, y, yRow: 1 });
    expect([...workspace.read(y, 1)]).toEqual([10]);
    workspace.expectGuards();
  });

  it.each([3, 5] as const)('kernel of %i: convolution, relu, pooling and back agree with the reference', (kernel) => {
    forCases(
      fc.record({ outHeight: size(2, 11), outWidth: size(2, 21), filters: size(1, 19), pad: size(0, 2) }),
      60,
      (s, generator) => {
        const { outHeight, outWidth, filters, pad } = s;
        const [height, width] = [outHeight + kernel - 1 - 2 * pad, outWidth + kernel - 1 - 2 * pad];
        fc.pre(height > 0 && width > 0);
        const taps = kernel * kernel;
        const conv = onMap({
          height,
          width,
          channels: 1,
          filters,
          outHeight,
          outWidth,
          kernel: [kernel, kernel],
          stride: [1, 1],
          dilation: [1, 1],
          pad: [pad, pad, pad, pad],
          groups: 1,
        });
        const [poolHeight, poolWidth] = [outHeight >> 1, outWidth >> 1];
        const pool = onMap({
          height: outHeight,
          width: outWidth,
          channels: filters,
          outHeight: poolHeight,
          outWidth: poolWidth,
          kernel: [2, 2],
          stride: [2, 2],
          dilation: [1, 1],
          pad: [0, 0, 0, 0],
        });
        const x = normals(generator, height * width);
        const w = normals(generator, filters * taps);
        const bias = normals(generator, filters);
        const dy = normals(generator, poolHeight * poolWidth * filters);

        const before = new Float64Array(outHeight * outWidth * filters);
        convForward<Float64Array>(conv, Float64Array.from(x), Float64Array.from(w), Float64Array.from(bias), before);
        const active = before.map((v) => Math.max(v, 0));
        const y = new Float64Array(dy.length);
        maxPoolForward(pool, active, y);
        const dActive = new Float64Array(active.length);
        maxPoolBackward(pool, active, Float64Array.from(dy), dActive);
        const dBefore = dActive.map((v, i) => (active[i] > 0 ? v : 0));
        const [dw, db] = [new Float64Array(w.length), new Float64Array(filters)];
        convBackward<Float64Array>(conv, Float64Array.from(x), Float64Array.from(w), dBefore, undefined, dw, db);

        const row = Math.ceil(outWidth / 8) * 8;
        const plane = row * outHeight + 16;
        const planes = Math.ceil(filters / 8) * 8;
        // Surplus columns read a little past the image's last row: the caller's slack, which must not matter.
        const input = withHalo(x, [height, width, 1], [pad, pad, pad, pad]);
        const px = workspace.put([...input.data, ...new Array(16).fill(7)], 'x');
        const pb = workspace.put([...bias, ...new Array(planes - filters).fill(0)], 'bias');
        const planar = workspace.room(plane * planes, 'planes');
        const pw = workspace.put(panels(w, filters, taps), 'weights');
        entries[kernel].forward({
          x: px,
          xRow: input.row,
          outHeight,
          outWidth,
          weights: pw,
          bias: pb,
          filters,
          y: planar,
          yRow: row,
          plane,
          relu: 1,
        });
        const py = workspace.room(dy.length, 'y');
        kernels.planarPoolForward({
          x: planar,
          xRow: row,
          plane,
          channels: filters,
          outHeight: poolHeight,
          outWidth: poolWidth,
          y: py,
          yRow: poolWidth * filters,
        });
        expectClose(workspace.read(py, dy.length), y, 2e-6, 'y');

        const pdPlanar = workspace.zeros(plane * planes, 'planes of dy');
        const pdb = workspace.zeros(filters, 'dBias');
        kernels.planarPoolBackward({
          x: planar,
          xRow: row,
          plane,
          channels: filters,
          outHeight: poolHeight,
          outWidth: poolWidth,
          y: py,
          yRow: poolWidth * filters,
          dy: workspace.put(dy),
          dyRow: poolWidth * filters,
          dx: pdPlanar,
          dBias: pdb,
        });
        expectClose(workspace.read(pdb, filters), db, 3e-6, 'dBias');
        const partial = workspace.zeros(Math.ceil(filters / 2) * 2 * taps * 4, 'partial sums');
        const pdw = workspace.zeros(planes * taps, 'dWeights');
        // Twice, as for two images: the sums go on.
        for (let image = 0; image < 2; image++)
          entries[kernel].gradient({
            x: px,
            xRow: input.row,
            outHeight,
            outWidth,
            dy: pdPlanar,
            dyRow: row,
            plane,
            filters,
            partial,
          });
        entries[kernel].finish({ partial, filters, dWeights: pdw });
        expectClose(
          fromPanels(workspace.read(pdw, planes * taps), filters, taps),
          dw.map((v) => 2 * v),
          3e-6,
          'dW',
        );
        expect(
          workspace.read(partial, Math.ceil(filters / 2) * 2 * taps * 4).every((v) => v === 0),
          'partial sums are cleared',
        ).toBe(true);
        workspace.expectGuards();
      },
    );
  });
});

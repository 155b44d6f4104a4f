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

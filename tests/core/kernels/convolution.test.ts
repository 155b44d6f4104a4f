import fc from 'fast-check';
import { expect, it } from 'vitest';
import { geometry, out, reference, relu, TOLERANCE, type Four } from './conv-cases';
import { forCases, normals, size } from './draws';
import { fromPanels, padded8, panels, withHalo } from './images';
import { describeBuilds, expectClose } from './workspace';

describeBuilds('direct convolution', (workspace, build) => {
  const { kernels } = workspace;

  it('an example: a kernel of 2 × 2 on 3 × 3 pixels numbered from 1, bias 10', () => {
    const window = { xRow: 3, channels: 1, kernelHeight: 2, kernelWidth: 2, outHeight: 2, outWidth: 2, filters: 1 };
    const x = workspace.put([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const [y, dWeights] = [workspace.room(4, 'y'), workspace.zeros(4 * 8, 'dWeights')];
    const weights = workspace.put(panels([1, 2, 3, 4], 1, 4));
    const bias = workspace.put(padded8(Float32Array.of(10)));
    kernels.convForward({ x, ...window, weights, bias, y, yRow: 2, relu: 0, zeroRows: 0 });
    expect([...workspace.read(y, 4)]).toEqual([1 + 4 + 12 + 20 + 10, 57, 77, 87]);
    kernels.convWeightGradient({ x, ...window, dWeights, dy: workspace.put([0, 0, 0, 1]), dyRow: 2 });
    expect([...fromPanels(workspace.read(dWeights, 4 * 8), 1, 4)]).toEqual([5, 6, 8, 9]);
    workspace.expectGuards();
  });

  const shape = fc.record({
    height: size(1, 9),
    width: size(1, 15),
    channels: size(1, 9),
    filters: size(1, 19),
    kernel: fc.tuple(size(1, 5), size(1, 5)),
    pad: fc.tuple(size(0, 2), size(0, 2), size(0, 2), size(0, 2)),
    relu: fc.boolean(),
    gap: size(0, 3),
  });

  it('agrees with the reference: stride 1, one group', () => {
    forCases(shape, 120, (s, generator) => {
      const pad: Four = s.pad;
      const kernel: [number, number] = [
        Math.min(s.kernel[0], s.height + pad[0] + pad[2]),
        Math.min(s.kernel[1], s.width + pad[1] + pad[3]),
      ];
      const g = geometry({ ...s, kernel, pad, stride: [1, 1], dilation: [1, 1], groups: 1 });
      const { channels, filters, outHeight, outWidth } = g;
      const depth = kernel[0] * kernel[1] * channels;
      const x = normals(generator, s.height * s.width * channels);
      const w = normals(generator, filters * depth);
      const bias = normals(generator, filters);
      const dy = normals(generator, outHeight * outWidth * filters);
      const expected = reference(g, x, w, bias, dy);

      // Forward
      const input = withHalo(x, [s.height, s.width, channels], pad, s.gap);
      const px = workspace.put(input.data, 'x');
      const pw = workspace.put(panels(w, filters, depth), 'weights');
      const pb = workspace.put(padded8(bias), 'bias');
      const yRow = outWidth * filters;
      const py = workspace.room(outHeight * yRow, 'y');
      const zeroRows = Math.min(pad[0], pad[2]);
      kernels.convForward({
        x: px,
        xRow: input.row,
        channels,
        kernelHeight: kernel[0],
        kernelWidth: kernel[1],
        outHeight,
        outWidth,
        weights: pw,
        bias: pb,
        filters,
        y: py,
        yRow,
        relu: s.relu ? 1 : 0,
        zeroRows,
      });
      expectClose(workspace.read(py, outHeight * yRow), s.relu ? relu(expected.y) : expected.y, TOLERANCE, 'y');

      // dW accumulates
      const before = normals(generator, filters * depth);
      const pdw = workspace.put(panels(before, filters, depth), 'dWeights');
      const pdy = workspace.put(dy, 'dy');
      kernels.convWeightGradient({
        x: px,
        xRow: input.row,
        channels,
        kernelHeight: kernel[0],
        kernelWidth: kernel[1],
        outHeight,
        outWidth,
        dWeights: pdw,
        filters,
        dy: pdy,
        dyRow: yRow,
      });
      const grown = panels(expected.dw.map((v, i) => v + before[i]) as never, filters, depth);
      expectClose(workspace.read(pdw, grown.length), grown, TOLERANCE, 'dW, with zero lanes past the filters');

      const pdb = workspace.zeros(Math.ceil(filters / 4) * 4, 'dBias');
      kernels.biasGradient({ dy: pdy, dyRow: yRow, rows: outHeight, width: outWidth, channels: filters, dBias: pdb });
      expectClose(workspace.read(pdb, filters), expected.db, TOLERANCE, 'dBias');

      // dX: dY with a halo, weights turned
      const halo: Four = [
        kernel[0] - 1 - pad[0],
        kernel[1] - 1 - pad[1],
        kernel[0] - 1 - pad[2],
        kernel[1] - 1 - pad[3],
      ];
      if (halo.every((side) => side >= 0)) {
        const rotated = workspace.zeros(Math.ceil(channels / 8) * 8 * kernel[0] * kernel[1] * filters, 'rotated');
        kernels.packRotated({
          weights: pw,
          channels,
          kernelHeight: kernel[0],
          kernelWidth: kernel[1],
          filters,
          rotated,
        });
        const gradient = withHalo(dy, out(g), halo);
        const pg = workspace.put(gradient.data, 'dy with a halo');
        const pdx = workspace.room(x.length, 'dx');
        kernels.convForward({
          x: pg,
          xRow: gradient.row,
          channels: filters,
          kernelHeight: kernel[0],
          kernelWidth: kernel[1],
          outHeight: s.height,
          outWidth: s.width,
          weights: rotated,
          bias: 0,
          filters: channels,
          y: pdx,
          yRow: s.width * channels,
          relu: 0,
          zeroRows: Math.min(halo[0], halo[2]),
        });
        expectClose(workspace.read(pdx, x.length), expected.dx, TOLERANCE, 'dx');
      }
      workspace.expectGuards();
    });
  });

  it.each([
    ['convForwardRow9', 3, 3],
    ['convForwardRow30', 5, 6],
  ] as const)('%s has the bits of the general tile', (name, kernel, channels) => {
    forCases(
      fc.record({ outHeight: size(1, 6), half: size(2, 15), panels: size(1, 3), pad: size(0, 2), relu: fc.boolean() }),
      25,
      (s, generator) => {
        const outWidth = 2 * s.half;
        const filters = 8 * s.panels;
        const rows = s.outHeight + kernel - 1;
        const row = (outWidth + kernel - 1) * channels;
        const x = normals(generator, rows * row);
        const zeroRows = 2 * s.pad < rows ? s.pad : 0;
        x.fill(0, 0, zeroRows * row);
        x.fill(0, (rows - zeroRows) * row);
        const px = workspace.put(x);
        const pw = workspace.put(normals(generator, filters * kernel * kernel * channels));
        const pb = workspace.put(normals(generator, filters));
        const count = s.outHeight * outWidth * filters;
        const [mine, general] = [workspace.room(count), workspace.room(count)];
        const flag = s.relu ? 1 : 0;
        kernels[name]({
          x: px,
          xRow: row,
          channels,
          kernelHeight: kernel,
          outHeight: s.outHeight,
          outWidth,
          weights: pw,
          bias: pb,
          filters,
          y: mine,
          yRow: outWidth * filters,
          relu: flag,
          zeroRows,
        });
        kernels.convForward({
          x: px,
          xRow: row,
          channels,
          kernelHeight: kernel,
          kernelWidth: kernel,
          outHeight: s.outHeight,
          outWidth,
          weights: pw,
          bias: pb,
          filters,
          y: general,
          yRow: outWidth * filters,
          relu: flag,
          zeroRows,
        });
        expect(workspace.read(mine, count)).toEqual(workspace.read(general, count));
        workspace.expectGuards();
      },
    );
  });

  it('dX by scatter agrees with the reference', () => {
    forCases(
      fc.record({
        outHeight: size(1, 6),
        half: size(2, 9),
        channels: size(1, 9),
        panels: size(1, 2),
        kernel: fc.tuple(size(1, 5), size(1, 6)),
      }),
      40,
      (s, generator) => {
        const outWidth = 2 * s.half;
        const filters = 8 * s.panels;
        const [kh, kw] = s.kernel;
        const g = geometry({
          ...s,
          height: s.outHeight + kh - 1,
          width: outWidth + kw - 1,
          filters,
          pad: [0, 0, 0, 0],
          stride: [1, 1],
          dilation: [1, 1],
          groups: 1,
        });
        const depth = kh * kw * s.channels;
        const x = normals(generator, g.height * g.width * s.channels);
        const w = normals(generator, filters * depth);
        const dy = normals(generator, s.outHeight * outWidth * filters);
        const expected = reference(g, x, w, new Float32Array(filters), dy);
        const pw = workspace.put(panels(w, filters, depth));
        const segment = Math.ceil((kw * s.channels) / 8) * 8;
        const packed = workspace.room(kh * segment * filters);
        kernels.packScatter({ weights: pw, channels: s.channels, kernelHeight: kh, kernelWidth: kw, filters, packed });
        const columns = workspace.room((outWidth + 4) * kh * segment);
        // 7 floats after the last pixel are read and written back: their value is the caller's.
        const pdx = workspace.zeros(x.length + 7, 'dx');
        kernels.convInputScatter({
          dy: workspace.put(dy),
          dyRow: outWidth * filters,
          filters,
          outHeight: s.outHeight,
          outWidth,
          kernelHeight: kh,
          kernelWidth: kw,
          channels: s.channels,
          packed,
          dx: pdx,
          dxRow: g.width * s.channels,
          columns,
        });
        expectClose(workspace.read(pdx, x.length), expected.dx, TOLERANCE, 'dx');
        workspace.expectGuards();
      },
    );
  });

  it('keeps a NaN that relu could hide', () => {
    const px = workspace.put(Float32Array.of(1, NaN, 3, 4));
    const pw = workspace.put(panels([1], 1, 1));
    const py = workspace.room(4);
    kernels.convForward({
      x: px,
      xRow: 4,
      channels: 1,
      kernelHeight: 1,
      kernelWidth: 1,
      outHeight: 1,
      outWidth: 4,
      weights: pw,
      bias: 0,
      filters: 1,
      y: py,
      yRow: 4,
      relu: 1,
      zeroRows: 0,
    });
    expect([...workspace.read(py, 4)], build).toEqual([1, NaN, 3, 4]);
  });
});

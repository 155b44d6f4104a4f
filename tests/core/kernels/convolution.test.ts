import fc from 'fast-check';
import { expect, it } from 'vitest';
import { convBackward, convForward, type ConvGeometry } from '../../../src/core/kernels/reference/conv';
import { forCases, normals, size } from './draws';
import { cut, fromPanels, onMap, padded8, panels, withHalo, type MapWindow } from './images';
import { describeBuilds, expectClose } from './workspace';

const TOLERANCE = 3e-6;

type Four = [number, number, number, number];

const geometry = (values: Omit<MapWindow, 'outHeight' | 'outWidth'> & { filters: number; groups: number }) => {
  const { height, width, kernel, stride, dilation, pad } = values;
  const out = (size: number, i: 0 | 1): number =>
    Math.floor((size + pad[i] + pad[i + 2] - (kernel[i] - 1) * dilation[i] - 1) / stride[i]) + 1;
  return onMap({ ...values, outHeight: out(height, 0), outWidth: out(width, 1) });
};

/** Reference results, in doubles. */
function reference(g: ConvGeometry, x: Float32Array, w: Float32Array, bias: Float32Array, dy: Float32Array) {
  const y = new Float64Array(dy.length);
  convForward<Float64Array>(g, Float64Array.from(x), Float64Array.from(w), Float64Array.from(bias), y);
  const dx = new Float64Array(x.length);
  const dw = new Float64Array(w.length);
  const db = new Float64Array(bias.length);
  convBackward<Float64Array>(g, Float64Array.from(x), Float64Array.from(w), Float64Array.from(dy), dx, dw, db);
  return { y, dx, dw, db };
}

const relu = (values: Float64Array): Float64Array => values.map((v) => Math.max(v, 0));
const out = (g: ReturnType<typeof geometry>): [number, number, number] => [g.outHeight, g.outWidth, g.filters];

describeBuilds('direct convolution', (workspace, build) => {
  const { kernels } = workspace;

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

  it('agrees with the reference for any stride, dilation and groups', () => {
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

  it('depthwise agrees with the reference', () => {
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

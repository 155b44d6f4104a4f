import fc from 'fast-check';
import { expect, it } from 'vitest';
import { convBackward, convForward } from '../../../src/core/kernels/reference/conv';
import { forCases, normals, size } from './draws';
import { cut, fromPanels, onMap, panels, withHalo } from './images';
import { describeBuilds, expectClose, type Workspace } from './workspace';

interface Case {
  outHeight: number;
  outWidth: number;
  channels: number;
  filters: number;
  pad: number;
  relu: boolean;
}

/** Largest difference ÷ largest magnitude. */
function error(actual: ArrayLike<number>, exact: ArrayLike<number>): number {
  let off = 0;
  let largest = 0;
  for (let i = 0; i < exact.length; i++) {
    off = Math.max(off, Math.abs(actual[i] - exact[i]));
    largest = Math.max(largest, Math.abs(exact[i]));
  }
  return off / largest;
}

/** One image through forward and backward, as the executor does it. */
function run(
  workspace: Workspace,
  m: 2 | 4,
  s: Case,
  x: Float32Array,
  w: Float32Array,
  bias: Float32Array,
  dy: Float32Array,
) {
  const { kernels } = workspace;
  const transform =
    m === 4
      ? {
          input: kernels.winogradInput4,
          output: kernels.winogradOutput4,
          dy: kernels.winogradOutputGradient4,
          dx: kernels.winogradInputGradient4,
          w: kernels.winogradWeights4,
          dw: kernels.winogradWeightGradient4,
        }
      : {
          input: kernels.winogradInput2,
          output: kernels.winogradOutput2,
          dy: kernels.winogradOutputGradient2,
          dx: kernels.winogradInputGradient2,
          w: kernels.winogradWeights2,
          dw: kernels.winogradWeightGradient2,
        };
  const { channels, filters, outHeight, outWidth, pad } = s;
  const height = outHeight + 2 - 2 * pad;
  const width = outWidth + 2 - 2 * pad;
  const matrices = (m + 2) ** 2;
  const high = Math.ceil(outHeight / m);
  const wide = Math.ceil(outWidth / m);
  const tiles = high * wide;
  const stride = (depth: number): number => (tiles + 4) * depth * 4 + 16;
  const uStride = channels * filters * 4 + 16;
  const input = withHalo(
    x,
    [height, width, channels],
    [pad, pad, high * m + 2 - pad - height, wide * m + 2 - pad - width],
  );
  const px = workspace.put(input.data, 'x');
  const pw = workspace.put(panels(w, filters, 9 * channels), 'weights');
  const u = workspace.room((uStride * matrices) / 4, 'U');
  const ut = workspace.room((uStride * matrices) / 4, 'Uᵀ');
  const v = workspace.room((stride(channels) * matrices) / 4, 'V');
  const product = workspace.room((stride(filters) * matrices) / 4, 'M');
  transform.w({ weights: pw, channels, filters, u, uStride });
  kernels.transposePanels({
    count: matrices,
    panels: u,
    panelStride: uStride,
    inputs: channels,
    outputs: filters,
    transposed: ut,
    transposedStride: uStride,
  });
  transform.input({ x: px, xRow: input.row, channels, tilesHigh: high, tilesWide: wide, v, vStride: stride(channels) });
  kernels.winogradGemm({
    from: 0,
    to: matrices,
    tiles,
    depth: channels,
    outputs: filters,
    v,
    vStride: stride(channels),
    u,
    uStride,
    m: product,
    mStride: stride(filters),
  });
  const yRow = outWidth * filters;
  const py = workspace.room(dy.length, 'y');
  transform.output({
    m: product,
    mStride: stride(filters),
    filters,
    tilesHigh: high,
    tilesWide: wide,
    outHeight,
    outWidth,
    bias: workspace.put(bias),
    y: py,
    yRow,
    relu: s.relu ? 1 : 0,
  });

  const gradient = withHalo(dy, [outHeight, outWidth, filters], [0, 0, high * m - outHeight, wide * m - outWidth]);
  const y = workspace.room((stride(filters) * matrices) / 4, 'Y');
  transform.dy({
    x: workspace.put(gradient.data, 'dy'),
    xRow: gradient.row,
    channels: filters,
    tilesHigh: high,
    tilesWide: wide,
    v: y,
    vStride: stride(filters),
  });
  const du = workspace.zeros((uStride * matrices) / 4, 'dU');
  kernels.winogradGemmGradient({
    from: 0,
    to: matrices,
    tiles,
    channels,
    filters,
    v,
    vStride: stride(channels),
    y,
    yStride: stride(filters),
    du,
    duStride: uStride,
  });
  const pdw = workspace.zeros(w.length, 'dWeights');
  transform.dw({ du, duStride: uStride, channels, filters, dWeights: pdw });
  const pdx = workspace.zeros(input.data.length, 'dx');
  kernels.winogradGemm({
    from: 0,
    to: matrices,
    tiles,
    depth: filters,
    outputs: channels,
    v: y,
    vStride: stride(filters),
    u: ut,
    uStride,
    m: v,
    mStride: stride(channels),
  });
  transform.dx({
    m: v,
    mStride: stride(channels),
    channels,
    tilesHigh: high,
    tilesWide: wide,
    dx: pdx,
    dxRow: input.row,
  });
  const result = {
    y: workspace.read(py, dy.length),
    dx: cut(workspace.read(pdx, input.data.length), input.row, [height, width, channels], pad, pad),
    dw: fromPanels(workspace.read(pdw, w.length), filters, 9 * channels),
    duAfter: workspace.read(du, (uStride * matrices) / 4),
  };
  workspace.expectGuards();
  return result;
}

function reference(s: Case, x: Float32Array, w: Float32Array, bias: Float32Array, dy: Float32Array) {
  const { channels, filters, outHeight, outWidth, pad } = s;
  const g = onMap({
    height: outHeight + 2 - 2 * pad,
    width: outWidth + 2 - 2 * pad,
    channels,
    filters,
    outHeight,
    outWidth,
    kernel: [3, 3],
    stride: [1, 1],
    dilation: [1, 1],
    pad: [pad, pad, pad, pad],
    groups: 1,
  });
  const y = new Float64Array(dy.length);
  convForward<Float64Array>(g, Float64Array.from(x), Float64Array.from(w), Float64Array.from(bias), y);
  const dx = new Float64Array(x.length);
  const dw = new Float64Array(w.length);
  convBackward<Float64Array>(g, Float64Array.from(x), Float64Array.from(w), Float64Array.from(dy), dx, dw, undefined);
  return { y: s.relu ? y.map((value) => Math.max(value, 0)) : y, dx, dw };
}

const operands = (s: Case, generator: Parameters<typeof normals>[0]) => ({
  x: normals(generator, (s.outHeight + 2 - 2 * s.pad) * (s.outWidth + 2 - 2 * s.pad) * s.channels),
  w: normals(generator, 9 * s.channels * s.filters),
  bias: normals(generator, s.filters),
  dy: normals(generator, s.outHeight * s.outWidth * s.filters),
});

describeBuilds('Winograd', (workspace) => {
  it.each([4, 2] as const)('an example, output tiles of %i: 4 × 4 pixels numbered from 1, a kernel of 1 … 9', (m) => {
    const shape = { outHeight: 2, outWidth: 2, channels: 8, filters: 8, pad: 0, relu: false };
    const x = Float32Array.from({ length: 4 * 4 * 8 }, (_, i) => (i % 8 === 0 ? i / 8 + 1 : 0));
    const w = new Float32Array(8 * 9 * 8);
    for (let tap = 0; tap < 9; tap++) w[tap * 8] = tap + 1;
    const { y } = run(workspace, m, shape, x, w, new Float32Array(8), new Float32Array(2 * 2 * 8));
    const first = [0, 8, 16, 24].map((i) => y[i]);
    expectClose(first, [348, 393, 528, 573], 1e-6, 'y of the first filter');
    expect(y.filter((v) => v !== 0).length, 'the other filters are zero').toBe(4);
  });

  it.each([4, 2] as const)('output tiles of %i: agrees with the reference, partial tiles included', (m) => {
    const shape = fc.record({
      outHeight: size(1, 13),
      outWidth: size(1, 17),
      channels: fc.constantFrom(8, 16, 24, 40),
      filters: fc.constantFrom(8, 16, 24),
      pad: fc.constantFrom(0, 1),
      relu: fc.boolean(),
    });
    forCases(shape, 40, (s, generator) => {
      fc.pre(s.outHeight + 2 - 2 * s.pad > 0 && s.outWidth + 2 - 2 * s.pad > 0);
      const { x, w, bias, dy } = operands(s, generator);
      const mine = run(workspace, m, s, x, w, bias, dy);
      const exact = reference(s, x, w, bias, dy);
      expectClose(mine.y, exact.y, 5e-6, 'y');
      expectClose(mine.dx, exact.dx, 5e-6, 'dx');
      expectClose(mine.dw, exact.dw, 5e-6, 'dw');
      expect(
        mine.duAfter.every((value) => value === 0),
        'dU is cleared',
      ).toBe(true);
    });
  });

  it('F(4×4, 3×3) is about as exact as direct convolution: errors within three times its own', () => {
    const { kernels } = workspace;
    let [mineWorst, directWorst] = [0, 0];
    forCases(
      fc.constant({ outHeight: 12, outWidth: 12, channels: 32, filters: 32, pad: 1, relu: false }),
      6,
      (s, generator) => {
        const { x, w, bias, dy } = operands(s, generator);
        const exact = reference(s, x, w, bias, dy);
        mineWorst = Math.max(mineWorst, error(run(workspace, 4, s, x, w, bias, dy).y, exact.y));
        const input = withHalo(x, [12, 12, 32], [1, 1, 1, 1]);
        const y = workspace.room(dy.length);
        kernels.convForward({
          x: workspace.put(input.data),
          xRow: input.row,
          channels: 32,
          kernelHeight: 3,
          kernelWidth: 3,
          outHeight: 12,
          outWidth: 12,
          weights: workspace.put(panels(w, 32, 9 * 32)),
          bias: workspace.put(bias),
          filters: 32,
          y,
          yRow: 12 * 32,
          relu: 0,
          zeroRows: 1,
        });
        directWorst = Math.max(directWorst, error(workspace.read(y, dy.length), exact.y));
      },
    );
    expect(mineWorst).toBeLessThan(3 * directWorst);
  });
});

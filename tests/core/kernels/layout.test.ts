import fc from 'fast-check';
import { expect, it } from 'vitest';
import { dropoutMask, dropoutThreshold } from '../../../src/core/kernels/reference/dropout';
import { randomSlopes } from '../../../src/core/kernels/reference/rrelu';
import { flush } from '../../../src/core/kernels/reference/flush';
import { keyOf, stream } from '../../../src/core/random';
import { forCases, normals, size } from './draws';
import { describeBuilds, expectClose } from './workspace';

describeBuilds('layout, rows and scans', (workspace) => {
  const { kernels } = workspace;

  it('an example: two channels of 2 × 2, from planes to pixels', () => {
    const y = workspace.room(8, 'y');
    kernels.nchwToNhwc({ x: workspace.put([1, 2, 3, 4, 5, 6, 7, 8]), channels: 2, height: 2, width: 2, y, yRow: 4 });
    expect([...workspace.read(y, 8)]).toEqual([1, 5, 2, 6, 3, 7, 4, 8]);
    workspace.expectGuards();
  });

  it('NCHW and NHWC', () => {
    forCases(
      fc.record({ height: size(1, 6), width: size(1, 6), channels: size(1, 7), gap: size(0, 3) }),
      40,
      ({ height, width, channels, gap }, generator) => {
        const x = normals(generator, channels * height * width);
        const row = width * channels + gap;
        const py = workspace.zeros(row * height);
        kernels.nchwToNhwc({ x: workspace.put(x), channels, height, width, y: py, yRow: row });
        const y = workspace.read(py, row * height);
        for (let c = 0; c < channels; c++)
          for (let i = 0; i < height; i++)
            for (let j = 0; j < width; j++) expect(y[i * row + j * channels + c]).toBe(x[(c * height + i) * width + j]);
        for (let i = 0; i < height; i++)
          for (let j = width * channels; j < row; j++) expect(y[i * row + j], 'a halo').toBe(0);
        const back = workspace.room(x.length);
        kernels.nhwcToNchw({ x: py, xRow: row, channels, height, width, y: back });
        expect(workspace.read(back, x.length)).toEqual(x);
        workspace.expectGuards();
      },
    );
  });

  it('flushes what is too small to multiply with, and nothing else', () => {
    forCases(
      fc.record({ rows: size(1, 4), length: size(1, 11), gap: size(0, 2) }),
      60,
      ({ rows, length, gap }, generator) => {
        const row = length + gap;
        const x = normals(generator, rows * row - gap).map(
          (v, i) => [v, v * 1e-18, v * 1e-37, v * 1e-40, -0, NaN][i % 6],
        );
        const px = workspace.put(x);
        kernels.flushRows({ x: px, xRow: row, rows, length });
        const expected = x.map((v, i) => (i % row < length ? flush(v) : v));
        expect([...workspace.read(px, x.length)].map((v) => v + 0)).toEqual([...expected].map((v) => v + 0));
        workspace.expectGuards();
      },
    );
  });

  it('copies, adds, scales and multiplies rows', () => {
    forCases(
      fc.record({ rows: size(1, 4), length: size(1, 11), gap: size(0, 2), accumulate: fc.boolean() }),
      60,
      ({ rows, length, gap, accumulate }, generator) => {
        const row = length + gap;
        const count = rows * row - gap;
        const [a, b, before] = [count, count, count].map((n) => normals(generator, n));
        const [pa, pb] = [workspace.put(a), workspace.put(b)];
        const check = (run: (y: number) => void, value: (i: number) => number, what: string): void => {
          const py = workspace.put(before);
          run(py);
          expectClose(
            workspace.read(py, count),
            before.map((v, i) => (i % row < length ? value(i) : v)),
            2e-7,
            what,
          );
        };
        check(
          (y) => kernels.copyRows({ x: pa, xRow: row, y, yRow: row, rows, length }),
          (i) => a[i],
          'copy',
        );
        check(
          (y) => kernels.addRows({ x: pa, xRow: row, y, yRow: row, rows, length }),
          (i) => before[i] + a[i],
          'add',
        );
        check(
          (y) => kernels.scaleRows({ x: pa, xRow: row, y, yRow: row, rows, length, alpha: 0.75 }),
          (i) => 0.75 * a[i],
          'scale',
        );
        check(
          (y) =>
            kernels.multiplyRows({
              a: pa,
              aRow: row,
              b: pb,
              bRow: row,
              y,
              yRow: row,
              rows,
              length,
              accumulate: accumulate ? 1 : 0,
            }),
          (i) => (accumulate ? before[i] : 0) + a[i] * b[i],
          'multiply',
        );

        const sums = workspace.doubles(3);
        const zeroed = a.map((v, i) => (i % 3 ? v : 0));
        kernels.moments({ x: workspace.put(zeroed), xRow: row, rows, length, result: sums });
        const values = [...zeroed].filter((_, i) => i % row < length);
        const total = (f: (v: number) => number): number => values.reduce((sum, v) => sum + f(v), 0);
        expectClose(
          workspace.arena.doubles(sums, 3),
          [total((v) => v), total((v) => v * v), total((v) => (v === 0 ? 1 : 0))],
          1e-12,
          'moments',
        );
        expect(kernels.squaredNorm({ x: workspace.put(values), count: values.length })).toBeCloseTo(
          total((v) => v * v),
          10,
        );
        const distance = kernels.squaredDistance({
          x: workspace.put(values),
          y: workspace.put(values.map((v) => v + 0.5)),
          count: values.length,
        });
        expect(distance).toBeCloseTo(0.25 * values.length, 5);
        workspace.expectGuards();
      },
    );
  });

  it('multiplies maps that are repeated along rows, columns or channels', () => {
    forCases(
      fc.record({
        sizes: fc.tuple(size(1, 4), size(1, 4), size(1, 9)),
        repeated: fc.array(fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()), { minLength: 3, maxLength: 3 }),
        accumulate: fc.boolean(),
      }),
      80,
      ({ sizes, repeated, accumulate }, generator) => {
        const [rows, width, channels] = sizes;
        const operands = repeated.map((axes) => {
          const [height, columns, own] = sizes.map((each, axis) => (axes[axis] ? 1 : each));
          const data = normals(generator, height * columns * own);
          const steps = [height < rows ? 0 : columns * own, columns < width ? 0 : own, own < channels ? 0 : 1];
          const at = (i: number, j: number, c: number): number => i * steps[0] + j * steps[1] + c * steps[2];
          return { data, steps, at, pointer: workspace.put(data) };
        });
        const [a, b, y] = operands;
        // A result summed along rows or columns is added to.
        const adds = accumulate || y.data.length < rows * width * (y.steps[2] ? channels : 1);
        kernels.multiplyMaps({
          a: a.pointer,
          aRow: a.steps[0],
          aPixel: a.steps[1],
          aLane: a.steps[2],
          b: b.pointer,
          bRow: b.steps[0],
          bPixel: b.steps[1],
          bLane: b.steps[2],
          y: y.pointer,
          yRow: y.steps[0],
          yPixel: y.steps[1],
          yLane: y.steps[2],
          rows,
          width,
          channels,
          accumulate: adds ? 1 : 0,
        });
        const expected = Float64Array.from(y.data, (value) => (adds ? value : 0));
        for (let i = 0; i < rows; i++)
          for (let j = 0; j < width; j++)
            for (let c = 0; c < channels; c++) expected[y.at(i, j, c)] += a.data[a.at(i, j, c)] * b.data[b.at(i, j, c)];
        expectClose(workspace.read(y.pointer, y.data.length), expected, 2e-6, 'y', 1);
        workspace.expectGuards();
      },
    );
  });

  it('draws the slopes of the reference', () => {
    const [n, size] = [2, 37];
    const at = { seed: 3, epoch: 1, samples: [8, 5], layer: 2 };
    const drawn = new Float64Array(n * size);
    randomSlopes(drawn, n, { lower: 0.125, upper: 0.5 }, at);
    for (let k = 0; k < n; k++) {
      const x = Float32Array.from({ length: size }, (_, i) => [1, -1, 0, NaN][i % 4]);
      const [key0, key1] = keyOf(at.seed, stream.slopes, at.epoch, at.samples[k], at.layer);
      const slopes = workspace.room(size);
      // In two parts, as rows with a halo between them are.
      for (const [from, count] of [
        [0, 13],
        [13, 24],
      ])
        kernels.randomSlopes({
          x: workspace.put(x.subarray(from, from + count)),
          slopes: slopes + from * 4,
          count,
          from,
          key0,
          key1,
          lower: 0.125,
          range: 0.375,
        });
      const own = drawn.slice(k * size, (k + 1) * size).map((slope, i) => (x[i] > 0 ? 1 : slope));
      expectClose(workspace.read(slopes, size), own, 2e-7, 'slopes');
    }
    workspace.expectGuards();
  });

  it('copies channels into and out of wider pixels', () => {
    forCases(
      fc.record({
        rows: size(1, 3),
        width: size(1, 5),
        channels: size(1, 9),
        left: size(0, 5),
        right: size(0, 5),
        accumulate: fc.boolean(),
      }),
      60,
      (s, generator) => {
        const pixel = s.left + s.channels + s.right;
        const x = normals(generator, s.rows * s.width * s.channels);
        const before = normals(generator, s.rows * s.width * pixel);
        const py = workspace.put(before);
        kernels.copyChannels({
          x: workspace.put(x),
          xRow: s.width * s.channels,
          xPixel: s.channels,
          y: py + s.left * 4,
          yRow: s.width * pixel,
          yPixel: pixel,
          rows: s.rows,
          width: s.width,
          channels: s.channels,
          accumulate: s.accumulate ? 1 : 0,
        });
        const expected = before.map((v, i) => {
          const c = (i % pixel) - s.left;
          if (c < 0 || c >= s.channels) return v;
          return (s.accumulate ? v : 0) + x[Math.floor(i / pixel) * s.channels + c];
        });
        expect(workspace.read(py, before.length)).toEqual(expected);
        workspace.expectGuards();
      },
    );
  });

  it('finds what is not finite, in the last lane too', () => {
    forCases(
      fc.record({ rows: size(1, 3), length: size(1, 9), value: fc.constantFrom(NaN, Infinity, -Infinity) }),
      30,
      ({ rows, length, value }, generator) => {
        const x = normals(generator, rows * length);
        expect(kernels.allFinite({ x: workspace.put(x), xRow: length, rows, length })).toBe(1);
        x[generator.integer(x.length)] = value;
        expect(kernels.allFinite({ x: workspace.put(x), xRow: length, rows, length })).toBe(0);
        workspace.expectGuards();
      },
    );
  });

  it('draws the dropout masks of the reference', () => {
    forCases(
      fc.record({
        count: size(1, 40),
        rate: fc.constantFrom(0, 0.1, 0.5, 0.9),
        sample: fc.nat(),
        layer: size(0, 9),
        from: size(0, 5),
      }),
      60,
      (s) => {
        const expected = new Float32Array(s.from + s.count);
        dropoutMask(expected, 1, s.rate, { seed: 7, epoch: 3, samples: [s.sample], layer: s.layer });
        const mask = workspace.room(s.count);
        const [key0, key1] = keyOf(7, stream.dropout, 3, s.sample, s.layer);
        kernels.dropoutMask({
          mask,
          count: s.count,
          from: s.from,
          key0,
          key1,
          threshold: dropoutThreshold(s.rate),
          kept: 1 / (1 - s.rate),
        });
        expect(workspace.read(mask, s.count)).toEqual(expected.subarray(s.from));
        workspace.expectGuards();
      },
    );
  });

  it('fills with zeros just the bytes asked for', () => {
    const pointer = workspace.put([1, 2, 3, 4, 5]);
    kernels.fillZero({ pointer: pointer + 4, bytes: 12 });
    expect([...workspace.read(pointer, 5)]).toEqual([1, 0, 0, 0, 5]);
    workspace.expectGuards();
  });
});

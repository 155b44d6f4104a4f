import fc from 'fast-check';
import { expect, it } from 'vitest';
import { softmaxBackward, softmaxForward } from '../../../src/core/kernels/reference/softmax';
import { forCases, normals, size } from './draws';
import { describeBuilds, expectClose } from './workspace';

describeBuilds('softmax and losses', (workspace) => {
  const { kernels } = workspace;

  it('an example: the logits [0, ln 3] are shares of ¼ and ¾, and cost −ln ¾ where the second is right', () => {
    const x = workspace.put([0, Math.log(3)]);
    const [y, dx] = [workspace.room(2, 'y'), workspace.room(2, 'dx')];
    kernels.softmaxForward({ x, xRow: 2, y, yRow: 2, rows: 1, length: 2 });
    expectClose(workspace.read(y, 2), [0.25, 0.75], 1e-6, 'y');
    const dy = workspace.put([1, 0]);
    kernels.softmaxBackward({ y, yRow: 2, dy, dyRow: 2, dx, dxRow: 2, rows: 1, length: 2, accumulate: 0 });
    expectClose(workspace.read(dx, 2), [0.1875, -0.1875], 1e-6, 'dx');
    const [losses, hits, gradient] = [workspace.room(1), workspace.room(1), workspace.room(2)];
    kernels.softmaxCrossEntropy({
      x,
      xRow: 2,
      rows: 1,
      classes: 2,
      labels: workspace.put(new Int32Array([1])),
      classWeights: 0,
      losses,
      hits,
      dx: gradient,
      dxRow: 2,
      scale: 1,
    });
    expectClose(workspace.read(losses, 1), [0.2876821], 1e-6, 'loss');
    expect([...workspace.arena.integers(hits, 1)]).toEqual([1]);
    expectClose(workspace.read(gradient, 2), [0.25, -0.25], 1e-6, 'gradient of the logits');
    workspace.expectGuards();
  });

  const shape = fc.record({
    rows: size(1, 5),
    length: size(1, 21),
    spread: fc.constantFrom(1, 30),
    accumulate: fc.boolean(),
  });

  it.each([false, true])('agrees with the reference (log: %s)', (log) => {
    forCases(shape, 60, ({ rows, length, spread, accumulate }, generator) => {
      const count = rows * length;
      const x = normals(generator, count).map((v) => v * spread);
      const [dy, before] = [normals(generator, count), normals(generator, count)];
      const layout = { outer: rows, count: length, inner: 1 };
      const y = new Float64Array(count);
      softmaxForward(layout, log, Float64Array.from(x), y);
      const dx = accumulate ? Float64Array.from(before) : new Float64Array(count);
      softmaxBackward(layout, log, y, Float64Array.from(dy), dx);
      const py = workspace.put(x);
      (log ? kernels.logSoftmaxForward : kernels.softmaxForward)({
        x: py,
        xRow: length,
        y: py,
        yRow: length,
        rows,
        length,
      });
      expectClose(workspace.read(py, count), y, 1e-6, 'y, in place');
      const pdx = workspace.put(before);
      const backward = log ? kernels.logSoftmaxBackward : kernels.softmaxBackward;
      backward({
        y: py,
        yRow: length,
        dy: workspace.put(dy),
        dyRow: length,
        dx: pdx,
        dxRow: length,
        rows,
        length,
        accumulate: accumulate ? 1 : 0,
      });
      expectClose(workspace.read(pdx, count), dx, 3e-6, 'dx', Math.max(...dy.map(Math.abs)));
      workspace.expectGuards();
    });
  });

  it('large logits do not overflow; NaN stays', () => {
    const y = workspace.room(8);
    kernels.softmaxForward({
      x: workspace.put([1e30, -1e30, 0, 1e30, 1, NaN, 2, 3]),
      xRow: 4,
      y,
      yRow: 4,
      rows: 2,
      length: 4,
    });
    expect([...workspace.read(y, 8)]).toEqual([0.5, 0, 0, 0.5, NaN, NaN, NaN, NaN]);
    kernels.logSoftmaxForward({ x: workspace.put([1000, 1000, 1, NaN]), xRow: 2, y, yRow: 2, rows: 2, length: 2 });
    expect([...workspace.read(y, 4)]).toEqual([Math.fround(-Math.LN2), Math.fround(-Math.LN2), NaN, NaN]);
  });

  it('cross-entropy: loss, hits and gradient; labels that are ignored; weights of classes', () => {
    forCases(
      fc.record({ rows: size(1, 9), classes: size(1, 14), weighted: fc.boolean() }),
      60,
      ({ rows, classes, weighted }, generator) => {
        const x = normals(generator, rows * classes).map((v) => 3 * v);
        const labels = Int32Array.from({ length: rows }, () => generator.integer(classes + 2) - 1);
        const weights = normals(generator, classes).map(Math.abs);
        const scale = Math.fround(0.3);
        const expected = {
          losses: new Float64Array(rows),
          hits: new Array<number>(rows).fill(0),
          dx: new Float64Array(x.length),
        };
        const logs = new Float64Array(x.length);
        softmaxForward({ outer: rows, count: classes, inner: 1 }, true, Float64Array.from(x), logs);
        labels.forEach((label, r) => {
          if (label < 0 || label >= classes) return;
          const weight = weighted ? weights[label] : 1;
          const row = x.subarray(r * classes, (r + 1) * classes);
          expected.losses[r] = -weight * logs[r * classes + label];
          expected.hits[r] = row.indexOf(Math.max(...row)) === label ? 1 : 0;
          for (let c = 0; c < classes; c++)
            expected.dx[r * classes + c] = scale * weight * (Math.exp(logs[r * classes + c]) - (c === label ? 1 : 0));
        });
        const pl = workspace.put(labels);
        const pw = weighted ? workspace.put(weights) : 0;
        const [losses, hits, dx] = [workspace.room(rows), workspace.room(rows), workspace.room(x.length)];
        kernels.softmaxCrossEntropy({
          x: workspace.put(x),
          xRow: classes,
          rows,
          classes,
          labels: pl,
          classWeights: pw,
          losses,
          hits,
          dx,
          dxRow: classes,
          scale,
        });
        expectClose(workspace.read(losses, rows), expected.losses, 1e-6, 'losses', 1);
        expect([...workspace.arena.integers(hits, rows)]).toEqual(expected.hits);
        expectClose(workspace.read(dx, x.length), expected.dx, 1e-6, 'dx', scale);

        const [nll, dNll] = [workspace.room(rows), workspace.room(x.length)];
        kernels.negativeLogLikelihood({
          x: workspace.put(logs),
          xRow: classes,
          rows,
          classes,
          labels: pl,
          classWeights: pw,
          losses: nll,
          dx: dNll,
          dxRow: classes,
          scale,
        });
        expectClose(workspace.read(nll, rows), expected.losses, 1e-6, 'negative log-likelihood');
        const picked = Float32Array.from(x, (_, i) => {
          const label = labels[Math.floor(i / classes)];
          return label === i % classes ? -scale * (weighted ? weights[label] : 1) : 0;
        });
        expectClose(workspace.read(dNll, x.length), picked, 1e-6, 'its gradient');
        workspace.expectGuards();
      },
    );
  });

  it('of equal largest logits the first is the answer', () => {
    const [losses, hits] = [workspace.room(3), workspace.room(3)];
    const x = workspace.put([1, 1, 0, 1, 1, 0, 0, 2, 2]);
    kernels.softmaxCrossEntropy({
      x,
      xRow: 3,
      rows: 3,
      classes: 3,
      labels: workspace.put(Int32Array.of(0, 1, 1)),
      classWeights: 0,
      losses,
      hits,
      dx: 0,
      dxRow: 0,
      scale: 1,
    });
    expect([...workspace.arena.integers(hits, 3)]).toEqual([1, 0, 1]);
    workspace.expectGuards();
  });

  it('a NaN among the logits makes the loss NaN, and no hit', () => {
    const [losses, hits] = [workspace.room(1), workspace.room(1)];
    kernels.softmaxCrossEntropy({
      x: workspace.put([1, NaN, 0]),
      xRow: 3,
      rows: 1,
      classes: 3,
      labels: workspace.put(Int32Array.of(1)),
      classWeights: 0,
      losses,
      hits,
      dx: 0,
      dxRow: 0,
      scale: 1,
    });
    expect(workspace.read(losses, 1)[0]).toBeNaN();
    expect(workspace.arena.integers(hits, 1)[0]).toBe(0);
    workspace.expectGuards();
  });
});

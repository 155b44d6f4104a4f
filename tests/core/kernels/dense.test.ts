import fc from 'fast-check';
import { expect, it } from 'vitest';
import { denseBackward, denseForward } from '../../../src/core/kernels/reference/dense';
import { forCases, normals, size } from './draws';
import { fromPanels, padded8, panels } from './images';
import { describeBuilds, expectClose } from './workspace';

const TOLERANCE = 3e-6;

describeBuilds('dense', (workspace) => {
  const { kernels } = workspace;

  it('an example: x = [1, 2, 3], two outputs', () => {
    const weights = panels([1, 0, 2, 0, 1, -1], 2, 3);
    const y = workspace.room(2, 'y');
    kernels.denseForward({
      x: workspace.put([1, 2, 3]),
      batch: 1,
      inputs: 3,
      weights: workspace.put(weights),
      bias: workspace.put(padded8([10, 20])),
      outputs: 2,
      y,
      yRow: 2,
      relu: 0,
    });
    expect([...workspace.read(y, 2)]).toEqual([1 + 6 + 10, 2 - 3 + 20]);
    workspace.expectGuards();
  });

  const shape = fc.record({
    batch: size(1, 21),
    inputs: fc.oneof(size(1, 40), size(380, 420)),
    outputs: size(1, 30),
    relu: fc.boolean(),
  });

  it('agrees with the reference: forward, gradients, transposition', () => {
    forCases(shape, 120, (s, generator) => {
      const { batch, inputs, outputs } = s;
      const x = normals(generator, batch * inputs);
      const w = normals(generator, outputs * inputs);
      const bias = normals(generator, outputs);
      const dy = normals(generator, batch * outputs);
      const exact = {
        y: new Float64Array(batch * outputs),
        dx: new Float64Array(x.length),
        dw: new Float64Array(w.length),
        db: new Float64Array(outputs),
      };
      const wide = [x, w, bias, dy].map((values) => Float64Array.from(values));
      denseForward(batch, wide[0], wide[1], wide[2], exact.y);
      denseBackward(batch, wide[0], wide[1], wide[3], exact.dx, exact.dw, exact.db);

      const px = workspace.put(x, 'x');
      const pw = workspace.put(panels(w, outputs, inputs), 'weights');
      const py = workspace.room(batch * outputs, 'y');
      kernels.denseForward({
        x: px,
        batch,
        inputs,
        weights: pw,
        bias: workspace.put(padded8(bias)),
        outputs,
        y: py,
        yRow: outputs,
        relu: s.relu ? 1 : 0,
      });
      expectClose(
        workspace.read(py, batch * outputs),
        s.relu ? exact.y.map((v) => Math.max(v, 0)) : exact.y,
        TOLERANCE,
        'y',
      );

      const pdy = workspace.put(dy, 'dy');
      const pdw = workspace.room(Math.ceil(outputs / 8) * 8 * inputs, 'dWeights');
      const work = workspace.room(batch * (inputs + 8) + 16, 'work');
      kernels.denseWeightGradient({
        x: px,
        batch,
        inputs,
        dy: pdy,
        dyRow: outputs,
        outputs,
        dWeights: pdw,
        work,
        scale: 1,
        keep: 0,
      });
      const assigned = workspace.read(pdw, Math.ceil(outputs / 8) * 8 * inputs);
      expectClose(assigned, panels(exact.dw, outputs, inputs), TOLERANCE, 'dW');
      kernels.denseWeightGradient({
        x: px,
        batch,
        inputs,
        dy: pdy,
        dyRow: outputs,
        outputs,
        dWeights: pdw,
        work,
        scale: 1,
        keep: 1,
      });
      expectClose(
        workspace.read(pdw, assigned.length),
        assigned.map((v) => 2 * v),
        TOLERANCE,
        'dW accumulated',
      );

      const transposed = workspace.zeros(Math.ceil(inputs / 8) * 8 * outputs, 'transposed');
      kernels.transposePanels({
        count: 1,
        panels: pw,
        panelStride: 0,
        inputs,
        outputs,
        transposed,
        transposedStride: 0,
      });
      const pdx = workspace.room(x.length, 'dx');
      kernels.denseForward({
        x: pdy,
        batch,
        inputs: outputs,
        weights: transposed,
        bias: 0,
        outputs: inputs,
        y: pdx,
        yRow: inputs,
        relu: 0,
      });
      expectClose(workspace.read(pdx, x.length), exact.dx, TOLERANCE, 'dx');

      const pdb = workspace.zeros(Math.ceil(outputs / 4) * 4, 'dBias');
      kernels.denseBiasGradient({ dy: pdy, dyRow: outputs, batch, outputs, dBias: pdb });
      expectClose(workspace.read(pdb, outputs), exact.db, TOLERANCE, 'dBias');

      // The step of SGD with decay, fused.
      const stepped = workspace.put(panels(w, outputs, inputs), 'weights');
      kernels.denseWeightGradient({
        x: px,
        batch,
        inputs,
        dy: pdy,
        dyRow: outputs,
        outputs,
        dWeights: stepped,
        work,
        scale: -0.1,
        keep: 0.99,
      });
      expectClose(
        fromPanels(workspace.read(stepped, assigned.length), outputs, inputs),
        w.map((v, i) => 0.99 * v - 0.1 * exact.dw[i]),
        TOLERANCE,
        'w',
      );
      workspace.expectGuards();
    });
  });

  it('an owner of some output panels computes the bits of the whole', () => {
    forCases(
      fc.record({ batch: size(1, 14), inputs: size(1, 30), panels: size(2, 4), from: size(0, 3) }),
      40,
      (s, generator) => {
        const { batch, inputs } = s;
        const outputs = 8 * s.panels - 3;
        const from = 8 * Math.min(s.from, s.panels - 1);
        const part = Math.min(8, outputs - from);
        const [x, w, bias, dy] = [batch * inputs, 8 * s.panels * inputs, 8 * s.panels, batch * outputs].map((count) =>
          normals(generator, count),
        );
        const [px, pw, pb, pdy] = [x, w, bias, dy].map((values) => workspace.put(values));
        const work = workspace.room(batch * (inputs + 8) + 16);
        const whole = workspace.room(batch * outputs);
        kernels.denseForward({
          x: px,
          batch,
          inputs,
          weights: pw,
          bias: pb,
          outputs,
          y: whole,
          yRow: outputs,
          relu: 1,
        });
        const mine = workspace.zeros(batch * outputs);
        kernels.denseForward({
          x: px,
          batch,
          inputs,
          weights: pw + from * inputs * 4,
          bias: pb + from * 4,
          outputs: part,
          y: mine + from * 4,
          yRow: outputs,
          relu: 1,
        });
        const columns = (pointer: number): number[] =>
          [...workspace.read(pointer, batch * outputs)].filter(
            (_, i) => i % outputs >= from && i % outputs < from + part,
          );
        expect(columns(mine)).toEqual(columns(whole));
        const [dWhole, dMine] = [workspace.room(w.length), workspace.room(8 * inputs)];
        kernels.denseWeightGradient({
          x: px,
          batch,
          inputs,
          dy: pdy,
          dyRow: outputs,
          outputs,
          dWeights: dWhole,
          work,
          scale: 1,
          keep: 0,
        });
        kernels.denseWeightGradient({
          x: px,
          batch,
          inputs,
          dy: pdy + from * 4,
          dyRow: outputs,
          outputs: part,
          dWeights: dMine,
          work,
          scale: 1,
          keep: 0,
        });
        expect(workspace.read(dMine, 8 * inputs)).toEqual(workspace.read(dWhole + from * inputs * 4, 8 * inputs));
        workspace.expectGuards();
      },
    );
  });

  it('packs and unpacks panels', () => {
    forCases(fc.record({ outputs: size(1, 20), depth: size(1, 20) }), 30, ({ outputs, depth }, generator) => {
      const w = normals(generator, outputs * depth);
      const expected = panels(w, outputs, depth);
      const packed = workspace.room(expected.length);
      kernels.packPanels({ weights: workspace.put(w), outputs, depth, panels: packed });
      expect(workspace.read(packed, expected.length)).toEqual(expected);
      const back = workspace.room(w.length);
      kernels.unpackPanels({ panels: packed, outputs, depth, weights: back });
      expect(workspace.read(back, w.length)).toEqual(w);
      workspace.expectGuards();
    });
  });
});

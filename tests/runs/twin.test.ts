import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildGraph, parameterCount } from '../../src/core/model/build';
import { denseTwin, plainDense, twinParameters } from '../../src/core/model/twin';
import type { Graph } from '../../src/core/model/graph';
import { bundledIds } from '../../src/engine/models';
import { describeNetwork } from '../../src/engine/runs/network';
import { recipes } from '../../src/engine/recipes';

const count = (graph: Graph): number => graph.layers.reduce((sum, layer) => sum + parameterCount(layer), 0);

/** Nobody else of the family 2h–h comes nearer, and the family is what it says. */
function expectNearest(inputs: number, classes: number, wanted: number, twin: Graph): void {
  const dense = twin.layers.filter(({ kind }) => kind === 'dense');
  expect(twin.layers.map(({ kind }) => kind).join(' ')).toBe('flatten dense relu dense relu dense softmax');
  const [first, half, last] = dense.map(({ outputShape }) => outputShape[0]);
  expect([first, last]).toEqual([2 * half, classes]);
  expect(half).toBeGreaterThanOrEqual(1);
  expect(count(twin)).toBe(twinParameters(inputs, classes, half));
  const distance = Math.abs(count(twin) - wanted);
  for (const other of [half - 1, half + 1])
    if (other >= 1) expect(Math.abs(twinParameters(inputs, classes, other) - wanted)).toBeGreaterThanOrEqual(distance);
}

describe('the dense twin', () => {
  it('has the parameter count nearest to that of a network, on the same input', () => {
    const network = fc.record({
      height: fc.integer({ min: 4, max: 40 }),
      width: fc.integer({ min: 4, max: 40 }),
      channels: fc.constantFrom(1, 3),
      filters: fc.integer({ min: 1, max: 64 }),
      units: fc.integer({ min: 1, max: 300 }),
      classes: fc.integer({ min: 2, max: 100 }),
    });
    fc.assert(
      fc.property(network, ({ height, width, channels, filters, units, classes }) => {
        const layers = [
          { kind: 'conv', filters, kernel: 3 },
          { kind: 'batchnorm' },
          { kind: 'maxpool', size: 2 },
          { kind: 'flatten' },
          { kind: 'dense', units },
          { kind: 'dense', units: classes },
          { kind: 'softmax' },
        ];
        const graph = buildGraph({ input: { height, width, channels }, layers });
        const twin = buildGraph(denseTwin(graph));
        expect(twin.inputShape).toEqual(graph.inputShape);
        expectNearest(height * width * channels, classes, count(graph), twin);
      }),
    );
  });

  it('keeps one unit where the network has next to no parameters', () => {
    const tiny = buildGraph({
      input: { height: 32, width: 32, channels: 3 },
      layers: [{ kind: 'globalavgpool' }, { kind: 'flatten' }, { kind: 'dense', units: 2 }, { kind: 'softmax' }],
    });
    const dense = denseTwin(tiny).layers.filter(({ kind }) => kind === 'dense');
    expect(dense.map(({ units }) => units)).toEqual([2, 1, 2]);
  });

  it('stands for every bundled network and recipe, for their own classes and for others', async () => {
    const ids = await bundledIds();
    const sources = [
      ...ids.map((id) => ({ kind: 'bundled' as const, id })),
      ...(await recipes()).map(({ id }) => ({ kind: 'recipe' as const, id })),
    ];
    expect(sources.length).toBeGreaterThan(10);
    for (const source of sources) {
      for (const classes of [null, 2, 13]) {
        const itself = await describeNetwork({ source, variant: 'itself' }, classes);
        const twin = await describeNetwork({ source, variant: 'twin' }, classes);
        expect(twin.inputShape).toEqual(itself.inputShape);
        const [channels, height, width] = twin.inputShape;
        const outputs = itself.layers[itself.layers.length - 1].outputShape[0];
        if (classes) expect(outputs).toBe(classes);
        const half = twin.layers.filter(({ kind }) => kind === 'dense')[1].outputShape[0];
        const distance = Math.abs(twin.totals.params - itself.totals.params);
        for (const other of [half - 1, half + 1]) {
          if (other < 1) continue;
          const others = twinParameters(channels * height * width, outputs, other);
          expect(Math.abs(others - itself.totals.params), `${source.id} ${other}`).toBeGreaterThanOrEqual(distance);
        }
        expect(twin.changes.join()).toContain(`${twin.totals.params} parameters`);
        const plain = await describeNetwork({ source, variant: 'dense-128-64' }, classes);
        expect(plain.layers.map(({ outputShape }) => outputShape[0])).toEqual([
          channels * height * width,
          128,
          128,
          64,
          64,
          outputs,
          outputs,
        ]);
      }
    }
  });

  it('is not the same as the plain network of the notes', () => {
    const { layers } = plainDense({ height: 28, width: 28, channels: 1 }, 6);
    expect(count(buildGraph({ input: { height: 28, width: 28, channels: 1 }, layers }))).toBe(
      784 * 128 + 128 + 128 * 64 + 64 + 64 * 6 + 6,
    );
  });
});

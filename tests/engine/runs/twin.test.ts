import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildGraph, parameterCount } from '../../../src/core/model/build';
import { sentence } from '../../../src/words';
import { denseTwin, plainDense } from '../../../src/core/model/twin';
import type { Graph } from '../../../src/core/model/graph';
import { ownIds } from '../../../src/engine/models/models';
import { describeNetwork } from '../../../src/engine/runs/network';
import { recipes } from '../../../src/engine/models/recipes';

const count = (graph: Graph): number => graph.layers.reduce((sum, layer) => sum + parameterCount(layer), 0);

/** Weights and biases of a dense network with these hidden layers. */
const denseCount = (inputs: number, hidden: number[], classes: number): number =>
  [...hidden, classes].reduce((sum, units, i) => sum + ([inputs, ...hidden][i] + 1) * units, 0);

/** The hidden layers are of the family that they should be, and nobody else of it comes nearer. */
function expectNearest(inputs: number, classes: number, wanted: number, units: number[], found: number): void {
  const hidden = units.slice(0, -1);
  const family = (h: number): number[] => (hidden.length === 2 ? [2 * h, h] : [h]);
  const h = hidden[hidden.length - 1];
  expect(units).toEqual([...family(h), classes]);
  expect(h).toBeGreaterThanOrEqual(hidden.length === 2 ? classes : 1);
  expect(found).toBe(denseCount(inputs, hidden, classes));
  const distance = Math.abs(found - wanted);
  for (const other of [h - 1, h + 1])
    if (other >= 1)
      expect(Math.abs(denseCount(inputs, family(other), classes) - wanted)).toBeGreaterThanOrEqual(distance);
  // One hidden layer only where two would narrow below the classes.
  if (hidden.length === 1) {
    const halves = [...Array(classes).keys()].slice(1).map((half) => denseCount(inputs, [2 * half, half], classes));
    const atClasses = Math.abs(denseCount(inputs, [2 * classes, classes], classes) - wanted);
    expect(Math.min(...halves.map((count) => Math.abs(count - wanted)))).toBeLessThanOrEqual(atClasses);
  }
}

const unitsOf = (layers: { kind: string; outputShape: readonly number[] }[]): number[] =>
  layers.filter(({ kind }) => kind === 'dense').map(({ outputShape }) => outputShape[0]);

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
        expectNearest(height * width * channels, classes, count(graph), unitsOf([...twin.layers]), count(twin));
      }),
    );
  });

  it('keeps one unit where the network has next to no parameters', () => {
    const tiny = buildGraph({
      input: { height: 32, width: 32, channels: 3 },
      layers: [{ kind: 'globalavgpool' }, { kind: 'flatten' }, { kind: 'dense', units: 2 }, { kind: 'softmax' }],
    });
    const dense = denseTwin(tiny).layers.filter(({ kind }) => kind === 'dense');
    expect(dense.map(({ units }) => units)).toEqual([1, 2]);
  });

  it('stands for every bundled network and recipe, for their own classes and for others', async () => {
    const ids = await ownIds();
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
        const inputs = channels * height * width;
        expectNearest(inputs, outputs, itself.totals.params, unitsOf(twin.layers), twin.totals.params);
        expect(twin.changes.map((change) => sentence(change)).join()).toContain(
          `${twin.totals.params.toLocaleString('en-US')} parameters`,
        );
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

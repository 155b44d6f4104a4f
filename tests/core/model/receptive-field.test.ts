import { describe, expect, it } from 'vitest';
import { receptiveField, unitField } from '../../../src/core/model/receptive-field';
import type { Graph } from '../../../src/core/model/graph';
import { networkOf } from '../../../src/agreement/search';
import { buildGraph } from '../../../src/core/model/build';
import { viewsOf } from '../../../src/core/model/receptive-views';
import { graphOf } from '../helpers';

const digit = { height: 28, width: 28, channels: 1 };
const sizes = (graph: Graph): number[] => graph.layers.map((_, index) => receptiveField(graph, index).size[0]);
const steps = (graph: Graph): number[] => graph.layers.map((_, index) => receptiveField(graph, index).step[0]);

describe('the receptive field of a layer', () => {
  it('grows through LeNet-5', () => {
    const graph = graphOf(
      [
        { kind: 'conv', filters: 6, kernel: 5, padding: 2 },
        { kind: 'relu' },
        { kind: 'maxpool', size: 2 },
        { kind: 'conv', filters: 16, kernel: 5 },
        { kind: 'maxpool', size: 2 },
        { kind: 'flatten' },
        { kind: 'dense', units: 10 },
        { kind: 'softmax' },
      ],
      digit,
    );
    expect(sizes(graph)).toEqual([5, 5, 6, 14, 16, 16, 28, 28]);
    expect(steps(graph)).toEqual([1, 1, 2, 2, 4, 0, 0, 0]);
    expect(receptiveField(graph, -1)).toEqual({ size: [1, 1], step: [1, 1] });
  });

  it('two 3 × 3 see what one 5 × 5 sees; dilation and stride spread it; rows and columns apart', () => {
    const conv = { kind: 'conv', filters: 1 };
    const twice = graphOf(
      [
        { ...conv, kernel: 3 },
        { ...conv, kernel: 3 },
      ],
      digit,
    );
    expect(sizes(twice)).toEqual([3, 5]);
    const spread = graphOf(
      [
        { ...conv, kernel: 3, stride: 2 },
        { ...conv, kernel: 3, dilation: 2 },
      ],
      digit,
    );
    expect(sizes(spread)).toEqual([3, 11]);
    const wide = graphOf(
      [
        { ...conv, kernel: [1, 5], stride: [1, 3] },
        { ...conv, kernel: [2, 3] },
      ],
      digit,
    );
    expect(receptiveField(wide, 1)).toEqual({ size: [2, 11], step: [1, 3] });
  });

  it('is never larger than the image', () => {
    const graph = graphOf([{ kind: 'conv', filters: 1, kernel: 9, padding: 4 }, { kind: 'globalavgpool' }], {
      height: 5,
      width: 30,
      channels: 1,
    });
    expect(receptiveField(graph, 0)).toMatchObject({ size: [5, 9] });
    expect(receptiveField(graph, 1)).toMatchObject({ size: [5, 30] });
  });

  it('is the box around all branches where they join', () => {
    const graph = graphOf(
      [
        { kind: 'conv', name: 'narrow', filters: 2, kernel: 1 },
        { kind: 'conv', name: 'wide', filters: 2, kernel: 5, padding: 2, inputs: ['input'] },
        { kind: 'conv', name: 'shifted', filters: 2, kernel: 3, padding: [2, 2, 0, 0], inputs: ['input'] },
        { kind: 'concat', inputs: ['narrow', 'wide'] },
        { kind: 'concat', inputs: ['narrow', 'shifted'] },
        { kind: 'conv', name: 'a', filters: 2, kernel: 3, inputs: ['concat1'] },
        { kind: 'conv', name: 'b', filters: 2, kernel: 3, inputs: ['concat2'] },
        { kind: 'add', inputs: ['a', 'b'] },
      ],
      digit,
    );
    expect(sizes(graph)).toEqual([1, 5, 3, 5, 3, 7, 5, 7]);
    // Rows 0 … 2 of concat2 reach up to −2 through 'shifted': the box of the sum is that of 'a', −2 … 4.
    expect(receptiveField(graph, 7)).toEqual({ size: [7, 7], step: [1, 1] });
  });
});

it('of flat features from two branches is the larger of both, not their box', () => {
  const graph = graphOf([
    { kind: 'conv', name: 'wide', filters: 1, kernel: 3, padding: 1 },
    { kind: 'flatten', name: 'a' },
    { kind: 'flatten', name: 'b', inputs: ['input'] },
    { kind: 'concat', inputs: ['a', 'b'] },
  ]);
  expect(receptiveField(graph, 3)).toEqual({ size: [3, 3], step: [0, 0] });
});

it('of flat features that were joined is the largest of any branch, the middle one’s too', () => {
  const branches = graphOf([
    { kind: 'conv', name: 'a', filters: 1, kernel: 1 },
    { kind: 'conv', name: 'b', filters: 1, kernel: 5, padding: 2, inputs: ['input'] },
    { kind: 'conv', name: 'c', filters: 1, kernel: 3, padding: 1, inputs: ['input'] },
    ...['a', 'b', 'c'].map((each) => ({ kind: 'flatten', name: `flat-${each}`, inputs: [each] })),
    { kind: 'concat', inputs: ['flat-a', 'flat-b', 'flat-c'] },
    { kind: 'relu' },
    { kind: 'dense', units: 2 },
  ]);
  expect(receptiveField(branches, 6)).toEqual({ size: [5, 5], step: [0, 0] });
  expect(receptiveField(branches, 7)).toEqual({ size: [5, 5], step: [0, 0] });
  expect(receptiveField(branches, 8)).toEqual({ size: [5, 6], step: [0, 0] });
});

it('of flat features is the same for few, all looked at, and for many, of which some stand for all', () => {
  const join = (side: number): Graph =>
    graphOf(
      [
        { kind: 'conv', name: 'wide', filters: 2, kernel: 5, padding: 2 },
        { kind: 'conv', name: 'near', filters: 2, kernel: 1, inputs: ['input'] },
        { kind: 'concat', inputs: ['near', 'wide', 'near'] },
        { kind: 'flatten' },
        { kind: 'dropout' },
      ],
      { height: side, width: side, channels: 1 },
    );
  for (const side of [8, 20])
    for (const layer of [3, 4]) expect(receptiveField(join(side), layer)).toMatchObject({ size: [5, 5] });
});

describe('the receptive field of a unit', () => {
  const graph = graphOf(
    [
      { kind: 'conv', filters: 2, kernel: 3, padding: 1 },
      { kind: 'maxpool', size: 2 },
      { kind: 'flatten' },
      { kind: 'dense', units: 3 },
    ],
    { height: 6, width: 8, channels: 1 },
  );

  it('is clipped to the image at the border', () => {
    expect(unitField(graph, 0, 0, 0, 0)).toMatchObject({ start: [0, 0], end: [1, 1] });
    expect(unitField(graph, 0, 1, 3, 7)).toMatchObject({ start: [2, 6], end: [4, 7] });
    expect(unitField(graph, 1, 0, 1, 1)).toMatchObject({ start: [1, 1], end: [4, 4] });
    expect(unitField(graph, -1, 0, 2, 3)).toMatchObject({ start: [2, 3], end: [2, 3] });
  });

  it('of a flattened unit is that of the unit it copies, of a dense unit the whole image', () => {
    // Channel 1, row 2, column 3 of a map of 3 × 4: feature (1 · 3 + 2) · 4 + 3.
    expect(unitField(graph, 2, 23, 0, 0)).toEqual(unitField(graph, 1, 1, 2, 3));
    expect(unitField(graph, 3, 0, 0, 0)).toMatchObject({ start: [0, 0], end: [5, 7] });
  });

  it('of a concatenated channel is its own branch’s, of a sum both', () => {
    const branches = graphOf([
      { kind: 'conv', name: 'near', filters: 2, kernel: 1 },
      { kind: 'conv', name: 'far', filters: 2, kernel: 1, stride: 1, padding: [1, 0, 0, 0], inputs: ['input'] },
      { kind: 'maxpool', name: 'cut', size: 2, stride: 1, padding: [0, 0, 0, 1], inputs: ['far'] },
      { kind: 'concat', inputs: ['near', 'cut'] },
      { kind: 'add', inputs: ['near', 'cut'] },
      { kind: 'concat', name: 'end', inputs: ['concat1', 'add1'] },
    ]);
    expect(unitField(branches, 3, 1, 2, 2)).toMatchObject({ start: [2, 2], end: [2, 2] });
    expect(unitField(branches, 3, 2, 2, 2)).toMatchObject({ start: [1, 2], end: [2, 3] });
    expect(unitField(branches, 4, 0, 2, 2)).toMatchObject({ start: [1, 2], end: [2, 3] });
  });

  it('of a depthwise filter stays with its channel: flattened, it does not see the others', () => {
    const depthwise = graphOf([
      { kind: 'conv', name: 'left', filters: 1, kernel: 1 },
      { kind: 'conv', name: 'wide', filters: 1, kernel: 5, padding: 2, inputs: ['input'] },
      { kind: 'concat', inputs: ['left', 'wide'] },
      { kind: 'conv', filters: 2, kernel: 1, groups: 2 },
    ]);
    expect(unitField(depthwise, 3, 0, 2, 2)).toMatchObject({ start: [2, 2], end: [2, 2] });
    expect(unitField(depthwise, 3, 1, 2, 2)).toMatchObject({ start: [0, 0], end: [4, 4] });
  });

  it('is empty where padding alone is read', () => {
    const padded = graphOf([{ kind: 'conv', filters: 1, kernel: 1, padding: 2 }]);
    expect(unitField(padded, 0, 0, 0, 0)).toBeNull();
    expect(unitField(padded, 0, 0, 2, 2)).toMatchObject({ start: [0, 0], end: [0, 0] });
  });

  it('reaches along a broadcast dimension', () => {
    const graph = graphOf([
      { kind: 'globalavgpool' },
      { kind: 'conv', name: 'plain', filters: 3, kernel: 1, inputs: ['input'] },
      { kind: 'add', inputs: ['globalavgpool1', 'plain'] },
    ]);
    expect(unitField(graph, 2, 0, 4, 4)).toMatchObject({ start: [0, 0], end: [4, 5] });
    expect(receptiveField(graph, 2)).toMatchObject({ size: [5, 6] });
  });
});

it('of a layer is the same in one pass over the layers as when the network is gone through for it', () => {
  let passed = 0;
  for (let seed = 0; seed < 150; seed++) {
    const graph = buildGraph(networkOf(seed));
    const views = viewsOf(graph);
    passed += views.filter((each) => each !== null).length / graph.layers.length / 150;
    graph.layers.forEach(({ name, kind }, layer) => {
      const about = `network ${seed}, ${kind} ${name}`;
      expect(receptiveField(graph, layer, views), about).toEqual(receptiveField(graph, layer, []));
    });
  }
  // Most layers are told by the pass.
  expect(passed).toBeGreaterThan(0.7);
});

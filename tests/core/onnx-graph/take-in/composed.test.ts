import { expect, it } from 'vitest';
import { drawParams, drawSample } from '../../../../src/agreement/sample';
import { ReferenceExecutor } from '../../../../src/core/backends/reference/executor';
import { toChannelsFirst } from '../../../../src/core/layers/layout';
import { buildGraph } from '../../../../src/core/model/build';
import type { Graph, ParamSet } from '../../../../src/core/model/graph';
import type { InputSpec, LayerSpec } from '../../../../src/core/model/spec';
import { readNetwork } from '../../../../src/core/onnx-graph/network';
import { takeIn, type TakeInResult } from '../../../../src/core/onnx-graph/take-in/take-in';
import { encodeModel, floatTensor, integerTensor } from '../../../../src/core/onnx/encode';
import type { OnnxGraph } from '../../../../src/core/onnx/proto';
import { headOf, onnxGraph } from '../../../../src/core/onnx/write';
import { channelsFirst } from '../../../../src/core/tensor';
import { sentence } from '../../../../src/words';

const BATCH = 2;
const MAP: InputSpec = { height: 7, width: 5, channels: 6 };

interface Case {
  graph: Graph;
  params: ParamSet;
  file: OnnxGraph;
}

function exported(input: InputSpec, ...layers: LayerSpec[]): Case {
  const graph = buildGraph({ input, layers });
  const params = drawParams(graph, 3);
  return { graph, params, file: onnxGraph(graph, params) };
}

function taken({ graph }: Case, file: OnnxGraph): TakeInResult {
  const bytes = encodeModel({ ...headOf(17), metadata: [], graph: file });
  const dims = [BATCH, ...channelsFirst(graph.inputShape)];
  return takeIn(readNetwork(bytes), { name: 'input', dims, layout: 'NCHW', picture: null });
}

function outputs(graph: Graph, params: ParamSet, input: Float32Array): number[] {
  const executor = new ReferenceExecutor(graph, BATCH);
  executor.setParams(params);
  executor.forward(input, BATCH);
  const last = graph.layers.length - 1;
  return Array.from(toChannelsFirst(executor.activation(last), BATCH, graph.layers[last].outputShape));
}

/** The layers that a network's own file is taken in as, which compute the same. */
function layersOf(own: Case): LayerSpec[] {
  const { taken: found, obstacles } = taken(own, own.file);
  expect(obstacles.map((each) => sentence(each))).toEqual([]);
  const { input } = drawSample(own.graph, BATCH, false, 3);
  const expected = outputs(own.graph, own.params, input);
  const ours = outputs(found!.graph, found!.params, input);
  expect(ours).toHaveLength(expected.length);
  ours.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 4));
  return found!.graph.spec.layers;
}

const obstaclesOf = (own: Case, file: OnnxGraph): string[] => taken(own, file).obstacles.map((each) => sentence(each));

const without = ({ file }: Case, name: string): OnnxGraph['initializers'] =>
  file.initializers.filter((tensor) => tensor.name !== name);

const maxout = (): Case => exported(MAP, { kind: 'maxout', name: 'largest', pieces: 3 });
const local = (settings: Record<string, unknown> = {}): Case =>
  exported(MAP, {
    kind: 'localconv',
    name: 'local',
    filters: 4,
    kernel: [3, 2],
    stride: [2, 1],
    padding: [1, 0, 0, 1],
    ...settings,
  });
const pyramid = (input: InputSpec, ...levels: number[]): Case =>
  exported(input, { kind: 'spatialpyramid', name: 'pyramid', levels });

it('takes Split and Max in as maxout, of maps and of flat features', () => {
  expect(layersOf(maxout())).toMatchObject([{ kind: 'maxout', pieces: 3 }]);
  const flat = exported({ height: 1, width: 1, channels: 4 }, { kind: 'flatten' }, { kind: 'maxout', pieces: 4 });
  expect(layersOf(flat)).toMatchObject([{ kind: 'flatten' }, { kind: 'maxout', pieces: 4 }]);
});

it('refuses a Max of parts that differ in size, or are read by something else, by its node', () => {
  const own = maxout();
  const uneven = [...without(own, 'largest.pieces'), integerTensor('largest.pieces', [1, 2, 3])];
  expect(obstaclesOf(own, { ...own.file, initializers: uneven })).toEqual([
    expect.stringMatching(/'largest\/1' \(Max\): no layer here computes Max/),
  ]);
  const [split, max] = own.file.nodes;
  const fewer = { ...max, inputs: max.inputs.slice(1) };
  expect(obstaclesOf(own, { ...own.file, nodes: [split, fewer] })[0]).toMatch(/'largest\/1' \(Max\)/);
});

it.each([{}, { bias: false }, { dilation: [2, 1] }, { kernel: [1, 1], stride: 1, padding: 'valid' }])(
  'takes windows and a product at each place in as a locally connected layer %o',
  (settings) => {
    const [layer, ...others] = layersOf(local(settings));
    expect(others).toEqual([]);
    expect(layer).toMatchObject({ kind: 'localconv', filters: 4, bias: settings.bias ?? true });
  },
);

it('takes locally connected layers of signals and volumes in', () => {
  const layer = { kind: 'localconv', filters: 2, kernel: 2 };
  for (const input of [
    { length: 6, channels: 3 },
    { depth: 3, height: 4, width: 3, channels: 2 },
  ])
    expect(layersOf(exported(input, layer))).toMatchObject([{ kind: 'localconv' }]);
});

it('refuses a product at each place behind a convolution that does not cut windows out', () => {
  const own = local();
  const cells = own.file.initializers.find(({ name }) => name === 'local.cells')!;
  const other = floatTensor(cells.name, cells.dims, new Float32Array(36 * 6).fill(1));
  expect(obstaclesOf(own, { ...own.file, initializers: [...without(own, cells.name), other] })).toEqual([
    expect.stringMatching(/\(MatMul\): found weights of 15 × 36 × 4/),
  ]);
});

it.each([[[3]], [[1, 3]], [[1, 2, 4]], [[4, 1]]])('takes bins that overlap in as a spatial pyramid of %o', (levels) => {
  expect(layersOf(pyramid(MAP, ...levels))).toMatchObject([{ kind: 'spatialpyramid', levels }]);
});

it('takes bins that do not overlap in as a spatial pyramid where there are two levels, of signals and volumes too', () => {
  const even = { height: 8, width: 4, channels: 2 };
  expect(layersOf(pyramid(even, 2, 1, 4))).toMatchObject([{ kind: 'spatialpyramid', levels: [2, 1, 4] }]);
  expect(layersOf(pyramid(even, 2)).map(({ kind }) => kind)).toEqual(['maxpool', 'flatten']);
  for (const input of [
    { length: 5, channels: 3 },
    { depth: 3, height: 4, width: 5, channels: 2 },
  ])
    expect(layersOf(pyramid(input, 2, 1))).toMatchObject([{ kind: 'spatialpyramid', levels: [2, 1] }]);
});

it('refuses slices side by side that are no bins of a level, by their node', () => {
  const own = pyramid(MAP, 3);
  const name = own.file.initializers.find((tensor) => /axis0-start1$/.test(tensor.name))!.name;
  const moved = [...without(own, name), integerTensor(name, [1])];
  expect(obstaclesOf(own, { ...own.file, initializers: moved })).toEqual([
    expect.stringMatching(/pyramid.*\(Concat\).*along axis 3, expected channels/),
  ]);
});

it('takes partial connections and trainable subsampling in as the convolutions that files have them as', () => {
  const table = [[0, 2], [1], [3, 4, 5]];
  expect(layersOf(exported(MAP, { kind: 'partialconv', table, kernel: 3 }))).toMatchObject([
    { kind: 'conv', filters: 3, groups: 1 },
  ]);
  expect(layersOf(exported(MAP, { kind: 'subsampling', size: 2 }))).toMatchObject([
    { kind: 'conv', filters: 6, groups: 6 },
  ]);
});

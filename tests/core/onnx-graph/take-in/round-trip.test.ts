import { expect, it } from 'vitest';
import { Dice } from '../../../../src/agreement/dice';
import { drawNetwork } from '../../../../src/agreement/draw-network';
import { drawParams, drawSample } from '../../../../src/agreement/sample';
import { ReferenceExecutor } from '../../../../src/core/backends/reference/executor';
import { buildGraph } from '../../../../src/core/model/build';
import type { Graph, ParamSet } from '../../../../src/core/model/graph';
import { readNetwork } from '../../../../src/core/onnx-graph/network';
import { takeIn } from '../../../../src/core/onnx-graph/take-in/take-in';
import { placesOf } from '../../../../src/core/onnx-graph/take-in/values';
import { encodeModel } from '../../../../src/core/onnx/encode';
import { onnxGraph } from '../../../../src/core/onnx/write';
import { channelsFirst } from '../../../../src/core/tensor';
import { toChannelsFirst } from '../../../../src/core/layers/layout';
import { sentence } from '../../../../src/words';
import { mangled } from './mangle';

const BATCH = 2;

/** Outputs of the last layer, `[n, C, H, W]`. */
function outputs(graph: Graph, params: ParamSet, input: Float32Array): Float32Array {
  const executor = new ReferenceExecutor(graph, BATCH);
  executor.setParams(params);
  executor.forward(input, BATCH);
  const last = graph.layers.length - 1;
  return toChannelsFirst(executor.activation(last), BATCH, graph.layers[last].outputShape);
}

it.each(Array.from({ length: 150 }, (_, seed) => seed))(
  'network %i, exported and mangled, is taken in as the same',
  (seed) => {
    const dice = new Dice(11, seed);
    const graph = buildGraph(drawNetwork(dice));
    const params = drawParams(graph, seed);
    const { input } = drawSample(graph, BATCH, false, seed);
    const shapes = new Map([
      ['input', [BATCH, ...channelsFirst(graph.inputShape)]],
      ...graph.layers.map(({ name, outputShape }) => [name, [BATCH, ...channelsFirst(outputShape)]] as const),
    ]);
    const file = encodeModel({
      irVersion: 8,
      producerName: 'pytorch',
      producerVersion: '2.0',
      opsets: [{ domain: '', version: 17 }],
      metadata: [],
      graph: mangled(onnxGraph(graph, params), dice, shapes),
    });
    const network = readNetwork(file);
    const [name] = network.graph.inputs;
    const given = { name, dims: [BATCH, ...channelsFirst(graph.inputShape)], layout: 'NCHW', picture: null } as const;
    const { taken, obstacles } = takeIn(network, given);
    expect(obstacles.map((each) => sentence(each))).toEqual([]);
    const expected = outputs(graph, params, input);
    const found = outputs(taken!.graph, taken!.params, input);
    expect(found.length).toBe(expected.length);
    const output = taken!.values.get(taken!.output)!;
    expect(placesOf(output).length * BATCH).toBe(expected.length);
    // The maximum of a window without a cell is −∞ in both.
    const largest = expected.filter(Number.isFinite).reduce((most, value) => Math.max(most, Math.abs(value)), 1e-3);
    const away = expected.map((value, i) => (value === found[i] ? 0 : Math.abs(value - found[i]) / largest));
    expect(away.findIndex((each) => !(each < 1e-4))).toBe(-1);
  },
);

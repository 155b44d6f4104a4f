/**
 * The one contract that every layer keeps: its output shape, its gradients against central differences in double
 * precision, its config through a round trip, the same numbers from onnxruntime, and an account of every unit that comes to the same value.
 */
import { describe, expect, it } from 'vitest';
import { explain } from '../../../src/core/explain/explain';
import { registry } from '../../../src/core/layers/registry';
import { toChannelsFirst } from '../../../src/core/layers/layout';
import { asMap, channelsOf, spatialOf, unitRegion, unravel } from '../../../src/core/geometry';
import { Settings } from '../../../src/core/layers/settings';
import { buildGraph } from '../../../src/core/model/build';
import type { Graph } from '../../../src/core/model/graph';
import { receptiveField, unitField } from '../../../src/core/model/receptive-field';
import { readModel } from '../../../src/core/onnx/read';
import { writeModel } from '../../../src/core/onnx/write';
import { ReferenceExecutor } from '../../../src/core/backends/reference/executor';
import { channelsFirst, sizeOf, type FeatureShape } from '../../../src/core/tensor';
import { OnnxSession } from '../../../src/engine/runtime/onnxruntime';
import { contractCases } from './contract-cases';
import { plainMetadata } from '../../../src/core/model/model';
import { awayFromKinks, maxDifference, randomParams } from '../helpers';

const batch = 3;
const drawing = { seed: 5, epoch: 2, samples: [11, 4, 7] };

it('holds every kind of the registry to the contract', () => {
  expect(Object.keys(contractCases).sort()).toEqual([...registry.keys()].sort());
  for (const [kind, cases] of Object.entries(contractCases)) {
    expect(cases.length, kind).toBeGreaterThan(0);
    for (const { layers } of cases) expect(layers[layers.length - 1].kind).toBe(kind);
  }
});

for (const [kind, cases] of Object.entries(contractCases)) {
  describe.each(cases)(`${kind}: $name`, ({ input, layers, shape }) => {
    const graph = buildGraph({ input, layers });
    const last = graph.layers.length - 1;
    const layer = graph.layers[last];
    const x = awayFromKinks(batch * sizeOf(graph.inputShape), 1);
    const params = randomParams(graph, 2);

    it('has the output shape', () => {
      expect(layer.outputShape).toEqual(shape);
      const executor = new ReferenceExecutor(graph);
      executor.setParams(params);
      executor.forward(x, batch);
      expect(executor.activation(last)).toHaveLength(batch * sizeOf(shape));
    });

    it.each([false, true])('has the gradients of central differences, training %s', (training) => {
      checkGradients(graph, x, params, training);
    });

    it('comes out of a round trip as it was', () => {
      const { definition, config, name } = layer;
      const settings = JSON.parse(JSON.stringify(definition.settings(config))) as Record<string, unknown>;
      expect(definition.parse(new Settings(settings, name, spatialOf(layer.inputShapes[0]).length), name)).toEqual(
        config,
      );
      expect(buildGraph(graph.spec).spec).toEqual(graph.spec);
    });

    it('gives what onnxruntime gives, and is read back from the file', async () => {
      const bytes = writeModel({ graph, params, metadata: plainMetadata(graph) });
      expect(readModel(bytes).params).toEqual(params);
      const executor = new ReferenceExecutor(graph);
      executor.setParams(params);
      executor.forward(x, batch);
      const session = await OnnxSession.open(bytes);
      const feed = {
        shape: [batch, ...channelsFirst(graph.inputShape)],
        data: toChannelsFirst(x, batch, graph.inputShape),
      };
      const found = (await session.run({ input: feed })).get(layer.name);
      await session.release();
      const expected = toChannelsFirst(executor.activation(last), batch, layer.outputShape);
      expect(found?.shape).toEqual([batch, ...channelsFirst(shape)]);
      expect(maxDifference(found!.data, expected)).toBeLessThan(1e-5);
    });

    it('tells the truth about itself', () => checkTraits(graph, x, params));

    it('accounts for every unit from its inputs and weights', () => checkExplanations(graph, x, params));

    it('is moved by the pixels of its receptive field, all of them and no others', () => checkField(graph, x, params));
  });
}

/** ∂(Σ r · y) for random r, of the input and of every trained parameter. */
function checkGradients(graph: Graph, x: Float32Array, params: Map<string, Float32Array>, training: boolean): void {
  const executor = new ReferenceExecutor(graph, batch, Float64Array);
  const last = graph.layers.length - 1;
  const input = Float64Array.from(x);
  const values = new Map([...params].map(([key, data]) => [key, Float64Array.from(data)]));
  const factors = Float64Array.from(awayFromKinks(batch * sizeOf(graph.layers[last].outputShape), 3));
  const run = (): number => {
    executor.setParams(values);
    executor.forward(input, batch, training, drawing);
    return executor.activation(last).reduce((sum, y, i) => sum + y * factors[i], 0);
  };
  run();
  executor.backward(factors);
  const gradients = new Map([...executor.gradients(), ['input', executor.gradient(-1)]]);
  const trained = graph.layers.flatMap((each) =>
    each.params.filter((param) => param.trainable).map(({ name }) => `${each.name}.${name}`),
  );
  expect([...gradients.keys()]).toEqual([...trained, 'input']);
  for (const [key, gradient] of gradients) {
    const data = key === 'input' ? input : values.get(key)!;
    const differences = data.map((kept, i) => {
      data[i] = kept + step;
      const above = run();
      data[i] = kept - step;
      const below = run();
      data[i] = kept;
      return (above - below) / (2 * step);
    });
    const scale = differences.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
    expect(maxDifference(gradient, differences) / scale, key).toBeLessThan(1e-7);
  }
}
const step = 1e-5;

/** What the layer says of itself, against what it computes and what it reads. */
function checkTraits(graph: Graph, x: Float32Array, params: Map<string, Float32Array>): void {
  const last = graph.layers.length - 1;
  const { traits, inputs, inputShapes, outputShape, params: specs } = graph.layers[last];
  const executor = new ReferenceExecutor(graph);
  executor.setParams(params);
  // Inputs of the layer that are never negative: only then may its own be so where it follows them.
  executor.forward(traits.negative === 'as inputs' ? x.map(Math.abs) : x, batch);
  const y = executor.activation(last);
  const inputsAreNot = inputs.every((input) => executor.activation(input).every((value) => value >= 0));
  if (traits.negative === 'never' || (traits.negative === 'as inputs' && inputsAreNot))
    expect(y.every((value) => value >= 0)).toBe(true);

  const planes = (values: Float32Array, shape: FeatureShape): Float32Array => toChannelsFirst(values, batch, shape);
  if (traits.copies)
    expect(planes(y, outputShape)).toEqual(planes(executor.activation(inputs[0]) as Float32Array, inputShapes[0]));

  const [weight] = specs;
  expect(weight?.name === 'weight' ? weight.shape.length : 0).toBe(
    { kernel: inputShapes[0].length + 1, matrix: 2, none: 0 }[traits.weights ?? 'none'],
  );

  const channels = channelsOf(outputShape);
  for (let channel = 0; channel < channels; channel++) {
    const unit = unitRegion(
      spatialOf(outputShape).map(() => 0),
      channel,
    );
    const read = inputShapes.map((_, i) => graph.layers[last].reads(unit, i));
    if (traits.maps === 'own')
      read.forEach((region, i) => {
        const own = Math.min(channel, channelsOf(inputShapes[i]) - 1); // a single map is repeated
        expect([region!.first, region!.last]).toEqual([own, own]);
      });
    if (traits.maps === 'mixed') {
      const size = channelsOf(inputShapes[0]) / traits.groups;
      const group = Math.floor(channel / (channels / traits.groups));
      expect([read[0]!.first, read[0]!.last]).toEqual([group * size, (group + 1) * size - 1]);
    }
    if (traits.maps === 'stacked') expect(read.filter((region) => region !== null)).toHaveLength(1);
  }
}

/** Each unit of the last layer: recomputed against float32 on screen, and against the executor in doubles. */
function checkExplanations(graph: Graph, x: Float32Array, params: Map<string, Float32Array>): void {
  const last = graph.layers.length - 1;
  const single = x.subarray(0, sizeOf(graph.inputShape));
  const executor = new ReferenceExecutor(graph);
  executor.setParams(params);
  executor.forward(single, 1);
  const doubles = new ReferenceExecutor(graph, 1, Float64Array);
  doubles.setParams(params);
  doubles.forward(Float64Array.from(single), 1);
  const exact = doubles.activation(last);
  const [height, width, channels] = asMap(graph.layers[last].outputShape);
  // Earlier layers round to float32, which the doubles do not.
  const tolerance = graph.layers.length === 1 ? 1e-12 : 1e-5;
  const activations = [single, ...graph.layers.map((_, index) => executor.activation(index))];
  let at = 0;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      for (let channel = 0; channel < channels; channel++, at++) {
        const told = explain({ graph, params }, (index) => activations[index + 1], last, channel, row, column);
        expect(told.shown).toBe(activations[last + 1][at]);
        expect(Math.abs(told.recomputed - exact[at])).toBeLessThan(tolerance);
        expect(Math.abs(told.difference)).toBeLessThan(1e-6);
        expect(told.difference).toBe(told.shown === told.recomputed ? 0 : told.shown - told.recomputed);
      }
    }
  }
}

/** The pixels that change a unit when they change, tried one by one, are those of its receptive field: their box is the same. */
function checkField(graph: Graph, x: Float32Array, params: Map<string, Float32Array>): void {
  const last = graph.layers.length - 1;
  const image = spatialOf(graph.inputShape);
  const imageChannels = channelsOf(graph.inputShape);
  const shape = graph.layers[last].outputShape;
  const [, width, channels] = asMap(shape);
  const executor = new ReferenceExecutor(graph, 1, Float64Array);
  executor.setParams(params);
  const input = Float64Array.from(x.subarray(0, sizeOf(graph.inputShape)));
  executor.forward(input, 1);
  const before = executor.activation(last);
  const boxes = Array.from(before, () => ({ start: image.map(() => Infinity), end: image.map(() => -Infinity) }));
  for (let pixel = 0; pixel < sizeOf(image); pixel++) {
    // Far enough to win a window or to leave the flat end of an activation, either way; each channel by another amount, since
    // softmax does not see a common one.
    for (const change of [-9, 9]) {
      const changed = input.slice();
      for (let c = 0; c < imageChannels; c++) changed[pixel * imageChannels + c] += change + c / 8;
      executor.forward(changed, 1);
      executor.activation(last).forEach((value, unit) => {
        if (value === before[unit]) return;
        const { start, end } = boxes[unit];
        unravel(pixel, image).forEach((place, axis) => {
          start[axis] = Math.min(start[axis], place);
          end[axis] = Math.max(end[axis], place);
        });
      });
    }
  }
  const { size } = receptiveField(graph, last);
  boxes.forEach((box, unit) => {
    const [row, column] = [Math.floor(unit / channels / width), Math.floor(unit / channels) % width];
    const field = unitField(graph, last, unit % channels, row, column);
    if (!field) return expect(box.start).toEqual(image.map(() => Infinity));
    expect(field).toMatchObject(box);
    size.forEach((most, axis) => expect(field.end[axis] - field.start[axis]).toBeLessThan(most));
  });
  size.forEach((most, axis) => expect(most).toBeLessThanOrEqual(image[axis]));
}

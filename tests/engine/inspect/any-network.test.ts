/** A network that is not ours: operators nobody knows, values of every rank, two inputs, values computed when they are looked at. */
import { describe, expect, it } from 'vitest';
import { plainTraits } from '../../../src/core/layers/traits';
import { buildGraph } from '../../../src/core/model/build';
import { plainMetadata } from '../../../src/core/model/model';
import { Activations } from '../../../src/engine/inspect/activations';
import { CoreNetwork, coreTensor } from '../../../src/engine/inspect/core-network';
import { detailsOf, explanationOf, layerStats, valuesOf } from '../../../src/engine/inspect/inspector';
import { kernelsOf } from '../../../src/engine/inspect/kernel-views';
import type { InspectableNetwork, NetworkNode, NetworkValue } from '../../../src/engine/inspect/network';
import { encodeNpy, npyValues } from '../../../src/engine/npy/tensor';
import { predictionsOf } from '../../../src/engine/inspect/predictions';
import { denseStrides, type Tensor } from '../../../src/engine/inspect/tensor';
import { thumbnailsOf } from '../../../src/engine/inspect/thumbnails';
import { describeNetwork } from '../../../src/engine/models/describe';
import { layoutOf } from '../../../src/renderer/src/inspect/overview/layout';
import { tiesOf } from '../../../src/renderer/src/inspect/overview/connections';
import { asRun, mapsOf } from '../../../src/renderer/src/state/layers';
import { stepLayer, start, within } from '../../../src/renderer/src/state/navigation';
import type { Axis, Dims } from '../../../src/shared/axes';
import type { ModelInfo } from '../../../src/shared/protocol';
import { makeExecutor } from '../../../src/engine/runtime/executor';
import { randomParams } from '../../core/helpers';

function tensor(shape: number[], axes: Axis[], data: Tensor['data'], type: Tensor['type'] = 'float32'): Tensor {
  return { type, shape, axes, strides: denseStrides(shape), data };
}
const counted = (count: number): Float32Array => Float32Array.from({ length: count }, (_, i) => i - 3);

const value = (name: string, dims: Dims | null, axes: Axis[], type = 'float32'): NetworkValue => ({
  name,
  type,
  dims,
  axes,
});
const node = (name: string, kind: string, inputs: number[], outputs: number[]): NetworkNode => ({
  name,
  kind,
  traits: { ...plainTraits, maps: 'mixed' },
  settings: {},
  params: 0,
  trainable: 0,
  macs: 0,
  receptiveField: null,
  inputs,
  outputs,
});

/** What each value is in the end. */
const results: Tensor[] = [
  tensor([1, 3, 4], ['batch', 'token', 'unit'], counted(12)),
  tensor([1, 2, 3, 3], ['batch', 'other', 'token', 'token'], counted(18)),
  tensor([2], ['other'], BigInt64Array.of(7n, -9n), 'int64'),
  tensor([], [], Float32Array.of(5)),
];

function fake(): { network: InspectableNetwork; runs: number[][] } {
  const runs: number[][] = [];
  const network: InspectableNetwork = {
    inputs: [
      value('tokens', [1, null], ['batch', 'token'], 'int64'),
      value('picture', [1, 3, 8, 8], ['batch', 'channel', 'row', 'column']),
    ],
    values: [
      value('embedded', [1, null, 4], ['batch', 'token', 'unit']),
      value('attention', null, []),
      value('sizes', [2], ['other'], 'int64'),
      value('sum', [], []),
    ],
    nodes: [
      node('embed', 'Gather', [-1], [0]),
      node('mix', 'NoSuchOperator', [0, -2], [1, 2]),
      node('total', 'ReduceSum', [1], [3]),
    ],
    head: null,
    computedBy: { provider: 'core', instead: null },
    atOnce: [3],
    async run(_inputs, wanted) {
      runs.push([...wanted]);
      return wanted.map((index) => results[index]);
    },
    explain: () => Promise.resolve(null),
    weights: () => null,
    gradient: () => Promise.resolve([]),
    dispose: () => undefined,
  };
  return { network, runs };
}

const given = [
  tensor([1, 3], ['batch', 'token'], BigInt64Array.of(4n, 5n, 6n), 'int64'),
  tensor([1, 3, 8, 8], ['batch', 'channel', 'row', 'column'], counted(192)),
];

describe('a network of others', () => {
  it('computes what is looked at, all that is asked for together in one run, and once', async () => {
    const { network, runs } = fake();
    const activations = await Activations.of(network, given);
    expect(runs).toEqual([[3]]);
    await Promise.all([activations.get(0), activations.get(2), activations.get(0), activations.get(-2)]);
    await activations.get(2);
    expect(runs).toEqual([[3], [0, 2]]);
    expect(layerStats(activations).map(({ index, absMax }) => [index, absMax])).toEqual([
      [-2, 188],
      [-1, 6],
      [3, 5],
    ]);
  });

  it('tells a failure to those who asked, and goes on', async () => {
    const { network } = fake();
    const activations = await Activations.of(network, given);
    const { run } = network;
    network.run = () => Promise.reject(new Error('no memory'));
    await expect(activations.get(0)).rejects.toThrow('no memory');
    network.run = run;
    expect(await activations.get(0)).toBe(results[0]);
  });

  it('gives the other values of a run in which one fails', async () => {
    const { network } = fake();
    const activations = await Activations.of(network, given);
    const { run } = network;
    network.run = (inputs, wanted) =>
      wanted.includes(1) ? Promise.reject(new Error('node mix failed')) : run(inputs, wanted);
    const answers = await Promise.allSettled([0, 1, 2].map((index) => activations.get(index)));
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('shows values of any rank: rows of tokens, a map a head, units, one number', async () => {
    const activations = await Activations.of(fake().network, given);
    expect(await valuesOf(activations, 0, 0)).toEqual({ height: 3, width: 4, data: counted(12) });
    expect(await valuesOf(activations, 1, 1)).toEqual({ height: 3, width: 3, data: counted(18).slice(9) });
    expect(await valuesOf(activations, 2, -1)).toEqual({ height: 1, width: 2, data: Float32Array.of(7, -9) });
    expect(await valuesOf(activations, 3, -1)).toEqual({ height: 1, width: 1, data: Float32Array.of(5) });
    expect(await valuesOf(activations, -2, 2)).toMatchObject({ height: 8, width: 8 });
    await expect(valuesOf(activations, 1, 2)).rejects.toThrow('found channel 2');
    const { maps, layer } = await detailsOf(activations, 1, 0, 9);
    expect(maps.map(({ min, max }) => [min, max])).toEqual([
      [-3, 5],
      [6, 14],
    ]);
    expect([layer.min, layer.max]).toEqual([-3, 14]);
    const sheet = thumbnailsOf(await activations.maps(1), 1, 0, 2, 14);
    expect([sheet.height, sheet.width, sheet.absMax[1]]).toEqual([3, 3, 14]);
    expect([...sheet.data.slice(9)]).toEqual([...counted(18).slice(9)].map((each) => Math.round((127 * each) / 14)));
  });

  it('writes .npy in the value’s own type and shape', async () => {
    const text = (bytes: Uint8Array | null): string => Buffer.from(bytes!.subarray(10, 128)).toString('latin1');
    expect(text(encodeNpy(results[0]))).toContain("'<f4', 'fortran_order': False, 'shape': (1, 3, 4)");
    const whole = encodeNpy(results[2])!;
    expect(text(whole)).toContain("'<i8', 'fortran_order': False, 'shape': (2,)");
    expect(new BigInt64Array(whole.slice(-16).buffer)).toEqual(results[2].data);
    expect(text(encodeNpy(results[3]))).toContain("'shape': ()");
    expect(encodeNpy(tensor([1], ['other'], ['a'], 'string'))).toBeNull();
    // Channels last inside, first in the file.
    const [a, b] = [
      coreTensor(counted(12), [2, 3, 2]),
      npyValues(encodeNpy(coreTensor(counted(12), [2, 3, 2]))!, [2, 2, 3]),
    ];
    expect([a.shape, [...b]]).toEqual([
      [2, 2, 3],
      [-3, -1, 1, 3, 5, 7, -2, 0, 2, 4, 6, 8],
    ]);
  });

  it('says of a unit whose arithmetic it does not know what it was made of', async () => {
    const activations = await Activations.of(fake().network, given);
    const told = await explanationOf(activations, 1, { channel: 1, y: 2, x: 0 });
    expect(told).toEqual({ layer: 1, channel: 1, y: 2, x: 0, shown: 12, sources: [0, -2], body: null });
    await expect(explanationOf(activations, 1, { channel: 2, y: 0, x: 0 })).rejects.toThrow('found channel 2');
    expect(() => kernelsOf(fake().network, 1, 0, 1)).toThrow('NoSuchOperator');
    expect(await predictionsOf(activations, [])).toEqual([]);
  });

  it('is drawn and walked through like any other, with the shapes that came out', async () => {
    const { network } = fake();
    const bare = { ...describeNetwork(network), labels: [], head: null, inputShape: [3, 8, 8] } as unknown as ModelInfo;
    const layout = (model: ModelInfo) =>
      layoutOf({ model, width: 900, height: 600, ratio: 1, zoom: 1, headWidth: () => 60, labelWidth: 8 });
    expect(layout(bare).groups.map(({ layer }) => layer)).toEqual([-1, 0, 1, 2, 3]);
    const activations = await Activations.of(network, given);
    await Promise.all([0, 1, 2].map((each) => activations.get(each)));
    const model = asRun(bare, {
      shapes: results.map(({ shape, axes }, index) => ({ index, outputShape: [...shape], axes: [...axes] })),
    });
    expect(model.layers.map(mapsOf)).toEqual([
      [1, 3, 4],
      [2, 3, 3],
      [2, 1, 1],
      [1, 1, 1],
    ]);
    expect(model.layers.map(({ name }) => name)).toEqual(['embed', 'attention', 'sizes', 'total']);
    expect(layout(model).groups.find(({ layer }) => layer === 1)).toMatchObject({ form: 'maps', count: 2 });
    expect(tiesOf(model, 1).map(({ source }) => source)).toEqual([0, -2]);
    expect(stepLayer(model, { ...start, layer: 1, channel: 1, y: 2, x: 2 }, 1)).toMatchObject({
      layer: 2,
      channel: 1,
      y: 0,
    });
    expect(within(model, { ...start, layer: 9 }).layer).toBe(3);
  });
});

it('our own network: the gradient of a unit agrees with central differences', async () => {
  const graph = buildGraph({
    input: { height: 5, width: 5, channels: 2 },
    layers: [
      { kind: 'conv', filters: 3, kernel: 3 },
      { kind: 'tanh' },
      { kind: 'flatten' },
      { kind: 'dense', units: 4 },
    ],
  });
  const model = { graph, params: randomParams(graph, 3), metadata: plainMetadata(graph) };
  const network = await CoreNetwork.open(model, await makeExecutor(graph, 1));
  const input = Float32Array.from({ length: 50 }, (_, i) => Math.sin(i));
  const at = async (layer: number, data: Float32Array): Promise<Float32Array> =>
    (await network.run([coreTensor(data, [5, 5, 2])], [layer]))[0].data as Float32Array;
  for (const [layer, unit, place] of [
    [1, { channel: 2, y: 1, x: 0 }, 3 * 3 + 2],
    [3, { channel: 1, y: 0, x: 0 }, 1],
  ] as const) {
    const [gradient] = (await network.gradient([coreTensor(input, [5, 5, 2])], layer, unit)) as Tensor[];
    for (const i of [0, 13, 22, 49]) {
      const moved = (by: number) => input.map((each, k) => (k === i ? each + by : each));
      const slope = ((await at(layer, moved(0.01)))[place] - (await at(layer, moved(-0.01)))[place]) / 0.02;
      expect((gradient.data as Float32Array)[i]).toBeCloseTo(slope, 3);
    }
  }
});

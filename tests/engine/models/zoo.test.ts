import { describe, expect, it } from 'vitest';
import { buildGraph, parameterCount } from '../../../src/core/model/build';
import { macsOf, type Graph } from '../../../src/core/model/graph';
import { receptiveField } from '../../../src/core/model/receptive-field';
import { chapters } from '../../../src/shared/classics';
import { classics, zooIds, zooNetwork } from '../../../src/engine/models/zoo';

const graphOf = async (id: string, without: string[] = []): Promise<Graph> =>
  buildGraph({ ...(await zooNetwork(id))!.spec, without });
const count = ({ layers }: Graph, trainable: boolean): number =>
  layers.reduce((sum, layer) => sum + parameterCount(layer, trainable), 0);

/**
 * Trainable parameters and multiply-adds in billions, by others: torchvision's documentation of its models (parameters, GFLOPS),
 * Keras's for Xception and MobileNet v1, the papers for the rest.
 */
const published: Record<string, { trainable?: number; all?: number; gigaMacs?: number }> = {
  vgg11: { trainable: 132_863_336, gigaMacs: 7.61 },
  vgg16: { trainable: 138_357_544, gigaMacs: 15.47 },
  vgg19: { trainable: 143_667_240, gigaMacs: 19.63 },
  resnet18: { trainable: 11_689_512, gigaMacs: 1.81 },
  resnet34: { trainable: 21_797_672, gigaMacs: 3.66 },
  resnet50: { trainable: 25_557_032, gigaMacs: 4.09 },
  densenet121: { trainable: 7_978_856, gigaMacs: 2.83 },
  squeezenet: { trainable: 1_248_424, gigaMacs: 0.82 },
  'mobilenet-v1': { trainable: 4_231_976, all: 4_253_864, gigaMacs: 0.57 },
  xception: { trainable: 22_855_952, all: 22_910_480, gigaMacs: 8.36 },
  'mobilenet-v2': { trainable: 3_504_872, gigaMacs: 0.3 },
  plain18: { trainable: 11_689_512 - 172_032 - 1_792 },
  plain34: { trainable: 21_797_672 - 172_032 - 1_792 },
  nin: { trainable: 7_595_176 },
  simpleconvnet: { trainable: 433_890 },
  alexnet: { trainable: 60_965_224 },
  zfnet: { trainable: 62_357_608 },
  googlenet: { trainable: 6_998_552 },
  'alexnet-bn10': { trainable: 58_325_066, all: 58_327_818 },
};

/** Multiply-adds of a convolution from its paper's table: places of the output's side, kernel's side, input maps of a group, filters. */
const conv = (side: number, kernel: number, into: number, filters: number): number =>
  side ** 2 * kernel ** 2 * into * filters;

/** Szegedy et al. 2014, table 1: side, input maps, #1×1, #3×3 reduce, #3×3, #5×5 reduce, #5×5, pool proj. */
const inception: readonly (readonly number[])[] = [
  [28, 192, 64, 96, 128, 16, 32, 32],
  [28, 256, 128, 128, 192, 32, 96, 64],
  [14, 480, 192, 96, 208, 16, 48, 64],
  [14, 512, 160, 112, 224, 24, 64, 64],
  [14, 512, 128, 128, 256, 24, 64, 64],
  [14, 512, 112, 144, 288, 32, 64, 64],
  [14, 528, 256, 160, 320, 32, 128, 128],
  [7, 832, 256, 160, 320, 32, 128, 128],
  [7, 832, 384, 192, 384, 48, 128, 128],
];

/** He et al. 2015, section 4.2: 6n + 2 layers of 16, 32 and 64 maps at 32, 16 and 8 places. Parameters and multiply-adds. */
function cifar(blocks: number, shortcuts: boolean): [trainable: number, macs: number] {
  let [weights, macs] = [27 * 16 + 32, conv(32, 3, 3, 16)];
  [16, 32, 64].forEach((width, stage) => {
    const side = 32 / 2 ** stage;
    const before = stage === 0 ? 16 : width / 2;
    for (let block = 0; block < blocks; block++) {
      const into = block === 0 ? before : width;
      weights += 9 * into * width + 9 * width * width + 4 * width;
      macs += conv(side, 3, into, width) + conv(side, 3, width, width);
      if (shortcuts && into !== width) {
        weights += into * width + 2 * width;
        macs += conv(side, 1, into, width);
      }
    }
  });
  return [weights + 650, macs + 640];
}

/** Multiply-adds by hand, from the tables of the papers. */
const byHand: Record<string, number> = {
  alexnet:
    conv(55, 11, 3, 96) +
    conv(27, 5, 48, 256) +
    conv(13, 3, 256, 384) +
    conv(13, 3, 192, 384) +
    conv(13, 3, 192, 256) +
    9216 * 4096 +
    4096 * 4096 +
    4096 * 1000,
  zfnet:
    conv(110, 7, 3, 96) +
    conv(26, 5, 96, 256) +
    conv(13, 3, 256, 384) +
    conv(13, 3, 384, 384) +
    conv(13, 3, 384, 256) +
    9216 * 4096 +
    4096 * 4096 +
    4096 * 1000,
  nin:
    conv(54, 11, 3, 96) +
    2 * conv(54, 1, 96, 96) +
    conv(27, 5, 96, 256) +
    2 * conv(27, 1, 256, 256) +
    conv(13, 3, 256, 384) +
    2 * conv(13, 1, 384, 384) +
    conv(6, 3, 384, 1024) +
    conv(6, 1, 1024, 1024) +
    conv(6, 1, 1024, 1000),
  googlenet:
    conv(112, 7, 3, 64) +
    conv(56, 1, 64, 64) +
    conv(56, 3, 64, 192) +
    1024 * 1000 +
    inception.reduce(
      (sum, [side, into, n1, r3, n3, r5, n5, pool]) =>
        sum + conv(side, 1, into, n1 + r3 + r5 + pool) + conv(side, 3, r3, n3) + conv(side, 5, r5, n5),
      0,
    ),
  // The three projections of ResNet-18 and -34 that plain networks lack.
  plain18: 1_814_073_344 - conv(28, 1, 64, 128) - conv(14, 1, 128, 256) - conv(7, 1, 256, 512),
  plain34: 3_663_761_408 - conv(28, 1, 64, 128) - conv(14, 1, 128, 256) - conv(7, 1, 256, 512),
  simpleconvnet: conv(24, 5, 1, 30) + 4320 * 100 + 100 * 10,
};

describe('the classic networks', () => {
  it('have the parameters and multiply-adds that others count', async () => {
    for (const [id, { trainable, all, gigaMacs }] of Object.entries(published)) {
      const graph = await graphOf(id);
      if (trainable !== undefined) expect(count(graph, true), id).toBe(trainable);
      if (all !== undefined) expect(count(graph, false), id).toBe(all);
      if (gigaMacs !== undefined) expect(Number((macsOf(graph) / 1e9).toFixed(2)), id).toBe(gigaMacs);
    }
  });

  it('have the multiply-adds of their papers’ tables', async () => {
    for (const [id, macs] of Object.entries(byHand)) expect(macsOf(await graphOf(id)), id).toBe(macs);
  });

  it.each([
    [20, 3],
    [32, 5],
    [44, 7],
    [56, 9],
  ])('of CIFAR with %d layers have %d blocks a stage', async (layers, blocks) => {
    const counted = async (id: string) => {
      const graph = await graphOf(id);
      return [count(graph, true), macsOf(graph)];
    };
    expect(await counted(`resnet${layers}`)).toEqual(cifar(blocks, true));
    if (layers !== 32) expect(await counted(`plain${layers}`)).toEqual(cifar(blocks, false));
  });

  it('branches can be switched off', async () => {
    const one = await graphOf('googlenet-32', ['branch']);
    expect(one.layers.some(({ kind }) => kind === 'concat')).toBe(false);
    const widths = one.layers.filter(({ name }) => name.endsWith('/conv3')).map(({ outputShape }) => outputShape[2]);
    expect(widths).toEqual([64, 96, 104, 112, 128, 144, 160, 160, 192]);
  });

  // LeCun et al. 1998, section II B: trainable parameters of each layer, and connections of C3.
  it('LeNet-5 has the layers of its paper', async () => {
    const { layers } = await graphOf('lenet5-1998');
    const told = layers.flatMap((layer) => {
      const own = parameterCount(layer, true);
      return own > 0 && layer.name !== 'output' ? [[layer.name, layer.outputShape.join('×'), own]] : [];
    });
    expect(told).toEqual([
      ['C1', '28×28×6', 156],
      ['S2', '14×14×6', 12],
      ['C3', '10×10×16', 1516],
      ['S4', '5×5×16', 32],
      ['C5', '1×1×120', 48_120],
      ['F6', '84', 10_164],
    ]);
    // 151,600 connections of C3, 1,600 of which are its biases.
    expect(layers.find(({ name }) => name === 'C3')!.macs).toBe(150_000);
  });

  it('are listed with their counts, chapter by chapter', async () => {
    const list = await classics();
    expect(list.map(({ id }) => id).sort()).toEqual(await zooIds());
    const order = list.map(({ chapter }) => chapters.indexOf(chapter));
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(list[0]).toMatchObject({ id: 'lenet5-1998', year: 1998, inputShape: [1, 28, 28] });
    const vgg = list.find(({ id }) => id === 'vgg16')!;
    expect(vgg).toMatchObject({ inputShape: [3, 224, 224], totals: { trainable: 138_357_544 } });
  });

  it('say no other counts than they have', async () => {
    for (const id of await zooIds()) {
      const { about } = (await zooNetwork(id))!;
      const graph = await graphOf(id);
      expect(about.trainable ?? count(graph, true), id).toBe(count(graph, true));
      expect(about.parameters ?? count(graph, false), id).toBe(count(graph, false));
      if (about.adapts) expect(await zooIds(), id).toContain(about.adapts);
    }
  });

  // Araujo, Norris & Sim 2019, Computing Receptive Fields of Convolutional Neural Networks, table 1.
  it.each([
    ['alexnet', 15, 195],
    ['vgg16', 10, 212],
    ['mobilenet-v1', 12, 315],
  ])('%s sees, in its first %d entries, %d pixels', async (id, body, pixels) => {
    // Large enough that no field meets the border.
    const { spec } = (await zooNetwork(id))!;
    const graph = buildGraph({
      ...spec,
      input: { height: 640, width: 640, channels: 3 },
      layers: spec.layers.slice(0, body),
    });
    expect(receptiveField(graph, graph.layers.length - 1).size).toEqual([pixels, pixels]);
  });

  it('lose their shortcuts without the skip, and nothing else', async () => {
    const [residual, plain] = [await graphOf('resnet20', ['skip']), await graphOf('plain20')];
    const kinds = ({ layers }: Graph) => layers.map(({ kind, outputShape }) => [kind, outputShape]);
    expect(kinds(residual)).toEqual(kinds(plain));
    expect(count(residual, true)).toBe(count(plain, true));
  });
});

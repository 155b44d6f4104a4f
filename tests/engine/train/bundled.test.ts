/** The bundled networks are what they say: architecture, input, and a test accuracy that is measured again here. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildGraph } from '../../../src/core/model/build';
import type { Model } from '../../../src/core/model/model';
import type { ModelSpec } from '../../../src/core/model/spec';
import { openModel } from '../../../src/engine/models/models';
import { resource } from '../../../src/engine/system/root';
import { evaluate } from '../../../src/engine/train/evaluate';
import { describeWithData, sharedData } from '../../shared-data';
import { scratch } from './helpers';

const root = scratch();
beforeAll(() => {
  process.env.CONVSCOPE_CACHE = join(root, 'cache');
});

const open = async (id: string): Promise<Model> => (await openModel({ kind: 'bundled', id })).model;

/** Layers in short: kind and what it is made with. */
const short = ({ graph }: Model): string[] =>
  graph.layers.map((layer) => {
    const { filters, kernel, padding, units, size } = layer.settings() as Record<string, unknown>;
    if (layer.kind === 'conv')
      return `conv ${String(filters)}@${String(kernel)}${padding === 'valid' ? '' : ` pad ${String(padding)}`}`;
    return [layer.kind, units ?? size].filter((split) => split !== undefined).join(' ');
  });

async function expectAccuracy(id: string, data: string, least: number): Promise<void> {
  const model = await open(id);
  const { accuracy, images, split } = await evaluate(model, id, data, { engine: 'core', threads: 1 });
  const { training } = model.metadata;
  expect([split, images]).toEqual(['test', training!.samples.test]);
  expect(accuracy).toBeGreaterThanOrEqual(least);
  // Other kernels may round one picture in a thousand to the other side.
  expect(Math.abs(accuracy - training!.accuracy.test!)).toBeLessThanOrEqual(0.001);
}

describe('bundled networks', () => {
  it.each([
    [
      'lenet5-mnist',
      [1, 28, 28],
      'conv 6@5 pad 2, relu, maxpool 2, conv 16@5, relu, maxpool 2, flatten, dense 120, relu, dense 84, relu, dense 10, softmax',
    ],
    [
      'mnist-cnn',
      [1, 28, 28],
      'conv 8@5, relu, maxpool 2, conv 16@5, relu, maxpool 2, flatten, dense 32, batchnorm, relu, dense 10, softmax',
    ],
    [
      'colors-cnn',
      [3, 28, 28],
      'conv 2@1, relu, maxpool 2, conv 3@3, relu, maxpool 2, flatten, dense 32, batchnorm, relu, dense 6, softmax',
    ],
    [
      'shapes-cnn',
      [1, 28, 28],
      'conv 8@3 pad 1, relu, maxpool 2, conv 16@3, relu, maxpool 2, flatten, dense 32, batchnorm, relu, dense 5, softmax',
    ],
  ])('%s is what it should be', async (id, [channels, height, width], layers) => {
    const model = await open(id);
    expect(short(model).join(', ')).toBe(layers);
    expect(model.graph.inputShape).toEqual([height, width, channels]);
  });

  it.each(['lenet5-mnist', 'mnist-cnn', 'fashion-cnn', 'colors-cnn', 'shapes-cnn'])(
    '%s takes pixels ÷ 255, and its spec remakes it',
    async (id) => {
      const { graph, metadata } = await open(id);
      const channels = graph.inputShape[2];
      expect(metadata.preprocessing).toMatchObject({
        scale: 1 / 255,
        mean: new Array(channels).fill(0),
        deviation: new Array(channels).fill(1),
        ground: 'dark',
      });
      expect(buildGraph(JSON.parse(readFileSync(resource('specs', `${id}.json`), 'utf8')) as ModelSpec).spec).toEqual(
        graph.spec,
      );
      expect(metadata.training!.samples.validation).toBeGreaterThan(0);
      expect(metadata.labels.length).toBe(graph.layers[graph.layers.length - 1].outputShape[0]);
    },
  );

  it('colors-cnn and shapes-cnn are right as often as they say', async () => {
    await expectAccuracy('colors-cnn', 'builtin:colors', 0.963);
    await expectAccuracy('shapes-cnn', 'builtin:shapes', 0.97);
  });
});

describeWithData('bundled networks on MNIST', ['mnist'], () => {
  it('lenet5-mnist and mnist-cnn are right as often as they say', async () => {
    await expectAccuracy('lenet5-mnist', sharedData('mnist'), 0.99);
    await expectAccuracy('mnist-cnn', sharedData('mnist'), 0.988);
  }, 60_000);
});

describeWithData('bundled networks on Fashion-MNIST', ['fashion-mnist'], () => {
  it('fashion-cnn is right as often as it says', async () => {
    await expectAccuracy('fashion-cnn', sharedData('fashion-mnist'), 0.91);
  }, 60_000);
});

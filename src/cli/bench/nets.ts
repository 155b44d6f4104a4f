import { buildGraph } from '../../core/model/build';
import type { Graph } from '../../core/model/graph';
import type { LayerSpec, ModelSpec } from '../../core/model/spec';
import { sizeOf } from '../../core/tensor';
import { architectureNamed } from '../../engine/train/architecture';
import { fitToClasses } from '../../engine/train/fit-classes';

const conv = (filters: number, kernel: number, padding: LayerSpec['padding'] = 'valid'): LayerSpec => ({
  kind: 'conv',
  filters,
  kernel,
  padding,
});
const relu: LayerSpec = { kind: 'relu' };
const pool: LayerSpec = { kind: 'maxpool', size: 2 };
const flatten: LayerSpec = { kind: 'flatten' };
const batchnorm: LayerSpec = { kind: 'batchnorm' };
const softmax: LayerSpec = { kind: 'softmax' };
const dense = (units: number): LayerSpec => ({ kind: 'dense', units });

const block = (...layers: LayerSpec[]): LayerSpec[] => layers.flatMap((layer) => [layer, relu]);

/** The networks of the benchmark, beside ResNet-20 of the classic ones. */
export const nets = {
  lenet5: {
    input: { height: 28, width: 28, channels: 1 },
    layers: [
      ...[...block(conv(6, 5, 2)), pool, ...block(conv(16, 5)), pool],
      ...[flatten, ...block(dense(120), dense(84)), dense(10), softmax],
    ],
  },
  'keras-like': {
    input: { height: 28, width: 28, channels: 1 },
    layers: [
      ...[...block(conv(30, 3)), pool, ...block(conv(60, 3, 'same')), pool],
      ...[flatten, ...block(dense(500)), dense(10), softmax],
    ],
  },
  'cifar-like': {
    input: { height: 32, width: 32, channels: 3 },
    layers: [
      ...[...block(conv(32, 3, 'same'), conv(32, 3)), pool, ...block(conv(64, 3, 'same'), conv(64, 3)), pool],
      ...[flatten, ...block(dense(512)), dense(10), softmax],
    ],
  },
  tiny: {
    input: { height: 28, width: 28, channels: 3 },
    layers: [
      ...[...block(conv(2, 1)), pool, ...block(conv(3, 3)), pool],
      ...[flatten, dense(32), batchnorm, relu, dense(6), softmax],
    ],
  },
  vgg64: {
    input: { height: 64, width: 64, channels: 3 },
    layers: [
      ...[32, 64, 128].flatMap((filters) => [...block(conv(filters, 3, 'same'), conv(filters, 3, 'same')), pool]),
      ...[flatten, ...block(dense(256)), dense(10), softmax],
    ],
  },
} satisfies Record<string, ModelSpec>;

export const netNames = [...(Object.keys(nets) as (keyof typeof nets)[]), 'resnet20'] as const;

/**
 * A network of the benchmark by its name, or any other that `train --model` takes; with a softmax at its end.
 * @throws FailureError where there is none.
 */
export async function netNamed(word: string): Promise<Graph> {
  if (Object.hasOwn(nets, word)) return buildGraph(nets[word as keyof typeof nets]);
  const architecture = await architectureNamed(word);
  const { layers } = buildGraph(architecture.spec);
  return fitToClasses(architecture, sizeOf(layers[layers.length - 1].outputShape)).graph;
}

import { describe, expect, it } from 'vitest';
import { paramKey } from '../../../src/core/model/graph';
import { Generator } from '../../../src/core/random';
import { sizeOf } from '../../../src/core/tensor';
import { openModel } from '../../../src/engine/models/models';
import { isSafetensors, openTorchvision } from '../../../src/engine/models/torchvision';
import { encodeSafeTensors, type SafeTensors } from '../../../src/engine/train/safetensors';

type Tensors = SafeTensors['tensors'];
const norm = (name: string, channels: number): [string, number[]][] =>
  ['weight', 'bias', 'running_mean', 'running_var'].map((part) => [`${name}.${part}`, [channels]]);
const conv = (name: string, out: number, into: number, side: number): [string, number[]] => [
  `${name}.weight`,
  [out, into, side, side],
];

/** Names and shapes of torchvision's ResNet-18, from its source: BasicBlock of two convolutions, `downsample` where the size changes. */
function resnet18(): [string, number[]][] {
  const tensors = [conv('conv1', 64, 3, 7), ...norm('bn1', 64)];
  [64, 128, 256, 512].forEach((width, stage) => {
    for (const block of [0, 1]) {
      const into = block === 0 && stage > 0 ? width / 2 : width;
      const name = `layer${stage + 1}.${block}`;
      tensors.push(conv(`${name}.conv1`, width, into, 3), ...norm(`${name}.bn1`, width));
      tensors.push(conv(`${name}.conv2`, width, width, 3), ...norm(`${name}.bn2`, width));
      if (into !== width)
        tensors.push(conv(`${name}.downsample.0`, width, into, 1), ...norm(`${name}.downsample.1`, width));
    }
  });
  return [...tensors, ['fc.weight', [1000, 512]], ['fc.bias', [1000]]];
}

function filled(shapes: readonly [string, number[]][]): Tensors {
  const generator = new Generator(3, 0, 0, 0);
  // Sorted as most programs write them, so that the order of the file says nothing.
  const sorted = [...shapes].sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map(
    sorted.map(([name, shape]) => [
      name,
      { shape, data: Float32Array.from({ length: sizeOf(shape) }, () => generator.normal()) },
    ]),
  );
}

const fileOf = (tensors: Tensors): Uint8Array =>
  new Uint8Array(Buffer.concat(encodeSafeTensors({ tensors, metadata: {} })));

describe('weights of torchvision', () => {
  const tensors = filled(resnet18());
  const of = (name: string): Float32Array => tensors.get(name)!.data;

  it('are known by names and shapes, and each lies where it belongs', async () => {
    const bytes = fileOf(new Map([...tensors, ['bn1.num_batches_tracked', { shape: [1], data: new Float32Array(1) }]]));
    expect(isSafetensors(bytes)).toBe(true);
    const { model } = await openModel({ kind: 'bytes', name: 'r.safetensors', bytes });
    expect(model.metadata.title).toBe('ResNet-18');
    const param = (layer: string, name: string): Float32Array => model.params.get(paramKey(layer, name))!;
    const { layers } = model.graph;
    const called = (layer: string): string[] =>
      layers.find(({ name }) => name === layer)!.params.map(({ name }) => name);
    expect(param('dense1', 'weight')).toEqual(of('fc.weight'));
    const parts = ['weight', 'bias', 'running_mean', 'running_var'];
    for (const [layer, module] of [
      ['batchnorm1', 'bn1'],
      ['stage2-first/shortcut-norm', 'layer2.0.downsample.1'],
      ['stage4/batchnorm2', 'layer4.1.bn2'],
    ]) {
      const own = called(layer);
      for (const [i, part] of parts.entries()) expect(param(layer, own[i]), part).toEqual(of(`${module}.${part}`));
    }
    // [O, I, H, W] there, [O, H, W, I] here.
    const kernel = param('stage1-2/conv1', 'weight');
    const theirs = of('layer1.1.conv1.weight');
    for (const [o, c, y, x] of [
      [5, 7, 1, 2],
      [63, 0, 2, 0],
    ])
      expect(kernel[((o * 3 + y) * 3 + x) * 64 + c]).toBe(theirs[((o * 64 + c) * 3 + y) * 3 + x]);
  });

  it('of another network are refused with the networks that are known', async () => {
    const short = new Map([...tensors].filter(([name]) => !name.startsWith('layer4.1')));
    await expect(openTorchvision('s.safetensors', fileOf(short))).rejects.toThrow(
      /s\.safetensors.*found 92 tensors.*resnet18, resnet34, resnet50, vgg11/,
    );
    const wrong = new Map(tensors).set('fc.bias', { shape: [999], data: new Float32Array(999) });
    await expect(openTorchvision('s.safetensors', fileOf(wrong))).rejects.toThrow('expected those of one of');
    await expect(openTorchvision('s.safetensors', fileOf(tensors).subarray(0, 9000))).rejects.toThrow('s.safetensors');
  });
});

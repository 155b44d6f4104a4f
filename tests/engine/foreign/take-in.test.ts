import { expect, it } from 'vitest';
import { compareTaken } from '../../../src/engine/foreign/compare-taken';
import { NetworkRunner } from '../../../src/engine/foreign/runner';
import { networkFile } from '../../../src/engine/foreign/network-file';
import { takeInFile, takenLayers, type TakenFile } from '../../../src/engine/foreign/take-in';
import { writeModel } from '../../../src/core/onnx/write';
import { readModel } from '../../../src/core/onnx/read';
import { sentence } from '../../../src/words';
import { describeWithData, sharedData } from '../../shared-data';

/** Takes a file in, and looks at what became of it while the file is open. */
async function taken<T>(path: string[], look: (found: TakenFile, runner: NetworkRunner) => T | Promise<T>): Promise<T> {
  const runner = await NetworkRunner.open(await networkFile(sharedData(...path)));
  try {
    return await look(await takeInFile(runner, { title: 'taken' }), runner);
  } finally {
    runner.close();
  }
}

const kindsOf = ({ found }: TakenFile): string => found!.model.graph.layers.map(({ kind }) => kind).join(' ');

describeWithData('networks of others, taken in', ['onnx-models'], () => {
  it.each([
    'cifar10_marabou_small.onnx',
    'cifar10_resnet_2b.onnx',
    'cifar_biasfield_base.onnx',
    'cifar_oval21_base_kw.onnx',
    'conv1d_audio_torch.onnx',
    'external-data-ok/fashion_mnist.onnx',
    'fashion_mnist_mlp_torch2.12.onnx',
    'lenet_dongkyunk.onnx',
    'mnist-8_cntk.onnx',
    'mnist-sm_wuhan.onnx',
    'mnist_conv_lumen_native.onnx',
    'mnist_fc_256x2.onnx',
    'mnist_verivital_convnet_maxpool.onnx',
    'mobilenet_v2_w035_torch.onnx',
    'opt-mnist_wonnx.onnx',
    'resnet20_amandashi.onnx',
    'squeezenet1_1_torch_legacy13.onnx',
    'unet_mini_torch.onnx',
  ])('%s: every value is onnxruntime’s', (file) =>
    taken(['onnx-models', file], async ({ found, obstacles }, runner) => {
      expect(obstacles.map((each) => sentence(each))).toEqual([]);
      const wanted = [...found!.taken.values.keys()].filter((name) => runner.tensors.has(name));
      expect(await compareTaken(runner, found!.taken, { count: 1, wanted })).toBeLessThan(1e-4);
      // What was taken in is a model like any other: it can be written and read.
      expect(readModel(writeModel(found!.model)).graph.spec).toEqual(found!.model.graph.spec);
    }),
  );

  it('gives the layers that were meant', async () => {
    expect(await taken(['onnx-models', 'mnist-8_cntk.onnx'], kindsOf)).toBe(
      'conv relu maxpool conv relu maxpool flatten dense',
    );
    expect(await taken(['onnx-models', 'mnist-sm_wuhan.onnx'], kindsOf)).toBe(
      'conv relu maxpool conv relu maxpool flatten dense dense softmax',
    );
  });

  it('names every node that stands in the way', () =>
    taken(['onnx-models', 'carvana_unet_simp_small.onnx'], ({ found, obstacles }) => {
      expect(found).toBeNull();
      const said = obstacles.map((each) => sentence(each));
      expect(said).toContain("node 'ArgMax_19' (ArgMax): no layer here computes ArgMax");
      expect(said).toContain("node 'Equal_30' (Equal): no layer here computes Equal");
      expect(said.length).toBeGreaterThanOrEqual(6);
    }));
});

describeWithData('classic architectures, taken in', ['onnx-light'], () => {
  it.each([
    'bvlc_alexnet',
    'densenet121',
    'inception_v1',
    'inception_v2',
    'resnet50',
    'shufflenet',
    'squeezenet',
    'zfnet512',
  ])(
    '%s: values along the way are onnxruntime’s',
    async (name) => {
      const runner = await NetworkRunner.open(await networkFile(sharedData('onnx-light', `light_${name}.onnx`)));
      try {
        const { result } = await takenLayers(runner);
        expect(result.obstacles.map((each) => sentence(each))).toEqual([]);
        const all = [...result.taken!.values.keys()].filter((value) => runner.tensors.has(value));
        const wanted = all.filter((value, i) => i % Math.ceil(all.length / 12) === 0 || value === result.taken!.output);
        expect(await compareTaken(runner, result.taken!, { count: 1, wanted })).toBeLessThan(1e-4);
      } finally {
        runner.close();
      }
    },
    120_000,
  );
});

import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { Dice } from '../../../src/agreement/dice';
import { mapSizes } from '../../../src/shared/axes';
import { constantNodes } from '../../../src/core/onnx-graph/fold';
import { axesOf } from '../../../src/engine/foreign/foreign-network';
import { openForeign } from '../../../src/engine/models/formats/foreign';
import { filled } from '../../../src/engine/foreign/inputs';
import { networkFile } from '../../../src/engine/foreign/network-file';
import { Activations } from '../../../src/engine/inspect/activations';
import { explanationOf } from '../../../src/engine/inspect/inspector';
import { floats } from '../../../src/engine/inspect/tensor';
import { describeWithData, sharedData } from '../../shared-data';

/** Operators whose every number is told, where they compute on floats or quantized numbers. */
const KNOWN = new Set(
  (
    'Conv Gemm MatMul Relu LeakyRelu Tanh MaxPool AveragePool GlobalAveragePool BatchNormalization LayerNormalization Softmax Erf Exp ' +
    'Add Mul Sub Div Clip Concat Flatten Reshape Transpose Squeeze Unsqueeze Slice Gather Expand Identity Pad Cast ReduceMean ' +
    'ConvTranspose ConvInteger MatMulInteger DynamicQuantizeLinear Equal ReduceSum'
  ).split(' '),
);
/** Nodes of each operator that are tried, from the first to the last. */
const TRIED = 3;

describeWithData('numbers of networks of others', ['onnx-models'], () => {
  const files = readdirSync(sharedData('onnx-models')).filter((name) => name.endsWith('.onnx'));
  const refused = ['pytorch_superresolution_prepost_op18.onnx', 'mnist_mlp_tf2onnx_trainingsubgraph.onnx'];

  it.each(files.filter((file) => !refused.includes(file)))(
    '%s: recomputed as onnxruntime has them',
    async (file) => {
      const network = await openForeign(await networkFile(sharedData('onnx-models', file)));
      const dice = new Dice(5, file.length);
      const inputs = network.runner.inputs.map((info) => {
        const { tensor } = filled(info, axesOf);
        return { ...tensor, data: (tensor.data as Float32Array).map(() => dice.number(-1, 1)) };
      });
      // What computes shapes, and copies of weights, are no arithmetic of the network.
      const constant = constantNodes(network.runner.network.graph);
      const computed = network.nodes.filter((_, index) => !constant.has(index));
      const nodes = [...new Set(computed.map(({ kind }) => kind))].flatMap((kind) => {
        const all = computed.filter((node) => node.kind === kind);
        const count = Math.min(TRIED, all.length);
        return Array.from(
          { length: count },
          (_, i) => all[Math.round((i * (all.length - 1)) / Math.max(1, count - 1))],
        );
      });
      const told = new Set<string>();
      try {
        const activations = await Activations.of(network, inputs);
        // Everything that is read is computed in one run.
        const shown = (value: number): boolean => value < 0 || !network.values[value].unavailable;
        const values = nodes.flatMap((node) => [...node.inputs, ...node.outputs]).filter(shown);
        await Promise.all(values.map((value) => activations.get(value)));
        for (const node of nodes) {
          for (const value of node.outputs.filter(shown)) {
            const tensor = await activations.get(value);
            const [channels, rows, columns] = mapSizes(tensor.shape, tensor.axes);
            if (tensor.type === 'string' || channels * rows * columns === 0) continue;
            const unit = {
              channel: dice.from(0, channels - 1),
              y: dice.from(0, rows - 1),
              x: dice.from(0, columns - 1),
            };
            const found = await explanationOf(activations, value, unit);
            if (found.body === null) {
              if (tensor.type !== 'int64' && KNOWN.has(node.kind))
                expect.fail(`${node.name} (${node.kind}) is not told`);
              continue;
            }
            told.add(node.kind);
            const numbers = floats(tensor)!;
            let largest = 1e-6;
            for (const each of numbers) largest = Math.max(largest, Math.abs(each));
            expect(Math.abs(found.difference) / largest, `${node.name} (${node.kind})`).toBeLessThan(1e-4);
          }
        }
      } finally {
        network.dispose();
      }
      expect(told.size).toBeGreaterThan(1);
    },
    60_000,
  );
});

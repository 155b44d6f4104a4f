/** Networks of others behind the same interface: every value can be looked at, as maps of its own shape. */
import { expect, it } from 'vitest';
import { sizeOf } from '../../../src/core/tensor';
import type { ForeignNetwork } from '../../../src/engine/foreign/foreign-network';
import { openForeign } from '../../../src/engine/models/formats/foreign';
import { networkFile } from '../../../src/engine/foreign/network-file';
import { Activations } from '../../../src/engine/inspect/activations';
import { predictionsOf } from '../../../src/engine/inspect/predictions';
import { denseStrides, type Tensor } from '../../../src/engine/inspect/tensor';
import { describeNetwork } from '../../../src/engine/models/describe';
import { mapSizes } from '../../../src/shared/axes';
import { describeWithData, sharedData } from '../../shared-data';

function inputsOf(network: ForeignNetwork): Tensor[] {
  return network.inputs.map(({ dims, axes }) => {
    const shape = dims!.map((size) => size ?? 1);
    const data = Float32Array.from({ length: sizeOf(shape) }, (_, i) => Math.sin(i));
    return { type: 'float32', shape, axes, strides: denseStrides(shape), data };
  });
}

describeWithData('networks of others', ['onnx-models'], () => {
  it.each(['squeezenet1_1_torch_legacy13', 'vit_mini_torch', 'unet_mini_torch'])(
    '%s: every value',
    async (name) => {
      const network = await openForeign(await networkFile(sharedData('onnx-models', `${name}.onnx`)));
      try {
        const activations = await Activations.of(network, inputsOf(network));
        expect(activations.here.size).toBe(network.inputs.length + network.atOnce.length);
        const { layers } = describeNetwork(network);
        expect(layers.map(({ index }) => index).sort((a, b) => a - b)).toEqual([...network.values.keys()]);
        const all = await Promise.all(layers.map(({ index }) => activations.get(index)));
        for (const [i, { index, outputShape }] of layers.entries()) {
          const { shape, axes } = all[i];
          const { map, row, column } = await activations.maps(index);
          expect([map.length, row.length, column.length]).toEqual(mapSizes(shape, axes));
          expect(map.length * row.length * column.length).toBe(sizeOf(shape));
          for (const [axis, size] of outputShape.entries()) if (size > 0) expect(shape[axis]).toBe(size);
        }
        const { head } = network;
        if (head) expect(await predictionsOf(activations, [])).toHaveLength(all[head.output].shape[1]);
      } finally {
        network.dispose();
      }
    },
    30_000,
  );
});

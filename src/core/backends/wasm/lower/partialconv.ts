import { lowerConv } from './conv';
import { shardGradient, type Lower } from './lowering';

/**
 * A convolution with a table of partial connections, by the kernels of the convolution with zeros for what is not connected. Gradients of those zeros are
 * cleared, so that they stay zero.
 */
export const lowerPartialConv: Lower = (node, context) => {
  const lowered = lowerConv(node, context);
  const { local } = lowered;
  if (!local) throw new Error(`layer '${node.spec.name}' has no pass of its own`);
  const { memory, store } = context;
  const { packing, gradient, size } = store.find(node.layer, 'weight');
  if (packing.kind !== 'places') throw new Error(`layer '${node.spec.name}' is packed as ${packing.kind}`);
  const connected = new Uint8Array(size);
  for (const place of packing.place) connected[place] = 1;
  const gaps = Int32Array.from(connected.keys()).filter((place) => !connected[place]);
  return {
    ...lowered,
    local: {
      ...local,
      endShard() {
        local.endShard?.();
        const sums = new Float32Array(memory.buffer, shardGradient(context, gradient), size);
        for (const place of gaps) sums[place] = 0;
      },
    },
  };
};
